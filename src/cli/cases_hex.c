/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cases_command.h"
#include "wire/field_meaning.h"

#define BYTES_A_LINE 16
#define INDENT	     2

static void row(struct text *out, size_t offset, struct span bytes, unsigned depth)
{
	text_printf(out, "%06zx  ", offset);
	for (size_t i = 0; i < BYTES_A_LINE; i++) {
		if (i < bytes.len)
			text_printf(out, "%02x ", bytes.at[i]);
		else
			text_printf(out, "   ");
	}
	text_printf(out, " %*s", (int)(INDENT * depth), "");
}

static void leaf(struct text *out, const char *name, size_t offset, struct span bytes,
		 unsigned depth)
{
	struct text meaning;
	text_init(&meaning);
	field_meaning(&meaning, name, bytes);
	for (size_t done = 0; done == 0 || done < bytes.len; done += BYTES_A_LINE) {
		struct span left = span_skip(bytes, done);
		left.len = left.len < BYTES_A_LINE ? left.len : BYTES_A_LINE;
		row(out, offset + done, left, depth);
		if (done == 0)
			text_printf(out, "%s%s%s\n", name, meaning.len ? ": " : "",
				    text_view(&meaning));
		else
			text_printf(out, "...\n");
	}
	text_release(&meaning);
}

/* Bytes of a field with a length carry the field's name, which says what they are. */
static const char *shown_name(const struct field *fields, size_t i)
{
	static const char *const plain[] = { "u8", "u16", "u24", "fragment", "body" };
	size_t at = i;
	if (strcmp(fields[i].name, "bytes") != 0 || fields[i].depth == 0)
		return fields[i].name;
	while (fields[at].depth >= fields[i].depth)
		at--;
	for (size_t k = 0; k < sizeof(plain) / sizeof(plain[0]); k++) {
		if (strcmp(fields[at].name, plain[k]) == 0)
			return "bytes";
	}
	return fields[at].name;
}

void cases_hex(struct text *out, const struct cases_sent *sent)
{
	for (size_t i = 0; i < sent->fields_len; i++) {
		const struct field *field = &sent->fields[i];
		bool has_parts = i + 1 < sent->fields_len && field[1].depth > field->depth;
		struct span bytes = span_of(sent->bytes.at + field->offset, field->len);
		if (!has_parts) {
			leaf(out, shown_name(sent->fields, i), field->offset, bytes, field->depth);
			continue;
		}
		row(out, field->offset, span_of(NULL, 0), field->depth);
		text_printf(out, "%s\n", field->name);
	}
}
