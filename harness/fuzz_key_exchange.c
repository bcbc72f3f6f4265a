/* SPDX-License-Identifier: Apache-2.0 */
#include "rig_key_exchange.h"

const size_t harness_memory_max = (size_t)1 << 20;

/* The first byte chooses who computes, the next two a group or a scheme; the rest is the server's.
 */
void harness_run(struct span input)
{
	struct cursor in = cursor_over(input);
	uint8_t choice = cursor_u8(&in);
	uint16_t code = cursor_u16(&in);
	if (choice % 4 == 0)
		rig_agree(code, cursor_rest(&in));
	else if (choice % 4 == 1)
		rig_agree_dh(cursor_vec16(&in), cursor_vec16(&in), cursor_rest(&in));
	else
		rig_verify(code, choice, cursor_vec16(&in), cursor_rest(&in));
}
