/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/extension/shape.h"

#define RECORD_SIZE_MIN 64

/* RFC 8449 4; the view is the two bytes. */
bool record_size_limit_decode(struct span *view, struct span body, struct wire_error *error)
{
	if (!shape_bytes(view, body, error, "record_size_limit", 2))
		return false;
	if (view->at[0] == 0 && view->at[1] < RECORD_SIZE_MIN)
		return shape_refuse_value(body, error, "record_size_limit", "is below 64");
	return true;
}

static void encode(struct builder *b, struct span view)
{
	builder_bytes(b, "record_size_limit", view);
}

const struct extension extension_record_size_limit = {
	.type = 28,
	.name = "record_size_limit",
	.decode = record_size_limit_decode,
	.encode = encode,
	.server_decode = record_size_limit_decode,
	.server_encode = encode,
};
