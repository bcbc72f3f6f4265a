/* SPDX-License-Identifier: Apache-2.0 */
#include "capture_support.h"
#include "support.h"
#include "wire/capture/capture.h"

#include <criterion/criterion.h>
#include <stdio.h>

static struct arena arena;
static struct capture_hellos hellos;
static struct wire_error error;
static struct made made;
static struct span hello;

static void begin(void)
{
	arena_init(&arena, 16 << 20);
	struct capture *captures = captures_load();
	hello = span_of(captures[0].bytes, captures[0].len);
}

static void end(void)
{
	arena_release(&arena);
}

TestSuite(capture_file, .init = begin, .fini = end);

static enum fault read_made(void)
{
	arena_clear(&arena);
	return capture_read(&hellos, made_view(&made), 1, &arena, &error);
}

static void expect_one(const char *what)
{
	enum fault fault = read_made();
	cr_assert_eq(fault, FAULT_NONE, "%s: offset %zu: %s %s", what, error.offset, error.field,
		     error.what);
	cr_assert_eq(hellos.len, 1, "%s", what);
	cr_expect(span_equal(hellos.at[0].bytes, hello), "%s", what);
	cr_expect(hellos.at[0].whole);
	cr_expect_eq(hellos.at[0].client.port, 40000);
	cr_expect_eq(hellos.at[0].server.port, 443);
}

static void put_hello(bool v6, struct span link)
{
	made_segment(
		&made,
		&(struct made_segment){
			.v6 = v6, .flags = ACK, .sequence = 7, .link = link, .payload = hello });
}

Test(capture_file, every_form_and_order_of_bytes_is_read)
{
	for (enum made_form form = MADE_PCAP; form < MADE_FORMS; form++)
		for (int little = 0; little < 2; little++) {
			made_init(&made, form, little, 101);
			cr_assert(capture_is(made_view(&made)));
			put_hello(false, span_of(NULL, 0));
			expect_one("form");
			cr_expect_eq(hellos.packets, 1);
			cr_expect_eq(hellos.at[0].packet, 1);
		}
}

/* The header of each link type as its page at tcpdump.org has it. */
Test(capture_file, every_link_type_is_taken_off)
{
#define MAC "\2\0\0\0\0\1\2\0\0\0\0\2"
	const struct {
		uint16_t link;
		struct span v4, v6;
	} rows[] = {
		{ 1, BYTES(MAC "\x08\0"), BYTES(MAC "\x86\xDD") },
		{ 1, BYTES(MAC "\x81\0\0\5\x08\0"), BYTES(MAC "\x81\0\0\5\x86\xDD") },
		{ 1, BYTES(MAC "\x88\xA8\0\1\x81\0\0\5\x08\0"),
		  BYTES(MAC "\x91\0\0\1\x81\0\0\5\x86\xDD") },
		{ 101, BYTES(""), BYTES("") },
		{ 12, BYTES(""), BYTES("") },
		{ 14, BYTES(""), BYTES("") },
		{ 228, BYTES(""), BYTES("") },
		{ 229, BYTES(""), BYTES("") },
		{ 113, BYTES("\0\0\3\4\0\6\0\0\0\0\0\0\0\0\x08\0"),
		  BYTES("\0\0\3\4\0\6\0\0\0\0\0\0\0\0\x86\xDD") },
		{ 276, BYTES("\x08\0\0\0\0\0\0\1\3\4\0\6\0\0\0\0\0\0\0\0"),
		  BYTES("\x86\xDD\0\0\0\0\0\1\3\4\0\6\0\0\0\0\0\0\0\0") },
		{ 0, BYTES("\2\0\0\0"), BYTES("\x1E\0\0\0") },
		{ 0, BYTES("\0\0\0\2"), BYTES("\0\0\0\x18") },
		{ 108, BYTES("\0\0\0\2"), BYTES("\0\0\0\x1C") },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (int v6 = 0; v6 < 2; v6++) {
			made_init(&made, MADE_PCAP, true, rows[i].link);
			put_hello(v6, v6 ? rows[i].v6 : rows[i].v4);
			expect_one("link");
			cr_expect_eq(hellos.at[0].client.address_len, v6 ? 16 : 4);
			cr_expect_eq(hellos.at[0].client.address[v6 ? 15 : 3], 1);
			cr_expect_eq(hellos.at[0].server.address[v6 ? 15 : 3], 2);
		}
}

Test(capture_file, length_of_the_check_sequence_is_no_part_of_the_link_type)
{
	made_init(&made, MADE_PCAP, true, 0x50000000 | 101);
	put_hello(false, span_of(NULL, 0));
	expect_one("link type");
}

Test(capture_file, another_protocol_is_passed_over)
{
	made_init(&made, MADE_PCAP, true, 1);
	put_hello(false, BYTES(MAC "\x08\6"));
	put_hello(false, BYTES(MAC "\x08\0"));
	expect_one("ARP before it");
	cr_expect_eq(hellos.packets, 2);
	cr_expect_eq(hellos.at[0].packet, 2);
}

Test(capture_file, link_types_that_are_not_known_are_counted)
{
	made_init(&made, MADE_PCAP, true, 127);
	put_hello(false, span_of(NULL, 0));
	put_hello(false, span_of(NULL, 0));
	cr_assert_eq(read_made(), FAULT_NONE);
	cr_expect_eq(hellos.len, 0);
	cr_expect_eq(hellos.unread, 2);
	cr_expect_eq(hellos.unread_link, 127);
}

Test(capture_file, options_and_extension_headers_are_passed_over)
{
	const struct {
		bool v6;
		uint8_t next;
		struct span extra;
	} rows[] = {
		{ false, 0, BYTES("\1\1\1\0") },
		{ false, 0,
		  BYTES("\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1"
			"\1\1\1\1\1\1\0") },
		{ true, 0, BYTES("\6\0\1\4\0\0\0\0") },
		{ true, 43, BYTES("\6\0\4\0\0\0\0\0") },
		{ true, 60, BYTES("\6\1\1\14\0\0\0\0\0\0\0\0\0\0\0\0") },
		{ true, 44, BYTES("\6\0\0\0\0\0\0\1") }, /* a fragment that is the whole */
		{ true, 51, BYTES("\6\2\0\0\0\0\0\1\0\0\0\1\0\0\0\0") },
		{ true, 0, BYTES("\x2B\0\1\4\0\0\0\0\x3C\0\4\0\0\0\0\0\6\0\1\4\0\0\0\0") },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		made_init(&made, MADE_PCAPNG, true, 101);
		made_segment(&made, &(struct made_segment){ .v6 = rows[i].v6,
							    .flags = ACK,
							    .extra = rows[i].extra,
							    .next = rows[i].next,
							    .payload = hello });
		expect_one("extra");
	}
}

Test(capture_file, fragments_are_counted_and_passed_over)
{
	made_init(&made, MADE_PCAPNG, true, 101);
	struct made_segment first = { .flags = ACK, .payload = hello, .fragment = 0x2000 };
	struct made_segment last = { .flags = ACK, .payload = hello, .fragment = 0x0010 };
	struct made_segment v6 = { .v6 = true,
				   .flags = ACK,
				   .payload = hello,
				   .next = 44,
				   .extra = BYTES("\6\0\0\1\0\0\0\1") };
	struct made_segment datagram = v6;
	datagram.extra = BYTES("\x11\0\0\1\0\0\0\1");
	made_segment(&made, &first);
	made_segment(&made, &last);
	made_segment(&made, &v6);
	made_segment(&made, &datagram);
	cr_assert_eq(read_made(), FAULT_NONE);
	cr_expect_eq(hellos.len, 0);
	cr_expect_eq(hellos.fragments, 3);
	cr_expect_eq(hellos.packets, 4);
}

Test(capture_file, padding_behind_the_packet_is_left_out)
{
	made_init(&made, MADE_PCAP, true, 101);
	made_segment(&made, &(struct made_segment){ .flags = SYN, .sequence = 6, .padding = 6 });
	put_hello(false, span_of(NULL, 0));
	expect_one("padding");
}

/* The network card writes the length when it cuts the packet up, after it was captured. */
Test(capture_file, length_of_0_means_what_was_captured)
{
	for (int v6 = 0; v6 < 2; v6++) {
		made_init(&made, MADE_PCAP, true, 101);
		made_segment(&made, &(struct made_segment){
					    .v6 = v6, .no_length = true, .payload = hello });
		expect_one("no length");
	}
}

Test(capture_file, snapped_packet_makes_a_gap)
{
	made_init(&made, MADE_PCAP, true, 101);
	made_segment(&made,
		     &(struct made_segment){ .payload = span_of(hello.at, 200), .cut = 100 });
	made_segment(&made,
		     &(struct made_segment){ .sequence = 200, .payload = span_skip(hello, 200) });
	cr_assert_eq(read_made(), FAULT_NONE);
	cr_assert_eq(hellos.len, 1);
	cr_expect_not(hellos.at[0].whole);
	cr_expect(span_equal(hellos.at[0].bytes, span_of(hello.at, 100)));
}

/* Simple blocks tell the length that the packet had, and the interface how much of it was kept. */
Test(capture_file, simple_block_is_as_long_as_the_interface_keeps)
{
	made_init(&made, MADE_PCAPNG, true, 101);
	made_section(&made, true);
	made_interface(&made, 101, 144);
	static uint8_t body[4 + 144] = "\xFF\1\0\0\x45\0\1\xFF\0\1\0\0\x40\6\0\0\12\0\0\1\12\0\0\2"
				       "\x9C\x40\1\xBB\0\0\0\0\0\0\0\0\x50";
	memcpy(body + 44, hello.at, 104);
	made_block(&made, 3, span_of(body, sizeof(body)));
	cr_assert_eq(read_made(), FAULT_NONE, "%s", error.what);
	cr_assert_eq(hellos.len, 1);
	cr_expect(span_equal(hellos.at[0].bytes, span_of(hello.at, 104)));
}

Test(capture_file, interfaces_and_sections_have_their_own_links_and_orders)
{
	made_init(&made, MADE_PCAPNG, true, 127);
	made_block(&made, 5, BYTES("statistics!!"));
	made_block(&made, 0x80000BAD, BYTES("somebody's own"));
	made_interface(&made, 101, 65535);
	static uint8_t packet[1024];
	struct made one;
	made_init(&one, MADE_PCAP, true, 101);
	made_segment(&one, &(struct made_segment){ .payload = hello });
	size_t len = one.len - 40;
	memcpy(packet, one.bytes + 40, len);
	made_packet(&made, 0, span_of(packet, len));
	made_packet(&made, 1, span_of(packet, len));
	made_section(&made, false);
	made_interface(&made, 101, 0);
	made_segment(&made, &(struct made_segment){ .port = 40001, .payload = hello });
	cr_assert_eq(read_made(), FAULT_NONE);
	cr_assert_eq(hellos.len, 2);
	cr_expect_eq(hellos.unread, 1);
	cr_expect_eq(hellos.at[0].packet, 2);
	cr_expect_eq(hellos.at[1].client.port, 40001);
}

static void expect_wrong(enum fault fault, size_t offset, const char *sentence)
{
	char got[256];
	cr_expect_eq(read_made(), fault, "%s", sentence);
	snprintf(got, sizeof(got), "%s %s", error.field, error.what);
	cr_expect_str_eq(got, sentence);
	cr_expect_eq(error.offset, offset, "%s: %zu", sentence, error.offset);
}

/* A capture that was interrupted has hellos before the place where it ends. */
Test(capture_file, what_comes_before_the_end_of_a_cut_file_is_read)
{
	for (enum made_form form = MADE_PCAP; form < MADE_FORMS; form++) {
		made_init(&made, form, true, 101);
		put_hello(false, span_of(NULL, 0));
		size_t whole = made.len;
		put_hello(true, span_of(NULL, 0));
		made.len -= 5;
		if (form <= MADE_PCAP_NANO)
			expect_wrong(FAULT_TRUNCATED, whole, "packet ends before it is complete");
		else
			expect_wrong(FAULT_TRUNCATED, whole,
				     "block is longer than what is left of the file");
		cr_expect_eq(hellos.len, 1);
		made.len = whole + 9;
		cr_expect_eq(read_made(), FAULT_TRUNCATED);
		cr_expect_eq(error.offset, whole);
	}
}

Test(capture_file, pcap_that_is_wrong_is_told_where)
{
	made_init(&made, MADE_PCAP, true, 101);
	made.len = 23;
	expect_wrong(FAULT_TRUNCATED, 23, "header ends before it is complete");
	made_init(&made, MADE_PCAP, true, 101);
	made.bytes[4] = 3;
	expect_wrong(FAULT_MALFORMED, 4, "header is of a version of pcap other than 2");
	made_init(&made, MADE_PCAP, true, 101);
	put_hello(false, span_of(NULL, 0));
	made.bytes[24 + 11] = 0x80;
	expect_wrong(FAULT_MALFORMED, 24, "packet claims to have more than 262144 bytes");
	made.bytes[0] = 0;
	cr_expect_not(capture_is(made_view(&made)));
	expect_wrong(FAULT_MALFORMED, 0, "header is none of pcap or pcapng");
}

/* A section of 28 bytes, then an interface of 20, then the packet. */
Test(capture_file, pcapng_that_is_wrong_is_told_where)
{
	static const struct {
		size_t at;
		uint8_t value;
		enum fault fault;
		size_t offset;
		const char *sentence;
	} rows[] = {
		{ 8, 0, FAULT_MALFORMED, 8, "section has a byte-order magic that is none" },
		{ 12, 2, FAULT_MALFORMED, 0, "section is of a version of pcapng other than 1" },
		{ 4, 11, FAULT_MALFORMED, 4, "block has a length that none can have" },
		{ 4, 8, FAULT_MALFORMED, 4, "block has a length that none can have" },
		{ 7, 0xFF, FAULT_TRUNCATED, 0, "block is longer than what is left of the file" },
		{ 28 + 16, 24, FAULT_MALFORMED, 28 + 16,
		  "block has another length at its end than at its start" },
		{ 48 + 8, 1, FAULT_MALFORMED, 48,
		  "packet is of an interface that its section does not have" },
		{ 48 + 22, 1, FAULT_MALFORMED, 48, "packet is longer than its block" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		made_init(&made, MADE_PCAPNG, true, 101);
		put_hello(false, span_of(NULL, 0));
		made.bytes[rows[i].at] = rows[i].value;
		expect_wrong(rows[i].fault, rows[i].offset, rows[i].sentence);
		cr_expect_eq(hellos.len, 0);
	}
	made_init(&made, MADE_PCAPNG, true, 101);
	made_block(&made, 1, BYTES("\0\0"));
	expect_wrong(FAULT_MALFORMED, 48, "interface ends before it is complete");
}

/* Whatever is cut off or wrong in the headers of a packet, it is no more than passed over. */
Test(capture_file, packets_with_wrong_headers_are_passed_over)
{
	static const uint8_t good[] = "\x46\0\0\x30\0\1\0\0\x40\6\0\0\12\0\0\1\12\0\0\2\1\1\1\0"
				      "\x9C\x40\1\xBB\0\0\0\0\0\0\0\0\x50\2\xFF\xFF\0\0\0\0abcd";
	static uint8_t bad[sizeof(good)];
	static const size_t places[][2] = { { 0, 0x41 }, { 0, 0x56 }, { 3, 24 }, { 36, 0x40 } };
	made_init(&made, MADE_PCAP, true, 101);
	for (size_t len = 0; len < 44; len++)
		made_packet(&made, 0, span_of(good, len));
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		memcpy(bad, good, sizeof(good));
		bad[places[i][0]] = (uint8_t)places[i][1];
		made_packet(&made, 0, span_of(bad, 48));
	}
	cr_assert_eq(read_made(), FAULT_NONE);
	cr_expect_eq(hellos.packets, 48);
	cr_expect_eq(hellos.connections, 0);
	made_packet(&made, 0, span_of(good, 48));
	cr_assert_eq(read_made(), FAULT_NONE);
	cr_expect_eq(hellos.connections, 1);
}

Test(capture_file, memory_has_a_ceiling)
{
	made_init(&made, MADE_PCAP, true, 101);
	for (uint16_t port = 1; port < 800; port++)
		made_segment(&made, &(struct made_segment){ .flags = SYN, .port = port });
	cr_assert_eq(read_made(), FAULT_NONE);
	cr_expect_eq(hellos.connections, 799);
	cr_expect_lt(arena.used, 6 * made.len);
	arena_release(&arena);
	arena_init(&arena, made.len);
	expect_wrong(FAULT_TOO_LARGE, 0, "capture needs too much memory");
}
