/* SPDX-License-Identifier: Apache-2.0 */
#include "harness.h"
#include "rig_hello.h"

const size_t harness_memory_max = (size_t)64 << 20;

/* The first byte chooses JSON or annotated digits; whatever hello follows can be read again. */
void harness_run(struct span input)
{
	struct wire_error error;
	struct cursor in = cursor_over(input);
	bool json = cursor_u8(&in) & 1;
	struct hello_file file = { .name = "input",
				   .arena = harness_arena(0, HELLO_ARENA_MAX),
				   .leniency = LENIENT_ALL };
	enum fault fault =
		hello_input_read(&file.input, cursor_rest(&in), file.leniency, file.arena, &error);
	if (fault == FAULT_NONE)
		rig_hello_text(&file, json);
}
