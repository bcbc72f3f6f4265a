/* case_prover.h - asks cases between controls, finds the one that brings an endpoint down, and
 * judges. Pure: no I/O, no clock. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROBE_CASE_PROVER_H
#define PROBE_CASE_PROVER_H

#include "case/catalogue.h"
#include "probe/case_answer.h"
#include "probe/prover.h"

#define CASE_EDITIONS_MAX 8

struct case_options {
	const struct upgrade *upgrade;
	const struct conformance_case *const *cases; /* which are asked, in this order */
	size_t cases_len;
	const char *server_name, *alpn, *user, *database;
	const struct credentials *credentials; /* or NULL */
	uint64_t seed;
	const char *only;	/* glob over ids, or NULL */
	unsigned shard, shards; /* 1-based; shards 0 or 1: everything */
	unsigned repeat;	/* each case so many times; 0 counts as 1 */
	unsigned quiet_ms;	/* the least that counts as silence; 0: CASE_QUIET_MS */
	unsigned timeout_ms;	/* the most that a silence may last */
	unsigned concurrency;
	bool strict_gate;      /* a tolerated pass fails */
	enum case_level level; /* rules below it are remarks when they are broken */
	const char *editions[CASE_EDITIONS_MAX];
	size_t editions_len;
	/* What the endpoint is able to do at all, or NULL; see struct prover_options. */
	bool (*supports_version)(enum version version);
};

#define CASE_QUIET_MS 300

struct case_prover;

/* case_prover_new plans; everything lives in `arena`. NULL when the arena is exhausted. */
struct case_prover *case_prover_new(struct arena *arena, const struct case_options *options);

/* As prover_next, prover_deliver and prover_progress. */
enum prover_step case_prover_next(struct case_prover *prover, struct probe *out);
void case_prover_deliver(struct case_prover *prover, const struct probe *probe,
			 const struct observation *observation);
void case_prover_progress(const struct case_prover *prover, size_t *answered, size_t *planned);

/*
 * case_prover_judge appends the findings, in the order of the catalogue, to `out`, and the notes
 * about the run: the culprit of a crash, controls that failed. Faults: NO_MEMORY, TOO_LARGE.
 */
MUST_USE enum fault case_prover_judge(struct case_prover *prover, struct run_result *out);

#endif
