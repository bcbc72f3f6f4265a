/* SPDX-License-Identifier: Apache-2.0 */
#include "report/text_internal.h"

#include <stdio.h>

#define INDENT	  4
#define HANG	  15
#define THEME_MAX 24

static bool fails(const struct finding *finding)
{
	return finding_is_case(finding) &&
	       (finding->verdict == VERDICT_FAIL || finding->verdict == VERDICT_ERROR);
}

/* The counts of one theme: a verdict's, and of the passes those that were tolerated. */
struct tally {
	size_t verdicts[VERDICTS_LEN], tolerated, all;
};

static void tally_add(struct tally *tally, const struct finding *finding)
{
	tally->verdicts[finding->verdict]++;
	tally->tolerated += finding->grade == GRADE_TOLERATED;
	tally->all++;
}

static void tally_words(struct text *out, const struct tally *tally)
{
	const char *before = "";
	for (size_t i = 0; i < VERDICTS_LEN; i++) {
		if (!tally->verdicts[i])
			continue;
		text_printf(out, "%s%zu %s", before, tally->verdicts[i],
			    i == VERDICT_NOT_APPLICABLE ? "not applicable"
							: verdict_name((enum verdict)i));
		if (i == VERDICT_PASS && tally->tolerated)
			text_printf(out, " (%zu tolerated)", tally->tolerated);
		before = ", ";
	}
}

static void tally_line(const struct page *page, const char *theme, const struct tally *tally)
{
	struct text line;
	char head[THEME_MAX + 16];
	bool bad = tally->verdicts[VERDICT_FAIL] || tally->verdicts[VERDICT_ERROR];
	text_init(&line);
	tally_words(&line, tally);
	snprintf(head, sizeof(head), "%-*.*s %4zu", THEME_MAX, THEME_MAX, theme, tally->all);
	page_item(page, 2, bad ? PAINT_BAD : PAINT_NONE, head, THEME_MAX + 10, text_view(&line));
	text_release(&line);
}

static bool same_theme(const struct finding *a, const struct finding *b)
{
	return finding_is_case(b) && strcmp(a->of->theme, b->of->theme) == 0;
}

static bool theme_told(const struct run_result *result, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (same_theme(&result->findings[at], &result->findings[i]))
			return true;
	return false;
}

static void theme_lines(const struct page *page, const struct run_result *result)
{
	for (size_t i = 0; i < result->findings_len; i++) {
		const struct finding *first = &result->findings[i];
		struct tally tally = { .all = 0 };
		if (!finding_is_case(first) || theme_told(result, i))
			continue;
		for (size_t k = i; k < result->findings_len; k++)
			if (same_theme(first, &result->findings[k]))
				tally_add(&tally, &result->findings[k]);
		tally_line(page, first->of->theme, &tally);
	}
}

static void rule_line(const struct page *page, const struct finding *finding)
{
	const struct citation *citation = finding_citation(finding);
	struct text line;
	if (!citation)
		return;
	text_init(&line);
	text_printf(&line, "%s %s", citation->text, case_level_name(citation->level));
	if (finding->of->edition)
		text_printf(&line, ", only in %s", finding->of->edition);
	page_item(page, INDENT, PAINT_NONE, "rule", HANG, text_view(&line));
	text_release(&line);
}

static void bug_line(const struct page *page, const struct finding *finding)
{
	struct text line;
	if (!finding->of->cve)
		return;
	text_init(&line);
	text_put(&line, finding->of->cve);
	if (finding->of->cve_shows)
		text_printf(&line, ": %s", finding->of->cve_shows);
	page_item(page, INDENT, PAINT_BAD, "known bug", HANG, text_view(&line));
	text_release(&line);
}

static void failure(const struct page *page, const struct finding *finding)
{
	page_item(page, 2, verdict_paint(finding->verdict), finding->id, 0, "");
	if (finding->reason)
		page_item(page, INDENT, PAINT_NONE, "reason", HANG, finding->reason);
	rule_line(page, finding);
	if (finding->of->why)
		page_item(page, INDENT, PAINT_NONE, "why", HANG, finding->of->why);
	bug_line(page, finding);
	if (finding->control)
		page_item(page, INDENT, PAINT_NONE, "control", HANG, finding->control);
	for (size_t i = 0; i < finding->remarks_len; i++)
		page_item(page, INDENT, PAINT_NONE, "remark", HANG, finding->remarks[i]);
}

void text_failed_cases(const struct page *page, const struct report_run *run)
{
	const struct run_result *result = run->result;
	size_t count = 0;
	for (size_t i = 0; i < result->findings_len; i++)
		count += fails(&result->findings[i]);
	if (!count)
		return;
	page_heading(page, "%zu case%s", count, count == 1 ? " fails" : "s fail");
	for (size_t i = 0; i < result->findings_len; i++)
		if (fails(&result->findings[i]))
			failure(page, &result->findings[i]);
}

/* One of the lists that only -v shows. */
struct listing {
	const char *name;
	enum verdict verdict;
	enum grade grade;
};

static bool is_listed(const struct listing *listing, const struct finding *finding)
{
	return finding_is_case(finding) && finding->verdict == listing->verdict &&
	       finding->grade == listing->grade;
}

static void list(const struct page *page, const struct run_result *result,
		 const struct listing *listing)
{
	page_heading(page, "cases: %s", listing->name);
	for (size_t i = 0; i < result->findings_len; i++) {
		const struct finding *finding = &result->findings[i];
		if (!is_listed(listing, finding))
			continue;
		page_item(page, 2, verdict_paint(finding->verdict), finding->id, 0, "");
		if (finding->reason)
			page_item(page, INDENT, PAINT_NONE, "", INDENT, finding->reason);
	}
}

static void listings(const struct page *page, const struct run_result *result)
{
	static const struct listing all[] = {
		{ "tolerated", VERDICT_PASS, GRADE_TOLERATED },
		{ "remarks", VERDICT_REMARK, GRADE_NONE },
		{ "not applicable", VERDICT_NOT_APPLICABLE, GRADE_NONE },
	};
	struct text line;
	text_init(&line);
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		size_t count = 0;
		for (size_t k = 0; k < result->findings_len; k++)
			count += is_listed(&all[i], &result->findings[k]);
		if (count && page->report->verbose)
			list(page, result, &all[i]);
		else if (count)
			text_printf(&line, "%s%zu %s", line.len ? ", " : "", count, all[i].name);
	}
	if (line.len) {
		text_put(&line, ": -v lists them");
		page_item(page, 2, PAINT_DIM, "", 2, text_view(&line));
	}
	text_release(&line);
}

void text_cases(const struct page *page, const struct report_run *run)
{
	size_t at = 0;
	if (!finding_by_kind(run->result, FINDING_CASE, &at))
		return;
	page_heading(page, "cases");
	theme_lines(page, run->result);
	listings(page, run->result);
	text_failed_cases(page, run);
}
