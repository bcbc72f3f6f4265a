/* SPDX-License-Identifier: Apache-2.0 */
#include "report/keylog.h"

static void append_hex(struct text *out, struct span bytes)
{
	text_put(out, " ");
	for (size_t i = 0; i < bytes.len; i++)
		text_printf(out, "%02x", bytes.at[i]);
}

void keylog_line(struct text *out, const char *label, const uint8_t client_random[RANDOM_LEN],
		 struct span secret)
{
	text_put(out, label);
	append_hex(out, span_of(client_random, RANDOM_LEN));
	append_hex(out, secret);
	text_put(out, "\n");
}
