/* SPDX-License-Identifier: Apache-2.0 */
#include "rig_pg.h"

const size_t harness_memory_max = 64 << 10;

/* The first byte says how long the server's first message is; the rest is its final one. */
void harness_run(struct span input)
{
	struct cursor in = cursor_over(input);
	enum pg_binding binding = cursor_u8(&in) % (PG_BINDING_USED + 1);
	size_t len = cursor_u8(&in);
	struct span first = cursor_take(&in, len < cursor_left(&in) ? len : cursor_left(&in));
	const uint8_t *rounds = first.len ? memmem(first.at, first.len, ",i=", 3) : NULL;
	/* Three digits of rounds at most: more of them are the same code, slower. */
	if (rounds && first.at + first.len - rounds <= 3 + 3)
		rig_pg_scram(binding, first, cursor_rest(&in));
}
