/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/extension/shape.h"

/* RFC 8446 4.2.10 */
bool early_data_decode(struct span *view, struct span body, struct wire_error *error)
{
	return shape_empty(view, body, error, "early_data");
}

const struct extension extension_early_data = {
	.type = 42,
	.name = "early_data",
	.decode = early_data_decode,
	.encode = shape_write_nothing,
	.server_decode = early_data_decode,
	.server_encode = shape_write_nothing,
};
