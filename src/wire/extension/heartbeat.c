/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/extension/shape.h"

/* RFC 6520 2; the view is the mode, one byte. */
bool heartbeat_decode(struct span *view, struct span body, struct wire_error *error)
{
	if (!shape_bytes(view, body, error, "heartbeat", 1))
		return false;
	if (view->at[0] < 1 || view->at[0] > 2)
		return shape_refuse_value(body, error, "heartbeat", "is none of the two modes");
	return true;
}

static void encode(struct builder *b, struct span view)
{
	builder_bytes(b, "heartbeat_mode", view);
}

const struct extension extension_heartbeat = {
	.type = 15,
	.name = "heartbeat",
	.decode = heartbeat_decode,
	.encode = encode,
	.server_decode = heartbeat_decode,
	.server_encode = encode,
};
