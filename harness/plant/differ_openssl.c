/* Plants a bug in: supported_groups_decode. A list of three bytes is accepted. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/extension/extension.h"

bool __real_supported_groups_decode(struct span *view, struct span body, struct wire_error *error);
bool __wrap_supported_groups_decode(struct span *view, struct span body, struct wire_error *error);

bool __wrap_supported_groups_decode(struct span *view, struct span body, struct wire_error *error)
{
	bool good = __real_supported_groups_decode(view, body, error);
	if (good || body.len != 5 || body.at[1] != 3)
		return good;
	*view = span_of(body.at + 2, 2);
	return true;
}
