/* wire_error.h - where a decoder stopped, in which field, why, and which alert that calls for. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WIRE_WIRE_ERROR_H
#define WIRE_WIRE_ERROR_H

#include "base/cursor.h"

/*
 * `offset` counts from `base`, the first byte that the decoder's cursor could see. `field` is a
 * word of the RFC and `what` one lower-case sentence without a full stop; both are constants.
 * `alert` is decode_error for a wrong form and illegal_parameter for a wrong value (RFC 8446 6.2).
 */
struct wire_error {
	const uint8_t *base;
	size_t offset;
	const char *field, *what;
	uint8_t alert;
};

/* wire_refuse notes where `c` stopped and returns false; `error` may be NULL. */
bool wire_refuse(struct wire_error *error, const struct cursor *c, const char *field,
		 const char *what);

/* wire_refuse_value is wire_refuse for a form that is right with a value that is not allowed. */
bool wire_refuse_value(struct wire_error *error, const struct cursor *c, const char *field,
		       const char *what);

/* wire_finish accepts a cursor that is exactly used up, and refuses any other. */
static inline bool wire_finish(struct wire_error *error, const struct cursor *c, const char *field)
{
	if (cursor_done(c))
		return true;
	return wire_refuse(error, c, field,
			   cursor_ok(c) ? "has bytes after its end" : "ends before it is complete");
}

#endif
