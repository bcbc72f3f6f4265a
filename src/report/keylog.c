/* SPDX-License-Identifier: Apache-2.0 */
#include "report/keylog.h"

void keylog_line(struct text *out, const char *label, const uint8_t client_random[RANDOM_LEN],
		 struct span secret)
{
	text_join(out, label, " ");
	text_put_hex(out, span_of(client_random, RANDOM_LEN));
	text_put(out, " ");
	text_put_hex(out, secret);
	text_put(out, "\n");
}
