/* SPDX-License-Identifier: Apache-2.0 */
#include "report/html_internal.h"
#include "report/told.h"

#define OPEN_MAX 20

/* In the order of how much each matters. */
static const struct group {
	enum verdict verdict;
	const char *heading;
} groups[] = {
	{ VERDICT_FAIL, "Does not conform" },
	{ VERDICT_ERROR, "Faults of the tool" },
	{ VERDICT_INCONCLUSIVE, "Could not be settled" },
	{ VERDICT_UNEXPECTED_PASS, "Conforms, though listed as a known deviation" },
	{ VERDICT_EXPECTED_FAIL, "Known deviations" },
	{ VERDICT_REMARK, "Remarks" },
	{ VERDICT_UNJUDGED, "Not judged" },
	{ VERDICT_NOT_APPLICABLE, "Not applicable" },
	{ VERDICT_PASS, "Conforms" },
};

static void group(struct text *out, struct html_run *run, const struct group *group)
{
	const struct run_result *result = run->run->result;
	size_t count = 0, told = 0;
	for (size_t i = 0; i < result->findings_len; i++)
		count += result->findings[i].verdict == group->verdict;
	if (!count)
		return;
	bool news = group->verdict != VERDICT_UNJUDGED &&
		    group->verdict != VERDICT_NOT_APPLICABLE && group->verdict != VERDICT_PASS;
	bool bad = group->verdict == VERDICT_FAIL || group->verdict == VERDICT_ERROR;
	text_printf(
		out,
		"<details class=\"group\"%s>\n<summary><b>%s</b> <span class=\"count\">%zu</span>"
		"</summary>\n",
		news ? " open" : "", group->heading, count);
	for (size_t i = 0; i < result->findings_len; i++)
		if (result->findings[i].verdict == group->verdict)
			html_finding(out, run, i, bad && told++ < OPEN_MAX);
	text_put(out, "</details>\n");
}

void html_findings(struct text *out, struct html_run *run)
{
	text_printf(out, "<h3 id=\"r%zuf\">Findings</h3>\n", run->index + 1);
	if (!run->run->result->findings_len)
		text_put(out, "<p>Nothing was asked.</p>\n");
	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
		group(out, run, &groups[i]);
}
