/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "case/encode_internal.h"
#include "registry/registry.h"
#include "wire/handshake.h"

static bool is_hello(const struct message *message)
{
	return message->type == HANDSHAKE_CLIENT_HELLO && message->name;
}

/* Elements are nested no deeper than the reader lets them. */
static const struct message *hello_among(const struct elements *elements)
{
	for (size_t i = 0; i < elements->len; i++) {
		const struct element *element = &elements->at[i];
		const struct message *found = NULL;
		if (element->kind == ELEMENT_MESSAGE)
			found = is_hello(element->message) ? element->message : NULL;
		else
			found = hello_among(&element->children);
		if (found)
			return found;
	}
	return NULL;
}

static const struct message *hello_of_item(const struct item *item)
{
	switch (item->kind) {
	case ITEM_MESSAGE:
		return is_hello(&item->message) ? &item->message : NULL;
	case ITEM_RECORD:
	case ITEM_RAW:
		return hello_among(&item->body);
	case ITEM_SSLV2:
		break;
	}
	return NULL;
}

const struct message *first_hello(const struct conformance_case *of)
{
	for (size_t i = 0; i < of->steps_len; i++) {
		const struct step *step = &of->steps[i];
		for (size_t k = 0; step->kind == STEP_SEND && k < step->items_len; k++) {
			const struct message *hello = hello_of_item(&step->items[k]);
			if (hello)
				return hello;
		}
	}
	return NULL;
}

/* The numbers in the order of the wire; of an extension that is there twice, its code once. */
static size_t take_twice(uint32_t *out, const struct hello *hello)
{
	size_t len = 0;
	for (size_t i = 0; i < hello->extensions_len; i++) {
		const struct hello_extension *extension = &hello->extensions[i];
		if (extension->raw || hello_extension_at(hello, extension->type) != extension)
			continue;
		out[len++] = extension->type;
	}
	return len;
}

static size_t count_lengths(const struct builder *b)
{
	size_t count = 0;
	for (size_t i = 0; i < b->fields_len; i++)
		count += strcmp(b->fields[i].name, "length") == 0;
	return count;
}

static uint32_t *count_up(struct arena *arena, uint32_t first, size_t len)
{
	uint32_t *numbers = arena_array(arena, len ? len : 1, sizeof(*numbers));
	for (size_t i = 0; numbers && i < len; i++)
		numbers[i] = first + (uint32_t)i;
	return numbers;
}

static uint32_t *members_of(struct arena *arena, struct encoder *e, enum family_kind kind,
			    const struct message *message, size_t *len)
{
	struct hello hello = { 0 };
	if (kind == FAMILY_TWICE) {
		hello_make(e, &hello, message);
		uint32_t *types = arena_array(arena, hello.extensions_len + 1, sizeof(*types));
		*len = types ? take_twice(types, &hello) : 0;
		return types;
	}
	encode_message(e, message);
	if (encoder_stopped(e))
		return count_up(arena, 0, 0);
	*len = kind == FAMILY_LENGTHS ? count_lengths(e->work)
				      : e->work->len - HANDSHAKE_HEADER_LEN;
	return count_up(arena, kind == FAMILY_LENGTHS ? 1 : 0, *len);
}

/* Encodes the first hello for the sake of what it is made of. */
static const uint32_t *members_of_hello(struct arena *arena, const struct conformance_case *of,
					enum version version, size_t *len)
{
	const struct message *message = first_hello(of);
	const struct case_setting setting = { .version = version };
	struct builder work;
	struct arena scratch;
	if (!message)
		return count_up(arena, 0, 0);
	uint8_t *bytes = malloc(CASE_STEP_BYTES_MAX);
	struct field *fields = malloc(CASE_STEP_FIELDS_MAX * sizeof(*fields));
	const uint32_t *out = NULL;
	arena_init(&scratch, ENCODE_SCRATCH_MAX);
	if (bytes && fields) {
		builder_init(&work, bytes, CASE_STEP_BYTES_MAX, fields, CASE_STEP_FIELDS_MAX);
		struct encoder e = { .setting = &setting, .scratch = &scratch, .work = &work };
		out = members_of(arena, &e, of->family.kind, message, len);
	}
	arena_release(&scratch);
	free(bytes);
	free(fields);
	return out;
}

const uint32_t *case_members(struct arena *arena, const struct conformance_case *of,
			     enum version version, size_t *len)
{
	static const uint32_t only[] = { 0 };
	*len = 0;
	switch (of->family.kind) {
	case FAMILY_NONE:
		*len = 1;
		return only;
	case FAMILY_VALUES:
		*len = of->family.values_len;
		return of->family.values ? of->family.values : only;
	case FAMILY_TRUNCATION:
	case FAMILY_LENGTHS:
	case FAMILY_TWICE:
		break;
	}
	return members_of_hello(arena, of, version, len);
}

void case_id(char out[CASE_ID_MAX], const struct conformance_case *of, enum version version,
	     uint32_t member)
{
	char index[16] = "";
	if (of->family.kind != FAMILY_NONE)
		snprintf(index, sizeof(index), "/%u", member);
	if (of->versions)
		snprintf(out, CASE_ID_MAX, "case/%s/%s%s", of->name, version_name(version), index);
	else
		snprintf(out, CASE_ID_MAX, "case/%s%s", of->name, index);
}
