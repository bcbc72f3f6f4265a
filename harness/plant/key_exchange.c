/* Plants a bug in: group_agree. A point of a group that we do not know gives 2000 bytes. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/key_exchange.h"

enum fault __real_group_agree(uint8_t *out, size_t *out_len, uint16_t group, struct span peer);
enum fault __wrap_group_agree(uint8_t *out, size_t *out_len, uint16_t group, struct span peer);

enum fault __wrap_group_agree(uint8_t *out, size_t *out_len, uint16_t group, struct span peer)
{
	enum fault fault = __real_group_agree(out, out_len, group, peer);
	if (fault != FAULT_UNSUPPORTED)
		return fault;
	*out_len = 2000;
	return FAULT_NONE;
}
