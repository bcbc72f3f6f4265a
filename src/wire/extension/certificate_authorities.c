/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/extension/shape.h"

/* RFC 8446 4.2.4; the view is the list of distinguished names. */
bool certificate_authorities_decode(struct span *view, struct span body, struct wire_error *error)
{
	if (!shape_vector(view, body, error, "certificate_authorities", 2, 3))
		return false;
	struct cursor list = cursor_over(*view);
	while (cursor_left(&list) > 0) {
		if (cursor_vec16(&list).len == 0)
			return wire_refuse(error, &list, "certificate_authorities",
					   "has a name that is empty or incomplete");
	}
	return true;
}

static void encode(struct builder *b, struct span view)
{
	shape_write_vectors(b, "authorities", "distinguished_name", 2, view);
}

const struct extension extension_certificate_authorities = {
	.type = 47,
	.name = "certificate_authorities",
	.decode = certificate_authorities_decode,
	.encode = encode,
};
