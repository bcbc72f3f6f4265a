/* SPDX-License-Identifier: Apache-2.0 */
#include "rig_case.h"

const size_t harness_memory_max = (size_t)64 << 20;

/* Formatting is a fixpoint, and what was formatted can be read. */
void harness_run(struct span input)
{
	struct text once, twice;
	text_init(&once);
	text_init(&twice);
	if (rig_case_format(&once, input)) {
		CHECK(rig_case_format(&twice, span_text(text_view(&once))));
		CHECK(strcmp(text_view(&once), text_view(&twice)) == 0);
		harness_note(span_text(text_view(&once)));
	}
	text_release(&once);
	text_release(&twice);
}
