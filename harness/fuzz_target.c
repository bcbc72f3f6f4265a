/* SPDX-License-Identifier: Apache-2.0 */
#include "rig_target.h"

const size_t harness_memory_max = 4096;

/* What is read as a target is printed in one form, which is read as the same target. */
void harness_run(struct span input)
{
	char text[RIG_TARGET_MAX], printed[TARGET_MAX], again[TARGET_MAX];
	struct target target;
	if (!rig_target_text(text, input) || !rig_target(&target, text))
		return;
	target_print(printed, &target);
	struct target second;
	CHECK(rig_target(&second, printed));
	target_print(again, &second);
	CHECK(strcmp(printed, again) == 0 && second.port == target.port);
	CHECK(second.upgrade == target.upgrade && strcmp(second.host, target.host) == 0);
	harness_note(span_text(printed));
}
