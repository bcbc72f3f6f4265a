/* rig_builder.h - a builder beside a slow and simple model of one. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HARNESS_RIG_BUILDER_H
#define HARNESS_RIG_BUILDER_H

#include "base/builder.h"
#include "base/cursor.h"

#define RIG_BUILDER_BYTES  4096
#define RIG_BUILDER_FIELDS 512
#define RIG_BUILDER_DEPTH  32

/* One container that is open: its prefix, or the field of one without. */
struct rig_container {
	struct prefix prefix;
	size_t field, start;
	uint8_t width; /* 0: no prefix */
};

struct rig_builder {
	struct builder b;
	uint8_t bytes[RIG_BUILDER_BYTES], model[2 * RIG_BUILDER_BYTES];
	struct field fields[RIG_BUILDER_FIELDS];
	struct rig_container open[RIG_BUILDER_DEPTH];
	size_t cap, model_len, open_len, fields_len;
};

/* rig_builder_init lends between 16 bytes and all of them. */
void rig_builder_init(struct rig_builder *rig, uint8_t size);

/* rig_builder_step takes one operation from the script and performs it on both. */
void rig_builder_step(struct rig_builder *rig, struct cursor *script);

/* rig_builder_finish closes what is open and compares: bytes, faults and the field map. */
void rig_builder_finish(struct rig_builder *rig);

#endif
