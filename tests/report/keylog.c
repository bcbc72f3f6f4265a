/* SPDX-License-Identifier: Apache-2.0 */
#include "report/keylog.h"

#include <criterion/criterion.h>

static uint8_t random_bytes[RANDOM_LEN];

Test(keylog, line_has_label_random_and_secret)
{
	static const uint8_t secret[] = { 0x00, 0x0f, 0xf0, 0xff };
	struct text out;
	for (uint8_t i = 0; i < RANDOM_LEN; i++)
		random_bytes[i] = (uint8_t)(0xe0 + i);
	text_init(&out);
	keylog_line(&out, "CLIENT_RANDOM", random_bytes, span_of(secret, sizeof(secret)));
	keylog_line(&out, "EXPORTER_SECRET", random_bytes, span_of(secret, 1));
	cr_assert_str_eq(text_view(&out), "CLIENT_RANDOM e0e1e2e3e4e5e6e7e8e9eaebecedeeef"
					  "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff 000ff0ff\n"
					  "EXPORTER_SECRET e0e1e2e3e4e5e6e7e8e9eaebecedeeef"
					  "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff 00\n");
	text_release(&out);
}
