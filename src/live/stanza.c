/* SPDX-License-Identifier: Apache-2.0 */
#include "live/stanza.h"

#include "case/catalogue.h"
#include "case/encode.h"
#include "live/outline.h"
#include "live/stanza_words.h"

#define FILE_NAME   "stanza.case"
#define ROUGH_WIDTH 80

/* A string of the case language. */
static void put_sentence(struct text *out, const char *sentence)
{
	text_put_char(out, '"');
	for (const char *c = sentence; *c; c++) {
		if (*c == '"' || *c == '\\')
			text_put_char(out, '\\');
		text_put_char(out, *c >= ' ' && *c <= '~' ? *c : '?');
	}
	text_put_char(out, '"');
}

static void put_expectation(struct text *out, const char *statements)
{
	text_put(out, "  ");
	for (const char *c = statements; *c; c++) {
		text_put_char(out, *c);
		text_put(out, *c == '\n' ? "  " : "");
	}
	text_put_char(out, '\n');
}

static void put_count(struct text *out, uint32_t count, const char *what)
{
	if (count)
		text_printf(out, "%u %s%s, ", count, what, count == 1 ? "" : "s");
}

static enum fault put_summary(struct text *out, struct span bytes, struct arena *arena)
{
	struct outline outline;
	enum fault fault = outline_init(&outline, arena, (uint32_t)bytes.len);
	if (fault != FAULT_NONE)
		return fault;
	outline_read(&outline, bytes);
	text_put(out, "  # ");
	put_count(out, outline.size.records, "record");
	put_count(out, outline.size.suites, "suite");
	put_count(out, outline.size.extensions, "extension");
	text_printf(out, "%u byte%s\n", outline.size.bytes, outline.size.bytes == 1 ? "" : "s");
	return FAULT_NONE;
}

static enum fault put_send(struct text *out, struct span bytes, bool named, struct arena *arena)
{
	uint8_t *room = arena_alloc(arena, bytes.len + 1);
	enum fault fault = room ? FAULT_NONE : arena->fault;
	if (fault == FAULT_NONE && !named)
		fault = put_summary(out, bytes, arena);
	if (fault != FAULT_NONE)
		return fault;
	text_put(out, "  send");
	if (named && !put_stream(out, bytes, room))
		return FAULT_UNSUPPORTED;
	if (!named) {
		text_put(out, " bytes");
		put_block(out, bytes);
	}
	text_put_char(out, '\n');
	return FAULT_NONE;
}

/* The reader takes lines of SOURCE_LINE_MAX bytes, and a statement goes on while a brace is open:
 * there it is broken at blanks. The formatter then lays it out. */
static void break_lines(struct text *text)
{
	bool quoted = false;
	size_t column = 0, depth = 0;
	for (size_t i = 0; i < text->len; i++, column++) {
		char *c = &text->at[i];
		quoted = *c == '"' ? !quoted : quoted;
		if (*c == '\n')
			column = 0;
		if (quoted)
			continue;
		depth += *c == '{';
		depth -= *c == '}';
		if (*c == ' ' && column > ROUGH_WIDTH && depth) {
			*c = '\n';
			column = 0;
		}
	}
}

static enum fault lay_out(struct text *out, struct text *rough, struct arena *arena)
{
	struct diags diags;
	diags_init(&diags, arena);
	if (rough->fault != FAULT_NONE)
		return rough->fault;
	return case_file_format(out, &diags, FILE_NAME, span_of(text_view(rough), rough->len));
}

static enum fault write_form(struct text *out, const struct stanza *stanza, struct span bytes,
			     bool named, struct arena *arena)
{
	struct text rough, send;
	text_init(&rough);
	text_init(&send);
	text_join(&rough, "case ", stanza->name, "\n  cite ", stanza->cite, "\n  why ");
	put_sentence(&rough, stanza->why);
	if (stanza->at)
		text_join(&rough, "\n  at ", stanza->at);
	text_put_char(&rough, '\n');
	enum fault fault = put_send(&send, bytes, named, arena);
	if (send.len)
		break_lines(&send);
	text_append(&rough, span_of(text_view(&send), send.len));
	put_expectation(&rough, stanza->expectation);
	if (fault == FAULT_NONE)
		fault = send.fault == FAULT_NONE ? lay_out(out, &rough, arena) : send.fault;
	text_release(&send);
	text_release(&rough);
	return fault;
}

/* What is sent does not depend on the version: every field is written out. */
static bool sends(const struct conformance_case *of, struct span bytes, struct arena *arena)
{
	struct case_setting setting = { .version = TLS1_2, .seed = 1 };
	struct case_connection connection = { 0 };
	struct span last_hello = { 0 };
	struct builder b;
	uint8_t *room = arena_alloc(arena, CASE_STEP_BYTES_MAX);
	struct field *fields = arena_array(arena, CASE_STEP_FIELDS_MAX, sizeof(*fields));
	if (!room || !fields || of->steps_len != 1)
		return false;
	builder_init(&b, room, CASE_STEP_BYTES_MAX, fields, CASE_STEP_FIELDS_MAX);
	return case_show_step(&b, of, &of->steps[0], &setting, &connection, arena, &last_hello) ==
		       FAULT_NONE &&
	       span_equal(builder_view(&b), bytes);
}

static enum fault check(const struct text *text, struct span bytes, struct arena *arena)
{
	struct diags diags;
	struct catalogue catalogue;
	diags_init(&diags, arena);
	catalogue_init(&catalogue, arena, &diags);
	enum fault fault =
		catalogue_read(&catalogue, FILE_NAME, span_of(text_view(text), text->len));
	if (fault == FAULT_NONE)
		fault = catalogue_link(&catalogue);
	if (fault != FAULT_NONE)
		return fault;
	bool good = catalogue.cases_len == 1 && sends(catalogue.cases[0], bytes, arena);
	return good ? FAULT_NONE : FAULT_INTERNAL;
}

static enum fault try_form(struct text *out, const struct stanza *stanza, struct span bytes,
			   bool named)
{
	struct arena arena;
	struct text text;
	arena_init(&arena, CASE_ARENA_MAX);
	text_init(&text);
	enum fault fault = write_form(&text, stanza, bytes, named, &arena);
	if (fault == FAULT_NONE)
		fault = text.fault;
	if (fault == FAULT_NONE)
		fault = check(&text, bytes, &arena);
	if (fault == FAULT_NONE)
		text_append(out, span_of(text_view(&text), text.len));
	text_release(&text);
	arena_release(&arena);
	return fault == FAULT_NONE ? out->fault : fault;
}

enum fault stanza_write(struct text *out, const struct stanza *stanza, struct span bytes)
{
	if (bytes.len > CASE_STEP_BYTES_MAX)
		return FAULT_TOO_LARGE;
	if (try_form(out, stanza, bytes, true) == FAULT_NONE)
		return FAULT_NONE;
	return try_form(out, stanza, bytes, false);
}
