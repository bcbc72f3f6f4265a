/* mutate.h - a ClientHello, or a flight of records, to one that is a little different: for fuzzers
 * that watch code and for those that watch a peer. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MUTATE_MUTATE_H
#define MUTATE_MUTATE_H

#include "base/arena.h"

/* What the bytes are: a stream of records, or the body of one ClientHello without any header. */
enum mutate_form { MUTATE_RECORDS, MUTATE_BODY };

/* What an operation changes; a set of bits says which ones are drawn. */
enum mutate_level {
	MUTATE_HELLOS = 1,   /* the fields, lists and extensions of a ClientHello */
	MUTATE_MESSAGES = 2, /* handshake messages of any type, in their order */
	MUTATE_LAYERS = 4,   /* records */
	MUTATE_PLAIN = 8,    /* bytes */
	MUTATE_ALL = 15
};

/*
 * One that changes `len` bytes in place and returns their new number, at most `cap`; the same seed
 * does the same.
 */
typedef size_t mutate_leaf(uint8_t *bytes, size_t len, size_t cap, uint64_t seed);

/*
 * `arena` is cleared by every call, and nothing else is allocated. The first `skip` bytes are kept
 * as they are and are not part of the form. `leaf` changes the content of a field that has no
 * parts; NULL for our own. `applied`, unless NULL, has MUTATE_OPERATIONS_MAX counters: how often
 * each operation was applied.
 */
struct mutator {
	struct arena *arena;
	enum mutate_form form;
	unsigned levels;
	size_t skip;
	mutate_leaf *leaf;
	size_t *applied;
};

/* What `arena` must be able to lend for inputs of `max` bytes; with less there is more plain work.
 */
#define MUTATE_ARENA(max) (((size_t)1 << 20) + 64 * (max))

/*
 * mutate_flight changes the `len` bytes at `bytes` in place, by one or a few operations, and
 * returns their new number, from 0 to `max`; there is room for `max`. A function of the bytes, of
 * `max` and of the seed. Bytes in which nothing can be read are changed as bytes.
 */
size_t mutate_flight(const struct mutator *mutator, uint8_t *bytes, size_t len, size_t max,
		     uint64_t seed);

/* mutate_by applies the operation at `index`, once; it returns 0 and leaves the bytes alone when it
 * finds nothing to change. */
size_t mutate_by(const struct mutator *mutator, size_t index, uint8_t *bytes, size_t len,
		 size_t max, uint64_t seed);

/*
 * mutate_cross writes to `out` what the two have in common, and of the rest some of `a` and some of
 * `b`: fields, extensions, messages, records. It returns the number of bytes, at most `max`.
 */
size_t mutate_cross(const struct mutator *mutator, struct span a, struct span b, uint8_t *out,
		    size_t max, uint64_t seed);

/* mutate_bytes is a leaf without any knowledge of TLS. */
size_t mutate_bytes(uint8_t *bytes, size_t len, size_t cap, uint64_t seed);

/* mutate_operation_name returns "extension-duplicate", NULL past the end of the table. */
#define MUTATE_OPERATIONS_MAX 64
const char *mutate_operation_name(size_t index);

/* mutate_operation_text returns the sentence that goes with it. */
const char *mutate_operation_text(size_t index);

#endif
