/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "cli/options.h"
#include "cli/policy_command.h"
#include "cli/policy_source.h"
#include "policy/lint.h"
#include "script/builtin.h"
#include "script/policy_writer.h"

static const struct argp_option no_options[] = { { 0 } };

int policy_verb_list(int argc, char **argv)
{
	struct policy_words words;
	struct text text;
	int status = policy_words_parse(&words, 0, 0, argc, argv, no_options, "",
					"List the policies that are built in.");
	text_init(&text);
	for (size_t i = 0; status == STATUS_PASS && i < builtin_policies_len; i++) {
		struct policy policy;
		struct arena arena;
		arena_init(&arena, POLICY_ARENA_MAX);
		if (policy_load(&policy, &arena, builtin_policies[i].name) == FAULT_NONE)
			text_printf(&text, "%-40s %s%s%s\n", builtin_policies[i].name,
				    policy.title ? policy.title : "",
				    policy.source_date ? ", " : "",
				    policy.source_date ? policy.source_date : "");
		else
			status = STATUS_FAULT;
		arena_release(&arena);
	}
	int shown = text_show(&text, argv[0]);
	return status == STATUS_PASS ? shown : status;
}

static const struct argp_option show_options[] = {
	{ "set", KEY_SET, "NAME=VALUE", 0, "only the rulings under this value", 0 },
	{ "format", KEY_FORMAT, "FORMAT", 0,
	  "text (default), or policy: the file in canonical form", 0 },
	{ 0 },
};

static int check_format(const struct policy_words *words)
{
	if (!words->format || strcmp(words->format, "text") == 0)
		return STATUS_PASS;
	if (strcmp(words->format, "policy") != 0)
		return complain(words->who, "unknown format '%s'; there are text and policy",
				words->format);
	if (words->set.len)
		return complain(words->who, "'--set' and '--format policy' exclude each other: the "
					    "file holds every value");
	return STATUS_PASS;
}

int policy_verb_show(int argc, char **argv)
{
	struct policy_words words;
	struct policy policy;
	struct settings settings;
	struct arena arena;
	struct text text;
	int status = policy_words_parse(
		&words, 1, 1, argc, argv, show_options, "NAME|FILE",
		"Print a policy: every ruling beside the row that it comes from.\v"
		"Example:\n  tlsgauge policy show azure-postgresql-single-server\n"
		"  tlsgauge policy show ./our.policy --format policy");
	if (status == STATUS_PASS)
		status = check_format(&words);
	if (status != STATUS_PASS)
		return status;
	arena_init(&arena, POLICY_ARENA_MAX);
	text_init(&text);
	status = policy_open(&settings, &policy, &arena, argv[0], words.names[0], &words.set);
	if (status == STATUS_PASS) {
		if (words.format && strcmp(words.format, "policy") == 0)
			policy_format(&text, &policy);
		else if (words.set.len)
			policy_matrix(&text, &settings);
		else
			policy_print(&text, &policy);
		status = text_show(&text, argv[0]);
	}
	arena_release(&arena);
	return status;
}

static const struct argp_option matrix_options[] = {
	{ "set", KEY_SET, "NAME=VALUE", 0, "the value in force of a documented setting", 0 },
	{ 0 },
};

int policy_verb_matrix(int argc, char **argv)
{
	struct policy_words words;
	struct policy policy;
	struct settings settings;
	struct arena arena;
	struct text text;
	int status = policy_words_parse(
		&words, 1, 1, argc, argv, matrix_options, "NAME|FILE",
		"Print the tables of versions and suites under the given settings.\v"
		"Example:\n  tlsgauge policy matrix azure-postgresql-single-server \\\n"
		"      --set minimum_tls_version=TLS1_2");
	if (status != STATUS_PASS)
		return status;
	arena_init(&arena, POLICY_ARENA_MAX);
	text_init(&text);
	status = policy_open(&settings, &policy, &arena, argv[0], words.names[0], &words.set);
	if (status == STATUS_PASS) {
		policy_matrix(&text, &settings);
		status = text_show(&text, argv[0]);
	}
	arena_release(&arena);
	return status;
}

static void show_diags(struct text *out, const struct diags *diags)
{
	for (const struct diag *diag = diags->first; diag; diag = diag->next)
		text_printf(out, "%s:%u:%u: %s: %s\n", diag->at.file, diag->at.line, diag->at.col,
			    diag_level_name(diag->level), diag->text);
	size_t all = diags->errors + diags->warnings + diags->notes;
	if (all > DIAGS_MAX)
		text_printf(out, "... and %zu more\n", all - DIAGS_MAX);
}

static int lint_one(const char *who, const char *name)
{
	static const struct assignments none = { .len = 0 };
	struct policy policy;
	struct settings settings;
	struct arena arena;
	struct diags diags;
	struct text text;
	arena_init(&arena, POLICY_ARENA_MAX);
	text_init(&text);
	int status = policy_open(&settings, &policy, &arena, who, name, &none);
	if (status == STATUS_PASS) {
		diags_init(&diags, &arena);
		policy_lint(&policy, &diags);
		show_diags(&text, &diags);
		text_printf(&text, "%s: %zu error%s, %zu warning%s, %zu note%s\n", policy.name,
			    diags.errors, diags.errors == 1 ? "" : "s", diags.warnings,
			    diags.warnings == 1 ? "" : "s", diags.notes,
			    diags.notes == 1 ? "" : "s");
		status = text_show(&text, who);
		if (status == STATUS_PASS && diags.errors)
			status = STATUS_USAGE;
	}
	arena_release(&arena);
	return status;
}

int policy_verb_lint(int argc, char **argv)
{
	struct policy_words words;
	int status = policy_words_parse(
		&words, 0, POLICY_NAMES_MAX, argc, argv, no_options, "[NAME|FILE...]",
		"Say what is wrong with policies; without a name, with those that are built in. "
		"Contradictions are the document's: they are warnings, and the exit status is 0.\v"
		"Example:\n  tlsgauge policy lint ./our.policy");
	if (status != STATUS_PASS)
		return status;
	bool all = words.names_len == 0;
	size_t len = all ? builtin_policies_len : words.names_len;
	for (size_t i = 0; i < len; i++) {
		int one = lint_one(argv[0], all ? builtin_policies[i].name : words.names[i]);
		status = one > status ? one : status;
	}
	return status;
}
