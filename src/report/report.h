/* report.h - the one shape that every report format reads; formats are pure sinks into text. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "base/text.h"
#include "probe/finding.h"

/* One run: an endpoint (one address of it), a policy, settings. */
struct report_run {
	const char *target;  /* "postgresql://127.0.0.1:5432" */
	const char *address; /* "127.0.0.1:5432" */
	const char *depth;
	const char *started; /* RFC 3339, UTC */
	uint64_t seed, duration_ms;
	const struct run_result *result;
};

struct report {
	const struct report_run *runs;
	size_t runs_len;
	bool color, verbose, quiet;
	int width; /* of the terminal; 0: not one */
};

/* One format a file: const struct report_format report_text in text.c, report_json in json.c. */
struct report_format {
	const char *name, *description;
	enum fault (*write)(struct text *out, const struct report *report);
};

extern const struct report_format report_text, report_json;

/* report_format_by_name returns NULL for an unknown name. */
const struct report_format *report_format_by_name(struct span name);

/* report_format_name_at lists the names: NULL past the last. */
const char *report_format_name_at(size_t i);

#endif
