/* hello_flip_search.h - the search for changes of a hello, in its two parts. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LIVE_HELLO_FLIP_SEARCH_H
#define LIVE_HELLO_FLIP_SEARCH_H

#include "live/hello_flip.h"

/* A set of code points: a hello may have 32767 suites. */
struct code_set {
	uint8_t bits[65536 / 8];
};

static inline bool code_set_has(const struct code_set *set, uint16_t code)
{
	return (set->bits[code / 8] >> code % 8 & 1) != 0;
}

static inline void code_set_add(struct code_set *set, uint16_t code)
{
	set->bits[code / 8] |= (uint8_t)(1u << code % 8);
}

/*
 * `few` is the offer without suites that change nothing: of those that are ruled alike in every
 * version, the first. It is ruled as the whole offer is, and hundreds of changes are tried on it.
 */
struct flip_search {
	const struct settings *settings;
	const struct hello_offer *hello;
	struct arena *arena;
	enum side side; /* of the hello as it is */
	struct offer few;
	uint16_t *room; /* for one suite more than the offer has */
	struct flip *flips;
	size_t len, cap;
	bool found_for; /* a change of the hello leads to acceptance */
};

/* flip_note adds one to the list. */
void flip_note(struct flip_search *s, const struct flip *flip);

/* flip_try rules the edited offer. */
struct ruling flip_try(const struct flip_search *s, const struct offer_edit *edit, size_t choice);

/* flip_search_suites makes `few` and finds what suites alone can do. */
void flip_search_suites(struct flip_search *s);

/* flip_suites_for finds the suites that must go or come, beside the edit of versions, for
 * acceptance; false if none do. */
bool flip_suites_for(struct flip_search *s, const struct offer_edit *versions);

/* flip_search_versions finds what versions can do, alone and, where nothing else leads to
 * acceptance, together with suites. */
void flip_search_versions(struct flip_search *s);

#endif
