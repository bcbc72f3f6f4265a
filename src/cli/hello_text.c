/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <stdlib.h>

#include "cli/hello_command.h"
#include "wire/annotation.h"
#include "wire/field_meaning.h"
#include "wire/fingerprint.h"
#include "wire/hello_draft.h"

#define BYTES_A_LINE 16
#define INDENT	     2

static void print_row(struct text *out, size_t offset, struct span bytes, unsigned depth)
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

/* The name stands on the first line, beside up to 16 bytes. */
static void print_field(struct text *out, const struct annotated *field, struct span file)
{
	struct span bytes = span_of(file.at + field->offset, field->len);
	struct text meaning;
	text_init(&meaning);
	field_meaning(&meaning, field->name, bytes);
	for (size_t done = 0; done == 0 || done < bytes.len; done += BYTES_A_LINE) {
		struct span left = span_skip(bytes, done);
		left.len = left.len < BYTES_A_LINE ? left.len : BYTES_A_LINE;
		print_row(out, field->offset + done, left, field->depth);
		if (done == 0)
			text_printf(out, "%s%s%s\n", field->name, meaning.len ? ": " : "",
				    text_view(&meaning));
		else
			text_printf(out, "...\n");
	}
	text_release(&meaning);
}

/* Writes the message anew, for the sake of the field map. */
static enum fault build(struct builder *b, const struct hello_file *file)
{
	const struct hello_input *in = &file->input;
	struct hello_draft draft;
	size_t cap = in->message.len, fields_cap = HELLO_FIELDS(cap);
	uint8_t *bytes = arena_alloc(file->arena, cap);
	struct field *fields = arena_array(file->arena, fields_cap, sizeof(*fields));
	if (!bytes || !fields)
		return file->arena->fault;
	builder_init(b, bytes, cap, fields, fields_cap);
	if (in->form == HELLO_FORM_SSLV2) {
		sslv2_client_hello_encode(b, &in->sslv2);
	} else {
		enum fault fault = hello_draft_of(&draft, &in->hello, 0, file->arena);
		if (fault != FAULT_NONE)
			return fault;
		hello_draft_message(b, &draft);
	}
	assert(builder_fault(b) == FAULT_NONE && span_equal(builder_view(b), in->message));
	return FAULT_NONE;
}

static enum fault print_head(struct text *out, const struct hello_file *file)
{
	char hash[JA3_HASH_LEN + 1], fingerprint[JA4_LEN + 1];
	text_printf(out, "# ");
	text_quote(out, span_text(file->name));
	text_printf(out, "\n");
	for (size_t i = 0;; i++) {
		struct text remark;
		text_init(&remark);
		bool more = hello_remark(&remark, file, i);
		if (more)
			text_printf(out, "# %s\n", text_view(&remark));
		text_release(&remark);
		if (!more)
			break;
	}
	if (file->input.form == HELLO_FORM_SSLV2)
		return FAULT_NONE;
	enum fault fault = ja3_hash(hash, &file->input.hello);
	if (fault == FAULT_NONE)
		fault = ja4(fingerprint, &file->input.hello);
	if (fault == FAULT_NONE)
		text_printf(out, "# ja3_hash %s\n# ja4 %s\n", hash, fingerprint);
	return fault;
}

enum fault hello_text(struct text *out, const struct hello_file *file)
{
	const struct hello_input *in = &file->input;
	struct builder b;
	struct annotation annotation;
	enum fault fault = build(&b, file);
	if (fault == FAULT_NONE)
		fault = print_head(out, file);
	if (fault != FAULT_NONE)
		return fault;
	annotation_init(&annotation, in->records, in->records_len, file->arena);
	if (in->preamble.len)
		annotation_field(&annotation, "preamble", in->preamble.len, 0);
	annotation_map(&annotation, b.fields, b.fields_len);
	if (in->after.len)
		annotation_content(&annotation, "after", in->after.len, 0);
	if (in->trailing.len)
		annotation_field(&annotation, "trailing", in->trailing.len, 0);
	if (file->arena->fault != FAULT_NONE)
		return file->arena->fault;
	for (size_t i = 0; i < annotation.len; i++)
		print_field(out, &annotation.fields[i], in->bytes);
	return out->fault;
}
