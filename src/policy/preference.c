/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/preference.h"

#include <string.h>

#include "registry/cipher_suite.h"

const struct preference *policy_preference(const struct policy *policy, enum version version)
{
	for (size_t i = 0; i < policy->preferences_len; i++)
		if (policy->preferences[i].versions & VERSION_BIT(version))
			return &policy->preferences[i];
	return NULL;
}

unsigned preference_rank(const struct preference *preference, uint16_t suite)
{
	const struct cipher_suite *known = cipher_suite_by_code(suite);
	if (!preference || !preference->server || !known)
		return PREFERENCE_RANK_NONE;
	for (size_t i = 0; i < preference->suites_len; i++)
		if (strcmp(preference->suites[i], known->name) == 0)
			return preference->ranks[i];
	return PREFERENCE_RANK_NONE;
}
