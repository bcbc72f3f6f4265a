/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/extension/shape.h"
#include "wire/extension/view.h"

/* RFC 7301 3.1; the view is the list of protocols. */
bool alpn_decode(struct span *view, struct span body, struct wire_error *error)
{
	if (!shape_vector(view, body, error, "alpn", 2, 2))
		return false;
	struct cursor list = cursor_over(*view);
	while (cursor_left(&list) > 0) {
		if (cursor_vec8(&list).len == 0)
			return wire_refuse(error, &list, "alpn",
					   "has a protocol that is empty or incomplete");
	}
	return true;
}

static void encode(struct builder *b, struct span view)
{
	shape_write_vectors(b, "protocol_name_list", "protocol_name", 1, view);
}

static bool server_decode(struct span *view, struct span body, struct wire_error *error)
{
	struct span first;
	if (!alpn_decode(view, body, error))
		return false;
	struct cursor list = cursor_over(*view);
	alpn_next(&list, &first);
	return cursor_done(&list) ||
	       wire_refuse(error, &list, "alpn", "selects more than one protocol");
}

static void server_encode(struct builder *b, struct span view)
{
	encode(b, view);
}

const struct extension extension_alpn = {
	.type = 16,
	.name = "alpn",
	.decode = alpn_decode,
	.encode = encode,
	.server_decode = server_decode,
	.server_encode = server_encode,
};
