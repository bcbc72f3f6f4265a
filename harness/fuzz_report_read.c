/* SPDX-License-Identifier: Apache-2.0 */
#include "rig_formats.h"

#include "harness.h"

#define ARENA_MAX ((size_t)64 << 20)

const size_t harness_memory_max = (size_t)256 << 20;

/* A report is a file that anybody may have changed: it is refused with a sentence, or it is whole.
 */
void harness_run(struct span input)
{
	rig_formats_read(harness_arena(0, ARENA_MAX), harness_arena(1, ARENA_MAX), input);
}
