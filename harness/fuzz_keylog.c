/* SPDX-License-Identifier: Apache-2.0 */
#include "harness.h"
#include "oracle_json.h"
#include "report/keylog.h"

const size_t harness_memory_max = (size_t)2 << 20;

/* One line: a label, 64 digits, and two for each byte of the secret. */
void harness_run(struct span input)
{
	uint8_t random[RANDOM_LEN] = { 0 };
	struct text out;
	text_init(&out);
	memcpy(random, input.len ? input.at : random, input.len < 32 ? input.len : 32);
	keylog_line(&out, "CLIENT_RANDOM", random, span_skip(input, RANDOM_LEN));
	struct span line = span_of(out.at, out.len);
	CHECK(oracle_printable(line) && line.at[line.len - 1] == '\n');
	CHECK(line.len == 13 + 1 + 64 + 1 + 2 * span_skip(input, RANDOM_LEN).len + 1);
	harness_note(line);
	text_release(&out);
}
