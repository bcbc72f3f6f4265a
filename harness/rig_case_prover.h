/* rig_case_prover.h - a run over conformance cases, whose endpoint is the input. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HARNESS_RIG_CASE_PROVER_H
#define HARNESS_RIG_CASE_PROVER_H

#include "harness.h"
#include "probe/case_prover.h"

#define RIG_CASES_MAX 4

struct rig_case_prover {
	const struct conformance_case *cases[RIG_CASES_MAX];
	struct case_options options;
	struct cursor script;  /* what the endpoint answers; at its end it accepts */
	unsigned answers_left; /* until the run is interrupted */
	uint64_t now_us;
};

/* rig_case_prover_init reads which cases are asked, and how, and leaves the rest as the script. */
void rig_case_prover_init(struct rig_case_prover *rig, struct cursor *in);

/* rig_case_prover runs to the end in `arena` and judges. Every id gets one verdict with a reason,
 * and the counts add up. */
void rig_case_prover(struct rig_case_prover *rig, struct arena *arena, struct run_result *out);

/* rig_case_verdicts_are_earned says, without the code under test, that what passed was an answer of
 * a kind that the case admits, that it broke no rule, and that a control succeeded. */
void rig_case_verdicts_are_earned(const struct rig_case_prover *rig,
				  const struct run_result *result);

#endif
