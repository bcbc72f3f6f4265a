/* SPDX-License-Identifier: Apache-2.0 */
#include "rig_pg.h"

const size_t harness_memory_max = 64 << 10;

/* The first byte chooses what we have, the second the pieces: the same session for each. */
void harness_run(struct span input)
{
	static struct pg_session whole, pieces;
	struct cursor in = cursor_over(input);
	uint8_t choice = cursor_u8(&in);
	size_t chunk = 1u + cursor_u8(&in);
	struct span server = cursor_rest(&in);
	rig_pg_session(&whole, choice, server, server.len + 1);
	rig_pg_session(&pieces, choice, server, chunk);
	rig_pg_same(&whole, &pieces);
}
