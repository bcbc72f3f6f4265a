/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/extension/shape.h"

/* RFC 9345 4.1.1; the view is the list of schemes. */
bool delegated_credentials_decode(struct span *view, struct span body, struct wire_error *error)
{
	return shape_list_u16(view, body, error, "delegated_credentials", 2);
}

static void encode(struct builder *b, struct span view)
{
	shape_write_list_u16(b, "signature_schemes", "signature_scheme", 2, view);
}

const struct extension extension_delegated_credentials = {
	.type = 34,
	.name = "delegated_credentials",
	.decode = delegated_credentials_decode,
	.encode = encode,
};
