/* Plants a bug in: keylog_line. A secret of more than 48 bytes ends two lines. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "report/keylog.h"

void __real_keylog_line(struct text *out, const char *label, const uint8_t *client_random,
			struct span secret);
void __wrap_keylog_line(struct text *out, const char *label, const uint8_t *client_random,
			struct span secret);

void __wrap_keylog_line(struct text *out, const char *label, const uint8_t *client_random,
			struct span secret)
{
	__real_keylog_line(out, label, client_random, secret);
	if (secret.len > 48)
		text_printf(out, "\n");
}
