/* SPDX-License-Identifier: Apache-2.0 */
#include "report/report.h"

/* In the order of --help. */
static const struct report_format *const formats[] = {
	&report_text,	  &report_json, &report_junit,	&report_sarif,	&report_tap,
	&report_markdown, &report_html, &report_github, &report_gitlab, &report_csv,
};

#define FORMATS_LEN (sizeof(formats) / sizeof(formats[0]))

const struct report_format *report_format_by_name(struct span name)
{
	for (size_t i = 0; i < FORMATS_LEN; i++) {
		if (span_is(name, formats[i]->name))
			return formats[i];
	}
	return NULL;
}

const char *report_format_name_at(size_t i)
{
	return i < FORMATS_LEN ? formats[i]->name : NULL;
}

static int worse(int a, int b)
{
	static const int order[] = { 4, 1, 3 };
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		if (a == order[i] || b == order[i])
			return order[i];
	}
	return 0;
}

int report_exit_status(const struct report *report)
{
	int status = 0;
	for (size_t i = 0; i < report->runs_len; i++) {
		const struct run_result *result = report->runs[i].result;
		status = worse(status, run_exit_status(result));
		status = worse(status, result->interrupted ? 3 : 0);
		if (report->strict_expected && result->counts[VERDICT_UNEXPECTED_PASS])
			status = worse(status, 1);
	}
	return status;
}
