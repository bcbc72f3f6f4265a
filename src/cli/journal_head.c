/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "case/case.h"
#include "cli/file.h"
#include "cli/journal_internal.h"
#include "script/builtin_find.h"

#define FILE_MAX ((size_t)16 << 20)

void journal_now(char out[JOURNAL_STARTED_MAX])
{
	struct tm utc;
	time_t now = time(NULL);
	gmtime_r(&now, &utc);
	strftime(out, JOURNAL_STARTED_MAX, "%Y-%m-%dT%H:%M:%SZ", &utc);
}

/* One line; what an operator wrote is quoted, so that it stays one. */
static void put(struct text *out, const char *name, const char *value)
{
	text_printf(out, "%s\t", name);
	text_quote(out, span_text(value ? value : ""));
	text_printf(out, "\n");
}

static void put_hash(struct text *out, const char *name, uint64_t hash)
{
	char value[20];
	snprintf(value, sizeof(value), "%016llx", (unsigned long long)hash);
	put(out, name, value);
}

/* The contents of a file decide, not its name alone. */
static enum fault put_file(struct text *out, struct arena *arena, const char *who, const char *name,
			   const char *path)
{
	char why[512] = "";
	struct span text = span_of(NULL, 0);
	if (path && file_read(&text, arena, path, FILE_MAX, why, sizeof(why)) != FAULT_NONE) {
		complain(who, "%s", why);
		return FAULT_INPUT;
	}
	put_hash(out, name, fingerprint_span(FINGERPRINT_BEGIN, text));
	return FAULT_NONE;
}

static enum fault put_policy(struct text *out, struct check *check)
{
	const char *name = check->options->policy ? check->options->policy : CHECK_POLICY;
	const struct builtin_file *builtin = builtin_find(builtin_policies, span_text(name));
	put(out, "the policy", check->has_policy ? name : "");
	if (!check->has_policy || builtin) {
		put_hash(out, "the policy's text",
			 fingerprint_span(FINGERPRINT_BEGIN,
					  check->has_policy ? builtin->text : span_of(NULL, 0)));
		return FAULT_NONE;
	}
	return put_file(out, &check->arena, check->options->who, "the policy's text", name);
}

static bool is_file(const char *word)
{
	return strchr(word, '/') || access(word, F_OK) == 0;
}

static enum fault put_cases(struct text *out, struct check *check)
{
	const struct check_options *options = check->options;
	uint64_t builtin = FINGERPRINT_BEGIN, names = FINGERPRINT_BEGIN;
	for (size_t i = 0; i < builtin_cases_len; i++)
		builtin = fingerprint_span(builtin, builtin_cases[i].text);
	for (size_t i = 0; i < check->cases.len; i++)
		names = fingerprint_text(names, check->cases.at[i]->name);
	put_hash(out, "the built-in cases", check->cases.len ? builtin : 0);
	put_hash(out, "the cases asked for", names);
	for (size_t i = 0; i < options->cases_len; i++) {
		put(out, "'--cases'", options->cases[i]);
		if (!is_file(options->cases[i]))
			continue;
		enum fault fault = put_file(out, &check->arena, options->who,
					    "the text of the cases", options->cases[i]);
		if (fault != FAULT_NONE)
			return fault;
	}
	return FAULT_NONE;
}

static enum fault put_check(struct text *out, struct check *check)
{
	const struct check_options *options = check->options;
	struct arena *arena = &check->arena;
	put(out, "the target", options->target);
	enum fault fault = put_policy(out, check);
	if (fault == FAULT_NONE)
		fault = put_cases(out, check);
	check_options_tell(options, out, put);
	if (fault == FAULT_NONE)
		fault = put_file(out, arena, options->who, "the text of '--ca'", options->ca);
	if (fault == FAULT_NONE)
		fault = put_file(out, arena, options->who, "the text of '--cert'", options->cert);
	return fault;
}

enum fault journal_head(struct text *out, const struct checks *checks)
{
	char number[24];
	enum fault fault = FAULT_NONE;
	put(out, "the release", TLSGAUGE_VERSION);
	snprintf(number, sizeof(number), "%zu", checks->len);
	put(out, "the number of targets", number);
	for (size_t i = 0; fault == FAULT_NONE && i < checks->len; i++)
		fault = put_check(out, checks->items[i]);
	return fault != FAULT_NONE ? fault : out->fault;
}
