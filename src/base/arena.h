/* arena.h - memory that is handed out piece by piece and given back all at once. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/fault.h"
#include "base/span.h"

struct arena_chunk;

/*
 * `limit` is a ceiling on the bytes ever handed out between two clears. The first
 * refusal latches in `fault` (TOO_LARGE or NO_MEMORY); every later request is
 * refused as well, so a coordinator may ask once at its end.
 */
struct arena {
	struct arena_chunk *chunks;
	size_t used, limit;
	enum fault fault;
};

/* arena_init prepares an empty arena; it allocates nothing. */
void arena_init(struct arena *arena, size_t limit);

/* arena_release gives everything back; the arena is then as after arena_init. */
void arena_release(struct arena *arena);

/* arena_clear takes everything back as well, but keeps one chunk of memory for what comes next. */
void arena_clear(struct arena *arena);

/* arena_alloc returns `size` zeroed bytes aligned for any object, or NULL. */
void *arena_alloc(struct arena *arena, size_t size);

/* arena_array returns `count` zeroed items of `size` bytes, or NULL; the product is checked. */
void *arena_array(struct arena *arena, size_t count, size_t size);

/* arena_copy returns a copy of `bytes` followed by a zero byte that is not counted. */
struct span arena_copy(struct arena *arena, struct span bytes);

/* arena_text returns a C string with the bytes of `bytes`, or NULL. */
const char *arena_text(struct arena *arena, struct span bytes);

/* arena_printf returns a formatted C string, or NULL. */
const char *arena_printf(struct arena *arena, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * arena_grow doubles the array at `items` (of `*cap` items of `size` bytes, `len` in use)
 * when it is full; it returns the array to use from now on, or NULL with the fault latched.
 */
void *arena_grow(struct arena *arena, void *items, size_t len, size_t *cap, size_t size);

#endif
