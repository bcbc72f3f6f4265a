/* SPDX-License-Identifier: Apache-2.0 */
#include "report/text_internal.h"

#include <inttypes.h>
#include <stdio.h>

#define EXAMPLES_MAX 3

/* What a finding is counted under in one of the lists; NULL: not in this list. */
typedef const char *(*reason_of)(const struct finding *finding, size_t nth);

static const char *inconclusive_reason(const struct finding *finding, size_t nth)
{
	return nth == 0 && finding->verdict == VERDICT_INCONCLUSIVE ? finding->reason : NULL;
}

static const char *unjudged_reason(const struct finding *finding, size_t nth)
{
	bool listed =
		finding->verdict == VERDICT_UNJUDGED || finding->verdict == VERDICT_NOT_APPLICABLE;
	/* Conflicts and cases have sections of their own. */
	if (finding_is_case(finding))
		return NULL;
	return nth == 0 && listed && finding->expected.kind != RULING_CONFLICT ? finding->reason
									       : NULL;
}

static const char *outlived_reason(const struct finding *finding, size_t nth)
{
	return nth == 0 && finding->verdict == VERDICT_UNEXPECTED_PASS ? finding->reason : NULL;
}

static const char *remark_reason(const struct finding *finding, size_t nth)
{
	if (finding_is_case(finding))
		return NULL;
	bool listed = finding->verdict == VERDICT_PASS || finding->verdict == VERDICT_REMARK ||
		      finding->verdict == VERDICT_INCONCLUSIVE ||
		      finding->verdict == VERDICT_EXPECTED_FAIL ||
		      finding->verdict == VERDICT_UNEXPECTED_PASS;
	if (listed && nth < finding->remarks_len)
		return finding->remarks[nth];
	return nth == 0 && finding->verdict == VERDICT_REMARK ? finding->reason : NULL;
}

static bool has_reason(const struct finding *finding, reason_of of, const char *reason)
{
	for (size_t nth = 0; nth <= FINDING_REMARKS_MAX; nth++) {
		const char *own = of(finding, nth);
		if (!own)
			return false;
		if (strcmp(own, reason) == 0)
			return true;
	}
	return false;
}

/* All findings that share the reason: how many, why, and the first few ids. */
static void reason_item(const struct page *page, const struct run_result *result, reason_of of,
			size_t first, const char *reason)
{
	struct text ids;
	size_t count = 0;
	text_init(&ids);
	for (size_t i = first; i < result->findings_len; i++) {
		if (!has_reason(&result->findings[i], of, reason))
			continue;
		if (count < EXAMPLES_MAX || page->report->verbose)
			text_printf(&ids, "%s%s", count ? " " : "", result->findings[i].id);
		count++;
	}
	if (count > EXAMPLES_MAX && !page->report->verbose)
		text_put(&ids, " ...");
	char head[24];
	snprintf(head, sizeof(head), "%5zu", count);
	page_item(page, 0, PAINT_NONE, head, 7, reason);
	page_paint(page, PAINT_DIM);
	page_item(page, 0, PAINT_NONE, "", 7, text_view(&ids));
	page_plain(page);
	text_release(&ids);
}

static void reason_list(const struct page *page, const struct run_result *result,
			const char *heading, reason_of of)
{
	bool begun = false;
	for (size_t i = 0; i < result->findings_len; i++) {
		const char *reason;
		for (size_t nth = 0; (reason = of(&result->findings[i], nth)); nth++) {
			bool told = false;
			for (size_t k = 0; k < i && !told; k++)
				told = has_reason(&result->findings[k], of, reason);
			if (told)
				continue;
			if (!begun)
				page_heading(page, "%s", heading);
			begun = true;
			reason_item(page, result, of, i, reason);
		}
	}
}

void text_reasons(const struct page *page, const struct report_run *run)
{
	reason_list(page, run->result, "inconclusive", inconclusive_reason);
	reason_list(page, run->result, "unjudged", unjudged_reason);
	reason_list(page, run->result, "conforms, though it is listed as a known deviation",
		    outlived_reason);
	reason_list(page, run->result, "remarks", remark_reason);
}

/* What is counted: cells of a table, cases, or both. */
static const char *things(const struct report *report, bool several)
{
	bool cells = false, cases = false;
	for (size_t i = 0; i < report->runs_len; i++) {
		const struct run_result *result = report->runs[i].result;
		for (size_t k = 0; k < result->findings_len; k++)
			*(finding_is_case(&result->findings[k]) ? &cases : &cells) = true;
	}
	if (cases && cells)
		return several ? "cells and cases" : "cell or case";
	if (cases)
		return several ? "cases" : "case";
	return several ? "cells" : "cell";
}

static const char *effort_name(const struct report *report)
{
	const char *name = things(report, true);
	return strcmp(name, "cells and cases") == 0 ? "judged" : name;
}

/* What one run, or all runs together, cost. */
struct effort {
	uint64_t connections, retries, controls, controls_failed, audits, ms;
	size_t counts[VERDICTS_LEN];
};

static void effort_add(struct effort *effort, const struct report_run *run)
{
	const struct run_result *result = run->result;
	effort->connections += result->connections;
	effort->retries += result->retries;
	effort->controls += result->controls;
	effort->controls_failed += result->controls_failed;
	effort->audits += result->audits;
	effort->ms += run->duration_ms;
	for (size_t i = 0; i < VERDICTS_LEN; i++)
		effort->counts[i] += result->counts[i];
}

static void controls_line(const struct page *page, const struct effort *effort)
{
	struct text line;
	text_init(&line);
	text_printf(&line, "%" PRIu64 " asked, %" PRIu64 " failed", effort->controls,
		    effort->controls_failed);
	if (page->report->runs[0].result->policy)
		text_printf(&line, "; %" PRIu64 " audit%s of group proofs", effort->audits,
			    effort->audits == 1 ? "" : "s");
	if (effort->controls == 0)
		text_put(&line, "; without a control no rejection counts");
	page_item(page, 0, effort->controls_failed ? PAINT_WARN : PAINT_NONE, "controls", 10,
		  text_view(&line));
	text_release(&line);
}

static void effort_lines(const struct page *page, const struct effort *effort)
{
	const struct report_run *run = &page->report->runs[0];
	struct text line;
	text_init(&line);
	text_put(page->out, "\n");
	controls_line(page, effort);
	for (size_t i = 0; i < VERDICTS_LEN; i++) {
		if (effort->counts[i])
			text_printf(&line, "%s%zu %s", line.len ? ", " : "", effort->counts[i],
				    verdict_name((enum verdict)i));
	}
	page_item(page, 0, PAINT_NONE, effort_name(page->report), 10, text_view(&line));
	text_release(&line);
	text_printf(&line,
		    "%" PRIu64 " connections, %" PRIu64 " retr%s, %" PRIu64
		    " ms; depth %s, seed %" PRIu64,
		    effort->connections, effort->retries, effort->retries == 1 ? "y" : "ies",
		    effort->ms, run->depth, run->seed);
	page_item(page, 0, PAINT_NONE, "effort", 10, text_view(&line));
	text_release(&line);
}

void text_effort(const struct page *page, const struct report_run *run)
{
	struct effort effort = { 0 };
	effort_add(&effort, run);
	effort_lines(page, &effort);
}

void text_total_effort(const struct page *page)
{
	struct effort effort = { 0 };
	for (size_t i = 0; i < page->report->runs_len; i++)
		effort_add(&effort, &page->report->runs[i]);
	effort_lines(page, &effort);
}

static size_t count_repaired(const struct report *report)
{
	size_t count = 0;
	for (size_t i = 0; i < report->runs_len; i++) {
		const struct run_result *result = report->runs[i].result;
		for (size_t k = 0; k < result->findings_len; k++)
			count += result->findings[k].since == SINCE_REPAIRED;
	}
	return count;
}

static void last_words(struct text *out, const struct report *report, int status,
		       const size_t counts[VERDICTS_LEN])
{
	size_t failed = counts[VERDICT_FAIL];
	size_t outlived = report->strict_expected ? counts[VERDICT_UNEXPECTED_PASS] : 0;
	size_t known = counts[VERDICT_EXPECTED_FAIL];
	size_t good =
		counts[VERDICT_PASS] + counts[VERDICT_REMARK] + counts[VERDICT_UNEXPECTED_PASS];
	switch (status) {
	case 0:
		if (good + known == 0)
			text_put(out, "nothing was judged");
		else
			text_put(out, "everything that was judged conforms");
		if (known)
			text_printf(out, ", but for %zu known deviation%s", known,
				    known == 1 ? "" : "s");
		break;
	case 1:
		if (failed || !outlived)
			text_printf(out, "%zu %s %s not conform", failed,
				    things(report, failed != 1), failed == 1 ? "does" : "do");
		if (outlived)
			text_printf(out, "%s%zu %s conform%s though a deviation is expected",
				    failed ? ", and " : "", outlived, things(report, outlived != 1),
				    outlived == 1 ? "s" : "");
		if (counts[VERDICT_INCONCLUSIVE])
			text_printf(out, ", and %zu stayed inconclusive",
				    counts[VERDICT_INCONCLUSIVE]);
		break;
	case 3:
		text_printf(out, "nothing failed, but %zu %s could not be settled",
			    counts[VERDICT_INCONCLUSIVE],
			    things(report, counts[VERDICT_INCONCLUSIVE] != 1));
		break;
	default:
		text_put(out, "a fault of the tool itself");
	}
}

void text_conclusion(struct text *out, const struct report *report)
{
	size_t counts[VERDICTS_LEN];
	report_counts(counts, report);
	last_words(out, report, report_exit_status(report), counts);
	size_t repaired = count_repaired(report);
	if (repaired)
		text_printf(out, "; %zu repaired since the baseline", repaired);
	if (report->runs_len > 1)
		text_printf(out, ", over %zu runs", report->runs_len);
}

void text_last_line(const struct page *page)
{
	static const char *const words[] = { "PASS", "FAIL", "?", "INCONCLUSIVE", "ERROR" };
	static const enum paint paints[] = { PAINT_GOOD, PAINT_BAD, PAINT_BAD, PAINT_WARN,
					     PAINT_BAD };
	int status = report_exit_status(page->report);
	struct text line;
	text_init(&line);
	text_conclusion(&line, page->report);
	text_printf(&line, " (exit status %d)", status);
	page_paint(page, paints[status]);
	text_printf(page->out, "%s:", words[status]);
	page_plain(page);
	text_printf(page->out, " %s\n", text_view(&line));
	text_release(&line);
}
