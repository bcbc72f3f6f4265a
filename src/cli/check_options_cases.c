/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/check_options.h"
#include "cli/command.h"

static int add_word(struct check_options *out, const char *word)
{
	if (!*word)
		return complain(out->who, "'--cases' has an empty name");
	if (out->cases_len == CHECK_CASES_MAX)
		return complain(out->who, "'--cases' names more than %d", CHECK_CASES_MAX);
	out->cases[out->cases_len++] = word;
	return STATUS_PASS;
}

int check_options_add_cases(struct check_options *out, char *text)
{
	int status = STATUS_PASS;
	for (char *comma; status == STATUS_PASS && (comma = strchr(text, ',')); text = comma + 1) {
		*comma = '\0';
		status = add_word(out, text);
	}
	return status != STATUS_PASS ? status : add_word(out, text);
}

int check_options_add_edition(struct check_options *out, const char *text)
{
	if (!*text)
		return complain(out->who, "'--edition' is empty; 'RFC 9846' would be one");
	if (out->editions_len == CASE_EDITIONS_MAX)
		return complain(out->who, "more than %d editions are selected", CASE_EDITIONS_MAX);
	out->editions[out->editions_len++] = text;
	return STATUS_PASS;
}

int check_options_take_cases(struct check_options *out, const char *gate, const char *level)
{
	out->strict_gate = gate && strcmp(gate, "strict") == 0;
	if (gate && !out->strict_gate && strcmp(gate, "tolerated") != 0)
		return complain(out->who, "'--gate %s' is neither strict nor tolerated", gate);
	if (level && !case_level_by_name(span_text(level), &out->level))
		return complain(out->who,
				"'--level %s' is none of MUST, SHOULD, MAY and ROBUSTNESS", level);
	if (!out->cases_len && (gate || level || out->editions_len))
		return complain(out->who, "'%s' is about conformance cases; add '--cases'",
				gate	? "--gate"
				: level ? "--level"
					: "--edition");
	return STATUS_PASS;
}
