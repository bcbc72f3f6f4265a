/* SPDX-License-Identifier: Apache-2.0 */
#include "live/order.h"

#include "policy/preference.h"
#include "registry/cipher_suite.h"
#include "registry/registry.h"

/* RFC 7919 4: whoever knows none of the fields that are named passes DHE suites over. */
static bool may_pass_over(const struct reading *reading, uint16_t suite)
{
	const struct cipher_suite *known = cipher_suite_by_code(suite);
	struct span groups = client_hello_view(&reading->hello, EXTENSION_SUPPORTED_GROUPS);
	for (size_t i = 0; known && known->kx == KX_DHE && i < list_u16_len(groups); i++)
		if (group_is_ffdhe(list_u16(groups, i)))
			return true;
	return false;
}

static bool is_due(struct order_flaw *out, const struct oracle *oracle,
		   const struct reading *reading, enum version version, uint16_t suite)
{
	if (!policy_pair(version, suite) || may_pass_over(reading, suite))
		return false;
	out->better = suite;
	out->ruling = policy_suite(oracle->settings, version, suite);
	return out->ruling.kind == RULING_ACCEPT;
}

/* By the client's order: what stands behind the choice is no better. */
static bool is_overtaken(struct order_flaw *out, const struct oracle *oracle,
			 const struct reading *reading, const struct observation *seen)
{
	struct span suites = reading->hello.suites;
	for (size_t i = 0; i < list_u16_len(suites); i++) {
		uint16_t suite = list_u16(suites, i);
		if (suite == seen->suite)
			return false;
		if (is_due(out, oracle, reading, seen->version, suite))
			return true;
	}
	return false;
}

/* By the server's: the best of those that are better. */
static bool is_outranked(struct order_flaw *out, const struct oracle *oracle,
			 const struct reading *reading, const struct observation *seen)
{
	struct span suites = reading->hello.suites;
	unsigned best = preference_rank(out->preference, seen->suite);
	struct order_flaw flaw = *out;
	bool found = false;
	for (size_t i = 0; i < list_u16_len(suites); i++) {
		uint16_t suite = list_u16(suites, i);
		unsigned rank = preference_rank(out->preference, suite);
		if (rank >= best || !is_due(&flaw, oracle, reading, seen->version, suite))
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
	if (demand->kind != DEMAND_ACCEPT || seen->outcome != OUTCOME_SERVER_HELLO ||
	    seen->version != demand->highest)
		return false;
	out->preference = policy_preference(oracle->settings->policy, seen->version);
	if (!out->preference)
		return false;
	return out->preference->server ? is_outranked(out, oracle, reading, seen)
				       : is_overtaken(out, oracle, reading, seen);
}
