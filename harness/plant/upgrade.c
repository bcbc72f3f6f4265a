/* Plants a bug in: upgrade_input. Of three bytes at once, the last is not heard. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "upgrade/upgrade.h"

void __real_upgrade_input(struct upgrade_dialogue *dialogue, struct span bytes);
void __wrap_upgrade_input(struct upgrade_dialogue *dialogue, struct span bytes);

void __wrap_upgrade_input(struct upgrade_dialogue *dialogue, struct span bytes)
{
	if (bytes.len == 3)
		bytes.len--;
	__real_upgrade_input(dialogue, bytes);
}
