/* SPDX-License-Identifier: Apache-2.0 */
#include "rig_pcapng.h"

const size_t harness_memory_max = (size_t)16 << 20;

/* The input is a conversation; the file that it becomes is read by a reader that knows no writer.
 */
void harness_run(struct span input)
{
	struct rig_conversation rig;
	struct text out;
	struct cursor in = cursor_over(input);
	text_init(&out);
	rig_conversation_init(&rig, &in);
	pcapng_begin(&out, "fuzz");
	pcapng_secrets(&out, rig.secrets);
	pcapng_conversation(&out, &rig.conversation);
	CHECK(out.fault == FAULT_NONE);
	rig_pcapng_is_sound(span_of(out.at, out.len), &rig);
	text_release(&out);
}
