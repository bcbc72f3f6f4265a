/* SPDX-License-Identifier: Apache-2.0 */
#include "harness.h"
#include "rig_reading.h"

const size_t harness_memory_max = 2 * RIG_READING_ARENA + (64 << 10);

/* The last three bytes: a policy, what the endpoint takes, and where the stream ends early. */
#define CHOICES_LEN 3

void harness_run(struct span input)
{
	struct reading reading;
	if (input.len < CHOICES_LEN)
		return;
	struct span bytes = span_of(input.at, input.len - CHOICES_LEN);
	const uint8_t *choices = bytes.at + bytes.len;
	struct arena *once = harness_arena(0, RIG_READING_ARENA);
	struct arena *again = harness_arena(1, RIG_READING_ARENA);
	rig_reading(&reading, once, bytes);
	rig_reading_copied(&reading, again, bytes);
	if (reading.kind == READING_HELLO) {
		rig_reading_joined(&reading, again, bytes);
		rig_reading_prefix(again, bytes, bytes.len * choices[2] / 256);
	}
	rig_reading_demand(&reading, once, choices[0], choices[1]);
}
