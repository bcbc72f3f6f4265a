/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/extension/shape.h"

/* RFC 8879 3; the view is the list of algorithms. */
bool compress_certificate_decode(struct span *view, struct span body, struct wire_error *error)
{
	return shape_list_u16(view, body, error, "compress_certificate", 1);
}

static void encode(struct builder *b, struct span view)
{
	shape_write_list_u16(b, "algorithms", "compression_algorithm", 1, view);
}

const struct extension extension_compress_certificate = {
	.type = 27,
	.name = "compress_certificate",
	.decode = compress_certificate_decode,
	.encode = encode,
};
