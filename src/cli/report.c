/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/report_command.h"

#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/file.h"
#include "cli/output.h"
#include "report/read.h"

static const struct command verbs[] = {
	{ "convert", "a report in other formats", report_verb_convert },
	{ "merge", "several reports, shards of one run among them, as one", report_verb_merge },
	{ "compare", "what is new, known and repaired since a former report", report_verb_compare },
	{ NULL, NULL, NULL },
};

int command_report(int argc, char **argv)
{
	return command_verb(verbs, "FILE...", argc, argv);
}

static error_t add_file(struct report_words *words, char *path)
{
	if (words->files_len == words->files_max)
		return complain(words->options.who, "'%s' is one file too many", path);
	words->files[words->files_len++] = path;
	return 0;
}

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct report_words *words = state->input;
	switch (key) {
	case REPORT_KEY_REPORT:
		return check_options_add_report(&words->options, text);
	case REPORT_KEY_STABLE:
		words->stable = true;
		return 0;
	case REPORT_KEY_STRICT_EXPECTED:
		words->options.strict_expected = true;
		return 0;
	case REPORT_KEY_FORMAT:
		words->json = strcmp(text, "json") == 0;
		if (words->json || strcmp(text, "text") == 0)
			return 0;
		return complain(words->options.who, "'--format %s' is neither text nor json", text);
	case REPORT_KEY_COLOR:
		words->color = text;
		return 0;
	case 'q':
		words->options.quiet = true;
		return 0;
	case 'v':
		words->options.verbose = true;
		return 0;
	case ARGP_KEY_ARG:
		return add_file(words, text);
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

int report_words_parse(struct report_words *out, struct arena *arena, const struct argp *argp,
		       int argc, char **argv, size_t least, size_t most)
{
	struct argp own = *argp;
	*out = (struct report_words){ .options = { .who = argv[0] }, .files_max = most };
	out->files = arena_array(arena, most, sizeof(*out->files));
	if (!out->files)
		return complain_fault(argv[0], arena->fault);
	own.parser = parse;
	int status = options_parse(&own, argc, argv, out);
	if (status == STATUS_PASS)
		status = check_options_take_color(&out->options, out->color);
	if (status != STATUS_PASS)
		return status;
	if (out->files_len < least)
		return complain(argv[0], "%s",
				least == 1 ? "say which report: a file that '--report json=FILE' "
					     "wrote, or - for standard input"
					   : "say which two reports: the former, and the latter");
	if (out->options.reports_len == 0)
		out->options.reports[out->options.reports_len++] =
			(struct report_request){ .format = &report_text };
	return STATUS_PASS;
}

int report_load(struct report *out, struct arena *arena, const char *who, const char *path)
{
	char why[512] = "";
	struct span text;
	bool standard = strcmp(path, "-") == 0;
	if (file_read(&text, arena, standard ? "/dev/stdin" : path, REPORT_FILE_MAX, why,
		      sizeof(why)) != FAULT_NONE)
		return complain(who, "%s", why);
	enum fault fault =
		report_read(out, arena, standard ? "standard input" : path, text, why, sizeof(why));
	if (fault == FAULT_MALFORMED)
		return complain(who, "%s", why);
	return fault == FAULT_NONE ? STATUS_PASS : complain_fault(who, fault);
}

int report_tell(const struct report_words *words, struct report *report)
{
	struct outputs outputs = { .len = 0 };
	report->quiet = words->options.quiet;
	report->verbose = words->options.verbose;
	report->stable = words->stable;
	report->strict_expected = words->options.strict_expected;
	int status = outputs_open(&outputs, &words->options);
	if (status == STATUS_PASS)
		status = outputs_write(&outputs, &words->options, report);
	outputs_release(&outputs);
	return status;
}
