/* SPDX-License-Identifier: Apache-2.0 */
#include "report/json_stream.h"

#include <inttypes.h>

#include "report/utf8.h"

#define US_A_MS	  1000
#define HEX_PIECE 32

static void put(struct text *out, const char *text)
{
	text_append(out, span_text(text));
}

static void next(struct json_stream *object)
{
	if (object->begun)
		put(object->out, ", ");
	object->begun = true;
}

static void key_of(struct json_stream *object, const char *key)
{
	next(object);
	put(object->out, "\"");
	put(object->out, key);
	put(object->out, "\": ");
}

struct json_stream json_open(struct text *out)
{
	put(out, "{");
	return (struct json_stream){ .out = out };
}

struct json_stream json_open_member(struct json_stream *object, const char *key)
{
	key_of(object, key);
	return json_open(object->out);
}

struct json_stream json_open_array(struct json_stream *object, const char *key)
{
	key_of(object, key);
	put(object->out, "[");
	return (struct json_stream){ .out = object->out };
}

void json_close(struct json_stream *object)
{
	put(object->out, "}");
}

void json_close_array(struct json_stream *array)
{
	put(array->out, "]");
}

static void escape(struct text *out, uint8_t c)
{
	static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";
	const char *found = c ? strchr(from, c) : NULL;
	if (found)
		text_printf(out, "\\%c", to[found - from]);
	else
		text_printf(out, "\\u%04X", c);
}

/* What needs no change goes in one piece. */
static void string(struct text *out, const char *text)
{
	put(out, "\"");
	for (const char *at = text; *at;) {
		const char *end = at;
		while ((uint8_t)*end >= ' ' && (uint8_t)*end < 0x80 && *end != '"' && *end != '\\')
			end++;
		text_append(out, span_of(at, (size_t)(end - at)));
		at = end;
		for (; (uint8_t)*end >= 0x80; end++)
			;
		utf8_append(out, span_of(at, (size_t)(end - at)));
		at = end;
		if (*at && ((uint8_t)*at < ' ' || *at == '"' || *at == '\\'))
			escape(out, (uint8_t)*at++);
	}
	put(out, "\"");
}

void json_text(struct json_stream *object, const char *key, const char *text)
{
	if (!text)
		return;
	key_of(object, key);
	string(object->out, text);
}

void json_int(struct json_stream *object, const char *key, uint64_t value)
{
	key_of(object, key);
	text_printf(object->out, "%" PRIu64, value);
}

void json_bool(struct json_stream *object, const char *key, bool value)
{
	key_of(object, key);
	put(object->out, value ? "true" : "false");
}

void json_ms(struct json_stream *object, const char *key, uint64_t us)
{
	unsigned fraction = (unsigned)(us % US_A_MS);
	int digits = fraction % 10 ? 3 : fraction % 100 ? 2 : 1;
	while (fraction && fraction % 10 == 0)
		fraction /= 10;
	key_of(object, key);
	text_printf(object->out, "%" PRIu64 ".%0*u", us / US_A_MS, digits, fraction);
}

void json_hex(struct json_stream *object, const char *key, struct span bytes)
{
	static const char digits[] = "0123456789abcdef";
	char piece[2 * HEX_PIECE];
	key_of(object, key);
	put(object->out, "\"");
	while (bytes.len) {
		size_t len = bytes.len < HEX_PIECE ? bytes.len : HEX_PIECE;
		for (size_t i = 0; i < len; i++) {
			piece[2 * i] = digits[bytes.at[i] >> 4];
			piece[2 * i + 1] = digits[bytes.at[i] & 0xF];
		}
		text_append(object->out, span_of(piece, 2 * len));
		bytes = span_skip(bytes, len);
	}
	put(object->out, "\"");
}

void json_item(struct json_stream *array, const char *text)
{
	next(array);
	string(array->out, text);
}

void json_texts(struct json_stream *object, const char *key, const char *const *texts, size_t len)
{
	struct json_stream array = json_open_array(object, key);
	for (size_t i = 0; i < len; i++)
		json_item(&array, texts[i]);
	json_close_array(&array);
}
