/* Plants a bug in: text_append. A padding of three bytes is left out. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"

void __real_text_append(struct text *text, struct span bytes);
void __wrap_text_append(struct text *text, struct span bytes);

void __wrap_text_append(struct text *text, struct span bytes)
{
	if (bytes.len != 3 || bytes.at[0])
		__real_text_append(text, bytes);
}
