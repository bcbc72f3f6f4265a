/* Plants a bug in: utf8_append. What a server says in Latin-1 is written as it is. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "report/utf8.h"

void __real_utf8_append(struct text *out, struct span bytes);
void __wrap_utf8_append(struct text *out, struct span bytes);

void __wrap_utf8_append(struct text *out, struct span bytes)
{
	if (bytes.len && bytes.at[0] >= 0xC0)
		text_append(out, bytes);
	else
		__real_utf8_append(out, bytes);
}
