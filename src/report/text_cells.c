/* SPDX-License-Identifier: Apache-2.0 */
#include "report/text_internal.h"

#include <stdio.h>

#define DETAILED_MAX 6
#define LISTED_MAX   100
#define INDENT	     4
#define HANG	     15

static bool deviates(const struct finding *finding)
{
	return !finding_is_case(finding) &&
	       (finding->verdict == VERDICT_FAIL || finding->verdict == VERDICT_ERROR);
}

static void row_text(struct text *out, const struct rule *rule)
{
	if (rule->table->cite)
		text_printf(out, "\"%s\", ", rule->table->cite);
	text_printf(out, "%s:%u: %s", rule->at.file, rule->at.line, rule->row);
}

static void expected_line(const struct page *page, const struct finding *finding, int indent,
			  int hang)
{
	struct text line;
	text_init(&line);
	text_put(&line, ruling_name(finding->expected.kind));
	if (finding->expected.inferred)
		text_put(&line, " (inferred)");
	if (finding->expected.rule) {
		text_put(&line, ", ");
		row_text(&line, finding->expected.rule);
	}
	page_item(page, indent, PAINT_NONE, "expected", hang, text_view(&line));
	text_release(&line);
}

/* The whole story of one cell. */
static void deviation(const struct page *page, const struct finding *finding)
{
	struct text line;
	text_init(&line);
	page_item(page, 2, verdict_paint(finding->verdict), finding->id, 0, "");
	expected_line(page, finding, INDENT, HANG);
	describe_full(&line, finding);
	/* The reason often repeats the observation. */
	if (!finding->reason || !strstr(finding->reason, text_view(&line)))
		page_item(page, INDENT, PAINT_NONE, "observed", HANG, text_view(&line));
	page_item(page, INDENT, PAINT_NONE, "why", HANG, finding->reason);
	if (finding->control)
		page_item(page, INDENT, PAINT_NONE, "control", HANG, finding->control);
	for (size_t i = 0; i < finding->remarks_len; i++)
		page_item(page, INDENT, PAINT_NONE, "remark", HANG, finding->remarks[i]);
	text_release(&line);
}

static bool same_row(const struct ruling *a, const struct ruling *b)
{
	if (!a->rule || !b->rule || a->kind != b->kind)
		return a->rule == b->rule && a->kind == b->kind;
	return a->rule->table == b->rule->table && a->rule->at.line == b->rule->at.line;
}

/* One of many: what was expected is told once for all that follow from the same row. */
static void deviation_line(const struct page *page, const struct finding *finding,
			   const struct finding *before)
{
	struct text line;
	text_init(&line);
	if (!before || !same_row(&before->expected, &finding->expected))
		expected_line(page, finding, 2, 12);
	text_printf(&line, "%s: ", finding->id);
	describe_brief(&line, finding);
	page_item(page, INDENT, verdict_paint(finding->verdict), text_view(&line), 0, "");
	text_release(&line);
}

static size_t count_deviations(const struct run_result *result)
{
	size_t count = 0;
	for (size_t i = 0; i < result->findings_len; i++)
		count += deviates(&result->findings[i]);
	return count;
}

void text_deviations(const struct page *page, const struct report_run *run)
{
	const struct run_result *result = run->result;
	size_t count = count_deviations(result), shown = 0;
	if (count == 0)
		return;
	page_heading(page, "%zu cell%s not conform to the document", count,
		     count == 1 ? " does" : "s do");
	const struct finding *before = NULL;
	bool detailed = count <= DETAILED_MAX || page->report->verbose;
	for (size_t i = 0; i < result->findings_len; i++) {
		const struct finding *finding = &result->findings[i];
		if (!deviates(finding))
			continue;
		if (detailed)
			deviation(page, finding);
		else if (shown < LISTED_MAX)
			deviation_line(page, finding, before);
		before = finding;
		shown++;
	}
	if (!detailed && count > LISTED_MAX)
		text_printf(page->out, "  ... and %zu more: -v lists them\n", count - LISTED_MAX);
}

void text_accepted(const struct page *page, const struct report_run *run)
{
	const struct run_result *result = run->result;
	enum version version = VERSION_NONE;
	for (size_t i = 0; i < result->findings_len; i++) {
		const struct finding *finding = &result->findings[i];
		if (finding->kind != FINDING_SUITE || !finding_is_accepted(finding))
			continue;
		if (finding->version != version)
			page_heading(page, "accepted at %s", version_name(finding->version));
		version = finding->version;
		page_item(page, 2, verdict_paint(finding->verdict), finding_suite_name(finding), 0,
			  "");
	}
}

/* The runs in which the same cell is a conflict too, when there is more than one run. */
static void conflict_runs(struct text *out, const struct report *report, const char *id)
{
	const char *before = "; runs ";
	for (size_t i = 0; report->runs_len > 1 && i < report->runs_len; i++) {
		const struct run_result *result = report->runs[i].result;
		for (size_t k = 0; k < result->findings_len; k++) {
			const struct finding *finding = &result->findings[k];
			if (finding->expected.kind != RULING_CONFLICT ||
			    strcmp(finding->id, id) != 0)
				continue;
			text_printf(out, "%s%zu", before, i + 1);
			before = ", ";
			break;
		}
	}
}

static bool seen_before(const struct report *report, size_t run, const char *id)
{
	for (size_t i = 0; i < run; i++) {
		const struct run_result *result = report->runs[i].result;
		for (size_t k = 0; k < result->findings_len; k++) {
			const struct finding *finding = &result->findings[k];
			if (finding->expected.kind == RULING_CONFLICT &&
			    strcmp(finding->id, id) == 0)
				return true;
		}
	}
	return false;
}

static void conflict(const struct page *page, const struct finding *finding)
{
	struct text line;
	text_init(&line);
	text_put(&line, "observed: ");
	describe_brief(&line, finding);
	conflict_runs(&line, page->report, finding->id);
	page_item(page, 2, PAINT_WARN, finding->id, 18, text_view(&line));
	const struct rule *rows[] = { finding->expected.rule, finding->expected.against };
	for (size_t i = 0; i < 2; i++) {
		if (!rows[i])
			continue;
		text_release(&line);
		row_text(&line, rows[i]);
		page_item(page, INDENT, PAINT_NONE, i ? "but" : "row", 8, text_view(&line));
	}
	text_release(&line);
}

void text_conflicts(const struct page *page)
{
	const struct report *report = page->report;
	bool heading = false;
	for (size_t i = 0; i < report->runs_len; i++) {
		const struct run_result *result = report->runs[i].result;
		for (size_t k = 0; k < result->findings_len; k++) {
			const struct finding *finding = &result->findings[k];
			if (finding->expected.kind != RULING_CONFLICT ||
			    seen_before(report, i, finding->id))
				continue;
			if (!heading)
				page_heading(page, "the document contradicts itself about "
						   "(observed, not judged; see --strict)");
			heading = true;
			conflict(page, finding);
		}
	}
}

static bool is_rule(const struct finding *finding)
{
	return finding->kind != FINDING_VERSION && finding->kind != FINDING_SUITE &&
	       finding->kind != FINDING_PLAINTEXT && finding->kind != FINDING_CASE &&
	       !deviates(finding);
}

void text_rules(const struct page *page, const struct report_run *run)
{
	bool heading = false;
	for (size_t i = 0; i < run->result->findings_len; i++) {
		const struct finding *finding = &run->result->findings[i];
		bool told = finding->verdict == VERDICT_PASS || page->report->verbose;
		if (!is_rule(finding) || !told)
			continue;
		if (!heading)
			page_heading(page, "certificate and other rules");
		heading = true;
		char head[FINDING_ID_MAX + 16];
		snprintf(head, sizeof(head), "%s: %s", finding->id, verdict_name(finding->verdict));
		page_item(page, 2, verdict_paint(finding->verdict), head, INDENT, finding->reason);
	}
}
