/* read.h - a JSON report of ours, read again into the shape that every format writes. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_READ_H
#define REPORT_READ_H

#include "report/report.h"

#define REPORT_FILE_MAX	 ((size_t)256 << 20)
#define REPORT_READ_RUNS 4096

/*
 * report_read reads a `tlsgauge.report/1` document. What it holds lives in `arena`; written as JSON
 * again it is the same text, and every other format says of it what it said of the run itself.
 * Members that are not known are passed over, and of a finding only `id` and `verdict` are needed;
 * counts are made anew from the findings. Faults:
 * MALFORMED, with one sentence in `why` that names `file` and the line or the member; NO_MEMORY,
 * TOO_LARGE.
 */
MUST_USE enum fault report_read(struct report *out, struct arena *arena, const char *file,
				struct span text, char *why, size_t why_len);

#endif
