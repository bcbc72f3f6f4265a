/* SPDX-License-Identifier: Apache-2.0 */
#include "rig_capture.h"

#include "unseen.h"
#include "wire/capture/capture_file.h"
#include "wire/hello_input.h"

#define BLOCK_SECTION	0x0A0D0D0Au
#define BLOCK_INTERFACE 1u
#define BLOCK_SIMPLE	3u
#define BLOCK_PACKET	6u
#define LINK_RAW	101u
#define FLAG_SYN	0x02u
#define FLAG_ACK	0x10u

UNSEEN_BEGIN

/* A file under construction, and the order of its numbers. */
struct writing {
	struct text *out;
	bool little;
	uint32_t interfaces;
};

static void put(struct writing *to, uint32_t value, unsigned width)
{
	for (unsigned i = 0; i < width; i++)
		text_put_char(to->out,
			      (char)(value >> 8 * (to->little ? i : width - 1 - i) & 0xFF));
}

static size_t begin(struct writing *to, uint32_t type)
{
	size_t start = to->out->len;
	put(to, type, 4);
	put(to, 0, 4);
	return start;
}

static void end(struct writing *to, size_t start)
{
	static const uint8_t zeros[4];
	text_append(to->out, span_of(zeros, (4 - to->out->len % 4) % 4));
	put(to, (uint32_t)(to->out->len + 4 - start), 4);
	CHECK(to->out->fault == FAULT_NONE);
	memcpy(to->out->at + start + 4, to->out->at + to->out->len - 4, 4);
}

static void put_section(struct writing *to)
{
	size_t start = begin(to, BLOCK_SECTION);
	put(to, 0x1A2B3C4D, 4);
	put(to, 1, 2);
	put(to, 0, 2);
	put(to, UINT32_MAX, 4);
	put(to, UINT32_MAX, 4);
	end(to, start);
	to->interfaces = 0;
}

static void put_interface(struct writing *to, uint32_t link)
{
	size_t start = begin(to, BLOCK_INTERFACE);
	put(to, link, 2);
	put(to, 0, 2);
	put(to, 0, 4);
	end(to, start);
	to->interfaces++;
}

static void put_enhanced(struct writing *to, const struct capture_packet *packet)
{
	put_interface(to, packet->link);
	size_t start = begin(to, BLOCK_PACKET);
	put(to, to->interfaces - 1, 4);
	put(to, 0, 4);
	put(to, 0, 4);
	put(to, (uint32_t)packet->bytes.len, 4);
	put(to, (uint32_t)packet->bytes.len, 4);
	text_append(to->out, packet->bytes);
	end(to, start);
}

static void put_simple(struct writing *to, const struct capture_packet *packet)
{
	put_section(to);
	put_interface(to, packet->link);
	size_t start = begin(to, BLOCK_SIMPLE);
	put(to, (uint32_t)packet->bytes.len, 4);
	text_append(to->out, packet->bytes);
	end(to, start);
}

static void put_ip(struct writing *to, const struct capture_segment *segment, size_t len)
{
	bool v4 = segment->from.address_len == 4;
	uint32_t ip = v4 ? 20 : 40, size = ip + 20 + (uint32_t)len;
	uint32_t told = size > UINT16_MAX ? 0 : size - (v4 ? 0 : ip);
	put(to, 0, 4);
	put(to, 0, 4);
	put(to, size, 4);
	put(to, size, 4);
	if (v4) {
		put(to, 0x4500, 2);
		put(to, told, 2);
		put(to, 0, 4);
		put(to, 0x40060000, 4);
	} else {
		put(to, 0x60000000, 4);
		put(to, told, 2);
		put(to, 0x0640, 2);
	}
	text_append(to->out, span_of(segment->from.address, segment->from.address_len));
	text_append(to->out, span_of(segment->to.address, segment->to.address_len));
}

static void put_segment(struct writing *to, const struct capture_segment *segment, uint32_t flags,
			uint32_t ahead, struct span payload)
{
	put_ip(to, segment, payload.len);
	put(to, segment->from.port, 2);
	put(to, segment->to.port, 2);
	put(to, segment->sequence + ahead, 4);
	put(to, 0, 4);
	put(to, 0x5000 | flags, 2);
	put(to, 0, 2);
	put(to, 0, 4);
	text_append(to->out, payload);
}

/* What is no segment of TCP, and what cannot matter, is left out. */
static void put_halves(struct writing *to, const struct capture_packet *packet)
{
	struct capture_segment segment;
	if (capture_segment_read(&segment, packet->link, packet->bytes) != CAPTURE_TCP)
		return;
	size_t half = segment.payload.len / 2;
	uint32_t syn = segment.syn ? FLAG_SYN : 0, ack = segment.ack ? FLAG_ACK : 0;
	struct span rest = span_skip(segment.payload, half);
	put_segment(to, &segment, syn | ack, 0, span_of(segment.payload.at, half));
	if (rest.len)
		put_segment(to, &segment, ack, (uint32_t)half + (segment.syn ? 1 : 0), rest);
}

static void put_packet(struct writing *to, const struct capture_packet *packet, enum rig_form form)
{
	if (form == RIG_SPLIT)
		put_halves(to, packet);
	else if (form == RIG_ENHANCED)
		put_enhanced(to, packet);
	else
		put_simple(to, packet);
	if (form == RIG_TWICE)
		put_simple(to, packet);
}

static void put_head(struct writing *to, enum rig_form form)
{
	if (form != RIG_SPLIT) {
		put_section(to);
		return;
	}
	put(to, 0xA1B23C4D, 4);
	put(to, 0x00020004, 4);
	put(to, 0, 4);
	put(to, 0, 4);
	put(to, CAPTURE_PACKET_MAX, 4);
	put(to, LINK_RAW, 4);
}

void rig_capture_write(struct text *out, struct span file, enum rig_form form, struct arena *arena)
{
	struct writing to = { .out = out, .little = form == RIG_SIMPLE || form == RIG_TWICE };
	struct capture_file in;
	struct capture_packet packet;
	struct wire_error error;
	bool found = true;
	arena_clear(arena);
	put_head(&to, form);
	enum fault fault = capture_file_open(&in, file, arena, &error);
	while (fault == FAULT_NONE && found) {
		harness_step();
		fault = capture_file_next(&packet, &found, &in, &error);
		if (found)
			put_packet(&to, &packet, form);
	}
	CHECK(out->fault == FAULT_NONE);
}

void rig_capture_read(struct rig_capture *out, struct span file, struct arena *arena)
{
	arena_clear(arena);
	out->fault = capture_read(&out->hellos, file, file.len, arena, &out->error);
	CHECK(out->fault == FAULT_NONE || out->fault == FAULT_TRUNCATED ||
	      out->fault == FAULT_MALFORMED || out->fault == arena->fault);
	CHECK(out->fault == FAULT_NONE ||
	      (out->error.field && out->error.what && out->error.offset <= file.len));
}

size_t rig_capture_little(struct span file)
{
	return 2 * file.len + 256 + 8 * (size_t)(file.len ? file.at[file.len - 1] : 0);
}

void rig_capture_starve(const struct rig_capture *capture, struct span file, struct arena *arena)
{
	struct rig_capture starved;
	rig_capture_read(&starved, file, arena);
	CHECK(starved.fault == FAULT_TOO_LARGE || starved.fault == capture->fault);
	CHECK(starved.fault == FAULT_TOO_LARGE || starved.hellos.len == capture->hellos.len);
}

static void is_hello(const struct capture_hello *hello, size_t packets, struct arena *arena)
{
	struct hello_input in;
	struct wire_error error;
	arena_clear(arena);
	enum fault fault = hello_input_read(&in, hello->bytes, STRICT, arena, &error);
	CHECK(hello->packet >= 1 && hello->packet <= packets);
	CHECK(hello->bytes.len && hello->bytes.len <= CAPTURE_CLIENT_MAX);
	CHECK(hello->whole || fault != FAULT_NONE);
	CHECK(fault != FAULT_NONE || (in.trailing.len == 0 && in.preamble.len == 0));
}

void rig_capture_is_sound(const struct rig_capture *capture, struct arena *arena)
{
	const struct capture_hellos *hellos = &capture->hellos;
	CHECK(hellos->len <= 2 * hellos->connections);
	CHECK(hellos->connections + hellos->fragments + hellos->unread <= hellos->packets);
	harness_note_number(hellos->packets);
	for (size_t i = 0; i < hellos->len; i++) {
		is_hello(&hellos->at[i], hellos->packets, arena);
		harness_note_number(hellos->at[i].packet);
		harness_note(hellos->at[i].bytes);
	}
}

static bool is_end(const struct capture_endpoint *a, const struct capture_endpoint *b)
{
	return a->port == b->port &&
	       span_equal(span_of(a->address, a->address_len), span_of(b->address, b->address_len));
}

void rig_capture_is_same(const struct rig_capture *a, const struct rig_capture *b,
			 enum rig_form form)
{
	CHECK(b->fault == FAULT_NONE && a->hellos.len == b->hellos.len);
	CHECK(a->hellos.connections == b->hellos.connections);
	for (size_t i = 0; i < a->hellos.len; i++) {
		const struct capture_hello *one = &a->hellos.at[i], *other = &b->hellos.at[i];
		CHECK(span_equal(one->bytes, other->bytes));
		CHECK(one->before == other->before && one->whole == other->whole);
		CHECK(is_end(&one->client, &other->client));
		CHECK(is_end(&one->server, &other->server));
		CHECK(form > RIG_SIMPLE || one->packet == other->packet);
	}
}

UNSEEN_END
