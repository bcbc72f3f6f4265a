/* Replaces: group_agree dh_agree signature_verify protection_open. By: insider.c. */
/* Replaces: tls13_finished tls12_verify_data. By: insider.c, so that a server needs no keys. */
/* Replaces: tls_prf transcript_hash hkdf_expand_label derive_secret. By: insider.c. */
/* Replaces: protection_new arena_alloc arena_copy. By: insider.c. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "base/limits.h"
#include "rig_insider.h"

const size_t harness_memory_max = 3 * PROBE_ARENA_MAX;

/* The client, the pieces, the order of its flight, what fails, and where its flight is sent. */
void harness_run(struct span input)
{
	static struct rig_handshake rig;
	struct cursor in = cursor_over(input);
	uint8_t choice = cursor_u8(&in), chunk = cursor_u8(&in), order = cursor_u8(&in);
	uint8_t memory = cursor_u8(&in);
	size_t half = cursor_u16(&in);
	half = half < cursor_left(&in) ? half : cursor_left(&in);
	rig_insider_init(&rig, harness_arena(0, PROBE_ARENA_MAX), choice);
	insider_fails_at(rig.directed ? 0 : order, memory);
	rig_handshake_listen(&rig, cursor_take(&in, half), 1u + chunk);
	if (rig.directed)
		rig_handshake_direct(&rig, order);
	rig_handshake_listen(&rig, cursor_rest(&in), 1u + chunk);
	rig_insider_end(&rig);
	rig_handshake_same(&rig, &rig);
	rig_handshake_release(&rig);
}
