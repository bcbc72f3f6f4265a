/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/extension/shape.h"

/* RFC 6962 3.3.1; in a server's form the view is the list of timestamps. */
bool signed_certificate_timestamp_decode(struct span *view, struct span body,
					 struct wire_error *error)
{
	return shape_empty(view, body, error, "signed_certificate_timestamp");
}

static bool server_decode(struct span *view, struct span body, struct wire_error *error)
{
	if (!shape_vector(view, body, error, "signed_certificate_timestamp", 2, 1))
		return false;
	struct cursor list = cursor_over(*view);
	while (cursor_left(&list) > 0) {
		if (cursor_vec16(&list).len == 0)
			return wire_refuse(error, &list, "signed_certificate_timestamp",
					   "has a timestamp that is empty or incomplete");
	}
	return true;
}

static void server_encode(struct builder *b, struct span view)
{
	shape_write_vectors(b, "sct_list", "sct", 2, view);
}

const struct extension extension_signed_certificate_timestamp = {
	.type = 18,
	.name = "signed_certificate_timestamp",
	.decode = signed_certificate_timestamp_decode,
	.encode = shape_write_nothing,
	.server_decode = server_decode,
	.server_encode = server_encode,
};
