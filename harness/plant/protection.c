/* Plants a bug in: protection_open. A record of 7 bytes more than a multiple of 16 opens whatever
 * its tag. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/protection.h"

enum fault __real_protection_open(struct protection *protection, struct arena *arena, uint8_t *type,
				  uint16_t record_version, struct span fragment, struct span *out);
enum fault __wrap_protection_open(struct protection *protection, struct arena *arena, uint8_t *type,
				  uint16_t record_version, struct span fragment, struct span *out);

enum fault __wrap_protection_open(struct protection *protection, struct arena *arena, uint8_t *type,
				  uint16_t record_version, struct span fragment, struct span *out)
{
	enum fault fault =
		__real_protection_open(protection, arena, type, record_version, fragment, out);
	return fault == FAULT_CRYPTO && fragment.len % 16 == 7 ? FAULT_NONE : fault;
}
