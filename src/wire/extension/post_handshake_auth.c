/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/extension/shape.h"

/* RFC 8446 4.2.6 */
bool post_handshake_auth_decode(struct span *view, struct span body, struct wire_error *error)
{
	return shape_empty(view, body, error, "post_handshake_auth");
}

const struct extension extension_post_handshake_auth = {
	.type = 49,
	.name = "post_handshake_auth",
	.decode = post_handshake_auth_decode,
	.encode = shape_write_nothing,
};
