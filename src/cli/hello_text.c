/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <stdlib.h>

#include "cli/hello_command.h"
#include "wire/fingerprint.h"
#include "wire/hello_draft.h"
#include "wire/record.h"

#define BYTES_A_LINE 16
#define INDENT	     2

/* Prints bytes in the order of the file, and each record's header where it stands. */
struct printer {
	struct text *out;
	const struct hello_input *in;
	struct span bytes; /* all of them */
	size_t at;	   /* of the next byte to print */
	size_t record;	   /* whose header is next */
	size_t left;	   /* content of the present record that is not printed yet */
};

static void print_row(struct printer *p, size_t len, unsigned depth)
{
	text_printf(p->out, "%06zx  ", p->at);
	for (size_t i = 0; i < BYTES_A_LINE; i++) {
		if (i < len)
			text_printf(p->out, "%02x ", p->bytes.at[p->at + i]);
		else
			text_printf(p->out, "   ");
	}
	text_printf(p->out, " %*s", (int)(INDENT * depth), "");
	p->at += len;
}

/* One field: the name stands on its first line, beside up to 16 bytes. */
static void print_field(struct printer *p, const char *name, size_t len, unsigned depth)
{
	struct span bytes = span_of(p->bytes.at + p->at, len);
	struct text meaning;
	text_init(&meaning);
	hello_field_meaning(&meaning, name, bytes);
	size_t first = len < BYTES_A_LINE ? len : BYTES_A_LINE;
	print_row(p, first, depth);
	text_printf(p->out, "%s%s%s\n", name, meaning.len ? ": " : "", text_view(&meaning));
	for (size_t done = first; done < len; done += BYTES_A_LINE) {
		size_t left = len - done;
		print_row(p, left < BYTES_A_LINE ? left : BYTES_A_LINE, depth);
		text_printf(p->out, "...\n");
	}
	text_release(&meaning);
}

static void print_record_header(struct printer *p)
{
	print_row(p, 0, 0);
	text_printf(p->out, "record %zu of %zu\n", p->record + 1, p->in->records_len);
	print_field(p, "content_type", 1, 1);
	print_field(p, "record_version", 2, 1);
	print_field(p, "length", 2, 1);
	p->left = p->in->records[p->record++].len;
}

/* A field that crosses a record's end is cut there. */
static void print_content(struct printer *p, const char *name, size_t len, unsigned depth)
{
	if (p->in->form != HELLO_FORM_RECORDS) {
		print_field(p, name, len, depth);
		return;
	}
	do {
		if (p->left == 0 && p->record < p->in->records_len)
			print_record_header(p);
		size_t take = len < p->left ? len : p->left;
		print_field(p, name, take, depth);
		p->left -= take;
		len -= take;
		name = "(continued)";
	} while (len);
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

static void print_map(struct printer *p, const struct field *fields, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned depth = fields[i].depth + 1u;
		bool container = i + 1 < len && fields[i + 1].depth > fields[i].depth;
		if (!container) {
			print_content(p, shown_name(fields, i), fields[i].len, depth);
			continue;
		}
		if (p->left == 0 && p->record < p->in->records_len)
			print_record_header(p);
		print_row(p, 0, depth);
		text_printf(p->out, "%s\n", fields[i].name);
	}
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
	struct builder b;
	struct printer p = { .out = out, .in = &file->input, .bytes = file->input.bytes };
	enum fault fault = build(&b, file);
	if (fault == FAULT_NONE)
		fault = print_head(out, file);
	if (fault != FAULT_NONE)
		return fault;
	if (file->input.preamble.len)
		print_field(&p, "preamble", file->input.preamble.len, 0);
	print_map(&p, b.fields, b.fields_len);
	if (file->input.after.len)
		print_content(&p, "after", file->input.after.len, 0);
	if (file->input.trailing.len)
		print_field(&p, "trailing", file->input.trailing.len, 0);
	return out->fault;
}
