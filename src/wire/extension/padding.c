/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/extension/shape.h"

/* RFC 7685 3: the client fills it with zeros, the server need not look; the view is the body. */
bool padding_decode(struct span *view, struct span body, struct wire_error *error)
{
	(void)error;
	*view = body;
	return true;
}

static void encode(struct builder *b, struct span view)
{
	shape_write_bytes(b, "padding", view);
}

const struct extension extension_padding = {
	.type = 21,
	.name = "padding",
	.decode = padding_decode,
	.encode = encode,
};
