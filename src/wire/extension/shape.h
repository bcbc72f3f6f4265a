/* shape.h - the shapes that most extension bodies have. For the files of this folder only. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WIRE_EXTENSION_SHAPE_H
#define WIRE_EXTENSION_SHAPE_H

#include "wire/extension/extension.h"

/* shape_refuse says what is wrong with a body that should be one vector, or `len` bytes. */
bool shape_refuse_vector(struct span body, struct wire_error *error, const char *name, int width);
bool shape_refuse_bytes(struct span body, struct wire_error *error, const char *name, size_t len);

/* shape_refuse_end refuses at the end of the body, shape_refuse_value a value at its beginning. */
bool shape_refuse_end(struct span body, struct wire_error *error, const char *name,
		      const char *what);
bool shape_refuse_value(struct span body, struct wire_error *error, const char *name,
			const char *what);

/* shape_bytes reads a body of `len` bytes. */
static inline bool shape_bytes(struct span *view, struct span body, struct wire_error *error,
			       const char *name, size_t len)
{
	*view = body;
	return body.len == len || shape_refuse_bytes(body, error, name, len);
}

/* shape_empty reads a body without bytes. */
static inline bool shape_empty(struct span *view, struct span body, struct wire_error *error,
			       const char *name)
{
	return shape_bytes(view, body, error, name, 0);
}

/* shape_prefix reads the length that a body of one vector begins with; the body has it. */
static inline size_t shape_prefix(struct span body, size_t width)
{
	return width == 1 ? body.at[0] : (size_t)(body.at[0] << 8 | body.at[1]);
}

/* shape_vector reads one vector with a prefix of 1 or 2 bytes, at least `min` bytes long. */
static inline bool shape_vector(struct span *view, struct span body, struct wire_error *error,
				const char *name, int width, size_t min)
{
	size_t prefix = (size_t)width;
	if (body.len < prefix || shape_prefix(body, prefix) != body.len - prefix)
		return shape_refuse_vector(body, error, name, width);
	*view = span_of(body.at + prefix, body.len - prefix);
	return view->len >= min || shape_refuse_end(body, error, name, "is shorter than it may be");
}

/* shape_list_u16 reads a vector of at least one two-byte item. */
static inline bool shape_list_u16(struct span *view, struct span body, struct wire_error *error,
				  const char *name, int width)
{
	if (!shape_vector(view, body, error, name, width, 2))
		return false;
	return view->len % 2 == 0 || shape_refuse_end(body, error, name, "has an odd length");
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
