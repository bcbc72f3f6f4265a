/* rig_reading.h - what the oracle of `tlsgauge fuzz` takes a stream for, and what it demands. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HARNESS_RIG_READING_H
#define HARNESS_RIG_READING_H

#include "live/reading.h"

#define RIG_READING_ARENA ((size_t)8 << 20)

/* rig_reading reads a stream: its kind goes with its rule, and views lie in what was read. */
void rig_reading(struct reading *out, struct arena *arena, struct span bytes);

/* rig_reading_copied says that a copy of the bytes reads the same. */
void rig_reading_copied(const struct reading *reading, struct arena *arena, struct span bytes);

/* rig_reading_joined says that the hello decodes strictly, and is the one message that a stream
 * joins out of the records. */
void rig_reading_joined(const struct reading *reading, struct arena *arena, struct span bytes);

/* rig_reading_prefix says that the first `len` bytes of a hello's stream, fewer than all, are
 * PARTIAL. */
void rig_reading_prefix(struct arena *arena, struct span bytes, size_t len);

/* rig_reading_demand says what a demand cannot be, and that every rejection meets one for it. */
void rig_reading_demand(const struct reading *reading, struct arena *arena, uint8_t policy,
			uint8_t taken);

#endif
