/* span.h - a view of bytes that somebody else owns. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_SPAN_H
#define BASE_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Valid as long as the bytes behind it; an absent view has at == NULL and len == 0. */
struct span {
	const uint8_t *at;
	size_t len;
};

/* span_of views `len` bytes at `at`. */
static inline struct span span_of(const void *at, size_t len)
{
	return (struct span){ .at = at, .len = len };
}

/* span_text views a C string without its terminator. */
static inline struct span span_text(const char *text)
{
	return span_of(text, strlen(text));
}

/* span_equal says whether both views hold the same bytes. */
static inline bool span_equal(struct span a, struct span b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

/* span_is says whether the view holds exactly the characters of `text`. */
static inline bool span_is(struct span a, const char *text)
{
	return span_equal(a, span_text(text));
}

/* span_skip drops the first `n` bytes, or all of them. */
static inline struct span span_skip(struct span a, size_t n)
{
	n = n >= a.len ? a.len : n;
	return span_of(a.at ? a.at + n : NULL, a.len - n);
}

/* span_bits counts the bits of a big-endian number without its leading zeros. */
static inline uint32_t span_bits(struct span number)
{
	while (number.len && number.at[0] == 0)
		number = span_skip(number, 1);
	if (number.len == 0)
		return 0;
	uint32_t bits = (uint32_t)(number.len - 1) * 8;
	for (unsigned top = number.at[0]; top; top >>= 1)
		bits++;
	return bits;
}

#endif
