/* shape.h - the shapes that most extension bodies have. For the files of this folder only. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WIRE_EXTENSION_SHAPE_H
#define WIRE_EXTENSION_SHAPE_H

#include "wire/extension/extension.h"

/* shape_empty reads a body without bytes. */
static inline bool shape_empty(struct span *view, struct cursor body, struct wire_error *error,
			       const char *name)
{
	*view = span_of(body.base, 0);
	return wire_finish(error, &body, name);
}

/* shape_bytes reads a body of `len` bytes. */
static inline bool shape_bytes(struct span *view, struct cursor body, struct wire_error *error,
			       const char *name, size_t len)
{
	*view = cursor_take(&body, len);
	return wire_finish(error, &body, name);
}

/* shape_rest reads a body of any bytes. */
static inline bool shape_rest(struct span *view, struct cursor body)
{
	*view = cursor_rest(&body);
	return true;
}

/* shape_vector reads one vector with a prefix of 1 or 2 bytes, at least `min` bytes long. */
static inline bool shape_vector(struct span *view, struct cursor body, struct wire_error *error,
				const char *name, int width, size_t min)
{
	*view = width == 1 ? cursor_vec8(&body) : cursor_vec16(&body);
	if (!wire_finish(error, &body, name))
		return false;
	return view->len >= min || wire_refuse(error, &body, name, "is shorter than it may be");
}

/* shape_list_u16 reads a vector of at least one two-byte item. */
static inline bool shape_list_u16(struct span *view, struct cursor body, struct wire_error *error,
				  const char *name, int width)
{
	if (!shape_vector(view, body, error, name, width, 2))
		return false;
	body.at = body.len;
	return view->len % 2 == 0 || wire_refuse(error, &body, name, "has an odd length");
}

/* The encoders of the same shapes. `item` names one item in the field map. */
void shape_write_nothing(struct builder *b, struct span view);
void shape_write_bytes(struct builder *b, const char *name, struct span view);
void shape_write_vector(struct builder *b, const char *name, uint8_t width, struct span view);
void shape_write_list_u8(struct builder *b, const char *name, const char *item, struct span view);
void shape_write_list_u16(struct builder *b, const char *name, const char *item, uint8_t width,
			  struct span view);

/* shape_write_vectors writes a list of vectors, the list's own prefix two bytes wide. */
void shape_write_vectors(struct builder *b, const char *name, const char *item, uint8_t item_width,
			 struct span view);

#endif
