/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/extension/shape.h"

/* RFC 8422 5.1.2; the view is the list of formats. */
bool ec_point_formats_decode(struct span *view, struct span body, struct wire_error *error)
{
	return shape_vector(view, body, error, "ec_point_formats", 1, 1);
}

static void encode(struct builder *b, struct span view)
{
	shape_write_list_u8(b, "point_formats", "point_format", view);
}

const struct extension extension_ec_point_formats = {
	.type = 11,
	.name = "ec_point_formats",
	.decode = ec_point_formats_decode,
	.encode = encode,
	.server_decode = ec_point_formats_decode,
	.server_encode = encode,
};
