/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/extension/shape.h"
#include "wire/extension/view.h"

/* RFC 8446 4.2.8; the view is the list of shares, in a server's form the whole body. */
bool key_share_decode(struct span *view, struct span body, struct wire_error *error)
{
	struct key_share_entry entry;
	if (!shape_vector(view, body, error, "key_share", 2, 0))
		return false;
	struct cursor list = cursor_over(*view);
	while (key_share_next(&list, &entry)) {
		if (entry.key_exchange.len == 0)
			return wire_refuse(error, &list, "key_share", "has an empty share");
	}
	return wire_finish(error, &list, "key_share");
}

static void encode(struct builder *b, struct span view)
{
	struct prefix prefix = builder_open(b, "client_shares", 2);
	struct cursor list = cursor_over(view);
	struct key_share_entry entry;
	while (key_share_next(&list, &entry)) {
		builder_u16(b, "group", entry.group);
		shape_write_vector(b, "key_exchange", 2, entry.key_exchange);
	}
	builder_close(b, prefix, 0);
}

static bool server_decode(struct span *view, struct span body, struct wire_error *error)
{
	struct cursor in = cursor_over(body);
	*view = body;
	cursor_u16(&in);
	/* A HelloRetryRequest names the group only. */
	if (body.len != 2 && cursor_vec16(&in).len == 0)
		return wire_refuse(error, &in, "key_share", "has an empty or incomplete share");
	return wire_finish(error, &in, "key_share");
}

static void server_encode(struct builder *b, struct span view)
{
	struct cursor body = cursor_over(view);
	builder_u16(b, "group", cursor_u16(&body));
	if (cursor_left(&body) > 0)
		shape_write_vector(b, "key_exchange", 2, cursor_vec16(&body));
}

const struct extension extension_key_share = {
	.type = 51,
	.name = "key_share",
	.decode = key_share_decode,
	.encode = encode,
	.server_decode = server_decode,
	.server_encode = server_encode,
};
