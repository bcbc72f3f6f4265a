/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/der.h"

uint8_t der_peek(const struct cursor *c)
{
	return cursor_left(c) ? c->base[c->at] : 0;
}

static size_t der_length(struct cursor *c)
{
	uint8_t first = cursor_u8(c);
	if (first < 0x80)
		return first;
	if (first == 0x81)
		return cursor_u8(c);
	if (first == 0x82)
		return cursor_u16(c);
	if (first == 0x83)
		return cursor_u24(c);
	/* Indefinite lengths are no DER, and nothing here is 16 MiB long. */
	cursor_fail(c);
	return 0;
}

struct span der_any(struct cursor *c, uint8_t *tag)
{
	*tag = cursor_u8(c);
	return cursor_take(c, der_length(c));
}

struct span der_take(struct cursor *c, uint8_t tag)
{
	uint8_t found;
	if (der_peek(c) != tag)
		cursor_fail(c);
	return der_any(c, &found);
}

struct cursor der_enter(struct cursor *c, uint8_t tag)
{
	struct cursor inner = cursor_over(der_take(c, tag));
	if (!cursor_ok(c))
		cursor_fail(&inner);
	return inner;
}

void der_skip(struct cursor *c, uint8_t tag)
{
	if (der_peek(c) == tag)
		der_take(c, tag);
}

uint32_t der_bits(struct span integer)
{
	while (integer.len && integer.at[0] == 0)
		integer = span_skip(integer, 1);
	if (!integer.len)
		return 0;
	uint32_t bits = (uint32_t)integer.len * 8;
	for (uint8_t top = integer.at[0]; !(top & 0x80); top = (uint8_t)(top << 1))
		bits--;
	return bits;
}
