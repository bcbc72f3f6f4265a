/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "cli/command.h"
#include "cli/report_command.h"
#include "report/compare.h"
#include "report/merge.h"

#define READ_ARENA_MAX ((size_t)2 << 30)

#define WRITING_OPTIONS                                                                            \
	{ "report", REPORT_KEY_REPORT, "FORMAT[=FILE]", 0, REPORT_OPTION_HELP, 0 },                \
		{ "stable",                                                                        \
		  REPORT_KEY_STABLE,                                                               \
		  NULL,                                                                            \
		  0,                                                                               \
		  "json without the members that differ between two equal runs",                   \
		  0 },                                                                             \
		{ "strict-expected",                                                               \
		  REPORT_KEY_STRICT_EXPECTED,                                                      \
		  NULL,                                                                            \
		  0,                                                                               \
		  "an unexpected pass counts as a failure",                                        \
		  0 },                                                                             \
		{ "color", REPORT_KEY_COLOR, "WHEN", 0, "auto, always or never", 0 },              \
		{ "quiet", 'q', NULL, 0, "only deviations and the last line", 0 },                 \
	{                                                                                          \
		"verbose", 'v', NULL, 0, "every accepted suite, and more", 0                       \
	}

static const struct argp_option writing[] = { WRITING_OPTIONS, { 0 } };

static const struct argp convert_argp = {
	.options = writing,
	.args_doc = "FILE",
	.doc = "Write a JSON report of ours in other formats.\v"
	       "Examples:\n"
	       "  tlsgauge report convert run.json --report html=run.html --report junit=run.xml\n"
	       "  tlsgauge report convert run.json --report json --stable | diff -u former.json -\n"
	       "\n"
	       "Exit status: 0 written; 2 the file is no report; 4 a fault of the tool itself.",
};

int report_verb_convert(int argc, char **argv)
{
	struct report_words words;
	struct report report;
	struct arena arena;
	arena_init(&arena, READ_ARENA_MAX);
	int status = report_words_parse(&words, &arena, &convert_argp, argc, argv, 1, 1);
	if (status == STATUS_PASS)
		status = report_load(&report, &arena, argv[0], words.files[0]);
	if (status == STATUS_PASS)
		status = report_tell(&words, &report);
	arena_release(&arena);
	return status;
}

static const struct argp merge_argp = {
	.options = writing,
	.args_doc = "FILE...",
	.doc = "Join JSON reports: findings of the same run (target, policy, settings) are put "
	       "together, as '--shard' cut them; other runs stand side by side. Where two reports "
	       "judge the same cell differently it becomes inconclusive.\v"
	       "Examples:\n"
	       "  tlsgauge report merge shard-*.json --report json=all.json --report text\n"
	       "\n"
	       "Exit status: that of the whole, as 'tlsgauge check' has it: 0 everything judged "
	       "conforms; 1 something does not; 2 a file is no report; 3 something stayed "
	       "inconclusive; 4 a fault of the tool itself.",
};

static int merge(const struct report_words *words, struct arena *arena)
{
	struct report *parts = arena_array(arena, words->files_len, sizeof(*parts)), whole;
	if (!parts)
		return complain_fault(words->options.who, arena->fault);
	for (size_t i = 0; i < words->files_len; i++) {
		int status = report_load(&parts[i], arena, words->options.who, words->files[i]);
		if (status != STATUS_PASS)
			return status;
	}
	enum fault fault = report_merge(&whole, arena, parts, words->files_len);
	if (fault != FAULT_NONE)
		return complain_fault(words->options.who, fault);
	int status = report_tell(words, &whole);
	return status == STATUS_PASS ? report_exit_status(&whole) : status;
}

int report_verb_merge(int argc, char **argv)
{
	struct report_words words;
	struct arena arena;
	arena_init(&arena, READ_ARENA_MAX);
	int status =
		report_words_parse(&words, &arena, &merge_argp, argc, argv, 1, REPORT_FILES_MAX);
	if (status == STATUS_PASS)
		status = merge(&words, &arena);
	arena_release(&arena);
	return status;
}

static const struct argp_option compare_options[] = {
	{ "format", REPORT_KEY_FORMAT, "FORMAT", 0, "text (the default) or json", 0 },
	{ 0 },
};

static const struct argp compare_argp = {
	.options = compare_options,
	.args_doc = "FORMER LATTER",
	.doc = "Say what changed between two JSON reports: new deviations, known ones, repaired "
	       "ones, and answers that differ although the verdict does not. Times, efforts, "
	       "addresses and ports are not compared.\v"
	       "Example:\n"
	       "  tlsgauge report compare last-release.json today.json\n"
	       "\n"
	       "Exit status: 0 nothing got worse; 1 there are new deviations; 2 a file is no "
	       "report; 3 something is inconclusive that was not; 4 a fault of the tool itself.",
};

static int compare(const struct report_words *words, struct arena *arena)
{
	struct report before, after;
	struct report_comparison comparison;
	struct text text;
	const char *who = words->options.who;
	int status = report_load(&before, arena, who, words->files[0]);
	if (status == STATUS_PASS)
		status = report_load(&after, arena, who, words->files[1]);
	if (status != STATUS_PASS)
		return status;
	enum fault fault = report_compare(&comparison, arena, &before, &after);
	text_init(&text);
	if (fault == FAULT_NONE)
		fault = words->json ? comparison_json(&text, &comparison)
				    : comparison_text(&text, &comparison);
	if (fault == FAULT_NONE)
		fwrite(text_view(&text), 1, text.len, stdout);
	text_release(&text);
	return fault == FAULT_NONE ? comparison_exit_status(&comparison)
				   : complain_fault(who, fault);
}

int report_verb_compare(int argc, char **argv)
{
	struct report_words words;
	struct arena arena;
	arena_init(&arena, READ_ARENA_MAX);
	int status = report_words_parse(&words, &arena, &compare_argp, argc, argv, 2, 2);
	if (status == STATUS_PASS)
		status = compare(&words, &arena);
	arena_release(&arena);
	return status;
}
