/* Plants a bug in: upgrade_want. After an error has begun, two bytes more may be read than came. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "upgrade/upgrade.h"

size_t __real_upgrade_want(const struct upgrade_dialogue *dialogue);
size_t __wrap_upgrade_want(const struct upgrade_dialogue *dialogue);

size_t __wrap_upgrade_want(const struct upgrade_dialogue *dialogue)
{
	size_t want = __real_upgrade_want(dialogue);
	return want == 1 && dialogue->out_at ? 1 + dialogue->plaintext : want;
}
