/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/extension/shape.h"

bool shape_refuse_vector(struct span body, struct wire_error *error, const char *name, int width)
{
	struct cursor in = cursor_over(body);
	cursor_take(&in, width == 1 ? cursor_u8(&in) : cursor_u16(&in));
	return wire_finish(error, &in, name);
}

bool shape_refuse_bytes(struct span body, struct wire_error *error, const char *name, size_t len)
{
	struct cursor in = cursor_over(body);
	cursor_take(&in, len);
	return wire_finish(error, &in, name);
}

bool shape_refuse_end(struct span body, struct wire_error *error, const char *name,
		      const char *what)
{
	struct cursor in = cursor_over(body);
	in.at = in.len;
	return wire_refuse(error, &in, name, what);
}

bool shape_refuse_value(struct span body, struct wire_error *error, const char *name,
			const char *what)
{
	struct cursor in = cursor_over(body);
	return wire_refuse_value(error, &in, name, what);
}

void shape_write_nothing(struct builder *b, struct span view)
{
	(void)b;
	(void)view;
}

void shape_write_bytes(struct builder *b, const char *name, struct span view)
{
	if (view.len)
		builder_bytes(b, name, view);
}

void shape_write_vector(struct builder *b, const char *name, uint8_t width, struct span view)
{
	struct prefix prefix = builder_open(b, name, width);
	shape_write_bytes(b, "bytes", view);
	builder_close(b, prefix, 0);
}

void shape_write_list_u8(struct builder *b, const char *name, const char *item, struct span view)
{
	struct prefix prefix = builder_open(b, name, 1);
	for (size_t i = 0; i < view.len; i++)
		builder_u8(b, item, view.at[i]);
	builder_close(b, prefix, 0);
}

void shape_write_list_u16(struct builder *b, const char *name, const char *item, uint8_t width,
			  struct span view)
{
	struct prefix prefix = builder_open(b, name, width);
	struct cursor list = cursor_over(view);
	while (cursor_left(&list) >= 2)
		builder_u16(b, item, cursor_u16(&list));
	builder_close(b, prefix, 0);
}

void shape_write_vectors(struct builder *b, const char *name, const char *item, uint8_t item_width,
			 struct span view)
{
	struct prefix prefix = builder_open(b, name, 2);
	struct cursor list = cursor_over(view);
	while (cursor_left(&list) > 0) {
		struct span bytes = item_width == 1 ? cursor_vec8(&list) : cursor_vec16(&list);
		shape_write_vector(b, item, item_width, bytes);
	}
	builder_close(b, prefix, 0);
}
