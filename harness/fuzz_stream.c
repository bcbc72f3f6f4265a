/* SPDX-License-Identifier: Apache-2.0 */
#include "base/limits.h"
#include "harness.h"
#include "rig_stream.h"

const size_t harness_memory_max = 2 * PROBE_ARENA_MAX + (64 << 10);

/* The last byte says in which pieces, and whether SSLv2 is admitted, the one before it where the
 * pieces begin: the same events as at once. */
void harness_run(struct span input)
{
	uint8_t choice = input.len ? input.at[input.len - 1] : 0;
	uint8_t where = input.len > 1 ? input.at[input.len - 2] : 0;
	struct rig_pieces none = { .from = input.len };
	struct rig_pieces some = { .chunk = 1u + choice / 4, .from = input.len * where / 256 };
	struct arena *whole = harness_arena(0, PROBE_ARENA_MAX);
	struct arena *pieces = harness_arena(1, PROBE_ARENA_MAX);
	uint64_t events = rig_stream(whole, input, none, choice % 4 == 3);
	CHECK(events == rig_stream(pieces, input, some, choice % 4 == 3));
	harness_note_number(events);
}
