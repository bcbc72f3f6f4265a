/* facts.h - what several report formats say of a finding or a run, computed once. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_FACTS_H
#define REPORT_FACTS_H

#include "report/report.h"

/* finding_is_accepted says whether the endpoint was seen to accept the cell: the version or suite
 * of the finding itself, or a session without TLS for `plaintext`. */
bool finding_is_accepted(const struct finding *finding);

/* finding_suite_name returns the suite part of a suite's id, or "" for any other finding. */
const char *finding_suite_name(const struct finding *finding);

/* finding_by_kind returns the first finding of the kind at or after `*at`, and moves `*at` behind
 * it; NULL past the last. */
const struct finding *finding_by_kind(const struct run_result *result, enum finding_kind kind,
				      size_t *at);

/* result_accepted counts the suites seen to be accepted at the version, and in `*asked` all suites
 * that were reported at all. */
size_t result_accepted(const struct run_result *result, enum version version, size_t *asked);

/* report_counts adds up every verdict over all runs. */
void report_counts(size_t counts[VERDICTS_LEN], const struct report *report);

/* report_settings_differ says whether the runs differ by settings (else: by address). */
bool report_settings_differ(const struct report *report);

/* report_targets_differ says whether the runs are about several targets. */
bool report_targets_differ(const struct report *report);

/* run_label writes what tells this run from its siblings: its target and policy where those differ,
 * its settings that are not defaults, or its address. */
void run_label(struct text *out, const struct report *report, size_t run);

/* run_evidence returns what was kept of the probe that settled the finding, or NULL. */
const struct report_evidence *run_evidence(const struct report_run *run,
					   const struct finding *finding);

#endif
