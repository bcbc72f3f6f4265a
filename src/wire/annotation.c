/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/annotation.h"

#include <assert.h>

#include "wire/record.h"

void annotation_init(struct annotation *out, const struct hello_record *records, size_t records_len,
		     struct arena *arena)
{
	*out = (struct annotation){ .arena = arena,
				    .records = records,
				    .records_len = records_len };
}

static void add(struct annotation *out, struct annotated field)
{
	struct annotated *fields =
		arena_grow(out->arena, out->fields, out->len, &out->cap, sizeof(*fields));
	if (!fields)
		return;
	out->fields = fields;
	field.offset = out->at;
	fields[out->len++] = field;
	out->at += field.len;
}

static void add_heading(struct annotation *out, const char *name, unsigned depth)
{
	add(out, (struct annotated){ .name = name, .depth = depth, .heading = true });
}

void annotation_field(struct annotation *out, const char *name, size_t len, unsigned depth)
{
	add(out, (struct annotated){ .name = name, .len = len, .depth = depth });
}

static void open_record(struct annotation *out)
{
	add_heading(
		out,
		arena_printf(out->arena, "record %zu of %zu", out->record + 1, out->records_len),
		0);
	annotation_field(out, "content_type", 1, 1);
	annotation_field(out, "record_version", 2, 1);
	annotation_field(out, "length", 2, 1);
	out->left = out->records[out->record++].len;
}

void annotation_open(struct annotation *out)
{
	while (out->left == 0 && out->record < out->records_len)
		open_record(out);
}

void annotation_content(struct annotation *out, const char *name, size_t len, unsigned depth)
{
	if (!out->records_len) {
		annotation_field(out, name, len, depth);
		return;
	}
	do {
		annotation_open(out);
		assert(out->left || !len || out->arena->fault != FAULT_NONE);
		size_t take = len < out->left ? len : out->left;
		annotation_field(out, name, take, depth);
		out->left -= take;
		len -= take;
		name = "(continued)";
	} while (len && out->arena->fault == FAULT_NONE);
}

/* Bytes of a vector carry the vector's name, which says what they are. */
static const char *shown_name(const struct field *fields, size_t i)
{
	if (strcmp(fields[i].name, "bytes") != 0)
		return fields[i].name;
	while (i > 0 && fields[i - 1].depth >= fields[i].depth)
		i--;
	return i ? fields[i - 1].name : "bytes";
}

void annotation_map(struct annotation *out, const struct field *fields, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned depth = fields[i].depth + 1u;
		bool container = i + 1 < len && fields[i + 1].depth > fields[i].depth;
		if (!container) {
			annotation_content(out, shown_name(fields, i), fields[i].len, depth);
			continue;
		}
		annotation_open(out);
		add_heading(out, fields[i].name, depth);
	}
}
