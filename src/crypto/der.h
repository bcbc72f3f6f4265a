/* der.h - the little of DER (X.690) that a certificate's facts need, over base/cursor.h. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CRYPTO_DER_H
#define CRYPTO_DER_H

#include "base/cursor.h"

enum der_tag {
	DER_BOOLEAN = 0x01,
	DER_INTEGER = 0x02,
	DER_BIT_STRING = 0x03,
	DER_OCTET_STRING = 0x04,
	DER_OID = 0x06,
	DER_UTC_TIME = 0x17,
	DER_GENERALIZED_TIME = 0x18,
	DER_SEQUENCE = 0x30,
	DER_SET = 0x31,
};

/* der_peek returns the next tag, or 0 at the end. */
uint8_t der_peek(const struct cursor *c);

/* der_any reads one value whatever its tag; the tag goes to `*tag`. */
struct span der_any(struct cursor *c, uint8_t *tag);

/* der_take reads one value, which must have the tag; otherwise the cursor latches. */
struct span der_take(struct cursor *c, uint8_t tag);

/* der_enter is der_take for a constructed value, as a cursor that is bad when that failed. */
struct cursor der_enter(struct cursor *c, uint8_t tag);

/* der_skip passes over one value if it has the tag. */
void der_skip(struct cursor *c, uint8_t tag);

/* der_bits returns the length in bits of a positive INTEGER's contents. */
uint32_t der_bits(struct span integer);

#endif
