/* Plants a bug in: handshake_write. Data may go out after an alert that ended TLS 1.3. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "handshake/handshake.h"

enum fault __real_handshake_write(struct handshake *handshake, struct span bytes);
enum fault __wrap_handshake_write(struct handshake *handshake, struct span bytes);

enum fault __wrap_handshake_write(struct handshake *handshake, struct span bytes)
{
	const struct handshake_facts *facts = handshake_facts(handshake);
	if (facts->phase == PHASE_ALERTED && facts->version == TLS1_3)
		return FAULT_NONE;
	return __real_handshake_write(handshake, bytes);
}
