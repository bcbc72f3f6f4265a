/* SPDX-License-Identifier: Apache-2.0 */
#include "base/limits.h"
#include "rig_case_prover.h"
#include "rig_report.h"

const size_t harness_memory_max = (size_t)160 << 20;

/* Cases of the catalogue, and an endpoint that answers anything: each gets one verdict. */
void harness_run(struct span input)
{
	struct run_result result = { .policy = NULL };
	struct rig_case_prover rig;
	struct cursor in = cursor_over(input);
	uint8_t form = cursor_u8(&in);
	rig_case_prover_init(&rig, &in);
	rig_case_prover(&rig, harness_arena(0, RUN_ARENA_MAX), &result);
	rig_case_verdicts_are_earned(&rig, &result);
	rig_report(&result, form);
}
