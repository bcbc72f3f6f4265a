/* body_shape.h - what the body of an extension consists of, also where its lengths lie. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LIVE_BODY_SHAPE_H
#define LIVE_BODY_SHAPE_H

#include "base/span.h"

/*
 * A shape is read from the left. `<` with a digit begins a vector behind a length of so many bytes,
 * and up to its `>` stands what each member consists of: `<2G<2b>>` are groups with a key exchange.
 * Any other letter is a code point:
 *   G group, S signature scheme, V version, D and Q two and four bytes that have no names;
 *   P point format, M key exchange mode, N name type, O status type, H heartbeat mode;
 *   t a character, b a byte.
 */

/* body_shape_of returns the shape of a client's extension, NULL for a body that is just bytes. */
const char *body_shape_of(uint16_t type);

/* body_shape_width returns how many bytes a letter stands for. */
size_t body_shape_width(char letter);

/* body_shape_close returns the place of the `>` that belongs to the `<` at `open`. */
const char *body_shape_close(const char *open);

/* body_shape_name returns the name of a letter's code point, or NULL. */
const char *body_shape_name(char letter, uint32_t code);

#endif
