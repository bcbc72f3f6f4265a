/* Plants a bug in: handshake_input. A piece of a multiple of 8 bytes is heard twice. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "handshake/handshake.h"

void __real_handshake_input(struct handshake *handshake, struct span bytes);
void __wrap_handshake_input(struct handshake *handshake, struct span bytes);

void __wrap_handshake_input(struct handshake *handshake, struct span bytes)
{
	__real_handshake_input(handshake, bytes);
	if (bytes.len % 8 == 0)
		__real_handshake_input(handshake, bytes);
}
