/* Plants a bug in: policy_format. A policy without settings is formatted with its length behind it.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "script/policy_writer.h"

void __real_policy_format(struct text *out, const struct policy *policy);
void __wrap_policy_format(struct text *out, const struct policy *policy);

void __wrap_policy_format(struct text *out, const struct policy *policy)
{
	__real_policy_format(out, policy);
	if (policy->settings_len == 0)
		text_printf(out, "# %zu\n", out->len);
}
