/* body.h - lists of code points and names, and the bodies that extensions usually have. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MUTATE_BODY_H
#define MUTATE_BODY_H

#include "mutate/flight.h"
#include "registry/registry.h"

/* What a member of a list is: a code point of one or two bytes, a string, a group with its share.
 */
enum member { MEMBER_U8, MEMBER_U16, MEMBER_NAME, MEMBER_SHARE };

/* The body of an extension of `type` is one list behind a prefix of `width` bytes. */
struct list_shape {
	uint16_t type;
	size_t width;
	enum member member;
	const struct registry *registry; /* NULL: another source */
};

/* list_shape_of returns NULL for an extension whose body is no list. */
const struct list_shape *list_shape_of(uint16_t type);

/* list_read cuts the members of a list, prefix left out, into `out`; false unless it adds up. */
#define LIST_MAX 512
struct list {
	struct span items[LIST_MAX];
	size_t len;
};
MUST_USE bool list_read(struct list *out, struct span bytes, enum member member);

/* list_write returns the members one after the other behind a true prefix (none for width 0). */
struct span list_write(struct flight *flight, const struct list *list, size_t width);

/* member_of draws a member; member_at builds the one with that code. */
struct span member_of(struct flight *flight, const struct list_shape *shape);
struct span member_at(struct flight *flight, const struct list_shape *shape, uint32_t code);

/* suite_draw returns a suite: most often one in use, else any, or GREASE. */
uint16_t suite_draw(struct flight *flight);

/* grease_draw returns one of the sixteen values. */
uint16_t grease_draw(struct flight *flight);

/* body_usual returns a body that a client might send in an extension of that type. */
struct span body_usual(struct flight *flight, uint16_t type);

#endif
