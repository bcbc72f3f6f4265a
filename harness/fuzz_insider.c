/* Replaces: group_agree dh_agree signature_verify protection_open. By: insider.c. */
/* Replaces: tls13_finished tls12_verify_data. By: insider.c, so that a server needs no keys. */
/* Replaces: tls_prf transcript_hash hkdf_expand_label derive_secret protection_new. By: insider.c.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "base/limits.h"
#include "rig_insider.h"

const size_t harness_memory_max = 3 * PROBE_ARENA_MAX;

/* The client, the pieces, the order of its flight, its memory, and where its flight is sent. */
void harness_run(struct span input)
{
	static struct rig_handshake rig;
	struct cursor in = cursor_over(input);
	uint8_t choice = cursor_u8(&in), chunk = cursor_u8(&in), order = cursor_u8(&in);
	size_t memory = rig_insider_memory(cursor_u8(&in)), half = cursor_u16(&in);
	half = half < cursor_left(&in) ? half : cursor_left(&in);
	insider_fails_at(choice & RIG_INSIDER_DIRECTED ? 0 : order);
	rig_insider_init(&rig, harness_arena(0, memory), choice);
	rig_handshake_listen(&rig, cursor_take(&in, half), 1u + chunk);
	if (rig.directed)
		rig_handshake_direct(&rig, order);
	rig_handshake_listen(&rig, cursor_rest(&in), 1u + chunk);
	rig_insider_end(&rig);
	rig_handshake_same(&rig, &rig);
	rig_handshake_release(&rig);
}
