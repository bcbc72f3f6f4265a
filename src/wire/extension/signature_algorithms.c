/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/extension/shape.h"

/* RFC 5246 7.4.1.4.1, RFC 8446 4.2.3; the view is the list of schemes. */
bool signature_algorithms_decode(struct span *view, struct span body, struct wire_error *error)
{
	return shape_list_u16(view, body, error, "signature_algorithms", 2);
}

static void encode(struct builder *b, struct span view)
{
	shape_write_list_u16(b, "signature_schemes", "signature_scheme", 2, view);
}

const struct extension extension_signature_algorithms = {
	.type = 13,
	.name = "signature_algorithms",
	.decode = signature_algorithms_decode,
	.encode = encode,
};
