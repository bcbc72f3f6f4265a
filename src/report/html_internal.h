/* html_internal.h - the parts of the HTML report, in the order in which they stand. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_HTML_INTERNAL_H
#define REPORT_HTML_INTERNAL_H

#include "base/arena.h"
#include "report/report.h"

/* A row of the policy, and the findings that lean on it: a range of `html_run.leaning`. */
struct html_row {
	const struct rule *rule;
	size_t first, len;
};

/* One finding that leans on a rule, as the deciding one or against it. */
struct html_lean {
	const struct rule *rule;
	size_t finding;
};

/*
 * One run, and what was looked up once for all of its findings. `row_of`, `against_of` and
 * `evidence_of` hold an index + 1 for each finding, 0 for none; the elements of the page are
 * numbered by them, so that no stranger's text becomes an identifier. Equal evidence has one
 * number, and `told` says whether it stands in the page already.
 */
struct html_run {
	const struct report *report;
	const struct report_run *run;
	size_t index;
	struct arena *arena;
	struct html_row *rows;
	struct html_lean *leaning;
	size_t rows_len;
	size_t *row_of, *against_of, *evidence_of;
	bool *told;
};

/* html_run_index looks everything up. Faults: those of the arena. */
MUST_USE enum fault html_run_index(struct html_run *out, const struct report *report, size_t index,
				   struct arena *arena);

/*
 * html_put.c. html_escape writes what anybody else chose, for text and for attributes in double
 * quotes: what markup would act on as references, bytes that are no UTF-8, controls and characters
 * that reorder or hide others as \xNN.
 */
void html_escape(struct text *out, struct span bytes);
void html_text(struct text *out, const char *text);

/* html_made escapes what a describing function writes. */
void html_made(struct text *out, void (*make)(struct text *, const struct finding *),
	       const struct finding *finding);

/* html_anchor names a place of one run, a part's letter and a number: "r1f7"; html_link points to
 * it. */
void html_anchor(struct text *out, const struct html_run *run, char part, size_t number);
void html_link(struct text *out, const struct html_run *run, char part, size_t number);

/* html_word returns a verdict in words for people; its class in the style is verdict_name. */
const char *html_word(enum verdict verdict);

/* html_result returns the class of an exit status, "pass", "fail" or "inconclusive", and its word.
 */
const char *html_result(int status, const char **word);

/* html_verdict writes a verdict with its sign. */
void html_verdict(struct text *out, enum verdict verdict);

/* html_title writes run_title, escaped. */
void html_title(struct text *out, const struct report *report, size_t run);

/* html_summary.c: the headline, the contents, and the table of several runs. */
void html_summary(struct text *out, const struct report *report);

/* html_contents links the parts of one run; html_counts adds up the verdicts of some. */
void html_contents(struct text *out, const struct report *report, size_t run);
void html_counts(struct text *out, const struct report_run *runs, size_t runs_len);

/* html_run.c: one run. */
void html_run(struct text *out, struct html_run *run);

/* html_matrix.c: versions and suites. Faults latch in the arena. */
void html_matrix(struct text *out, const struct html_run *run);

/* html_rows.c: the policy's rows, and the cases by theme. */
void html_rows(struct text *out, const struct html_run *run);
void html_themes(struct text *out, const struct html_run *run);

/* html_findings.c: every finding, by verdict. */
void html_findings(struct text *out, struct html_run *run);

/* html_finding.c: one of them. */
void html_finding(struct text *out, struct html_run *run, size_t index, bool open);

/* html_evidence.c: the bytes behind a finding. Faults latch in the arena. */
void html_evidence(struct text *out, struct html_run *run, size_t index);

/* html_index.c: `html_evidence_index` gives equal evidence one number. */
void html_evidence_index(struct html_run *run);

#endif
