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

/* By the client's order: what stands behind the choice is no better. */
static bool is_overtaken(struct order_flaw *out, const struct oracle *oracle, struct span suites,
			 const struct observation *seen)
{
	for (size_t i = 0; i < list_u16_len(suites); i++) {
		uint16_t suite = list_u16(suites, i);
		if (suite == seen->suite)
			return false;
		if (is_due(out, oracle, seen->version, suite))
			return true;
	}
	return false;
}

/* By the server's: the best of those that are better. */
static bool is_outranked(struct order_flaw *out, const struct oracle *oracle, struct span suites,
			 const struct observation *seen)
{
	unsigned best = preference_rank(out->preference, seen->suite);
	struct order_flaw flaw = *out;
	bool found = false;
	for (size_t i = 0; i < list_u16_len(suites); i++) {
		uint16_t suite = list_u16(suites, i);
		unsigned rank = preference_rank(out->preference, suite);
		if (rank >= best || !is_due(&flaw, oracle, seen->version, suite))
			continue;
		*out = flaw;
		best = rank;
		found = true;
	}
	return found;
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
	return out->preference->server ? is_outranked(out, oracle, suites, seen)
				       : is_overtaken(out, oracle, suites, seen);
}
