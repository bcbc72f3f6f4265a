/* compare.h - what changed between two reports: everything but what differs between equal runs. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_COMPARE_H
#define REPORT_COMPARE_H

#include "report/report.h"

/* What became of an id, the worst first. */
enum change {
	CHANGE_NEW,	  /* deviates now, and did not */
	CHANGE_UNSETTLED, /* inconclusive now, and was not */
	CHANGE_REPAIRED,  /* deviated, and does not now */
	CHANGE_KNOWN,	  /* deviates as it did */
	CHANGE_SETTLED,	  /* was inconclusive, and is not now */
	CHANGE_OTHERWISE, /* the same verdict, another answer, or another demand */
	CHANGE_ADDED,	  /* was not asked */
	CHANGE_GONE,	  /* is not asked any more */
	CHANGES_LEN
};

/* change_name returns "new", "unsettled", ...; change_text the heading for people. */
const char *change_name(enum change change);
const char *change_text(enum change change);

/* `before` is NULL for ADDED, `after` for GONE. `run` is the newer report's, or for GONE the
 * older's. */
struct difference {
	enum change change;
	size_t run;
	const struct finding *before, *after;
};

/* `unmatched`: runs of either report that the other has no like of; their findings are ADDED and
 * GONE. */
struct report_comparison {
	const struct report *before, *after;
	struct difference *items;
	size_t len, counts[CHANGES_LEN];
	size_t unmatched;
};

/*
 * report_compare pairs runs that asked the same (report_same_run), or else the only ones of their
 * policy and settings, and their findings by id. Verdict, demand, and the class of the answer are
 * compared: no times, efforts, addresses, ports or random choices. Items are sorted by change, then
 * in the order of the reports. Faults: NO_MEMORY, TOO_LARGE.
 */
MUST_USE enum fault report_compare(struct report_comparison *out, struct arena *arena,
				   const struct report *before, const struct report *after);

/* comparison_exit_status is 1 with something new, else 3 with something unsettled, else 0. */
int comparison_exit_status(const struct report_comparison *comparison);

/* comparison_text writes it for people, comparison_json as one JSON object
 * (tlsgauge.comparison/1). */
MUST_USE enum fault comparison_text(struct text *out, const struct report_comparison *comparison);
MUST_USE enum fault comparison_json(struct text *out, const struct report_comparison *comparison);

#endif
