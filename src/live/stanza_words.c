/* SPDX-License-Identifier: Apache-2.0 */
#include "live/stanza_words.h"

#include "base/cursor.h"
#include "base/hex.h"
#include "base/limits.h"
#include "case/names.h"
#include "live/body_shape.h"
#include "registry/cipher_suite.h"
#include "wire/handshake.h"

#define FILL_MIN 6
#define WORD_MAX 16 /* bytes in one word */

static size_t run_len(struct span bytes)
{
	size_t len = 1;
	while (len < bytes.len && bytes.at[len] == bytes.at[0])
		len++;
	return len;
}

/* How many bytes to write out before the next that are worth a `fill`. */
static size_t word_len(struct span bytes)
{
	size_t len = 0;
	while (len < bytes.len && len < WORD_MAX) {
		if (run_len(span_skip(bytes, len)) >= FILL_MIN)
			break;
		len++;
	}
	return len;
}

void put_bytes(struct text *out, struct span bytes)
{
	char digits[2 * WORD_MAX + 1];
	while (bytes.len) {
		size_t len = word_len(bytes);
		if (len) {
			hex_encode(digits, span_of(bytes.at, len));
			text_join(out, " ", digits);
		} else {
			len = run_len(bytes);
			text_printf(out, " fill %zu %02x", len, bytes.at[0]);
		}
		bytes = span_skip(bytes, len);
	}
}

void put_block(struct text *out, struct span bytes)
{
	text_put(out, " {");
	put_bytes(out, bytes);
	text_put(out, " }");
}

/* A word of hexadecimal digits is always bytes: nobody can write ed25519. */
static bool is_digits(const char *name)
{
	while (hex_digit((uint8_t)*name) >= 0)
		name++;
	return !*name;
}

static bool is_known(const char *name, uint32_t code, uint8_t width)
{
	uint32_t is;
	uint8_t wide;
	return name && !is_digits(name) && code_by_name(span_text(name), &is, &wide) &&
	       is == code && wide == width;
}

void put_code(struct text *out, const char *name, uint32_t code, uint8_t width)
{
	if (is_known(name, code, width))
		text_join(out, " ", name);
	else
		text_printf(out, " %0*x", 2 * width, code);
}

void put_version(struct text *out, uint16_t version)
{
	enum version known = version_by_code(version);
	if (known != VERSION_NONE)
		text_join(out, " ", version_name(known));
	else
		text_printf(out, " 0x%04x", version);
}

void put_lie(struct text *out, size_t told, size_t there)
{
	if (told > there)
		text_printf(out, " +%zu", told - there);
}

/* A vector that promises more than there is has what there is. */
struct vector {
	struct span bytes;
	size_t told;
};

static uint32_t take_number(struct cursor *in, size_t width)
{
	uint32_t value = 0;
	while (width--)
		value = value << 8 | cursor_u8(in);
	return value;
}

static struct vector take_vector(struct cursor *in, size_t width)
{
	struct vector out = { .told = take_number(in, width) };
	size_t left = cursor_left(in);
	out.bytes = cursor_take(in, out.told < left ? out.told : left);
	return out;
}

/* Characters that need no escape. */
static bool is_text(struct span bytes)
{
	for (size_t i = 0; i < bytes.len; i++)
		if (bytes.at[i] < ' ' || bytes.at[i] > '~' || strchr("\"\\", bytes.at[i]))
			return false;
	return bytes.len > 0;
}

static void put_text(struct text *out, struct span bytes)
{
	if (!is_text(bytes)) {
		put_bytes(out, bytes);
		return;
	}
	text_put(out, " \"");
	text_append(out, bytes);
	text_put_char(out, '"');
}

static void put_shape(struct text *out, struct cursor *in, const char *shape);

static void put_members(struct text *out, struct span bytes, const char *shape)
{
	struct cursor in = cursor_over(bytes);
	if (strchr("bt", *shape) && shape[1] == '>') {
		(*shape == 't' ? put_text : put_bytes)(out, bytes);
		return;
	}
	while (cursor_left(&in))
		put_shape(out, &in, shape);
}

/* What is too short for its shape is bytes. */
static void put_shape(struct text *out, struct cursor *in, const char *shape)
{
	for (; *shape && *shape != '>' && cursor_left(in); shape++) {
		bool is_vector = *shape == '<';
		size_t width = is_vector ? (size_t)(shape[1] - '0') : body_shape_width(*shape);
		if (cursor_left(in) < width) {
			put_bytes(out, cursor_rest(in));
			return;
		}
		if (!is_vector) {
			uint32_t code = take_number(in, width);
			put_code(out, body_shape_name(*shape, code), code, (uint8_t)width);
			continue;
		}
		struct vector vector = take_vector(in, width);
		text_printf(out, " u%zu", 8 * width);
		put_lie(out, vector.told, vector.bytes.len);
		text_put(out, " {");
		put_members(out, vector.bytes, shape + 2);
		text_put(out, " }");
		shape = body_shape_close(shape);
	}
}

static void put_extension(struct text *out, struct cursor *in)
{
	uint16_t type = cursor_u16(in);
	const char *name = registry_name(&registry_extensions, type), *shape = body_shape_of(type);
	struct vector data = take_vector(in, 2);
	struct cursor body = cursor_over(data.bytes);
	if (name)
		text_join(out, " ", name);
	else
		text_printf(out, code_is_grease(type) ? " extension 0x%04x" : " extension %u",
			    type);
	put_lie(out, data.told, data.bytes.len);
	text_put(out, " {");
	if (shape)
		put_shape(out, &body, shape);
	put_bytes(out, cursor_rest(&body));
	text_put(out, " }");
}

static void put_extensions(struct text *out, struct cursor *hello)
{
	if (!cursor_left(hello)) {
		text_put(out, " extensions absent");
		return;
	}
	struct vector block = take_vector(hello, 2);
	struct cursor in = cursor_over(block.bytes);
	text_put(out, " extensions");
	put_lie(out, block.told, block.bytes.len);
	text_put(out, " {");
	while (cursor_left(&in) >= 4)
		put_extension(out, &in);
	put_bytes(out, cursor_rest(&in));
	text_put(out, " }");
}

static void put_suites(struct text *out, struct span list)
{
	struct cursor in = cursor_over(list);
	while (cursor_left(&in) > 1) {
		const struct cipher_suite *suite = cipher_suite_by_code(cursor_u16(&in));
		uint16_t code = (uint16_t)(in.base[in.at - 2] << 8 | in.base[in.at - 1]);
		put_code(out, suite ? suite->name : NULL, code, 2);
	}
	put_bytes(out, cursor_rest(&in));
}

static void put_methods(struct text *out, struct span list)
{
	for (size_t i = 0; i < list.len; i++)
		put_code(out, registry_name(&registry_compression_methods, list.at[i]), list.at[i],
			 1);
}

static void put_field(struct text *out, const char *name, struct vector field,
		      void (*put)(struct text *out, struct span bytes))
{
	text_join(out, " ", name);
	put_lie(out, field.told, field.bytes.len);
	text_put(out, " {");
	put(out, field.bytes);
	text_put(out, " }");
}

/* A block of extensions of one byte, or a hello that ends before it, cannot be said by fields. */
static bool is_hello(struct span body)
{
	struct cursor in = cursor_over(body);
	cursor_take(&in, 2 + RANDOM_LEN);
	cursor_vec8(&in);
	cursor_vec16(&in);
	cursor_vec8(&in);
	return cursor_ok(&in) && cursor_left(&in) != 1;
}

static void put_hello(struct text *out, struct span body)
{
	struct cursor in = cursor_over(body);
	text_put(out, " { version");
	put_version(out, cursor_u16(&in));
	text_put(out, " random");
	put_block(out, cursor_take(&in, RANDOM_LEN));
	put_field(out, "session_id", take_vector(&in, 1), put_bytes);
	put_field(out, "suites", take_vector(&in, 2), put_suites);
	put_field(out, "compression", take_vector(&in, 1), put_methods);
	put_extensions(out, &in);
	if (cursor_left(&in)) {
		text_put(out, " tail");
		put_block(out, cursor_rest(&in));
	}
	text_put(out, " }");
}

static void put_message(struct text *out, struct cursor *in)
{
	uint8_t type = cursor_u8(in);
	struct vector data = take_vector(in, 3);
	bool hello = type == HANDSHAKE_CLIENT_HELLO && is_hello(data.bytes);
	const char *name = registry_name(&registry_handshake_types, type);
	if (hello || (name && type != HANDSHAKE_CLIENT_HELLO))
		text_join(out, " ", name);
	else
		text_printf(out, " handshake %u", type);
	put_lie(out, data.told, data.bytes.len);
	if (hello)
		put_hello(out, data.bytes);
	else
		put_block(out, data.bytes);
}

void put_messages(struct text *out, struct span messages)
{
	struct cursor in = cursor_over(messages);
	while (cursor_left(&in) >= HANDSHAKE_HEADER_LEN)
		put_message(out, &in);
	put_bytes(out, cursor_rest(&in));
}

static void put_kinds(struct text *out, struct span list)
{
	struct cursor in = cursor_over(list);
	while (cursor_left(&in) >= 3) {
		uint32_t kind = take_number(&in, 3);
		put_code(out, registry_name(&registry_sslv2_kinds, kind), kind, 3);
	}
	put_bytes(out, cursor_rest(&in));
}

bool put_sslv2(struct text *out, struct span stream)
{
	struct cursor in = cursor_over(stream);
	bool is_long = stream.len && !(stream.at[0] & 0x80);
	size_t told = cursor_u16(&in) & (is_long ? 0x3FFF : 0x7FFF);
	if (is_long && cursor_u8(&in) != 0)
		return false;
	size_t left = cursor_left(&in);
	struct cursor hello = cursor_over(cursor_take(&in, told < left ? told : left));
	size_t there = hello.len;
	uint8_t type = cursor_u8(&hello);
	uint16_t version = cursor_u16(&hello);
	struct vector fields[3];
	for (size_t i = 0; i < 3; i++)
		fields[i].told = cursor_u16(&hello);
	for (size_t i = 0; i < 3; i++) {
		left = cursor_left(&hello);
		fields[i].bytes =
			cursor_take(&hello, fields[i].told < left ? fields[i].told : left);
	}
	if (!cursor_done(&hello) || type != 1)
		return false;
	text_put(out, " sslv2_client_hello");
	put_lie(out, told, there);
	text_put(out, " { version");
	put_version(out, version);
	put_field(out, "specs", fields[0], put_kinds);
	put_field(out, "session_id", fields[1], put_bytes);
	put_field(out, "challenge", fields[2], put_bytes);
	text_put(out, is_long ? " long }" : " }");
	if (cursor_left(&in)) {
		text_put(out, ", bytes");
		put_block(out, cursor_rest(&in));
	}
	return true;
}
