/* SPDX-License-Identifier: Apache-2.0 */
#include "live/order.h"

#include "policy/preference.h"

static bool is_due(struct order_flaw *out, const struct oracle *oracle, enum version version,
		   uint16_t suite)
{
	if (!policy_pair(version, suite))
		return false;
	out->better = suite;
	out->ruling = policy_suite(oracle->settings, version, suite);
	return out->ruling.kind == RULING_ACCEPT;
}

bool order_judge(struct order_flaw *out, const struct oracle *oracle, const struct reading *reading,
		 const struct demand *demand, const struct observation *seen)
{
	struct span suites = reading->hello.suites;
	if (demand->kind != DEMAND_ACCEPT || seen->outcome != OUTCOME_SERVER_HELLO ||
	    seen->version != demand->highest)
		return false;
	out->preference = policy_preference(oracle->settings->policy, seen->version);
	if (!out->preference)
		return false;
	unsigned rank = preference_rank(out->preference, seen->suite);
	for (size_t i = 0; i < list_u16_len(suites); i++) {
		uint16_t suite = list_u16(suites, i);
		/* By the client's order, what stands behind the choice is no better. */
		if (suite == seen->suite && !out->preference->server)
			return false;
		bool better =
			!out->preference->server || preference_rank(out->preference, suite) < rank;
		if (better && is_due(out, oracle, seen->version, suite))
			return true;
	}
	return false;
}
