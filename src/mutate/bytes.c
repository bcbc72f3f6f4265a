/* SPDX-License-Identifier: Apache-2.0 */
#include "base/rng.h"
#include "mutate/mutate.h"

#define STREAM_BYTES 0xB7
#define INSERT_MAX   16
#define TIMES_MAX    4

/* Values at which readers of lengths, versions and code points turn. */
static const uint16_t edges[] = { 0,	  1,	  2,	  3,	  4,	  7,	  8,
				  15,	  16,	  31,	  32,	  33,	  63,	  64,
				  127,	  128,	  255,	  256,	  511,	  512,	  0x0300,
				  0x0301, 0x0302, 0x0303, 0x0304, 0x3FFF, 0x4000, 0x4001,
				  0x4100, 0x4800, 0x7FFF, 0x8000, 0xFFFE, 0xFFFF };

struct target {
	uint8_t *bytes;
	size_t len, cap;
	struct rng rng;
};

static size_t below(struct target *t, size_t bound)
{
	return rng_below(&t->rng, (uint32_t)bound);
}

static void set(struct target *t)
{
	if (t->len)
		t->bytes[below(t, t->len)] = (uint8_t)rng_u64(&t->rng);
}

static void flip(struct target *t)
{
	if (t->len)
		t->bytes[below(t, t->len)] ^= (uint8_t)(1u << below(t, 8));
}

static void step(struct target *t)
{
	static const uint8_t steps[] = { 1, 0xFF, 2, 0xFE, 16, 0xF0 };
	if (t->len) {
		uint8_t *at = &t->bytes[below(t, t->len)];
		*at = (uint8_t)(*at + steps[below(t, sizeof(steps))]);
	}
}

static void edge(struct target *t)
{
	if (t->len < 2)
		return;
	size_t at = below(t, t->len - 1);
	uint16_t value = edges[below(t, sizeof(edges) / sizeof(edges[0]))];
	t->bytes[at] = (uint8_t)(value >> 8);
	t->bytes[at + 1] = (uint8_t)value;
}

static void open_gap(struct target *t, size_t at, size_t n)
{
	memmove(t->bytes + at + n, t->bytes + at, t->len - at);
	t->len += n;
}

static void insert(struct target *t)
{
	size_t n = 1 + below(t, INSERT_MAX), at = below(t, t->len + 1);
	if (n > t->cap - t->len)
		return;
	open_gap(t, at, n);
	if (below(t, 2))
		memset(t->bytes + at, (int)below(t, 256), n);
	else
		rng_fill(&t->rng, t->bytes + at, n);
}

static void repeat(struct target *t)
{
	if (t->len == 0)
		return;
	size_t from = below(t, t->len), n = 1 + below(t, t->len - from), at = below(t, t->len + 1);
	uint8_t piece[256];
	n = n < sizeof(piece) ? n : sizeof(piece);
	if (n > t->cap - t->len)
		return;
	memcpy(piece, t->bytes + from, n);
	open_gap(t, at, n);
	memcpy(t->bytes + at, piece, n);
}

static void copy_over(struct target *t)
{
	if (t->len < 2)
		return;
	size_t from = below(t, t->len), to = below(t, t->len);
	size_t room = t->len - (from > to ? from : to);
	memmove(t->bytes + to, t->bytes + from, 1 + below(t, room));
}

static void erase(struct target *t)
{
	if (t->len == 0)
		return;
	size_t at = below(t, t->len), n = 1 + below(t, t->len - at);
	n = below(t, 4) && n > INSERT_MAX ? 1 + n % INSERT_MAX : n;
	memmove(t->bytes + at, t->bytes + at + n, t->len - at - n);
	t->len -= n;
}

size_t mutate_bytes(uint8_t *bytes, size_t len, size_t cap, uint64_t seed)
{
	static void (*const ways[])(struct target *) = { set,	 flip,	 step,	    edge,
							 insert, repeat, copy_over, erase };
	struct target t = { .bytes = bytes, .len = len < cap ? len : cap, .cap = cap };
	rng_init(&t.rng, seed, STREAM_BYTES);
	size_t times = 1 + below(&t, TIMES_MAX);
	for (size_t i = 0; i < times; i++)
		ways[t.len ? below(&t, sizeof(ways) / sizeof(ways[0])) : 4](&t);
	return t.len;
}
