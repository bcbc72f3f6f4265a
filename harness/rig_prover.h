/* rig_prover.h - a whole run, with an endpoint that answers as the input says. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HARNESS_RIG_PROVER_H
#define HARNESS_RIG_PROVER_H

#include "harness.h"
#include "probe/prover.h"

/*
 * The endpoint. Clean: `table` says, cell by cell and always the same, what is accepted. Noisy:
 * each answer takes bytes of `script`, and is anything that an exchange can observe. Broad: the
 * policy speaks of everything that is judged, and answers show more.
 */
struct rig_endpoint {
	struct span table;
	struct cursor script;
	bool noisy, reverse, broad;
	unsigned answers_left; /* until the run is interrupted */
	uint32_t asked;
	uint64_t now_us;
};

/* rig_endpoint_of reads what the endpoint is like from the input: the first byte says how the run
 * goes, the rest are the table or the script. */
struct rig_endpoint rig_endpoint_of(struct span input);

/* rig_prover runs to the end in `arena` and judges. Every cell gets a verdict; the counts add up.
 */
void rig_prover(struct run_result *out, struct arena *arena, struct rig_endpoint *endpoint,
		uint8_t options);

/* rig_verdicts_are_true says that of a clean endpoint nothing is said that is not so: an expected
 * acceptance passes exactly where it accepts, an expected rejection exactly where it rejects. */
void rig_verdicts_are_true(const struct run_result *result, const struct rig_endpoint *endpoint);

#endif
