/* Plants a bug in: handshake_output. A byte is lent before it is our turn, once the server broke a
 * rule. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "handshake/handshake.h"

struct span __real_handshake_output(const struct handshake *handshake);
struct span __wrap_handshake_output(const struct handshake *handshake);

struct span __wrap_handshake_output(const struct handshake *handshake)
{
	if (handshake_facts(handshake)->violation != VIOLATION_NONE)
		return span_of("?", 1);
	return __real_handshake_output(handshake);
}
