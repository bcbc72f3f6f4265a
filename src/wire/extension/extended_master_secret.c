/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/extension/shape.h"

/* RFC 7627 5.1 */
bool extended_master_secret_decode(struct span *view, struct span body, struct wire_error *error)
{
	return shape_empty(view, body, error, "extended_master_secret");
}

const struct extension extension_extended_master_secret = {
	.type = 23,
	.name = "extended_master_secret",
	.decode = extended_master_secret_decode,
	.encode = shape_write_nothing,
	.server_decode = extended_master_secret_decode,
	.server_encode = shape_write_nothing,
};
