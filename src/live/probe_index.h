/* probe_index.h - which of all generated probes one is: a number and, behind it, whose child. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LIVE_PROBE_INDEX_H
#define LIVE_PROBE_INDEX_H

#include "base/span.h"
#include "base/text.h"

#define PROBE_INDEX_DEPTH_MAX 8
#define PROBE_CHILDREN_MAX    65535

/*
 * A probe is a function of (seed, index), whatever was answered before: root 17 is the seventeenth
 * hello that the generator makes, 17.3 the third mutation of it, 17.3.1 the first of that. What was
 * answered decides only which indices are visited. `children` count from 1.
 */
struct probe_index {
	uint32_t root;
	uint16_t children[PROBE_INDEX_DEPTH_MAX];
	uint8_t depth;
};

/* probe_index_child is the `number`-th mutation of `parent`; a parent at the greatest depth has
 * none, and gets back itself. */
struct probe_index probe_index_child(const struct probe_index *parent, uint16_t number);

/* probe_index_parent drops the last child; a root is its own parent. */
struct probe_index probe_index_parent(const struct probe_index *index);

bool probe_index_equal(const struct probe_index *a, const struct probe_index *b);

/* probe_index_put appends "17.3.1"; probe_index_read takes that, and false anything else. */
void probe_index_put(struct text *out, const struct probe_index *index);
MUST_USE bool probe_index_read(struct probe_index *out, struct span text);

/* probe_index_seed mixes the run's seed and the index into the seed of one generator or mutation.
 */
uint64_t probe_index_seed(uint64_t seed, const struct probe_index *index);

#endif
