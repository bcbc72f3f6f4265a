/* SPDX-License-Identifier: Apache-2.0 */
#include "rig_pcapng.h"

#define BLOCK_SECTION 0x0A0D0D0Au
#define BLOCK_PACKET  6u
#define BLOCK_MIN     12
#define PACKET_MIN    20
#define OPTIONS_END   4

void rig_conversation_init(struct rig_conversation *rig, struct cursor *in)
{
	uint8_t form = cursor_u8(in);
	*rig = (struct rig_conversation){ .secrets = cursor_vec8(in) };
	struct pcap_conversation *conversation = &rig->conversation;
	struct pcap_endpoint end = { .address = { 127, 0, 0, 1 },
				     .address_len = form & 1 ? 16 : 4 };
	conversation->client = conversation->server = end;
	conversation->client.port = pcapng_client_port(cursor_u16(in));
	conversation->server.port = 5432;
	conversation->opened_us = cursor_u32(in);
	conversation->closed_us = cursor_u32(in);
	conversation->end = form / 2 % (PCAP_UNANSWERED + 1);
	struct span comment = cursor_vec8(in);
	memcpy(rig->comment, comment.at ? (const char *)comment.at : "",
	       comment.len < sizeof(rig->comment) ? comment.len : sizeof(rig->comment) - 1);
	conversation->comment = form & 0x40 ? rig->comment : NULL;
	conversation->writes = rig->writes;
	bool silent = conversation->end >= PCAP_REFUSED;
	while (!silent && cursor_left(in) > 0 && conversation->writes_len < RIG_WRITES_MAX) {
		uint8_t way = cursor_u8(in);
		struct pcap_write *write = &rig->writes[conversation->writes_len++];
		*write = (struct pcap_write){ .from_server = way & 1,
					      .time_us = cursor_u32(in),
					      .comment = way & 2 ? rig->comment : NULL };
		write->bytes = way & 4 ? cursor_rest(in) : cursor_vec8(in);
		rig->bytes_len += write->bytes.len;
	}
}

static uint32_t u32(struct span file, size_t at)
{
	CHECK(at + 4 <= file.len);
	return (uint32_t)file.at[at] | (uint32_t)file.at[at + 1] << 8 |
	       (uint32_t)file.at[at + 2] << 16 | (uint32_t)file.at[at + 3] << 24;
}

static uint16_t be16(struct span bytes, size_t at)
{
	CHECK(at + 2 <= bytes.len);
	return (uint16_t)(bytes.at[at] << 8 | bytes.at[at + 1]);
}

/* Ones' complement (RFC 1071): with the checksum in place, every right sum is all ones. */
static uint32_t add_up(uint32_t sum, struct span bytes)
{
	for (size_t i = 0; i < bytes.len; i += 2) {
		sum += (uint32_t)bytes.at[i] << 8;
		sum += i + 1 < bytes.len ? bytes.at[i + 1] : 0;
	}
	return (sum & 0xFFFF) + (sum >> 16);
}

static bool is_right(uint32_t sum)
{
	sum = (sum & 0xFFFF) + (sum >> 16);
	return ((sum & 0xFFFF) + (sum >> 16)) == 0xFFFF;
}

/* Returns how many bytes the packet carries. */
static size_t check_packet(struct span packet)
{
	CHECK(packet.len >= 2 * PACKET_MIN);
	bool v4 = packet.at[0] >> 4 == 4;
	size_t header = v4 ? 20 : 40, addresses = v4 ? 12 : 8;
	size_t total = v4 ? be16(packet, 2) : header + be16(packet, 4);
	CHECK(total == packet.len);
	if (v4)
		CHECK(is_right(add_up(0, span_of(packet.at, header))));
	struct span tcp = span_skip(packet, header);
	uint32_t sum = 6 + (uint32_t)tcp.len;
	sum = add_up(sum, span_of(packet.at + addresses, header - addresses));
	CHECK(is_right(add_up(sum, tcp)));
	size_t offset = tcp.at[12] / 16 * 4u;
	CHECK(offset >= PACKET_MIN && offset <= tcp.len);
	return tcp.len - offset;
}

static void check_options(struct span options)
{
	size_t at = 0;
	while (at + OPTIONS_END <= options.len) {
		uint32_t code_and_len = u32(options, at);
		at += 4 + ((code_and_len >> 16) + 3) / 4 * 4;
		if (!code_and_len)
			break;
	}
	CHECK(at == options.len);
}

static size_t check_block(struct span file, size_t at, uint64_t *time_us)
{
	uint32_t len = u32(file, at + 4);
	CHECK(len >= BLOCK_MIN && len % 4 == 0 && len <= file.len - at);
	CHECK(u32(file, at + len - 4) == len);
	if (u32(file, at) != BLOCK_PACKET)
		return 0;
	uint64_t now = (uint64_t)u32(file, at + 12) << 32 | u32(file, at + 16);
	size_t captured = u32(file, at + 20), padded = (captured + 3) / 4 * 4;
	CHECK(now >= *time_us && u32(file, at + 8) == 0);
	CHECK(captured == u32(file, at + 24) && 28 + padded + 4 <= len);
	*time_us = now;
	check_options(span_of(file.at + at + 28 + padded, len - 28 - padded - 4));
	return check_packet(span_of(file.at + at + 28, captured));
}

void rig_pcapng_is_sound(struct span file, const struct rig_conversation *rig)
{
	uint64_t time_us = 0;
	size_t carried = 0;
	CHECK(u32(file, 0) == BLOCK_SECTION);
	for (size_t at = 0; at < file.len; at += u32(file, at + 4))
		carried += check_block(file, at, &time_us);
	CHECK(carried == rig->bytes_len);
	harness_note(file);
}
