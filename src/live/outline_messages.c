/* SPDX-License-Identifier: Apache-2.0 */
#include "live/outline.h"

#include "base/limits.h"
#include "live/body_shape.h"
#include "registry/registry.h"
#include "wire/handshake.h"

#define SSLV2_HELLO	 1
#define SSLV2_KIND	 3
#define LEGACY_VERSION	 0x0303
#define GREASE_USUAL	 0x0A0A
#define EXTENSION_HEADER 4

/* A part of the content that is being read. */
struct part {
	struct outline *out;
	uint32_t at, end;
};

static uint32_t left(const struct part *in)
{
	return in->end - in->at;
}

static uint32_t number_at(const struct outline *out, uint32_t at, uint32_t width)
{
	uint32_t value = 0;
	for (uint32_t i = 0; i < width; i++)
		value = value << 8 | out->content[at + i];
	return value;
}

/* How many bytes a vector has at the place that is read, its length included. */
static uint32_t vector_len(const struct part *in, uint32_t width)
{
	if (left(in) < width)
		return left(in);
	uint32_t told = number_at(in->out, in->at, width), there = left(in) - width;
	return width + (told < there ? told : there);
}

/* Reads a vector, and notes its length: one that promises more than there is has what there is. */
static struct part vector(struct part *in, uint8_t width)
{
	uint32_t at = in->at, len = vector_len(in, width);
	in->at += len;
	if (len < width)
		return (struct part){ .out = in->out, .at = in->at, .end = in->at };
	struct outline_length length = {
		.at = at, .from = at + width, .to = in->at, .mask = UINT32_MAX, .width = width
	};
	outline_length_add(in->out, length);
	return (struct part){ .out = in->out, .at = length.from, .end = in->at };
}

static void list(const struct part *in, enum outline_kind kind, uint32_t stride)
{
	struct outline_list all = { .kind = kind, .from = in->at, .to = in->end, .stride = stride };
	outline_list_add(in->out, all);
}

/* GREASE (RFC 8701) that is needed is always the same. */
static void codes(const struct part *in)
{
	for (uint32_t at = in->at; at + 2 <= in->end; at += 2)
		if (code_is_grease((uint16_t)number_at(in->out, at, 2)))
			outline_value_add(in->out, at, GREASE_USUAL);
}

/* How many bytes a member of this shape has, of those that are left. */
static uint32_t member_len(struct part in, const char *shape)
{
	uint32_t start = in.at;
	for (; *shape && *shape != '>'; shape++) {
		uint32_t len = (uint32_t)body_shape_width(*shape);
		if (*shape == '<') {
			len = vector_len(&in, (uint32_t)(shape[1] - '0'));
			shape = body_shape_close(shape);
		}
		in.at += len < left(&in) ? len : left(&in);
	}
	return in.at - start;
}

static void body(struct part in, const char *shape);

/* Members one after the other, each read on its own: shapes are not deep. */
static void members(struct part in, const char *shape)
{
	uint32_t first_mark = in.out->marks_len;
	if (shape[1] == '>') {
		if (body_shape_width(*shape) == 2)
			codes(&in);
		list(&in,
		     *shape == 'b'   ? OUTLINE_BYTES
		     : *shape == 't' ? OUTLINE_BODY
				     : OUTLINE_MEMBERS,
		     (uint32_t)body_shape_width(*shape));
		return;
	}
	for (struct part ahead = in; left(&ahead);) {
		outline_mark(in.out, ahead.at);
		ahead.at += member_len(ahead, shape);
	}
	uint32_t marks = in.out->marks_len - first_mark;
	outline_list_add(in.out, (struct outline_list){ .kind = OUTLINE_MEMBERS,
							.from = in.at,
							.to = in.end,
							.first_mark = first_mark,
							.marks = marks });
	while (left(&in)) {
		struct part one = in;
		one.end = in.at + member_len(in, shape);
		body(one, shape);
		in.at = one.end;
	}
}

static void body(struct part in, const char *shape)
{
	for (; *shape && *shape != '>' && left(&in); shape++) {
		if (*shape != '<') {
			uint32_t len = (uint32_t)body_shape_width(*shape);
			struct part code = { in.out, in.at, in.at + len };
			if (len == 2 && left(&in) >= len)
				codes(&code);
			in.at += len < left(&in) ? len : left(&in);
			continue;
		}
		members(vector(&in, (uint8_t)(shape[1] - '0')), shape + 2);
		shape = body_shape_close(shape);
	}
}

/* Type, length and body; the last one may be cut off anywhere. */
static void extension(struct part *in)
{
	struct part code = { in->out, in->at, in->at + 2 };
	if (left(in) < EXTENSION_HEADER) {
		in->at = in->end;
		return;
	}
	uint16_t type = (uint16_t)number_at(in->out, in->at, 2);
	codes(&code);
	in->at += 2;
	struct part data = vector(in, 2);
	const char *shape = body_shape_of(type);
	list(&data, shape ? OUTLINE_BODY : OUTLINE_BYTES, 1);
	if (shape)
		body(data, shape);
}

static void extensions(struct part *hello)
{
	struct part block = { .out = hello->out, .at = hello->at };
	struct part in = vector(hello, 2);
	uint32_t first_mark = in.out->marks_len;
	block.end = hello->at;
	list(&block, OUTLINE_BLOCK, block.end - block.at);
	for (struct part ahead = in; left(&ahead);) {
		outline_mark(in.out, ahead.at);
		in.out->size.extensions++;
		ahead.at += member_len(ahead, "D<2b>");
	}
	uint32_t marks = in.out->marks_len - first_mark;
	outline_list_add(in.out, (struct outline_list){ .kind = OUTLINE_EXTENSIONS,
							.from = in.at,
							.to = in.end,
							.first_mark = first_mark,
							.marks = marks });
	while (left(&in))
		extension(&in);
}

/* RFC 8446 4.1.2: version, random, session id, suites, methods and perhaps extensions. */
static void client_hello(struct part in)
{
	struct part random = { in.out, in.at + 2, in.at + 2 + RANDOM_LEN };
	if (left(&in) < 2 + RANDOM_LEN) {
		list(&in, OUTLINE_BYTES, 1);
		return;
	}
	outline_value_add(in.out, in.at, LEGACY_VERSION);
	list(&random, OUTLINE_BYTES, 1);
	in.at = random.end;
	struct part session_id = vector(&in, 1);
	list(&session_id, OUTLINE_FIELD, 1);
	struct part suites = vector(&in, 2);
	list(&suites, OUTLINE_SUITES, 2);
	codes(&suites);
	in.out->size.suites += left(&suites) / 2;
	struct part methods = vector(&in, 1);
	list(&methods, OUTLINE_FIELD, 1);
	if (left(&in))
		extensions(&in);
	list(&in, OUTLINE_BYTES, 1);
}

/* A message that promises more than there is must be a hello; else, most likely, it is encrypted.
 */
static bool is_message(const struct part *in)
{
	uint32_t type = left(in) ? in->out->content[in->at] : 0;
	if (left(in) < HANDSHAKE_HEADER_LEN || !registry_name(&registry_handshake_types, type))
		return false;
	return type == HANDSHAKE_CLIENT_HELLO ||
	       number_at(in->out, in->at + 1, 3) <= left(in) - HANDSHAKE_HEADER_LEN;
}

static uint32_t message_len(struct part in)
{
	return is_message(&in) ? member_len(in, "b<3b>") : left(&in);
}

static void message(struct part in)
{
	uint8_t type = in.out->content[in.at];
	if (!is_message(&in)) {
		list(&in, OUTLINE_BYTES, 1);
		return;
	}
	in.at++;
	struct part data = vector(&in, 3);
	if (type == HANDSHAKE_CLIENT_HELLO)
		client_hello(data);
	else
		list(&data, OUTLINE_BODY, 1);
}

void outline_messages(struct outline *out, uint32_t end)
{
	struct part in = { .out = out, .end = end };
	uint32_t first_mark = out->marks_len;
	for (struct part ahead = in; left(&ahead);) {
		outline_mark(out, ahead.at);
		ahead.at += message_len(ahead);
	}
	uint32_t marks = out->marks_len - first_mark;
	outline_list_add(out, (struct outline_list){ .kind = OUTLINE_MESSAGES,
						     .to = end,
						     .first_mark = first_mark,
						     .marks = marks });
	while (left(&in)) {
		struct part one = in;
		one.end = in.at + message_len(in);
		message(one);
		in.at = one.end;
	}
}

/* Three lengths stand before what they count. */
static void sslv2_vectors(struct part in)
{
	static const struct {
		enum outline_kind kind;
		uint32_t stride;
	} vectors[] = { { OUTLINE_MEMBERS, SSLV2_KIND },
			{ OUTLINE_FIELD, 1 },
			{ OUTLINE_FIELD, 1 } };
	uint32_t lengths = in.at;
	in.at += 6;
	for (uint32_t i = 0; i < 3; i++) {
		uint32_t told = number_at(in.out, lengths + 2 * i, 2);
		struct part one = { in.out, in.at, in.at + (told < left(&in) ? told : left(&in)) };
		outline_length_add(in.out, (struct outline_length){ .at = lengths + 2 * i,
								    .from = one.at,
								    .to = one.end,
								    .mask = UINT32_MAX,
								    .width = 2 });
		list(&one, vectors[i].kind, vectors[i].stride);
		in.at = one.end;
	}
	list(&in, OUTLINE_BYTES, 1);
}

/* draft-hickman-netscape-ssl-00: a header of two bytes, or of three, then the hello. */
void outline_sslv2(struct outline *out)
{
	struct part in = { .out = out, .end = out->content_len };
	if (left(&in) < 12)
		return;
	bool is_long = !(out->content[0] & 0x80);
	uint32_t header = is_long ? 3 : 2, mask = is_long ? 0x3FFF : 0x7FFF;
	if (out->content[header] != SSLV2_HELLO)
		return;
	uint32_t told = number_at(out, 0, 2) & mask;
	in.at = header;
	in.end = told < left(&in) ? header + told : in.end;
	if (left(&in) < 9)
		return;
	outline_length_add(out, (struct outline_length){
					.from = in.at, .to = in.end, .mask = mask, .width = 2 });
	in.at += 3;
	sslv2_vectors(in);
}
