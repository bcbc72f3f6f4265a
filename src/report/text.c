/* SPDX-License-Identifier: Apache-2.0 */
#include "report/text_internal.h"

static void run_details(const struct page *page, const struct report_run *run)
{
	text_versions(page, run);
	text_deviations(page, run);
	if (page->report->verbose)
		text_accepted(page, run);
	if (page->report->runs_len == 1)
		text_conflicts(page);
	text_rules(page, run);
	text_cases(page, run);
	text_reasons(page, run);
	text_effort(page, run);
}

static void several_runs(const struct page *page)
{
	const struct report *report = page->report;
	bool detailed = false;
	text_runs(page);
	text_conflicts(page);
	for (size_t i = 0; i < report->runs_len; i++) {
		if (run_exit_status(report->runs[i].result) == 0 && !report->verbose)
			continue;
		page_heading(page, "---- run %zu ----", i + 1);
		text_headline(page, &report->runs[i]);
		run_details(page, &report->runs[i]);
		detailed = true;
	}
	if (detailed)
		page_heading(page, "---- all runs ----");
	text_total_effort(page);
}

/* --quiet: what deviates, and the last line. */
static void quiet(const struct page *page)
{
	for (size_t i = 0; i < page->report->runs_len; i++) {
		text_deviations(page, &page->report->runs[i]);
		text_failed_cases(page, &page->report->runs[i]);
	}
}

static enum fault write(struct text *out, const struct report *report)
{
	struct page page = page_begin(out, report);
	if (report->quiet) {
		quiet(&page);
	} else if (report->runs_len == 1) {
		text_headline(&page, &report->runs[0]);
		run_details(&page, &report->runs[0]);
	} else if (report->runs_len > 1) {
		several_runs(&page);
	}
	if (!report->quiet)
		text_put(out, "\n");
	text_last_line(&page);
	return out->fault;
}

const struct report_format report_text = {
	.name = "text",
	.description = "for a person: the table, what deviates and why, and one last line",
	.write = write,
};
