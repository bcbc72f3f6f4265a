/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/extension/shape.h"

/* RFC 5077 3.2; the view is the ticket. */
bool session_ticket_decode(struct span *view, struct span body, struct wire_error *error)
{
	(void)error;
	*view = body;
	return true;
}

static void encode(struct builder *b, struct span view)
{
	shape_write_bytes(b, "ticket", view);
}

static bool server_decode(struct span *view, struct span body, struct wire_error *error)
{
	return shape_empty(view, body, error, "session_ticket");
}

const struct extension extension_session_ticket = {
	.type = 35,
	.name = "session_ticket",
	.decode = session_ticket_decode,
	.encode = encode,
	.server_decode = server_decode,
	.server_encode = shape_write_nothing,
};
