/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/extension/shape.h"

/* RFC 6066 4; the view is the one byte. */
bool max_fragment_length_decode(struct span *view, struct span body, struct wire_error *error)
{
	if (!shape_bytes(view, body, error, "max_fragment_length", 1))
		return false;
	if (view->at[0] < 1 || view->at[0] > 4)
		return shape_refuse_value(body, error, "max_fragment_length",
					  "is none of the four lengths");
	return true;
}

static void encode(struct builder *b, struct span view)
{
	builder_bytes(b, "max_fragment_length", view);
}

const struct extension extension_max_fragment_length = {
	.type = 1,
	.name = "max_fragment_length",
	.decode = max_fragment_length_decode,
	.encode = encode,
	.server_decode = max_fragment_length_decode,
	.server_encode = encode,
};
