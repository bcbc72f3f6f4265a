/* fuzz_find.h - what a fuzz run asks, suspects, finds and counts. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_FUZZ_FIND_H
#define CLI_FUZZ_FIND_H

#include "live/features.h"
#include "live/oracle.h"
#include "live/probe_index.h"

/* Bytes to ask and what came of it. `reading` and `demand` are made by fuzz_read; views live in the
 * arena that it was given, and those of `seen` until the next fuzz_ask. */
struct fuzz_probe {
	struct span bytes;
	size_t cut;
	bool whole_flight;
	struct span received;
	struct reading reading;
	struct demand demand;
	struct observation seen;
};

/* A deviation that the stream saw once. */
struct fuzz_suspect {
	struct probe_index index;
	struct anomaly anomaly;
};

/* A deviation that was asked again. `bytes` are the smallest that still show it; `cause` is a
 * phrase, or empty. `probes` counts how often it was seen. What it views is in `arena`, or in the
 * run's. */
struct fuzz_find {
	struct arena arena;
	struct anomaly anomaly;
	bool has_index; /* of a generated probe: not of a control, nor of the whole run */
	struct probe_index index;
	struct span first, bytes, received;
	size_t cut;
	enum outcome outcome;
	struct features features;
	const char *cause, *detail;
	uint64_t probes;
	bool confirmed, minimal;
	size_t shrink_asked;
};

struct fuzz_counts {
	uint64_t probes, canaries, asked_again, bytes;
	uint64_t readings[READING_UNDECIDED + 1];
	uint64_t outcomes[OUTCOME_UNREACHABLE + 1];
	uint64_t overloads;
	uint64_t refused_behind; /* suspects: a ServerHello, and then a rejection */
	uint32_t outages, restarts;
	uint64_t stream_us;
};

#endif
