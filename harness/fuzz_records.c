/* SPDX-License-Identifier: Apache-2.0 */
#include "base/limits.h"
#include "harness.h"
#include "rig_stream.h"

const size_t harness_memory_max = PROBE_ARENA_MAX + (64 << 10);

/* The last byte says how long a fragment is: the bytes as fragments of records, past every ceiling.
 */
void harness_run(struct span input)
{
	uint8_t choice = input.len ? input.at[input.len - 1] : 0;
	struct arena *arena = harness_arena(0, PROBE_ARENA_MAX);
	harness_note_number(rig_stream_records(arena, input, 1u + (size_t)choice / 4 * 257));
}
