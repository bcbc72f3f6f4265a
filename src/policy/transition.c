/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/ruling.h"

static bool holds(const size_t *values, size_t len, size_t value)
{
	for (size_t i = 0; i < len; i++)
		if (values[i] == value)
			return true;
	return false;
}

const struct transition *policy_transition(const struct settings *from, const struct settings *to)
{
	for (size_t i = 0; i < from->policy->transitions_len; i++) {
		const struct transition *rule = &from->policy->transitions[i];
		if (holds(rule->from, rule->from_len, from->value[rule->setting]) &&
		    holds(rule->to, rule->to_len, to->value[rule->setting]))
			return rule;
	}
	return NULL;
}
