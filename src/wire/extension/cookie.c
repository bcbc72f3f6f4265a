/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/extension/shape.h"

/* RFC 8446 4.2.2; the view is the cookie. */
bool cookie_decode(struct span *view, struct span body, struct wire_error *error)
{
	return shape_vector(view, body, error, "cookie", 2, 1);
}

static void encode(struct builder *b, struct span view)
{
	shape_write_vector(b, "cookie", 2, view);
}

const struct extension extension_cookie = {
	.type = 44,
	.name = "cookie",
	.decode = cookie_decode,
	.encode = encode,
	.server_decode = cookie_decode,
	.server_encode = encode,
};
