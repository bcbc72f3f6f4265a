/* hex.h - bytes to hexadecimal digits and back. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_HEX_H
#define BASE_HEX_H

#include "base/fault.h"
#include "base/span.h"

/* hex_encode writes 2 * bytes.len lower-case digits and a terminator; `out` has room for them. */
void hex_encode(char *out, struct span bytes);

/*
 * hex_decode reads pairs of digits of either case, skipping blanks, line ends and colons between
 * pairs. At most `cap` bytes go to `out`. Faults: MALFORMED with the offset of the offending
 * character in `*fell`, TOO_LARGE.
 */
MUST_USE enum fault hex_decode(uint8_t *out, size_t cap, size_t *out_len, struct span text,
			       size_t *fell);

/* hex_digit returns 0 to 15, or -1 when `c` is no hexadecimal digit. */
int hex_digit(uint8_t c);

#endif
