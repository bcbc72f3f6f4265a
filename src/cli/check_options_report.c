/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/check_options.h"

#include <stdio.h>

#include "base/text.h"
#include "cli/command.h"

static int unknown_format(const struct check_options *out, struct span name)
{
	const char *names[REPORT_FORMATS_MAX + 1] = { 0 };
	char word[32];
	struct text all;
	text_init(&all);
	for (size_t i = 0; i < REPORT_FORMATS_MAX && report_format_name_at(i); i++) {
		names[i] = report_format_name_at(i);
		text_printf(&all, "%s%s", i ? ", " : "", names[i]);
	}
	snprintf(word, sizeof(word), "%.*s", (int)name.len, (const char *)name.at);
	const char *nearest = text_nearest(word, names);
	int status = nearest ? complain(out->who, "unknown report format '%s'; did you mean '%s'?",
					word, nearest)
			     : complain(out->who, "unknown report format '%s'; there are %s", word,
					text_view(&all));
	text_release(&all);
	return status;
}

int check_options_add_report(struct check_options *out, const char *text)
{
	const char *equals = strchr(text, '=');
	struct span name = span_of(text, equals ? (size_t)(equals - text) : strlen(text));
	struct report_request request = { .format = report_format_by_name(name) };
	if (!request.format)
		return unknown_format(out, name);
	if (equals && !equals[1])
		return complain(out->who, "'--report %s' names no file", text);
	if (equals && strcmp(equals + 1, "-") != 0)
		request.path = equals + 1;
	if (out->reports_len == CHECK_REPORTS_MAX)
		return complain(out->who, "more than %d reports are asked for", CHECK_REPORTS_MAX);
	out->reports[out->reports_len++] = request;
	return STATUS_PASS;
}

int check_options_take_color(struct check_options *out, const char *text)
{
	static const char *const names[] = { "auto", "always", "never" };
	for (size_t i = 0; text && i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(text, names[i]) == 0) {
			out->color = (enum color)i;
			return STATUS_PASS;
		}
	}
	return text ? complain(out->who, "'--color %s' is none of auto, always and never", text)
		    : STATUS_PASS;
}
