/* SPDX-License-Identifier: Apache-2.0 */
#include "reading.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#define HEAD "case t.t\n  cite   \"r\" MUST\n  why    \"w\"\n"

void reading_text(struct reading *reading, const char *text)
{
	arena_init(&reading->arena, CASE_ARENA_MAX);
	diags_init(&reading->diags, &reading->arena);
	catalogue_init(&reading->catalogue, &reading->arena, &reading->diags);
	struct span copy = arena_copy(&reading->arena, span_text(text));
	reading->fault = catalogue_read(&reading->catalogue, "cases/t.case", copy);
	reading->linked =
		reading->fault == FAULT_NONE ? catalogue_link(&reading->catalogue) : reading->fault;
}

static char *with_head(const char *body)
{
	struct text text;
	text_init(&text);
	text_printf(&text, "%s%s", HEAD, body);
	return text.at;
}

void reading_case(struct reading *reading, const char *body)
{
	char *text = with_head(body);
	reading_text(reading, text);
	free(text);
	cr_assert_eq(reading->linked, FAULT_NONE, "%s", message(reading, 0));
}

void reading_release(struct reading *reading)
{
	arena_release(&reading->arena);
}

const char *message(const struct reading *reading, size_t n)
{
	static char out[1200];
	const struct diag *diag = reading->diags.first;
	for (; diag && n; n--)
		diag = diag->next;
	out[0] = '\0';
	if (diag)
		snprintf(out, sizeof(out), "%u:%u: %s", diag->at.line, diag->at.col, diag->text);
	return out;
}

void refused(const char *text, const char *errors)
{
	struct reading reading;
	struct text found;
	text_init(&found);
	reading_text(&reading, text);
	for (size_t i = 0; i < reading.diags.errors && i < DIAGS_MAX; i++)
		text_printf(&found, "%s%s", i ? "\n" : "", message(&reading, i));
	cr_assert_eq(reading.linked, FAULT_INPUT, "accepted: %s", text);
	cr_assert_str_eq(text_view(&found), errors, "of\n%s\nis said\n%s\nnot\n%s", text,
			 text_view(&found), errors);
	text_release(&found);
	reading_release(&reading);
}

void refused_case(const char *body, const char *errors)
{
	char *text = with_head(body);
	refused(text, errors);
	free(text);
}

char *formatted(const char *text)
{
	struct arena arena;
	struct diags diags;
	struct text out;
	arena_init(&arena, CASE_ARENA_MAX);
	diags_init(&diags, &arena);
	text_init(&out);
	enum fault fault = case_file_format(&out, &diags, "t.case", span_text(text));
	cr_assert_eq(fault, FAULT_NONE, "%s: %s", fault_name(fault),
		     diags.first ? diags.first->text : "");
	arena_release(&arena);
	return out.at ? out.at : calloc(1, 1);
}

char *file_text(const char *path)
{
	FILE *file = fopen(path, "rb");
	cr_assert_not_null(file, "%s", path);
	char *text = calloc(1, CASE_FILE_MAX + 1);
	cr_assert_not_null(text);
	text[fread(text, 1, CASE_FILE_MAX, file)] = '\0';
	fclose(file);
	return text;
}
