/* SPDX-License-Identifier: Apache-2.0 */
#include "report/json_internal.h"

#include <stdlib.h>

#include "base/hex.h"
#include "report/utf8.h"

#define DUMP_FLAGS (JSON_REAL_PRECISION(9))

struct object object_make(void)
{
	struct object object = { .json = json_object() };
	object.bad = !object.json;
	return object;
}

void object_put(struct object *object, const char *key, json_t *value)
{
	if (json_object_set_new(object->json, key, value))
		object->bad = true;
}

static json_t *string(const char *text)
{
	struct text clean;
	text_init(&clean);
	utf8_append(&clean, span_text(text));
	json_t *value =
		clean.fault == FAULT_NONE ? json_stringn(text_view(&clean), clean.len) : NULL;
	text_release(&clean);
	return value;
}

void object_text(struct object *object, const char *key, const char *text)
{
	if (text)
		object_put(object, key, string(text));
}

void object_int(struct object *object, const char *key, uint64_t value)
{
	object_put(object, key, json_integer((json_int_t)value));
}

void object_bool(struct object *object, const char *key, bool value)
{
	object_put(object, key, json_boolean(value));
}

void object_hex(struct object *object, const char *key, struct span bytes)
{
	char *digits = malloc(2 * bytes.len + 1);
	if (digits)
		hex_encode(digits, bytes);
	object_put(object, key, digits ? json_stringn_nocheck(digits, 2 * bytes.len) : NULL);
	free(digits);
}

void object_object(struct object *object, const char *key, struct object child)
{
	object->bad = object->bad || child.bad;
	object_put(object, key, child.json);
}

void object_texts(struct object *object, const char *key, const char *const *texts, size_t len)
{
	json_t *array = json_array();
	for (size_t i = 0; i < len; i++) {
		if (json_array_append_new(array, string(texts[i])))
			object->bad = true;
	}
	object_put(object, key, array);
}

static int append(const char *bytes, size_t len, void *out)
{
	struct text *text = out;
	text_append(text, span_of(bytes, len));
	return text->fault == FAULT_NONE ? 0 : -1;
}

enum fault object_dump(struct text *out, struct object object)
{
	bool bad = object.bad || json_dump_callback(object.json, append, out, DUMP_FLAGS);
	json_decref(object.json);
	if (out->fault != FAULT_NONE)
		return out->fault;
	return bad ? FAULT_NO_MEMORY : FAULT_NONE;
}
