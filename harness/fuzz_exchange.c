/* Replaces: group_agree dh_agree signature_verify. By: memo.c, which remembers their answers. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "rig_exchange.h"

const size_t harness_memory_max = (size_t)8 << 20;

/* Three bytes choose the probe, the pieces and the end; the same observation for all pieces. */
void harness_run(struct span input)
{
	static struct rig_exchange whole, pieces;
	struct cursor in = cursor_over(input);
	uint8_t choice = cursor_u8(&in), chunk = cursor_u8(&in), end = cursor_u8(&in);
	struct span peer = cursor_rest(&in);
	rig_exchange(&whole, 0, choice, peer, peer.len + 1, end);
	rig_exchange(&pieces, 2, choice, peer, 1u + chunk, end);
	rig_exchange_same(&whole, &pieces);
	exchange_release(&whole.exchange);
	exchange_release(&pieces.exchange);
}
