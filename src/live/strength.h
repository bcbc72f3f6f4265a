/* strength.h - asks for one ruling with hellos that differ in every combination of a few
 * parameters, and finds out which of these make a difference. Pure: no I/O, no clock. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LIVE_STRENGTH_H
#define LIVE_STRENGTH_H

#include "base/text.h"
#include "probe/prover.h"

#define STRENGTH_MAX 3

struct strength_options {
	unsigned strength; /* every combination of so many parameters, from 1 to STRENGTH_MAX */
	const struct upgrade *upgrade;
	struct shape shape;
	const char *user, *database;
	uint64_t seed;
	const char *only;	/* glob over ids, or NULL */
	unsigned shard, shards; /* 1-based; shards 0 or 1: everything */
};

struct strength;

/*
 * strength_new plans for `settings`: `hello/accept/V` for every version that the policy accepts,
 * with a suite that the endpoint takes, and `hello/reject/V` for every version that it rejects, or
 * a suite that it rejects there. Everything lives in `arena`. NULL when the arena is exhausted.
 */
struct strength *strength_new(struct arena *arena, const struct settings *settings,
			      const struct strength_options *options);

/*
 * strength_next and strength_deliver are used as prover_next and prover_deliver. A series of hellos
 * stands between two controls; what deviates is asked again, and is then taken back to what is
 * usual one parameter after the other, until every one that is left is needed.
 */
enum prover_step strength_next(struct strength *strength, struct probe *out);
void strength_deliver(struct strength *strength, const struct probe *probe,
		      const struct observation *observation);

/*
 * strength_interrupted says that the run was broken off and goes on: nobody watched the endpoint in
 * between, so the batch under way is asked anew, between two controls of its own, and so are the
 * suites that were not taken, where no batch was begun yet.
 */
void strength_interrupted(struct strength *strength);

/* strength_progress says how many probes were answered, and how many are known to be needed. */
void strength_progress(const struct strength *strength, size_t *answered, size_t *planned);

/* strength_tell appends what a probe that was handed out is for: its finding's id and what differs.
 */
void strength_tell(const struct strength *strength, const struct probe *probe, struct text *out);

/* strength_judge appends a finding for every series to `out`; what was not asked to its end is
 * inconclusive. Faults: NO_MEMORY, TOO_LARGE. */
MUST_USE enum fault strength_judge(struct strength *strength, struct run_result *out);

#endif
