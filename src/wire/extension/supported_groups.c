/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/extension/shape.h"

/* RFC 8422 5.1.1, RFC 8446 4.2.7; the view is the list of groups. */
bool supported_groups_decode(struct span *view, struct span body, struct wire_error *error)
{
	return shape_list_u16(view, body, error, "supported_groups", 2);
}

static void encode(struct builder *b, struct span view)
{
	shape_write_list_u16(b, "groups", "group", 2, view);
}

const struct extension extension_supported_groups = {
	.type = 10,
	.name = "supported_groups",
	.decode = supported_groups_decode,
	.encode = encode,
	.server_decode = supported_groups_decode,
	.server_encode = encode,
};
