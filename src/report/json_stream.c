/* SPDX-License-Identifier: Apache-2.0 */
#include "report/json_stream.h"

#include "base/plain.h"
#include "report/utf8.h"

#define US_A_MS 1000

/* The key, and how its value begins. */
static void key_of(struct json_stream *object, const char *key, const char *begin)
{
	text_put(object->out, object->begun ? ", \"" : "\"");
	text_put(object->out, key);
	text_put(object->out, begin);
	object->begun = true;
}

struct json_stream json_open(struct text *out)
{
	text_put(out, "{");
	return (struct json_stream){ .out = out };
}

struct json_stream json_open_member(struct json_stream *object, const char *key)
{
	key_of(object, key, "\": {");
	return (struct json_stream){ .out = object->out };
}

struct json_stream json_open_array(struct json_stream *object, const char *key)
{
	key_of(object, key, "\": [");
	return (struct json_stream){ .out = object->out };
}

struct json_stream json_open_item(struct json_stream *array)
{
	text_put(array->out, array->begun ? ", {" : "{");
	array->begun = true;
	return (struct json_stream){ .out = array->out };
}

void json_close(struct json_stream *object)
{
	text_put(object->out, "}");
}

void json_close_array(struct json_stream *array)
{
	text_put(array->out, "]");
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

/* A string behind its first quote; what needs no change goes in one piece. */
static void string(struct text *out, const char *text)
{
	for (struct span rest = span_text(text); rest.len;) {
		size_t plain = plain_len(rest, "\"\\"), wide = 0;
		text_append(out, span_of(rest.at, plain));
		rest = span_skip(rest, plain);
		while (wide < rest.len && rest.at[wide] >= 0x7F)
			wide++;
		if (wide)
			utf8_append(out, span_of(rest.at, wide));
		else if (rest.len)
			escape(out, rest.at[0]);
		rest = span_skip(rest, wide ? wide : 1);
	}
	text_put(out, "\"");
}

void json_text(struct json_stream *object, const char *key, const char *text)
{
	if (!text)
		return;
	key_of(object, key, "\": \"");
	string(object->out, text);
}

void json_pair(struct json_stream *object, const char *key, const char *text)
{
	json_item(object, key);
	text_put(object->out, ": \"");
	string(object->out, text);
}

void json_int(struct json_stream *object, const char *key, uint64_t value)
{
	key_of(object, key, "\": ");
	text_put_decimal(object->out, value, 0);
}

void json_bool(struct json_stream *object, const char *key, bool value)
{
	key_of(object, key, value ? "\": true" : "\": false");
}

void json_ms(struct json_stream *object, const char *key, uint64_t us)
{
	unsigned fraction = (unsigned)(us % US_A_MS);
	size_t digits = fraction % 10 ? 3 : fraction % 100 ? 2 : 1;
	while (fraction && fraction % 10 == 0)
		fraction /= 10;
	key_of(object, key, "\": ");
	text_put_decimal(object->out, us / US_A_MS, 0);
	text_put(object->out, ".");
	text_put_decimal(object->out, fraction, digits);
}

void json_hex(struct json_stream *object, const char *key, struct span bytes)
{
	key_of(object, key, "\": \"");
	text_put_hex(object->out, bytes);
	text_put(object->out, "\"");
}

void json_item(struct json_stream *array, const char *text)
{
	text_put(array->out, array->begun ? ", \"" : "\"");
	array->begun = true;
	string(array->out, text);
}

void json_texts(struct json_stream *object, const char *key, const char *const *texts, size_t len)
{
	struct json_stream array = json_open_array(object, key);
	for (size_t i = 0; i < len; i++)
		json_item(&array, texts[i]);
	json_close_array(&array);
}
