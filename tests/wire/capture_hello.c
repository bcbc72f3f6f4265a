/* SPDX-License-Identifier: Apache-2.0 */
#include "base/limits.h"
#include "capture_support.h"
#include "support.h"
#include "wire/capture/capture.h"
#include "wire/capture/capture_search.h"

#include <criterion/criterion.h>

#define SSL_REQUEST "\0\0\0\x08\4\xD2\x16\x2F"

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
	made_init(&made, MADE_PCAP, true, 101);
}

static void end(void)
{
	arena_release(&arena);
}

TestSuite(capture_hello, .init = begin, .fini = end);

static void put(uint8_t flags, uint32_t sequence, struct span payload)
{
	made_segment(&made, &(struct made_segment){
				    .flags = flags, .sequence = sequence, .payload = payload });
}

/* A piece of the hello where it belongs, behind a SYN with the number `isn`. */
static void put_part(uint32_t isn, size_t from, size_t to)
{
	put(ACK, isn + 1 + (uint32_t)from, span_of(hello.at + from, to - from));
}

static void expect_hellos(size_t len)
{
	arena_clear(&arena);
	cr_assert_eq(capture_read(&hellos, made_view(&made), 1, &arena, &error), FAULT_NONE);
	cr_assert_eq(hellos.len, len, "%zu", hellos.len);
}

static void expect_hello(size_t index)
{
	cr_assert_lt(index, hellos.len);
	cr_expect(span_equal(hellos.at[index].bytes, hello));
	cr_expect(hellos.at[index].whole);
}

Test(capture_hello, segments_in_any_order_are_put_together)
{
	static const uint32_t numbers[] = { 0, 1000, UINT32_MAX - 60, UINT32_MAX - 1, UINT32_MAX };
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		for (int syn = 0; syn < 3; syn++) {
			made_init(&made, MADE_PCAP, true, 101);
			uint32_t isn = numbers[i];
			if (syn == 1)
				put(SYN, isn, span_of(NULL, 0));
			put_part(isn, 100, 150);
			put_part(isn, 20, 50);
			if (syn == 2) /* captured behind the data */
				put(SYN, isn, span_of(NULL, 0));
			put_part(isn, 150, hello.len);
			put_part(isn, 0, 20);
			put_part(isn, 50, 100);
			expect_hellos(1);
			expect_hello(0);
			cr_expect_eq(hellos.connections, 1);
			cr_expect_eq(hellos.at[0].packet, syn ? 5 : 4);
		}
}

Test(capture_hello, of_bytes_that_come_twice_the_first_count)
{
	static uint8_t other[64];
	memset(other, 0xEE, sizeof(other));
	put(SYN, 0, span_of(NULL, 0));
	put_part(0, 0, 50);
	put_part(0, 100, hello.len);
	put(ACK, 1 + 30, span_of(other, 20));
	put_part(0, 40, 110);
	put(ACK, 1 + 90, span_of(other, 64));
	put(ACK, 0, span_of(other, 1)); /* a keep-alive lies before the first byte */
	expect_hellos(1);
	expect_hello(0);
}

Test(capture_hello, every_byte_may_come_in_a_segment_of_its_own)
{
	put(SYN, 5, span_of(NULL, 0));
	for (size_t i = 0; i < hello.len; i++)
		put_part(5, i, i + 1);
	expect_hellos(1);
	expect_hello(0);
}

Test(capture_hello, data_in_the_syn_is_the_first)
{
	put(SYN, 9, span_of(hello.at, 50));
	put_part(9, 50, hello.len);
	expect_hellos(1);
	expect_hello(0);
}

Test(capture_hello, missing_segment_cuts_the_hello)
{
	put(SYN, 9, span_of(NULL, 0));
	put_part(9, 0, 40);
	put_part(9, 41, hello.len);
	expect_hellos(1);
	cr_expect_not(hellos.at[0].whole);
	cr_expect_eq(hellos.at[0].bytes.len, 40);
	put_part(9, 40, 41);
	expect_hellos(1);
	expect_hello(0);
}

Test(capture_hello, what_lies_far_from_the_start_is_left_out)
{
	put_part(0, 0, hello.len);
	put(ACK, 1 + CAPTURE_CLIENT_MAX, hello);
	put(ACK, (uint32_t)(1 - CAPTURE_CLIENT_MAX - 1000), hello);
	put(ACK, 1u << 31, hello);
	expect_hellos(1);
	expect_hello(0);
	/* Of a segment that reaches into it from before, the rest is a start that was not seen. */
	put(ACK, (uint32_t)(1 - CAPTURE_CLIENT_MAX - 10), hello);
	expect_hellos(0);
}

Test(capture_hello, ports_that_are_used_again_begin_another_connection)
{
	put(SYN, 100, span_of(NULL, 0));
	put(SYN, 100, span_of(NULL, 0));
	put_part(100, 0, hello.len);
	put(SYN, 5000, span_of(NULL, 0));
	put_part(5000, 0, 60);
	put_part(5000, 60, hello.len);
	expect_hellos(2);
	expect_hello(0);
	expect_hello(1);
	cr_expect_eq(hellos.connections, 2);
	cr_expect_eq(hellos.at[1].packet, 5);
}

/* The start of the first was not captured; the SYN cannot be its own, which would come before. */
Test(capture_hello, syn_with_a_number_behind_the_data_begins_another_connection)
{
	put_part(100, 0, hello.len);
	put(SYN, 2000, span_of(NULL, 0));
	put_part(2000, 0, hello.len);
	expect_hellos(2);
	expect_hello(0);
	expect_hello(1);
}

Test(capture_hello, connections_stand_in_the_order_in_which_they_begin)
{
	for (uint16_t port = 300; port > 0; port--)
		made_segment(&made, &(struct made_segment){ .port = port, .flags = SYN });
	for (uint16_t port = 1; port <= 300; port += 100)
		made_segment(&made, &(struct made_segment){
					    .port = port, .sequence = 1, .payload = hello });
	expect_hellos(3);
	for (size_t i = 0; i < 3; i++) {
		expect_hello(i);
		cr_expect_eq(hellos.at[i].client.port, 201 - 100 * i);
		cr_expect_eq(hellos.at[i].packet, 303 - i);
	}
	cr_expect_eq(hellos.connections, 300);
}

/* With its SYN the server is known, and what it sends is no client's. */
Test(capture_hello, server_has_no_hello)
{
	struct made_segment server = { .back = true, .sequence = 3, .payload = hello };
	struct made_segment answer = { .back = true, .sequence = 2, .flags = SYN | ACK };
	made_segment(&made, &server);
	expect_hellos(1);
	cr_expect_eq(hellos.at[0].client.port, 443);
	made_segment(&made, &answer);
	expect_hellos(0);
	made_init(&made, MADE_PCAP, true, 101);
	put(SYN, 0, span_of(NULL, 0));
	made_segment(&made, &server);
	put_part(0, 0, hello.len);
	expect_hellos(1);
	cr_expect_eq(hellos.at[0].client.port, 40000);
	cr_expect_eq(hellos.connections, 1);
}

/* Both ends are the same: there is one side. */
Test(capture_hello, connection_to_itself_is_one)
{
	static const uint8_t packet[] = "\x45\0\0\x2C\0\1\0\0\x40\6\0\0\12\0\0\1\12\0\0\1"
					"\1\xBB\1\xBB\0\0\0\0\0\0\0\0\x50\2\xFF\xFF\0\0\0\0abcd";
	made_packet(&made, 0, span_of(packet, 44));
	made_packet(&made, 0, span_of(packet, 44));
	expect_hellos(0);
	cr_expect_eq(hellos.connections, 1);
}

static struct capture_found found;

/* `before`, then the hello; returns whether it was found just there. */
static bool is_found_behind(struct span before)
{
	static uint8_t client[HELLO_BYTES_MAX * 2];
	memcpy(client, before.at, before.len);
	memcpy(client + before.len, hello.at, hello.len);
	return capture_search(&found, span_of(client, before.len + hello.len)) && found.whole &&
	       found.start == before.len && found.end == before.len + hello.len;
}

Test(capture_hello, dialogues_before_tls_are_passed_over)
{
	const struct span rows[] = {
		BYTES(""),
		BYTES(SSL_REQUEST),
		BYTES("\0\0\0\x08\4\xD2\x16\x30" SSL_REQUEST),
		BYTES("EHLO client.example\r\nSTARTTLS\r\n"),
		BYTES("a001 CAPABILITY\r\na002 STARTTLS\r\n"),
		BYTES("AUTH TLS\r\n"),
		BYTES("CONNECT db.example:443 HTTP/1.1\r\nHost: db.example:443\r\n\r\n"),
		BYTES("\x30\x1D\2\1\1\x77\x18\x80\x16"
		      "1.3.6.1.4.1.1466.20037"), /* LDAP; its length byte is a record's type */
		BYTES("\x20\0\0\1\x85\xAE\x7F\0\0\0\0\1\x21\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
		      "\0\0\0\0"),	       /* MySQL */
		BYTES("\x15\3\1\0\2\1\x64"),   /* a warning */
		BYTES("\x16\3\1\0\4\0\0\0\0"), /* a HelloRequest, of all messages */
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		cr_expect(is_found_behind(rows[i]), "row %zu: %zu to %zu", i, found.start,
			  found.end);
}

/* Digits that look like the head of a hello's record, each wrong in one place. */
Test(capture_hello, only_a_record_of_a_hello_ends_a_dialogue)
{
	static const char good[] = "x\x16\3\1\1\4\1\0\1\0\3\3";
	static const struct {
		size_t at;
		uint8_t value;
	} rows[] = {
		{ 1, 0x17 }, { 2, 2 }, { 3, 5 }, { 4, 2 }, { 6, 2 }, { 7, 9 }, { 8, 0 }, { 10, 2 },
	};
	uint8_t bytes[sizeof(good) - 1];
	memcpy(bytes, good, sizeof(bytes));
	cr_assert(capture_search(&found, span_of(bytes, sizeof(bytes))));
	cr_expect_eq(found.start, 1);
	cr_expect_not(found.whole);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		memcpy(bytes, good, sizeof(bytes));
		bytes[rows[i].at] = rows[i].value;
		cr_expect_not(capture_search(&found, span_of(bytes, sizeof(bytes))), "row %zu", i);
	}
}

Test(capture_hello, records_of_any_length_carry_a_hello)
{
	static uint8_t client[HELLO_BYTES_MAX * 8];
	struct span message = span_skip(hello, 5);
	for (size_t size = 1; size < message.len; size = size * 3 / 2 + 1) {
		size_t len = 0;
		for (size_t at = 0; at < message.len; at += size) {
			size_t n = message.len - at < size ? message.len - at : size;
			memcpy(client + len, "\x16\3\1", 3);
			client[len + 3] = (uint8_t)(n >> 8);
			client[len + 4] = (uint8_t)n;
			memcpy(client + len + 5, message.at + at, n);
			len += 5 + n;
		}
		cr_assert(capture_search(&found, span_of(client, len)));
		cr_expect_eq(found.end, len);
		cr_expect(found.whole);
		client[len] = 0x14;
		cr_assert(capture_search(&found, span_of(client, len + 1)));
		cr_expect_eq(found.end, len, "what follows is not its");
		cr_assert(capture_search(&found, span_of(client, len - 1)));
		cr_expect_not(found.whole);
	}
}

/* The message goes wrong: the reader of hellos will say where. */
Test(capture_hello, hello_that_breaks_off_is_found_with_all_that_follows)
{
	const struct span client = BYTES("\x16\3\1\0\2\1\0\x15\3\1\0\2\2\x28");
	cr_assert(capture_search(&found, client));
	cr_expect_eq(found.end, client.len);
	cr_expect(found.whole);
}

Test(capture_hello, sslv2_hello_is_found)
{
	const struct span alone = BYTES("\x80\x0C\1\0\2\0\3\0\0\0\0\7\0\xC0zz");
	const struct span behind = BYTES(SSL_REQUEST "\x80\x0C\1\3\1\0\3\0\0\0\0\7\0\xC0");
	const struct span wrong[] = {
		BYTES("\x00\x0C\1\0\2\0\3\0\0\0\0\7\0\xC0"),
		BYTES("\x80\x0C\2\0\2\0\3\0\0\0\0\7\0\xC0"),
		BYTES("\x80\x0C\1\0\3\0\3\0\0\0\0\7\0\xC0"),
		BYTES("\x80\x08\1\0\2\0\3\0\0\0"),
		BYTES("\x80\x0C\1\0"),
	};
	cr_assert(capture_search(&found, alone));
	cr_expect(found.whole && found.start == 0 && found.end == 14);
	cr_assert(capture_search(&found, behind));
	cr_expect(found.whole && found.start == 8 && found.end == 22);
	cr_assert(capture_search(&found, span_of(alone.at, 13)));
	cr_expect(!found.whole && found.end == 13);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		cr_expect_not(capture_search(&found, wrong[i]), "row %zu", i);
}

Test(capture_hello, other_messages_are_no_hello)
{
	cr_expect_not(capture_search(&found, BYTES("")));
	cr_expect_not(capture_search(&found, BYTES(SSL_REQUEST)));
	cr_expect_not(capture_search(&found, BYTES("\x16\3\3\0\4\2\0\0\0")));
	cr_expect_not(capture_search(&found, BYTES("\x16\3\3\0\0\x16\3\3\0\0")));
	cr_expect_not(capture_search(&found, BYTES("\x17\3\3\0\4\1\0\0\0")));
	cr_expect_not(capture_search(&found, BYTES("\x16\3\1\0")));
}
