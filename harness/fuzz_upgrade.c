/* SPDX-License-Identifier: Apache-2.0 */
#include "rig_upgrade.h"

const size_t harness_memory_max = 0;

/* The first byte chooses the dialogue, the second the pieces that its answer comes in, and where in
 * it these begin. */
void harness_run(struct span input)
{
	static struct upgrade_dialogue whole, pieces;
	struct cursor in = cursor_over(input);
	uint8_t choice = cursor_u8(&in);
	uint8_t where = cursor_u8(&in);
	struct span answer = cursor_rest(&in);
	struct rig_pieces none = { .from = answer.len };
	struct rig_pieces some = { .chunk = 1u + where % 16,
				   .from = answer.len * (where / 16) / 16 };
	rig_upgrade(&whole, choice, answer, none);
	rig_upgrade(&pieces, choice, answer, some);
	rig_upgrade_same(&whole, &pieces);
}
