/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/alert.h"

enum fault alert_decode(struct alert *out, struct cursor body)
{
	*out = (struct alert){ .level = cursor_u8(&body) };
	out->description = cursor_u8(&body);
	return cursor_done(&body) ? FAULT_NONE : FAULT_MALFORMED;
}

void alert_encode(struct builder *b, struct alert alert)
{
	builder_u8(b, "level", alert.level);
	builder_u8(b, "description", alert.description);
}
