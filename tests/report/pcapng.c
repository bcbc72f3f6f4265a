/* SPDX-License-Identifier: Apache-2.0 */
#include "report/pcapng.h"

#include <criterion/criterion.h>

#include "base/cursor.h"

/* What reading a file back finds; everything else is asserted on the way. */
struct reading {
	uint8_t stream[2][100000]; /* client's, server's */
	size_t stream_len[2];
	uint32_t next[2]; /* sequence numbers expected */
	bool known[2];
	uint8_t flags[200]; /* of each packet */
	bool from_server[200];
	size_t packets, data_packets[2], secrets, largest;
	uint64_t last_us;
	char comments[200];
};

static struct reading got; /* Criterion runs each test in a process of its own. */
static uint8_t large[70001];

static uint32_t take32(struct cursor *c)
{
	struct span s = cursor_take(c, 4);
	return s.len ? (uint32_t)s.at[0] | (uint32_t)s.at[1] << 8 | (uint32_t)s.at[2] << 16 |
			       (uint32_t)s.at[3] << 24
		     : 0;
}

static uint16_t take16(struct cursor *c)
{
	struct span s = cursor_take(c, 2);
	return s.len ? (uint16_t)(s.at[0] | s.at[1] << 8) : 0;
}

/* The sum of a whole packet with its checksum in it is FFFF. */
static uint16_t folded_sum(struct span bytes, uint32_t sum)
{
	for (size_t i = 0; i < bytes.len; i++)
		sum += (uint32_t)(i % 2 ? bytes.at[i] : bytes.at[i] << 8);
	while (sum >> 16)
		sum = (sum & 0xFFFF) + (sum >> 16);
	return (uint16_t)sum;
}

static void read_tcp(struct span tcp, struct span addresses)
{
	struct cursor c = cursor_over(tcp);
	size_t n = got.packets++;
	cr_assert_eq(folded_sum(tcp, folded_sum(addresses, 6 + (uint32_t)tcp.len)), 0xFFFF);
	bool server = cursor_u16(&c) == 5432;
	cursor_u16(&c);
	uint32_t sequence = cursor_u32(&c), acknowledged = cursor_u32(&c);
	size_t header = (size_t)(cursor_u8(&c) >> 4) * 4;
	uint8_t flags = cursor_u8(&c);
	cr_assert_lt(n, sizeof(got.flags));
	got.flags[n] = flags;
	got.from_server[n] = server;
	if (got.known[server] && !(flags & 0x04))
		cr_assert_eq(sequence, got.next[server], "packet %zu", n);
	if (flags & 0x10)
		cr_assert_eq(acknowledged, got.next[!server], "packet %zu", n);
	struct span payload = span_skip(tcp, header);
	cr_assert_leq(payload.len, sizeof(got.stream[0]) - got.stream_len[server]);
	if (payload.len)
		memcpy(got.stream[server] + got.stream_len[server], payload.at, payload.len);
	got.stream_len[server] += payload.len;
	got.data_packets[server] += payload.len > 0;
	got.known[server] = true;
	got.next[server] = sequence + (uint32_t)payload.len + (flags & 0x03 ? 1 : 0);
}

static void read_ip(struct span packet)
{
	got.largest = packet.len > got.largest ? packet.len : got.largest;
	if (packet.at[0] >> 4 == 4) {
		cr_assert_eq(folded_sum(span_of(packet.at, 20), 0), 0xFFFF);
		cr_assert_eq(packet.at[2] << 8 | packet.at[3], (int)packet.len);
		cr_assert_eq(packet.at[9], 6);
		read_tcp(span_skip(packet, 20), span_of(packet.at + 12, 8));
	} else {
		cr_assert_eq(packet.at[0] >> 4, 6);
		cr_assert_eq(packet.at[4] << 8 | packet.at[5], (int)packet.len - 40);
		cr_assert_eq(packet.at[6], 6);
		read_tcp(span_skip(packet, 40), span_of(packet.at + 8, 32));
	}
}

static void read_packet(struct cursor body)
{
	cr_assert_eq(take32(&body), 0);
	uint64_t time_us = (uint64_t)take32(&body) << 32;
	time_us |= take32(&body);
	cr_assert_geq(time_us, got.last_us);
	got.last_us = time_us;
	uint32_t len = take32(&body);
	cr_assert_eq(take32(&body), len);
	read_ip(cursor_take(&body, len));
	cursor_take(&body, (4 - len % 4) % 4);
	if (cursor_left(&body) == 0)
		return;
	cr_assert_eq(take16(&body), 1);
	struct span comment = cursor_take(&body, take16(&body));
	strncat(got.comments, (const char *)comment.at, comment.len);
	strncat(got.comments, "|", 2);
	cursor_take(&body, (4 - comment.len % 4) % 4);
	cr_assert_eq(take32(&body), 0);
	cr_assert(cursor_done(&body));
}

static void read_block(uint32_t type, struct cursor body)
{
	if (type == 6) {
		read_packet(body);
	} else if (type == 10) {
		cr_assert_eq(take32(&body), 0x544C534B);
		got.secrets += take32(&body);
		cr_assert_eq(got.packets, 0, "secrets stand behind packets");
	} else {
		cr_assert(type == 0x0A0D0D0A || type == 1);
	}
}

static void read_back(const struct text *text)
{
	struct cursor c = cursor_over(span_of(text->at, text->len));
	cr_assert_eq(text->fault, FAULT_NONE);
	while (cursor_left(&c)) {
		uint32_t type = take32(&c), len = take32(&c);
		cr_assert(len >= 12 && len % 4 == 0);
		struct span body = cursor_take(&c, len - 12);
		cr_assert_eq(take32(&c), len);
		cr_assert(cursor_ok(&c));
		read_block(type, cursor_over(body));
	}
}

static struct pcap_conversation conversation_of(uint8_t address_len)
{
	struct pcap_conversation conversation = {
		.client = { .address = { 127, 0, 0, 2 },
			    .address_len = address_len,
			    .port = 15000 },
		.server = { .address = { 127, 0, 0, 1 }, .address_len = address_len, .port = 5432 },
		.opened_us = 0x123456789ABCD,
		.closed_us = 0x123456789ABFF,
	};
	return conversation;
}

static void write_one(const struct pcap_conversation *conversation)
{
	struct text text;
	text_init(&text);
	pcapng_begin(&text, "tlsgauge test");
	pcapng_secrets(&text, span_text("abc\n"));
	pcapng_conversation(&text, conversation);
	read_back(&text);
	text_release(&text);
}

/* The flags of every packet, a letter each: S SYN, A ACK, P data at its end, F FIN, R RST. */
static void expect_flags(const char *expected)
{
	char flags[sizeof(got.flags) * 6] = "";
	size_t at = 0;
	for (size_t i = 0; i < got.packets; i++) {
		static const char letters[] = "FSRPA";
		flags[at++] = got.from_server[i] ? '<' : '>';
		for (size_t bit = 0; bit < 5; bit++)
			if (got.flags[i] & 1 << bit)
				flags[at++] = letters[bit];
	}
	cr_assert_str_eq(flags, expected);
}

Test(pcapng, large_writes_come_back_from_segments)
{
	static const struct pcap_write writes[] = {
		{ false, 0x123456789ABD0, { large, 5 }, "hello" },
		{ true, 0x123456789ABD5, { large, sizeof(large) }, "a long answer" },
		{ false, 0x123456789ABD1, { large + 5, 1461 }, NULL },
	};
	for (size_t i = 0; i < sizeof(large); i++)
		large[i] = (uint8_t)(i * 7 + i / 256);
	for (uint8_t address_len = 4; address_len <= 16; address_len += 12) {
		struct pcap_conversation conversation = conversation_of(address_len);
		memset(&got, 0, sizeof(got));
		conversation.writes = writes;
		conversation.writes_len = 3;
		conversation.comment = "probe 1";
		conversation.end = PCAP_SERVER_CLOSES;
		write_one(&conversation);
		cr_assert_eq(got.stream_len[0], 1466);
		cr_assert_arr_eq(got.stream[0], large, 1466);
		cr_assert_eq(got.stream_len[1], sizeof(large));
		cr_assert_arr_eq(got.stream[1], large, sizeof(large));
		cr_assert_eq(got.largest, 1500);
		cr_assert_eq(got.data_packets[1], address_len == 4 ? 48 : 49);
		cr_assert_str_eq(got.comments, "probe 1|hello|a long answer|");
		cr_assert_eq(got.secrets, 4);
		cr_assert_eq(got.last_us, conversation.closed_us);
	}
}

Test(pcapng, each_end_has_its_packets)
{
	static const struct {
		enum pcap_end end;
		const char *flags;
	} rows[] = {
		{ PCAP_STAYS_OPEN, ">S<SA>A>PA<A" },
		{ PCAP_CLIENT_CLOSES, ">S<SA>A>PA<A>FA<FA>A" },
		{ PCAP_SERVER_CLOSES, ">S<SA>A>PA<A<FA>FA<A" },
		{ PCAP_SERVER_RESETS, ">S<SA>A>PA<A<RA" },
		{ PCAP_REFUSED, ">S<RA" },
		{ PCAP_UNANSWERED, ">S" },
	};
	static const struct pcap_write write = { false, 0, { large, 3 }, NULL };
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct pcap_conversation conversation = conversation_of(4);
		memset(&got, 0, sizeof(got));
		conversation.end = rows[i].end;
		conversation.writes = &write;
		conversation.writes_len = 1;
		write_one(&conversation);
		expect_flags(rows[i].flags);
	}
}

Test(pcapng, port_that_comes_again_begins_with_other_numbers)
{
	struct pcap_conversation conversation = conversation_of(4);
	uint32_t first;
	write_one(&conversation);
	first = got.next[0];
	memset(&got, 0, sizeof(got));
	conversation.opened_us += 1000;
	write_one(&conversation);
	cr_assert_neq(first, got.next[0]);
}

Test(pcapng, client_ports_differ_and_stay_above_well_known_ones)
{
	cr_assert_eq(pcapng_client_port(0), 15000);
	cr_assert_eq(pcapng_client_port(49999), 64999);
	cr_assert_eq(pcapng_client_port(50000), 15000);
	cr_assert_eq(pcapng_client_port(UINT32_MAX), 15000 + UINT32_MAX % 50000);
}

Test(pcapng, comment_that_is_too_long_is_cut)
{
	struct text text;
	static char comment[70000];
	struct pcap_conversation conversation = conversation_of(4);
	memset(comment, 'c', sizeof(comment) - 1);
	conversation.comment = comment;
	conversation.end = PCAP_UNANSWERED;
	text_init(&text);
	pcapng_conversation(&text, &conversation);
	cr_assert_lt(text.len, PCAP_COMMENT_MAX + 200);
	text_release(&text);
}
