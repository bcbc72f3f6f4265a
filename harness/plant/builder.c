/* Plants a bug in: builder_close. A lie about a prefix of three bytes is forgotten. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "base/builder.h"

void __real_builder_close(struct builder *b, struct prefix prefix, int32_t lie);
void __wrap_builder_close(struct builder *b, struct prefix prefix, int32_t lie);

void __wrap_builder_close(struct builder *b, struct prefix prefix, int32_t lie)
{
	__real_builder_close(b, prefix, prefix.width == 3 ? 0 : lie);
}
