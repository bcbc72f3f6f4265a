/* SPDX-License-Identifier: Apache-2.0 */
#include "rig_upgrade.h"

const size_t harness_memory_max = 0;

/* The first byte chooses the dialogue, the second the pieces that its answer comes in. */
void harness_run(struct span input)
{
	static struct upgrade_dialogue whole, pieces;
	struct cursor in = cursor_over(input);
	uint8_t choice = cursor_u8(&in);
	size_t chunk = 1u + cursor_u8(&in);
	struct span answer = cursor_rest(&in);
	rig_upgrade(&whole, choice, answer, answer.len + 1);
	rig_upgrade(&pieces, choice, answer, chunk);
	rig_upgrade_same(&whole, &pieces);
}
