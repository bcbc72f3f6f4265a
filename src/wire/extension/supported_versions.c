/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/extension/shape.h"

/* RFC 8446 4.2.1; the view is the list of versions, in a server's form the one selected. */
bool supported_versions_decode(struct span *view, struct span body, struct wire_error *error)
{
	return shape_list_u16(view, body, error, "supported_versions", 1);
}

static void encode(struct builder *b, struct span view)
{
	shape_write_list_u16(b, "versions", "version", 1, view);
}

static bool server_decode(struct span *view, struct span body, struct wire_error *error)
{
	return shape_bytes(view, body, error, "supported_versions", 2);
}

static void server_encode(struct builder *b, struct span view)
{
	builder_bytes(b, "selected_version", view);
}

const struct extension extension_supported_versions = {
	.type = 43,
	.name = "supported_versions",
	.decode = supported_versions_decode,
	.encode = encode,
	.server_decode = server_decode,
	.server_encode = server_encode,
};
