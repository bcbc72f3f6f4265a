/* plain.h - how far a text is plain: what a format can copy without looking at each character. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_PLAIN_H
#define BASE_PLAIN_H

#include "base/span.h"

#define PLAIN_ONES UINT64_C(0x0101010101010101)
#define PLAIN_TOPS UINT64_C(0x8080808080808080)

/* plain_word says whether all eight bytes are printable ASCII and none is in `special`. */
static inline bool plain_word(uint64_t word, const char *special)
{
	uint64_t odd = word | (word - PLAIN_ONES * ' ') | (word + PLAIN_ONES);
	for (; *special; special++) {
		uint64_t same = word ^ (PLAIN_ONES * (uint8_t)*special);
		odd |= same - PLAIN_ONES;
	}
	return !(odd & PLAIN_TOPS);
}

/* plain_char says the same of one. */
static inline bool plain_char(uint8_t c, const char *special)
{
	if (c < ' ' || c >= 0x7F)
		return false;
	while (*special && (uint8_t)*special != c)
		special++;
	return !*special;
}

/*
 * plain_len returns how many bytes at the start are printable ASCII, 0x20 to 0x7E, and none of
 * `special`, which is best a literal: then the compiler unrolls it.
 */
static inline size_t plain_len(struct span bytes, const char *special)
{
	size_t len = 0;
	for (uint64_t word; bytes.len - len >= sizeof(word); len += sizeof(word)) {
		memcpy(&word, bytes.at + len, sizeof(word));
		if (!plain_word(word, special))
			break;
	}
	while (len < bytes.len && plain_char(bytes.at[len], special))
		len++;
	return len;
}

#endif
