/* report.h - the one shape that every report format reads; formats are pure sinks into text. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "base/text.h"
#include "probe/finding.h"

/* The bytes of one probe's last attempt, kept on demand; times are of that attempt, in the run. */
struct report_evidence {
	uint32_t probe;
	uint64_t started_us, ended_us;
	struct span sent, received;
};

/* One run: an endpoint (one address of it), a policy, settings. */
struct report_run {
	const char *target;  /* "postgresql://127.0.0.1:5432" */
	bool builtin;	     /* the endpoint in this process: its port is nobody's choice */
	const char *address; /* "127.0.0.1:5432" */
	const char *depth;
	const char *started; /* RFC 3339, UTC */
	const char *resumed; /* what of it comes from a journal; NULL where nothing does */
	uint64_t seed, duration_ms;
	const struct run_result *result;
	const struct report_evidence *evidence; /* sorted by probe; NULL unless it was asked for */
	size_t evidence_len;
};

struct report {
	const struct report_run *runs;
	size_t runs_len;
	bool color, verbose, quiet;
	bool strict_expected; /* an unexpected pass counts as a failure */
	bool stable;	      /* JSON leaves out what differs between two equal runs */
	int width;	      /* of the terminal; 0: not one */
};

/* One format a file: const struct report_format report_text in text.c, report_json in json.c. */
struct report_format {
	const char *name, *description;
	/* Settles the text after each finding. Faults: NO_MEMORY, TOO_LARGE; IO of the text's
	 * drain. */
	enum fault (*write)(struct text *out, const struct report *report);
};

extern const struct report_format report_text, report_json, report_junit, report_sarif, report_tap,
	report_markdown, report_html, report_github, report_gitlab, report_csv;

/* report_format_by_name returns NULL for an unknown name. */
const struct report_format *report_format_by_name(struct span name);

#define REPORT_FORMATS_MAX 16

/* report_format_name_at lists the names: NULL past the last. */
const char *report_format_name_at(size_t i);

/* report_exit_status is the worst of the runs: 4, then 1, then 3, then 0; a run that was
 * interrupted is never 0. */
int report_exit_status(const struct report *report);

#endif
