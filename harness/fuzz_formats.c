/* SPDX-License-Identifier: Apache-2.0 */
#include "base/limits.h"
#include "rig_report.h"

const size_t harness_memory_max = (size_t)128 << 20;

/* The first byte chooses the format; whatever an endpoint says, somebody else's reader takes it. */
void harness_run(struct span input)
{
	struct run_result result;
	struct cursor in = cursor_over(input);
	uint8_t which = cursor_u8(&in), form = cursor_u8(&in), options = cursor_u8(&in);
	struct rig_endpoint endpoint = rig_endpoint_of(cursor_rest(&in));
	rig_prover(&result, harness_arena(0, RUN_ARENA_MAX), &endpoint, options);
	rig_report_in(&result, form, rig_formats_at(which));
}
