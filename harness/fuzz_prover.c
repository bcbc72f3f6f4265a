/* SPDX-License-Identifier: Apache-2.0 */
#include "base/limits.h"
#include "rig_prover.h"

const size_t harness_memory_max = (size_t)64 << 20;

/* Total: every cell gets a verdict. True: of an endpoint without moods none is wrong. */
void harness_run(struct span input)
{
	struct run_result result;
	struct cursor in = cursor_over(input);
	uint8_t options = cursor_u8(&in);
	struct rig_endpoint endpoint = rig_endpoint_of(cursor_rest(&in));
	rig_prover(&result, harness_arena(0, RUN_ARENA_MAX), &endpoint, options);
	rig_verdicts_are_true(&result, &endpoint);
	harness_note_number(endpoint.asked);
}
