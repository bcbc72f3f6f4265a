/* SPDX-License-Identifier: Apache-2.0 */
#include "live/outline.h"

#include "registry/registry.h"
#include "wire/record.h"

#define SPARE 64

enum fault outline_init(struct outline *out, struct arena *arena, uint32_t max)
{
	*out = (struct outline){ .cap = max };
	out->bytes = arena_alloc(arena, (size_t)max + 1);
	out->content = arena_alloc(arena, (size_t)max + 1);
	out->stream = arena_array(arena, (size_t)max + 1, sizeof(*out->stream));
	out->marks = arena_array(arena, (size_t)max + SPARE, sizeof(*out->marks));
	out->records = arena_array(arena, max / RECORD_HEADER_LEN + 1, sizeof(*out->records));
	out->lists = arena_array(arena, max / 2 + SPARE, sizeof(*out->lists));
	out->lengths = arena_array(arena, max / 2 + SPARE, sizeof(*out->lengths));
	out->values = arena_array(arena, max / 2 + SPARE, sizeof(*out->values));
	return arena->fault;
}

void outline_list_add(struct outline *out, struct outline_list list)
{
	if (list.from < list.to && out->lists_len < out->cap / 2 + SPARE)
		out->lists[out->lists_len++] = list;
}

void outline_mark(struct outline *out, uint32_t at)
{
	if (out->marks_len < out->cap + SPARE)
		out->marks[out->marks_len++] = at;
}

void outline_length_add(struct outline *out, struct outline_length length)
{
	if (out->lengths_len < out->cap / 2 + SPARE)
		out->lengths[out->lengths_len++] = length;
}

void outline_value_add(struct outline *out, uint32_t at, uint16_t usual)
{
	if (out->values_len < out->cap / 2 + SPARE)
		out->values[out->values_len++] = (struct outline_value){ .at = at, .usual = usual };
}

uint32_t outline_count(const struct outline_list *list)
{
	if (list->stride)
		return (list->to - list->from + list->stride - 1) / list->stride;
	return list->marks;
}

uint32_t outline_member(const struct outline *outline, const struct outline_list *list,
			uint32_t index)
{
	if (index >= outline_count(list))
		return list->to;
	return list->stride ? list->from + index * list->stride
			    : outline->marks[list->first_mark + index];
}

uint32_t outline_told(const struct outline *outline, const struct outline_length *length)
{
	uint32_t told = 0;
	for (uint32_t i = 0; i < length->width; i++)
		told = told << 8 | outline->content[length->at + i];
	return told & length->mask;
}

int outline_compare(const struct outline_size *a, const struct outline_size *b)
{
	const uint32_t left[] = { a->records, a->extensions, a->suites, a->bytes };
	const uint32_t right[] = { b->records, b->extensions, b->suites, b->bytes };
	for (size_t i = 0; i < sizeof(left) / sizeof(left[0]); i++)
		if (left[i] != right[i])
			return left[i] < right[i] ? -1 : 1;
	return 0;
}

/* As the mutator reads them: under a header that may lie, a record is what its type or its version
 * says it is. */
static bool is_record(struct span at)
{
	return at.len >= RECORD_HEADER_LEN &&
	       (at.at[1] == 3 || registry_name(&registry_content_types, at.at[0]) != NULL);
}

/* Returns where the records end. */
static uint32_t find_records(struct outline *out)
{
	uint32_t at = 0;
	while (is_record(span_of(out->bytes + at, out->len - at))) {
		const uint8_t *header = out->bytes + at;
		uint32_t left = out->len - at - RECORD_HEADER_LEN;
		uint16_t told = (uint16_t)(header[3] << 8 | header[4]);
		struct outline_record record = { .at = at, .type = header[0], .told = told };
		record.to = told < left ? told : left;
		out->records[out->records_len++] = record;
		at += RECORD_HEADER_LEN + record.to;
	}
	return at;
}

static void content_add(struct outline *out, uint32_t at, uint32_t len)
{
	for (uint32_t i = 0; i < len; i++) {
		out->content[out->content_len] = out->bytes[at + i];
		out->stream[out->content_len++] = at + i;
	}
}

/* A fragment's length stood in `to` until its place is known. */
static void take_fragments(struct outline *out, bool handshake)
{
	for (uint32_t i = 0; i < out->records_len; i++) {
		struct outline_record *record = &out->records[i];
		if ((record->type == CONTENT_HANDSHAKE) != handshake)
			continue;
		record->from = out->content_len;
		content_add(out, record->at + RECORD_HEADER_LEN, record->to);
		record->to = out->content_len;
		if (!handshake)
			outline_list_add(out, (struct outline_list){ .kind = OUTLINE_BODY,
								     .from = record->from,
								     .to = record->to,
								     .stride = 1 });
	}
}

void outline_read(struct outline *out, struct span stream)
{
	uint32_t len = stream.len < out->cap ? (uint32_t)stream.len : out->cap;
	if (len)
		memmove(out->bytes, stream.at, len);
	out->len = len;
	out->content_len = out->handshake_len = 0;
	out->records_len = out->lists_len = out->lengths_len = out->values_len = 0;
	out->marks_len = 0;
	out->size = (struct outline_size){ .bytes = len };
	uint32_t end = find_records(out);
	take_fragments(out, true);
	out->handshake_len = out->content_len;
	take_fragments(out, false);
	uint32_t trailing = out->content_len;
	content_add(out, end, len - end);
	outline_list_add(out, (struct outline_list){ .kind = OUTLINE_BYTES,
						     .from = trailing,
						     .to = out->content_len,
						     .stride = 1 });
	outline_messages(out, out->handshake_len);
	if (!out->records_len)
		outline_sslv2(out);
	out->size.records = out->records_len;
}
