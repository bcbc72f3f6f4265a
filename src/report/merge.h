/* merge.h - several reports as one: shards of a run are joined, other runs stand side by side. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_MERGE_H
#define REPORT_MERGE_H

#include "report/report.h"

/* report_same_run says whether two runs asked the same: target (the built-in endpoint's port
 * aside), address, policy, settings, strictness and depth. */
bool report_same_run(const struct report_run *a, const struct report_run *b);

/*
 * report_merge joins the findings of runs that are the same, in the order of every report, and puts
 * what is left side by side. An id that two of them have is kept once; where their verdicts differ
 * it is inconclusive and says so. Efforts are added up. What it makes lives in `arena`; texts stay
 * where they were. Faults: NO_MEMORY, TOO_LARGE.
 */
MUST_USE enum fault report_merge(struct report *out, struct arena *arena,
				 const struct report *parts, size_t parts_len);

#endif
