/* SPDX-License-Identifier: Apache-2.0 */
#include "harness.h"
#include "rig_builder.h"

const size_t harness_memory_max = 0;

/* The input is a list of operations on a builder and on a model of it, which must agree. */
void harness_run(struct span input)
{
	static struct rig_builder rig;
	struct cursor script = cursor_over(input);
	rig_builder_init(&rig, cursor_u8(&script));
	while (cursor_left(&script) > 0)
		rig_builder_step(&rig, &script);
	rig_builder_finish(&rig);
}
