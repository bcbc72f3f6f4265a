/* SPDX-License-Identifier: Apache-2.0 */
#include "report/reading.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/hex.h"

#define MS_MAX 1e15

void reading_refuse(struct reading *in, const char *key, const char *format, ...)
{
	struct text what;
	va_list args;
	char sentence[256];
	if (in->fault != FAULT_NONE)
		return;
	in->fault = FAULT_MALFORMED;
	va_start(args, format);
	vsnprintf(sentence, sizeof(sentence), format, args);
	va_end(args);
	text_init(&what);
	text_quote(&what, span_text(sentence));
	bool named = *in->where || *key;
	snprintf(in->why, in->why_len, "%s: %s%s%s%s%s", in->file, in->where,
		 *in->where && *key ? "." : "", key, named ? " " : "", text_view(&what));
	text_release(&what);
}

void reading_memory(struct reading *in)
{
	if (in->fault == FAULT_NONE)
		in->fault = in->arena->fault != FAULT_NONE ? in->arena->fault : FAULT_NO_MEMORY;
}

const char *reading_text(struct reading *in, const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);
	if (!value)
		return NULL;
	if (!json_is_string(value)) {
		reading_refuse(in, key, "is no string");
		return NULL;
	}
	const char *text =
		arena_text(in->arena, span_of(json_string_value(value), json_string_length(value)));
	if (!text)
		reading_memory(in);
	return text;
}

uint64_t reading_int(struct reading *in, const json_t *object, const char *key, uint64_t most)
{
	const json_t *value = json_object_get(object, key);
	if (!value)
		return 0;
	json_int_t number = json_integer_value(value);
	if (!json_is_integer(value) || number < 0 || (uint64_t)number > most) {
		reading_refuse(in, key, "is no whole number from 0 to %llu",
			       (unsigned long long)most);
		return 0;
	}
	return (uint64_t)number;
}

bool reading_bool(struct reading *in, const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);
	if (value && !json_is_boolean(value))
		reading_refuse(in, key, "is neither true nor false");
	return json_is_true(value);
}

uint64_t reading_us(struct reading *in, const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);
	double ms = json_number_value(value);
	if (!value)
		return 0;
	if (!json_is_number(value) || !(ms >= 0 && ms <= MS_MAX)) {
		reading_refuse(in, key, "is no number of milliseconds");
		return 0;
	}
	return (uint64_t)(ms * 1000.0 + 0.5);
}

const json_t *reading_object(struct reading *in, const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);
	if (value && !json_is_object(value))
		reading_refuse(in, key, "is no object");
	return json_is_object(value) ? value : NULL;
}

const json_t *reading_array(struct reading *in, const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);
	if (value && !json_is_array(value))
		reading_refuse(in, key, "is no array");
	return json_is_array(value) ? value : NULL;
}

const char **reading_texts(struct reading *in, const json_t *object, const char *key, size_t most,
			   size_t *len)
{
	const json_t *array = reading_array(in, object, key);
	*len = json_array_size(array);
	if (*len > most)
		reading_refuse(in, key, "has more than %zu entries", most);
	if (!*len || in->fault != FAULT_NONE)
		return NULL;
	const char **out = arena_array(in->arena, *len, sizeof(*out));
	for (size_t i = 0; out && i < *len; i++) {
		const char *text = json_string_value(json_array_get(array, i));
		if (!text)
			reading_refuse(in, key, "holds something that is no string");
		out[i] = arena_text(in->arena, span_text(text ? text : ""));
		if (!out[i])
			reading_memory(in);
	}
	if (!out)
		reading_memory(in);
	return in->fault == FAULT_NONE ? out : NULL;
}

struct span reading_hex(struct reading *in, const json_t *object, const char *key)
{
	const char *digits = reading_text(in, object, key);
	size_t len, fell;
	if (!digits)
		return span_of(NULL, 0);
	size_t cap = strlen(digits) / 2;
	uint8_t *bytes = arena_alloc(in->arena, cap + 1);
	if (!bytes) {
		reading_memory(in);
		return span_of(NULL, 0);
	}
	if (hex_decode(bytes, cap, &len, span_text(digits), &fell) != FAULT_NONE) {
		reading_refuse(in, key, "is no pairs of hexadecimal digits at character %zu", fell);
		return span_of(NULL, 0);
	}
	return span_of(bytes, len);
}

uint32_t reading_code(struct reading *in, const json_t *object, const char *key, uint32_t most)
{
	const char *text = reading_text(in, object, key);
	uint64_t code = 0;
	if (!text)
		return 0;
	bool good = text[0] == '0' && text[1] == 'x' && text[2];
	for (const char *at = text + 2; good && *at; at++) {
		int digit = hex_digit((uint8_t)*at);
		good = digit >= 0 && at - text < 10;
		code = code << 4 | (unsigned)digit;
	}
	if (good && code <= most)
		return (uint32_t)code;
	reading_refuse(in, key, "is no code from 0x0000 to 0x%04X: '%s'", most, text);
	return 0;
}

size_t reading_word(struct reading *in, const json_t *object, const char *key,
		    reading_names *name_at, size_t absent)
{
	const char *word = reading_text(in, object, key);
	if (!word)
		return absent;
	for (size_t i = 0; name_at(i); i++)
		if (strcmp(name_at(i), word) == 0)
			return i;
	reading_refuse(in, key, "is no word that is known: '%s'", word);
	return absent;
}
