/* text_internal.h - the parts of the text report, in the order in which they are read. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_TEXT_INTERNAL_H
#define REPORT_TEXT_INTERNAL_H

#include "report/case_words.h"
#include "report/facts.h"
#include "report/page.h"

/* text_table.c: what was asked of whom, and the version x outcome table. */
void text_headline(const struct page *page, const struct report_run *run);
void text_versions(const struct page *page, const struct report_run *run);
void text_runs(const struct page *page);

/* text_cells.c: cell by cell, what deviates and what the document contradicts itself about. */
void text_deviations(const struct page *page, const struct report_run *run);
void text_accepted(const struct page *page, const struct report_run *run);
void text_conflicts(const struct page *page);
void text_rules(const struct page *page, const struct report_run *run);

/* text_cases.c: the cases by theme, and each that failed. */
void text_cases(const struct page *page, const struct report_run *run);
void text_failed_cases(const struct page *page, const struct report_run *run);

/* text_reasons.c: counts by reason, controls and timing, and the last line. */
void text_reasons(const struct page *page, const struct report_run *run);
void text_effort(const struct page *page, const struct report_run *run);
void text_total_effort(const struct page *page);
void text_last_line(const struct page *page);

/* text_conclusion writes what the exit status says, in words. */
void text_conclusion(struct text *out, const struct report *report);

/* describe_brief writes the outcome in at most a dozen characters or so: "alert decode_error". */
void describe_brief(struct text *out, const struct finding *finding);

/* describe_full writes the observation as a phrase, the server's own words included: they are a
 * stranger's, to be shown and never believed (CVE-2024-10977). */
void describe_full(struct text *out, const struct finding *finding);

#endif
