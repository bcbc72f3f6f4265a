/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/extension/shape.h"

#define STATUS_TYPE_OCSP 1

/* RFC 6066 8; the view is the whole body. */
bool status_request_decode(struct span *view, struct span body, struct wire_error *error)
{
	struct cursor in = cursor_over(body);
	*view = body;
	if (cursor_u8(&in) != STATUS_TYPE_OCSP && cursor_ok(&in))
		return true; /* another type: its request has a form of its own */
	struct cursor responders = cursor_over(cursor_vec16(&in));
	cursor_vec16(&in);
	if (!wire_finish(error, &in, "status_request"))
		return false;
	while (cursor_left(&responders) > 0) {
		if (cursor_vec16(&responders).len == 0)
			return wire_refuse(error, &responders, "status_request",
					   "has a responder that is empty or incomplete");
	}
	return true;
}

static void encode(struct builder *b, struct span view)
{
	struct cursor body = cursor_over(view);
	uint8_t type = cursor_u8(&body);
	builder_u8(b, "status_type", type);
	if (type != STATUS_TYPE_OCSP) {
		shape_write_bytes(b, "request", cursor_rest(&body));
		return;
	}
	shape_write_vectors(b, "responder_id_list", "responder_id", 2, cursor_vec16(&body));
	shape_write_vector(b, "request_extensions", 2, cursor_vec16(&body));
}

static bool server_decode(struct span *view, struct span body, struct wire_error *error)
{
	return shape_empty(view, body, error, "status_request");
}

const struct extension extension_status_request = {
	.type = 5,
	.name = "status_request",
	.decode = status_request_decode,
	.encode = encode,
	.server_decode = server_decode,
	.server_encode = shape_write_nothing,
};
