/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define CHUNK_BYTES 16384

struct arena_chunk {
	struct arena_chunk *next;
	size_t used, cap;
	alignas(max_align_t) uint8_t bytes[];
};

void arena_init(struct arena *arena, size_t limit)
{
	*arena = (struct arena){ .limit = limit };
}

void arena_release(struct arena *arena)
{
	while (arena->chunks) {
		struct arena_chunk *next = arena->chunks->next;
		free(arena->chunks);
		arena->chunks = next;
	}
	arena_init(arena, arena->limit);
}

/* The oldest chunk is kept, so that it is the same one from clearing to clearing. */
void arena_clear(struct arena *arena)
{
	struct arena_chunk *kept = NULL;
	while (arena->chunks) {
		struct arena_chunk *chunk = arena->chunks;
		arena->chunks = chunk->next;
		if (chunk->cap > CHUNK_BYTES) {
			free(chunk);
			continue;
		}
		free(kept);
		kept = chunk;
	}
	arena_init(arena, arena->limit);
	if (!kept)
		return;
	memset(kept->bytes, 0, kept->used);
	kept->used = 0;
	kept->next = NULL;
	arena->chunks = kept;
}

static void *refuse(struct arena *arena, enum fault fault)
{
	if (arena->fault == FAULT_NONE)
		arena->fault = fault;
	return NULL;
}

static struct arena_chunk *chunk_add(struct arena *arena, size_t size)
{
	size_t cap = size > CHUNK_BYTES ? size : CHUNK_BYTES;
	struct arena_chunk *chunk = calloc(1, sizeof(*chunk) + cap);
	if (!chunk)
		return NULL;
	chunk->cap = cap;
	chunk->next = arena->chunks;
	arena->chunks = chunk;
	return chunk;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	size_t align = alignof(max_align_t);
	if (arena->fault != FAULT_NONE)
		return NULL;
	if (size > arena->limit || arena->used > arena->limit - size)
		return refuse(arena, FAULT_TOO_LARGE);
	size_t rounded = (size + align - 1) / align * align;
	struct arena_chunk *chunk = arena->chunks;
	if (!chunk || chunk->cap - chunk->used < rounded)
		chunk = chunk_add(arena, rounded);
	if (!chunk)
		return refuse(arena, FAULT_NO_MEMORY);
	void *out = chunk->bytes + chunk->used;
	chunk->used += rounded;
	arena->used += size;
	return out;
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
	if (size && count > SIZE_MAX / size)
		return refuse(arena, FAULT_TOO_LARGE);
	return arena_alloc(arena, count * size);
}

struct span arena_copy(struct arena *arena, struct span bytes)
{
	uint8_t *copy = arena_alloc(arena, bytes.len + 1);
	if (!copy)
		return span_of(NULL, 0);
	if (bytes.len)
		memcpy(copy, bytes.at, bytes.len);
	return span_of(copy, bytes.len);
}

const char *arena_text(struct arena *arena, struct span bytes)
{
	return (const char *)arena_copy(arena, bytes).at;
}

const char *arena_printf(struct arena *arena, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	int len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	char *text = len < 0 ? NULL : arena_alloc(arena, (size_t)len + 1);
	if (!text)
		return NULL;
	va_start(args, format);
	vsnprintf(text, (size_t)len + 1, format, args);
	va_end(args);
	return text;
}

void *arena_grow(struct arena *arena, void *items, size_t len, size_t *cap, size_t size)
{
	if (len < *cap)
		return items;
	size_t more = *cap ? *cap * 2 : 8;
	void *grown = arena_array(arena, more, size);
	if (!grown)
		return NULL;
	if (len)
		memcpy(grown, items, len * size);
	*cap = more;
	return grown;
}
