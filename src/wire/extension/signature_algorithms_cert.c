/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/extension/shape.h"

/* RFC 8446 4.2.3; the view is the list of schemes. */
bool signature_algorithms_cert_decode(struct span *view, struct span body, struct wire_error *error)
{
	return shape_list_u16(view, body, error, "signature_algorithms_cert", 2);
}

static void encode(struct builder *b, struct span view)
{
	shape_write_list_u16(b, "signature_schemes", "signature_scheme", 2, view);
}

const struct extension extension_signature_algorithms_cert = {
	.type = 50,
	.name = "signature_algorithms_cert",
	.decode = signature_algorithms_cert_decode,
	.encode = encode,
};
