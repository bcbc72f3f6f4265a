/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/hello_command.h"
#include "harness.h"

const size_t harness_memory_max = (size_t)64 << 20;

/* JSON or annotated text of strangers: bytes or one sentence, and never more bytes than text. */
void harness_run(struct span input)
{
	char why[256] = "";
	struct text out;
	text_init(&out);
	enum fault fault = hello_parse(&out, input, why, sizeof(why));
	CHECK(fault == FAULT_NONE || (fault == FAULT_INPUT && why[0] && !strchr(why, '\n')));
	CHECK(fault != FAULT_NONE || (out.len > 0 && out.len <= 8 * input.len));
	harness_note(span_text(why));
	harness_note(span_of(out.at, out.len));
	text_release(&out);
}
