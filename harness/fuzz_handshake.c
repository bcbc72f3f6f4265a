/* Replaces: group_agree dh_agree signature_verify. By: memo.c, which remembers their answers. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "base/limits.h"
#include "rig_handshake.h"

const size_t harness_memory_max = 3 * PROBE_ARENA_MAX;

/* The first byte chooses the hello, the second the pieces that the server's flight comes in. */
void harness_run(struct span input)
{
	static struct rig_handshake whole, pieces;
	struct cursor in = cursor_over(input);
	uint8_t kind = cursor_u8(&in), chunk = cursor_u8(&in);
	struct span flight = cursor_rest(&in);
	rig_handshake_init(&whole, harness_arena(0, PROBE_ARENA_MAX), kind, false);
	rig_handshake_init(&pieces, harness_arena(1, PROBE_ARENA_MAX), kind, false);
	rig_handshake_listen(&whole, flight, flight.len);
	rig_handshake_listen(&pieces, flight, 1u + chunk);
	rig_handshake_same(&whole, &pieces);
	rig_handshake_release(&whole);
	rig_handshake_release(&pieces);
}
