/* shrink.h - from bytes that show a finding to the fewest that still do, one question at a time. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LIVE_SHRINK_H
#define LIVE_SHRINK_H

#include "live/cut.h"

/* More questions than this are not worth asking. */
#define SHRINK_CANDIDATES_MAX 8192

/* Nor are more bytes than this worth writing on the way to the next question: long streams that say
 * the same over and over have few candidates, and many ways to each. */
#define SHRINK_WORK_MAX	      ((uint64_t)1 << 28)

/* The longest stream that is shrunk. */
#define SHRINK_BYTES_MAX      ((uint32_t)256 * 1024)

/*
 * Who asks the peer owns the loop:
 *
 *	while (shrink_next(&shrink, &candidate))
 *		shrink_take(&shrink, shows(candidate));
 *
 * Records, messages, extensions, suites and the members of lists go in halves, then one by one, all
 * with true lengths around them (or lengths that lie as before); then records are merged, values
 * become the usual ones and lies smaller; then bytes go, with and without a repair. This begins
 * again until nothing that is left can go. A candidate is smaller by outline_compare, or as small
 * and plainer; it is never empty, and none is asked twice. The same answers lead the same way.
 */
struct shrink {
	struct outline outlines[2];
	struct cutter cutter;
	uint64_t *seen; /* what was asked, by its fingerprint; 0: a free place */
	uint8_t *candidate;
	size_t asked;
	uint64_t work; /* bytes of candidates, asked about or not */
	size_t phase;
	uint32_t list, size, at; /* which members are next: of which list, how many, from where */
	unsigned best;		 /* the index of the outline of the smallest that shows it */
	bool took_any, is_asking, is_over, is_minimal;
};

/* What `arena` must be able to lend for a stream of `max` bytes. */
#define SHRINK_ARENA(max)                                                                          \
	(((size_t)256 << 10) + 2 * OUTLINE_ARENA(max) + CUTTER_ARENA(max) + (size_t)(max))

/* shrink_start begins with bytes that show the finding, and copies them. Faults: TOO_LARGE for
 * empty ones or more than SHRINK_BYTES_MAX, and those of the arena, which must outlive it. */
MUST_USE enum fault shrink_start(struct shrink *out, struct arena *arena, struct span bytes);

/* shrink_next hands out a candidate, valid until shrink_take; false when there is none left. Asked
 * again without an answer it takes that for a no. */
MUST_USE bool shrink_next(struct shrink *shrink, struct span *candidate);

/* shrink_take says whether the last candidate still shows the finding. */
void shrink_take(struct shrink *shrink, bool still_shows);

/* shrink_best views the smallest so far, until the next shrink_take. */
struct span shrink_best(const struct shrink *shrink);

/* shrink_is_minimal says that the end was reached, and not a ceiling: nothing more can be taken
 * away from the best. */
bool shrink_is_minimal(const struct shrink *shrink);

#endif
