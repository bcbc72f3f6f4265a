/* Plants a bug in: target_print. A port over 9999 loses its last digit. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/target.h"

void __real_target_print(char *out, const struct target *target);
void __wrap_target_print(char *out, const struct target *target);

void __wrap_target_print(char *out, const struct target *target)
{
	__real_target_print(out, target);
	if (target->port > 9999)
		out[strlen(out) - 1] = 0;
}
