/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/extension/shape.h"
#include "wire/extension/view.h"

#define NAME_TYPE_HOST 0

/* RFC 6066 3; the view is the list of names. Names of other types have a two-byte length as well.
 */
bool server_name_decode(struct span *view, struct span body, struct wire_error *error)
{
	bool host = false;
	if (!shape_vector(view, body, error, "server_name", 2, 4))
		return false;
	struct cursor list = cursor_over(*view);
	while (cursor_left(&list) > 0) {
		struct cursor entry = list;
		bool is_host = cursor_u8(&list) == NAME_TYPE_HOST;
		if (cursor_vec16(&list).len == 0)
			return wire_refuse(error, &list, "server_name",
					   "has a name that is empty or incomplete");
		if (is_host && host)
			return wire_refuse_value(error, &entry, "server_name",
						 "has two names of one type");
		host = host || is_host;
	}
	return true;
}

static void encode(struct builder *b, struct span view)
{
	struct prefix prefix = builder_open(b, "server_name_list", 2);
	struct cursor list = cursor_over(view);
	while (cursor_left(&list) > 0) {
		uint8_t type = cursor_u8(&list);
		builder_u8(b, "name_type", type);
		shape_write_vector(b, type == NAME_TYPE_HOST ? "host_name" : "name", 2,
				   cursor_vec16(&list));
	}
	builder_close(b, prefix, 0);
}

static bool server_decode(struct span *view, struct span body, struct wire_error *error)
{
	return shape_empty(view, body, error, "server_name");
}

const struct extension extension_server_name = {
	.type = 0,
	.name = "server_name",
	.decode = server_name_decode,
	.encode = encode,
	.server_decode = server_decode,
	.server_encode = shape_write_nothing,
};

struct span server_name_host(struct span view)
{
	struct cursor list = cursor_over(view);
	while (cursor_left(&list) > 0) {
		bool is_host = cursor_u8(&list) == NAME_TYPE_HOST;
		struct span name = cursor_vec16(&list);
		if (is_host)
			return name;
	}
	return span_of(NULL, 0);
}
