/* Replaces: group_agree dh_agree signature_verify. By: memo.c, which remembers their answers. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "base/limits.h"
#include "rig_handshake.h"

const size_t harness_memory_max = 2 * PROBE_ARENA_MAX;

/* Hello, pieces, the order of our flight, and where in the server's bytes it is sent. */
void harness_run(struct span input)
{
	static struct rig_handshake rig;
	struct cursor in = cursor_over(input);
	uint8_t kind = cursor_u8(&in), chunk = cursor_u8(&in), order = cursor_u8(&in);
	size_t half = cursor_u16(&in);
	half = half < cursor_left(&in) ? half : cursor_left(&in);
	rig_handshake_init(&rig, harness_arena(0, PROBE_ARENA_MAX), kind, true);
	rig_handshake_listen(&rig, cursor_take(&in, half), 1u + chunk);
	rig_handshake_direct(&rig, order);
	rig_handshake_listen(&rig, cursor_rest(&in), 1u + chunk);
	rig_handshake_same(&rig, &rig);
	rig_handshake_release(&rig);
}
