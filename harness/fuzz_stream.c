/* SPDX-License-Identifier: Apache-2.0 */
#include "base/limits.h"
#include "harness.h"
#include "rig_stream.h"

const size_t harness_memory_max = 3 * PROBE_ARENA_MAX + (64 << 10);

/* The last byte says in which pieces, and how: whether SSLv2 is admitted, whether the bytes are
 * records or their fragments; the one before it where the pieces begin. The events are the same as
 * at once. */
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
	if (choice % 4 == 2)
		harness_note_number(rig_stream_records(harness_arena(2, PROBE_ARENA_MAX), input,
						       1u + (size_t)choice / 4 * 257));
}
