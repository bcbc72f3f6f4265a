/* novelty.h - which classes of answers were seen: the coverage of a fuzzer that sees no code. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LIVE_NOVELTY_H
#define LIVE_NOVELTY_H

#include "base/arena.h"
#include "live/probe_index.h"

#define NOVELTY_KEPT_MAX    4096
#define NOVELTY_CLASSES_MAX (4 * NOVELTY_KEPT_MAX)

/* A probe whose answer was the first of its class; `children` of it were made so far. */
struct novelty_kept {
	struct probe_index index;
	uint64_t class;
	uint16_t children;
};

/* `classes` is an open hash table; when either is full, nothing is new any more. */
struct novelty {
	uint64_t *classes;
	size_t classes_len;
	struct novelty_kept *kept;
	size_t kept_len, turn;
};

/* novelty_init takes its tables from `arena`, whose fault latches. */
void novelty_init(struct novelty *novelty, struct arena *arena);

/* novelty_take notes the class of a probe's answer; true when it is the first of its kind, and the
 * probe is then kept. */
bool novelty_take(struct novelty *novelty, const struct probe_index *index, uint64_t class);

/*
 * novelty_next gives the next child of a kept probe: each in turn, the younger ones more often, up
 * to NOVELTY_CHILDREN of each. False when all have had theirs.
 */
#define NOVELTY_CHILDREN 256
bool novelty_next(struct novelty *novelty, struct probe_index *out);

#endif
