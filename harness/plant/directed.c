/* Plants a bug in: handshake_output. A byte is lent before it is our turn, once an alert came. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "handshake/handshake.h"

struct span __real_handshake_output(const struct handshake *handshake);
struct span __wrap_handshake_output(const struct handshake *handshake);

struct span __wrap_handshake_output(const struct handshake *handshake)
{
	struct span out = __real_handshake_output(handshake);
	if (handshake_facts(handshake)->alerts_len > 1)
		out = span_of("?", 1);
	return out;
}
