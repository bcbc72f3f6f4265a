/* SPDX-License-Identifier: Apache-2.0 */
#include "rig_protection.h"

const size_t harness_memory_max = (size_t)2 << 20;

/* Two bytes choose a suite and its version; what follows is sealed, opened, and opened as it is. */
void harness_run(struct span input)
{
	struct rig_protection rig;
	struct cursor in = cursor_over(input);
	uint8_t choice = cursor_u8(&in), spoil = cursor_u8(&in);
	struct span bytes = cursor_rest(&in);
	if (!rig_protection_init(&rig, choice, bytes))
		return;
	rig_protection_round_trip(&rig, bytes, 0);
	rig_protection_round_trip(&rig, bytes, spoil % 8);
	rig_protection_forged(&rig, bytes);
	rig_protection_release(&rig);
}
