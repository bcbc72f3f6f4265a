/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/extension/shape.h"

/* RFC 6961 2.2; the view is the list of requests. */
bool status_request_v2_decode(struct span *view, struct span body, struct wire_error *error)
{
	if (!shape_vector(view, body, error, "status_request_v2", 2, 1))
		return false;
	struct cursor list = cursor_over(*view);
	while (cursor_left(&list) > 0) {
		cursor_u8(&list);
		cursor_vec16(&list);
	}
	return wire_finish(error, &list, "status_request_v2");
}

static void encode(struct builder *b, struct span view)
{
	struct prefix prefix = builder_open(b, "certificate_status_req_list", 2);
	struct cursor list = cursor_over(view);
	while (cursor_left(&list) > 0) {
		builder_u8(b, "status_type", cursor_u8(&list));
		shape_write_vector(b, "request", 2, cursor_vec16(&list));
	}
	builder_close(b, prefix, 0);
}

static bool server_decode(struct span *view, struct span body, struct wire_error *error)
{
	return shape_empty(view, body, error, "status_request_v2");
}

const struct extension extension_status_request_v2 = {
	.type = 17,
	.name = "status_request_v2",
	.decode = status_request_v2_decode,
	.encode = encode,
	.server_decode = server_decode,
	.server_encode = shape_write_nothing,
};
