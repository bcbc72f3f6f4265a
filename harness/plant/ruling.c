/* Plants a bug in: policy_hello. An offer of more than three suites is rejected. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/ruling.h"

struct ruling __real_policy_hello(const struct settings *settings, const struct offer *offer);
struct ruling __wrap_policy_hello(const struct settings *settings, const struct offer *offer);

struct ruling __wrap_policy_hello(const struct settings *settings, const struct offer *offer)
{
	struct ruling ruling = __real_policy_hello(settings, offer);
	if (offer->suites_len > 6)
		ruling.kind = RULING_REJECT;
	return ruling;
}
