/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"
#include "base/limits.h"
#include "registry/cipher_suite.h"
#include "script/builtin_find.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

static void read_span(struct reading *reading, const char *file, struct span text)
{
	arena_init(&reading->arena, POLICY_ARENA_MAX);
	diags_init(&reading->diags, &reading->arena);
	reading->fault =
		policy_read(&reading->policy, &reading->arena, &reading->diags, file, text);
}

void reading_text(struct reading *reading, const char *text)
{
	read_span(reading, "t.policy", span_text(text));
}

static void must_read(const struct reading *reading)
{
	cr_assert_eq(reading->fault, FAULT_NONE, "%s", message(reading, 0));
}

void reading_body(struct reading *reading, const char *body)
{
	struct text text;
	text_init(&text);
	text_printf(&text, "policy t\n%s", body);
	/* The copy is the policy's: it lives in the same arena as what was read from it. */
	arena_init(&reading->arena, POLICY_ARENA_MAX);
	diags_init(&reading->diags, &reading->arena);
	struct span copy = arena_copy(&reading->arena, span_text(text_view(&text)));
	reading->fault =
		policy_read(&reading->policy, &reading->arena, &reading->diags, "t.policy", copy);
	text_release(&text);
	must_read(reading);
}

void reading_builtin(struct reading *reading, const char *name)
{
	const struct builtin_file *file = builtin_find(builtin_policies, span_text(name));
	cr_assert_not_null(file, "no policy '%s'", name);
	read_span(reading, file->path, file->text);
	must_read(reading);
}

void reading_release(struct reading *reading)
{
	arena_release(&reading->arena);
}

struct settings settings_of(const struct reading *reading, const char *assignments)
{
	struct settings settings;
	date today;
	cr_assert_eq(date_parse(&today, span_text("2022-06-24")), FAULT_NONE);
	settings_init(&settings, &reading->policy, today);
	while (*assignments) {
		char why[200];
		size_t len = strcspn(assignments, " ");
		cr_assert_eq(settings_set(&settings, span_of(assignments, len), why, sizeof(why)),
			     FAULT_NONE, "%s", why);
		assignments += len + (assignments[len] == ' ');
	}
	return settings;
}

const char *said(struct ruling ruling)
{
	static char words[4][20];
	static unsigned next;
	char *word = words[next++ % 4];
	snprintf(word, sizeof(words[0]), "%s%s", ruling_name(ruling.kind),
		 ruling.inferred ? "?" : "");
	return word;
}

const char *version_said(const struct settings *settings, enum version version)
{
	return said(policy_version(settings, version));
}

const char *suite_said(const struct settings *settings, enum version version, const char *name)
{
	const struct cipher_suite *suite = cipher_suite_by_name(span_text(name));
	cr_assert_not_null(suite, "no suite '%s'", name);
	return said(policy_suite(settings, version, suite->code));
}

const char *message(const struct reading *reading, size_t n)
{
	static char text[1200];
	const struct diag *diag = reading->diags.first;
	while (diag && n--)
		diag = diag->next;
	if (!diag)
		return "";
	snprintf(text, sizeof(text), "%u:%u: %s", diag->at.line, diag->at.col, diag->text);
	return text;
}

char *file_read(const char *path, size_t *len)
{
	FILE *file = fopen(path, "rb");
	if (!file)
		return NULL;
	char *text = calloc(1, POLICY_FILE_MAX + 1);
	if (text)
		*len = fread(text, 1, POLICY_FILE_MAX, file);
	fclose(file);
	return text;
}
