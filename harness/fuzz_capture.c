/* SPDX-License-Identifier: Apache-2.0 */
#include "rig_capture.h"

const size_t harness_memory_max = (size_t)32 << 20;

/* The input is a file of packets. Written in other forms, each packet twice, or each segment in
 * two, they hold the same hellos; and each of these is what the reader of hellos takes it for. */
void harness_run(struct span input)
{
	struct rig_capture read, again;
	struct arena *arena = harness_arena(1, CAPTURE_ARENA_MAX);
	rig_capture_read(&read, input, harness_arena(0, CAPTURE_ARENA_MAX));
	rig_capture_is_sound(&read, arena);
	rig_capture_starve(&read, input, harness_arena(2, rig_capture_little(input)));
	for (enum rig_form form = 0; form < RIG_FORMS; form++) {
		struct text file;
		text_init(&file);
		rig_capture_write(&file, input, form, arena);
		rig_capture_read(&again, span_of(file.at, file.len), arena);
		rig_capture_is_same(&read, &again, form);
		text_release(&file);
	}
}
