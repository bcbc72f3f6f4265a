/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/extension/shape.h"

/* RFC 7366 2 */
bool encrypt_then_mac_decode(struct span *view, struct span body, struct wire_error *error)
{
	return shape_empty(view, body, error, "encrypt_then_mac");
}

const struct extension extension_encrypt_then_mac = {
	.type = 22,
	.name = "encrypt_then_mac",
	.decode = encrypt_then_mac_decode,
	.encode = shape_write_nothing,
	.server_decode = encrypt_then_mac_decode,
	.server_encode = shape_write_nothing,
};
