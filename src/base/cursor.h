/* cursor.h - bounds-checked reader over bytes somebody else owns. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_CURSOR_H
#define BASE_CURSOR_H

#include "base/span.h"

/*
 * The first short read latches: the cursor jumps to its end, every later read
 * yields zero or an empty view, and cursor_ok() is asked once, when the structure
 * is complete. `fell` keeps the offset of that first short read, for reports.
 * Integers are big-endian, as TLS writes them (RFC 8446 3.1).
 */
struct cursor {
	const uint8_t *base;
	size_t at, len, fell;
	bool bad;
};

/* cursor_over starts reading at the first byte of `bytes`. */
static inline struct cursor cursor_over(struct span bytes)
{
	return (struct cursor){ .base = bytes.at, .len = bytes.len };
}

/* cursor_left counts the bytes not yet read. */
static inline size_t cursor_left(const struct cursor *c)
{
	return c->len - c->at;
}

/* cursor_ok says that no read fell short. */
static inline bool cursor_ok(const struct cursor *c)
{
	return !c->bad;
}

/* cursor_done says that no read fell short and that nothing is left over. */
static inline bool cursor_done(const struct cursor *c)
{
	return !c->bad && c->at == c->len;
}

/* cursor_fail latches a failure at the present offset; later reads yield nothing. */
static inline void cursor_fail(struct cursor *c)
{
	if (!c->bad) {
		c->bad = true;
		c->fell = c->at;
	}
	c->at = c->len;
}

/* cursor_take reads `n` bytes as a view. */
static inline struct span cursor_take(struct cursor *c, size_t n)
{
	if (n > cursor_left(c)) {
		cursor_fail(c);
		return span_of(NULL, 0);
	}
	const uint8_t *at = c->base ? c->base + c->at : NULL;
	c->at += n;
	return span_of(at, n);
}

/* cursor_rest reads everything that is left. */
static inline struct span cursor_rest(struct cursor *c)
{
	return cursor_take(c, cursor_left(c));
}

/* cursor_u8 reads one byte. */
static inline uint8_t cursor_u8(struct cursor *c)
{
	if (c->at == c->len) {
		cursor_fail(c);
		return 0;
	}
	return c->base[c->at++];
}

/* cursor_u16 reads two bytes. */
static inline uint16_t cursor_u16(struct cursor *c)
{
	if (cursor_left(c) < 2) {
		cursor_fail(c);
		return 0;
	}
	const uint8_t *at = c->base + c->at;
	c->at += 2;
	return (uint16_t)(at[0] << 8 | at[1]);
}

/* cursor_u24 reads three bytes. */
static inline uint32_t cursor_u24(struct cursor *c)
{
	struct span s = cursor_take(c, 3);
	return s.len ? (uint32_t)s.at[0] << 16 | (uint32_t)s.at[1] << 8 | s.at[2] : 0;
}

/* cursor_u32 reads four bytes. */
static inline uint32_t cursor_u32(struct cursor *c)
{
	uint32_t high = cursor_u16(c);
	return high << 16 | cursor_u16(c);
}

/* cursor_vec8 reads a vector with a one-byte length. */
static inline struct span cursor_vec8(struct cursor *c)
{
	return cursor_take(c, cursor_u8(c));
}

/* cursor_vec16 reads a vector with a two-byte length. */
static inline struct span cursor_vec16(struct cursor *c)
{
	return cursor_take(c, cursor_u16(c));
}

/* cursor_vec24 reads a vector with a three-byte length. */
static inline struct span cursor_vec24(struct cursor *c)
{
	return cursor_take(c, cursor_u24(c));
}

#endif
