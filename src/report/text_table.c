/* SPDX-License-Identifier: Apache-2.0 */
#include "report/text_internal.h"

#include <stdio.h>

#define LABEL_COLUMN 10
#define RUN_LABEL    40
#define RUN_COUNTS   44 /* what stands beside a run's label */

static void settings_line(const struct page *page, const struct settings *settings)
{
	struct text line;
	text_init(&line);
	for (size_t i = 0; settings->policy && i < settings->policy->settings_len; i++) {
		const struct setting *setting = &settings->policy->settings[i];
		text_printf(&line, "%s=%s%s ", setting->name, setting->values[settings->value[i]],
			    settings->given[i] || page->report->runs_len > 1 ? "" : " (default)");
	}
	if (line.len)
		page_item(page, 0, PAINT_NONE, "settings", LABEL_COLUMN, text_view(&line));
	text_release(&line);
}

static void policy_line(const struct page *page, const struct policy *policy)
{
	struct text line;
	if (!policy)
		return;
	text_init(&line);
	text_put(&line, policy->name);
	if (policy->source)
		text_printf(&line, ", restating \"%s\"", policy->source);
	if (policy->source_date)
		text_printf(&line, " of %s", policy->source_date);
	page_item(page, 0, PAINT_NONE, "policy", LABEL_COLUMN, text_view(&line));
	text_release(&line);
}

void text_headline(const struct page *page, const struct report_run *run)
{
	const struct run_result *result = run->result;
	struct text line;
	text_init(&line);
	text_put(&line, run->target);
	if (run->address && !strstr(run->target, run->address))
		text_printf(&line, " at %s", run->address);
	page_item(page, 0, PAINT_NONE, "target", LABEL_COLUMN, text_view(&line));
	text_release(&line);
	policy_line(page, result->policy);
	settings_line(page, &result->settings);
	if (result->settings.strict)
		page_item(page, 0, PAINT_NONE, "strict", LABEL_COLUMN,
			  "where the document contradicts itself, reject beats accept");
	for (size_t i = 0; i < result->notes_len; i++)
		page_item(page, 0, PAINT_WARN, "note", LABEL_COLUMN, result->notes[i]);
	if (run->resumed)
		page_item(page, 0, PAINT_WARN, "note", LABEL_COLUMN, run->resumed);
}

/* One row; `suites` is a number or "-". */
static void table_row(const struct page *page, const char *name, const struct finding *finding,
		      const char *suites)
{
	struct text observed;
	char expected[24];
	text_init(&observed);
	describe_brief(&observed, finding);
	snprintf(expected, sizeof(expected), "%s%s", ruling_name(finding->expected.kind),
		 finding->expected.inferred ? "?" : "");
	text_printf(page->out, "%-9s %-12s %-32.32s %6s  ", name, expected, text_view(&observed),
		    suites);
	page_paint(page, verdict_paint(finding->verdict));
	text_put(page->out, verdict_name(finding->verdict));
	page_plain(page);
	text_put(page->out, "\n");
	text_release(&observed);
}

static void version_row(const struct page *page, const struct run_result *result,
			const struct finding *finding)
{
	char suites[24] = "-";
	size_t asked, accepted = result_accepted(result, finding->version, &asked);
	if (asked)
		snprintf(suites, sizeof(suites), "%zu", accepted);
	table_row(page, version_name(finding->version), finding, suites);
}

static void table_head(const struct page *page)
{
	text_put(page->out, "\n");
	page_paint(page, PAINT_BOLD);
	text_printf(page->out, "%-9s %-12s %-32s %6s  %s", "version", "expected", "observed",
		    "suites", "verdict");
	page_plain(page);
	text_put(page->out, "\n");
}

void text_versions(const struct page *page, const struct report_run *run)
{
	size_t at = 0, plaintext_at = 0;
	const struct finding *finding = finding_by_kind(run->result, FINDING_VERSION, &at);
	const struct finding *plaintext =
		finding_by_kind(run->result, FINDING_PLAINTEXT, &plaintext_at);
	if (finding || plaintext)
		table_head(page);
	for (; finding; finding = finding_by_kind(run->result, FINDING_VERSION, &at))
		version_row(page, run->result, finding);
	if (plaintext)
		table_row(page, "no TLS", plaintext, "-");
}

/* Targets are told apart by their names, so these get all the room that there is. */
static int label_width(const struct page *page)
{
	int room = page->width - RUN_COUNTS;
	return report_targets_differ(page->report) && room > RUN_LABEL ? room : RUN_LABEL;
}

static void put_label(struct text *out, const struct report *report, size_t run)
{
	struct text label;
	text_init(&label);
	run_label(&label, report, run);
	page_harmless(out, span_of(label.at, label.len));
	text_release(&label);
}

static void run_row(const struct page *page, size_t i)
{
	int width = label_width(page);
	const struct run_result *result = page->report->runs[i].result;
	int status = run_exit_status(result);
	static const char *const words[] = { "pass", "FAIL", "?", "inconclusive", "ERROR" };
	static const enum paint paints[] = { PAINT_GOOD, PAINT_BAD, PAINT_BAD, PAINT_WARN,
					     PAINT_BAD };
	struct text label;
	text_init(&label);
	put_label(&label, page->report, i);
	const size_t *counts = result->counts;
	/* What does not fit goes on a line of its own. */
	bool fits = label.len <= (size_t)width;
	if (!fits)
		text_printf(page->out, "%3zu %s\n", i + 1, text_view(&label));
	if (fits)
		text_printf(page->out, "%3zu ", i + 1);
	else
		text_put(page->out, "    ");
	text_printf(page->out, "%-*s %6zu %5zu %5zu %8zu  ", width, fits ? text_view(&label) : "",
		    counts[VERDICT_PASS] + counts[VERDICT_REMARK], counts[VERDICT_FAIL],
		    counts[VERDICT_INCONCLUSIVE], counts[VERDICT_UNJUDGED]);
	bool empty = status == 0 && !counts[VERDICT_PASS] && !counts[VERDICT_EXPECTED_FAIL];
	page_paint(page, empty ? PAINT_WARN : paints[status]);
	text_put(page->out, empty ? "nothing judged" : words[status]);
	page_plain(page);
	if (report_targets_differ(page->report))
		text_printf(page->out, " (%d)", status);
	text_put(page->out, "\n");
	text_release(&label);
}

void text_runs(const struct page *page)
{
	const struct report *report = page->report;
	if (!report_targets_differ(report)) {
		page_item(page, 0, PAINT_NONE, "target", LABEL_COLUMN, report->runs[0].target);
		policy_line(page, report->runs[0].result->policy);
	}
	text_put(page->out, "\n");
	page_paint(page, PAINT_BOLD);
	text_printf(page->out, "run %-*s %6s %5s %5s %8s", label_width(page), "", "pass", "fail",
		    "open", "unjudged");
	page_plain(page);
	text_put(page->out, "\n");
	for (size_t i = 0; i < report->runs_len; i++)
		run_row(page, i);
}
