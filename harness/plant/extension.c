/* Plants a bug in: extension_write_body. A body of seven bytes is written twice. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/extension/extension.h"

void __real_extension_write_body(struct builder *b, uint16_t type, struct span body,
				 enum extension_side side);
void __wrap_extension_write_body(struct builder *b, uint16_t type, struct span body,
				 enum extension_side side);

void __wrap_extension_write_body(struct builder *b, uint16_t type, struct span body,
				 enum extension_side side)
{
	__real_extension_write_body(b, type, body, side);
	if (body.len == 7)
		__real_extension_write_body(b, type, body, side);
}
