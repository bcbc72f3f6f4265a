/* SPDX-License-Identifier: Apache-2.0 */
#include "base/limits.h"
#include "harness.h"
#include "rig_stream.h"

const size_t harness_memory_max = 3 * PROBE_ARENA_MAX + (64 << 10);

/* The last byte says in which pieces, and how: whether SSLv2 is admitted, whether the bytes are
 * records or their fragments. The events are the same for all pieces. */
void harness_run(struct span input)
{
	uint8_t choice = input.len ? input.at[input.len - 1] : 0;
	bool sslv2 = choice % 4 == 3;
	struct arena *whole = harness_arena(0, PROBE_ARENA_MAX);
	struct arena *pieces = harness_arena(1, PROBE_ARENA_MAX);
	uint64_t events = rig_stream(whole, input, input.len, sslv2);
	CHECK(events == rig_stream(pieces, input, 1u + choice / 4, sslv2));
	harness_note_number(events);
	if (choice % 4 == 2)
		harness_note_number(rig_stream_records(harness_arena(2, PROBE_ARENA_MAX), input,
						       1u + (size_t)choice / 4 * 257));
}
