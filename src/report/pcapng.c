/* SPDX-License-Identifier: Apache-2.0 */
#include "report/pcapng.h"

#include <assert.h>

#include "base/builder.h"

/* Blocks and options of draft-ietf-opsawg-pcapng. */
#define BLOCK_SECTION	0x0A0D0D0A
#define BLOCK_INTERFACE 1
#define BLOCK_PACKET	6
#define BLOCK_SECRETS	10
#define BYTE_ORDER	0x1A2B3C4D
#define SECRETS_TLS	0x544C534B
#define LINKTYPE_RAW	101
#define OPTION_COMMENT	1
#define OPTION_USERAPPL 4

#define FLAG_FIN	0x01
#define FLAG_SYN	0x02
#define FLAG_RST	0x04
#define FLAG_PSH	0x08
#define FLAG_ACK	0x10

#define IPV4_HEADER	20
#define IPV6_HEADER	40
#define TCP_HEADER	20
#define MTU		1500
#define WINDOW		65535
#define ACK_EVERY	16 /* segments: fewer bytes in flight than the window has */

static void put32(struct text *out, uint32_t value)
{
	const uint8_t bytes[] = { (uint8_t)value, (uint8_t)(value >> 8), (uint8_t)(value >> 16),
				  (uint8_t)(value >> 24) };
	text_append(out, span_of(bytes, sizeof(bytes)));
}

static void put16(struct text *out, uint16_t value)
{
	const uint8_t bytes[] = { (uint8_t)value, (uint8_t)(value >> 8) };
	text_append(out, span_of(bytes, sizeof(bytes)));
}

static void put_padded(struct text *out, struct span bytes)
{
	static const uint8_t zeros[4];
	text_append(out, bytes);
	text_append(out, span_of(zeros, (4 - bytes.len % 4) % 4));
}

static size_t block_open(struct text *out, uint32_t type)
{
	size_t start = out->len;
	put32(out, type);
	put32(out, 0);
	return start;
}

/* The length stands in front of the body and behind it. */
static void block_close(struct text *out, size_t start)
{
	uint32_t len = (uint32_t)(out->len + 4 - start);
	put32(out, len);
	if (out->fault == FAULT_NONE)
		memcpy(out->at + start + 4, out->at + out->len - 4, 4);
}

static void put_option(struct text *out, uint16_t code, const char *value)
{
	put16(out, code);
	size_t len = strnlen(value, PCAP_COMMENT_MAX);
	put16(out, (uint16_t)len);
	put_padded(out, span_of(value, len));
}

static void end_options(struct text *out)
{
	put32(out, 0);
}

void pcapng_begin(struct text *out, const char *application)
{
	size_t section = block_open(out, BLOCK_SECTION);
	put32(out, BYTE_ORDER);
	put16(out, 1); /* version 1.0 */
	put16(out, 0);
	put32(out, UINT32_MAX); /* the section's length is not given */
	put32(out, UINT32_MAX);
	put_option(out, OPTION_USERAPPL, application);
	end_options(out);
	block_close(out, section);

	size_t interface = block_open(out, BLOCK_INTERFACE);
	put16(out, LINKTYPE_RAW);
	put16(out, 0);
	put32(out, 0); /* no limit of a packet's length; times are microseconds by default */
	block_close(out, interface);
}

void pcapng_secrets(struct text *out, struct span keylog)
{
	size_t block = block_open(out, BLOCK_SECRETS);
	put32(out, SECRETS_TLS);
	put32(out, (uint32_t)keylog.len);
	put_padded(out, keylog);
	block_close(out, block);
}

static void put_packet(struct text *out, uint64_t time_us, struct span packet, const char *comment)
{
	size_t block = block_open(out, BLOCK_PACKET);
	put32(out, 0); /* the interface */
	put32(out, (uint32_t)(time_us >> 32));
	put32(out, (uint32_t)time_us);
	put32(out, (uint32_t)packet.len);
	put32(out, (uint32_t)packet.len);
	put_padded(out, packet);
	if (comment) {
		put_option(out, OPTION_COMMENT, comment);
		end_options(out);
	}
	block_close(out, block);
}

/* One connection under way; `next` are the sequence numbers of client and server. */
struct flow {
	struct text *out;
	const struct pcap_conversation *conversation;
	uint32_t next[2];
	uint64_t now_us;
	uint16_t packets;
};

struct segment {
	bool from_server;
	uint8_t flags;
	struct span payload;
	const char *comment;
};

/* The sum of RFC 1071, not yet folded; only the last piece may have an odd length. */
static uint32_t sum_words(uint32_t sum, struct span bytes)
{
	for (size_t i = 0; i < bytes.len; i++)
		sum += (uint32_t)(i % 2 ? bytes.at[i] : bytes.at[i] << 8);
	return sum;
}

static void store_checksum(uint8_t *at, uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xFFFF) + (sum >> 16);
	at[0] = (uint8_t)(~sum >> 8);
	at[1] = (uint8_t)~sum;
}

static void put_ip_header(struct builder *b, const struct flow *flow,
			  const struct pcap_endpoint *from, const struct pcap_endpoint *to,
			  size_t tcp_len)
{
	if (from->address_len == 4) {
		builder_u16(b, "version", 0x4500);
		builder_u16(b, "total_length", (uint16_t)(IPV4_HEADER + tcp_len));
		builder_u16(b, "identification", flow->packets);
		builder_u16(b, "fragment", 0x4000); /* do not */
		builder_u16(b, "ttl_protocol", 0x4006);
		builder_u16(b, "checksum", 0);
	} else {
		builder_u32(b, "version", 0x60000000);
		builder_u16(b, "payload_length", (uint16_t)tcp_len);
		builder_u16(b, "next_header_hop_limit", 0x0640);
	}
	builder_bytes(b, "source", span_of(from->address, from->address_len));
	builder_bytes(b, "destination", span_of(to->address, to->address_len));
	if (from->address_len == 4)
		store_checksum(b->at + 10, sum_words(0, span_of(b->at, IPV4_HEADER)));
}

static size_t mss_of(const struct flow *flow)
{
	bool v4 = flow->conversation->client.address_len == 4;
	return MTU - TCP_HEADER - (v4 ? IPV4_HEADER : IPV6_HEADER);
}

static void put_tcp(struct builder *b, const struct flow *flow, const struct segment *segment,
		    uint16_t from_port, uint16_t to_port)
{
	bool syn = segment->flags & FLAG_SYN;
	uint32_t acknowledged =
		segment->flags & FLAG_ACK ? flow->next[segment->from_server ? 0 : 1] : 0;
	builder_u16(b, "source_port", from_port);
	builder_u16(b, "destination_port", to_port);
	builder_u32(b, "sequence", flow->next[segment->from_server ? 1 : 0]);
	builder_u32(b, "acknowledgement", acknowledged);
	builder_u8(b, "offset", syn ? 0x60 : 0x50);
	builder_u8(b, "flags", segment->flags);
	builder_u16(b, "window", WINDOW);
	builder_u32(b, "checksum_urgent", 0);
	if (syn)
		builder_u32(b, "mss", 0x02040000 | (uint32_t)mss_of(flow));
	builder_bytes(b, "payload", segment->payload);
}

/* RFC 9293 3.1: the checksum covers addresses, protocol and length as well. */
static void checksum_tcp(uint8_t *tcp, size_t tcp_len, const struct pcap_endpoint *from,
			 const struct pcap_endpoint *to)
{
	uint32_t sum = 6 + (uint32_t)tcp_len;
	sum = sum_words(sum, span_of(from->address, from->address_len));
	sum = sum_words(sum, span_of(to->address, to->address_len));
	store_checksum(tcp + 16, sum_words(sum, span_of(tcp, tcp_len)));
}

static void send_segment(struct flow *flow, const struct segment *segment)
{
	uint8_t packet[MTU];
	struct builder b;
	const struct pcap_conversation *conversation = flow->conversation;
	bool from_server = segment->from_server;
	const struct pcap_endpoint *from =
		from_server ? &conversation->server : &conversation->client;
	const struct pcap_endpoint *to =
		from_server ? &conversation->client : &conversation->server;
	size_t tcp_len = TCP_HEADER + (segment->flags & FLAG_SYN ? 4u : 0u) + segment->payload.len;
	builder_init(&b, packet, sizeof(packet), NULL, 0);
	put_ip_header(&b, flow, from, to, tcp_len);
	size_t tcp_at = b.len;
	put_tcp(&b, flow, segment, from->port, to->port);
	enum fault fault = builder_fault(&b);
	assert(fault == FAULT_NONE && b.len - tcp_at == tcp_len);
	(void)fault;
	checksum_tcp(packet + tcp_at, tcp_len, from, to);
	put_packet(flow->out, flow->now_us, builder_view(&b), segment->comment);
	flow->packets++;
	flow->next[from_server ? 1 : 0] +=
		(uint32_t)segment->payload.len + (segment->flags & (FLAG_SYN | FLAG_FIN) ? 1 : 0);
}

static void send_flags(struct flow *flow, bool from_server, uint8_t flags)
{
	send_segment(flow, &(struct segment){ .from_server = from_server, .flags = flags });
}

static void advance(struct flow *flow, uint64_t time_us)
{
	if (time_us > flow->now_us)
		flow->now_us = time_us;
}

static bool connect_flow(struct flow *flow)
{
	enum pcap_end end = flow->conversation->end;
	send_segment(flow, &(struct segment){ .flags = FLAG_SYN,
					      .comment = flow->conversation->comment });
	if (end == PCAP_REFUSED) {
		advance(flow, flow->conversation->closed_us);
		flow->next[1] = 0;
		send_flags(flow, true, FLAG_RST | FLAG_ACK);
	}
	if (end == PCAP_REFUSED || end == PCAP_UNANSWERED)
		return false;
	send_flags(flow, true, FLAG_SYN | FLAG_ACK);
	send_flags(flow, false, FLAG_ACK);
	return true;
}

static void send_write(struct flow *flow, const struct pcap_write *write)
{
	size_t mss = mss_of(flow), sent = 0;
	struct span left = write->bytes;
	advance(flow, write->time_us);
	while (left.len) {
		size_t n = left.len < mss ? left.len : mss;
		bool last = n == left.len;
		send_segment(flow, &(struct segment){ .from_server = write->from_server,
						      .flags = FLAG_ACK | (last ? FLAG_PSH : 0),
						      .payload = span_of(left.at, n),
						      .comment = sent ? NULL : write->comment });
		left = span_skip(left, n);
		sent++;
		if (last || sent % ACK_EVERY == 0)
			send_flags(flow, !write->from_server, FLAG_ACK);
	}
}

static void close_flow(struct flow *flow)
{
	enum pcap_end end = flow->conversation->end;
	advance(flow, flow->conversation->closed_us);
	if (end == PCAP_SERVER_RESETS)
		send_flags(flow, true, FLAG_RST | FLAG_ACK);
	if (end != PCAP_CLIENT_CLOSES && end != PCAP_SERVER_CLOSES)
		return;
	bool server_first = end == PCAP_SERVER_CLOSES;
	send_flags(flow, server_first, FLAG_FIN | FLAG_ACK);
	send_flags(flow, !server_first, FLAG_FIN | FLAG_ACK);
	send_flags(flow, server_first, FLAG_ACK);
}

void pcapng_conversation(struct text *out, const struct pcap_conversation *conversation)
{
	assert(conversation->client.address_len == 4 || conversation->client.address_len == 16);
	assert(conversation->client.address_len == conversation->server.address_len);
	/* Ports come again in a long run: then the numbers tell the connections apart. */
	uint32_t start =
		conversation->client.port * 0x9E3779B1u + (uint32_t)conversation->opened_us;
	struct flow flow = { .out = out,
			     .conversation = conversation,
			     .next = { start, ~start },
			     .now_us = conversation->opened_us };
	if (!connect_flow(&flow))
		return;
	for (size_t i = 0; i < conversation->writes_len; i++)
		send_write(&flow, &conversation->writes[i]);
	close_flow(&flow);
}

uint16_t pcapng_client_port(uint32_t n)
{
	return (uint16_t)(15000 + n % 50000);
}
