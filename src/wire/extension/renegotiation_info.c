/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/extension/shape.h"

/* RFC 5746 3.2; the view is renegotiated_connection. */
bool renegotiation_info_decode(struct span *view, struct span body, struct wire_error *error)
{
	return shape_vector(view, body, error, "renegotiation_info", 1, 0);
}

static void encode(struct builder *b, struct span view)
{
	shape_write_vector(b, "renegotiated_connection", 1, view);
}

const struct extension extension_renegotiation_info = {
	.type = 0xFF01,
	.name = "renegotiation_info",
	.decode = renegotiation_info_decode,
	.encode = encode,
	.server_decode = renegotiation_info_decode,
	.server_encode = encode,
};
