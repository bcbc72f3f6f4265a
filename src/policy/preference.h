/* preference.h - whose order of suites a policy demands, and what the order is. Pure and total. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef POLICY_PREFERENCE_H
#define POLICY_PREFERENCE_H

#include "policy/policy.h"

#define PREFERENCE_RANK_NONE (UINT8_MAX + 1)

/* policy_preference returns the first statement about the version, or NULL. */
const struct preference *policy_preference(const struct policy *policy, enum version version);

/*
 * preference_rank returns a suite's place in a server's order: 0 for the most preferred, the same
 * for equal ones, PREFERENCE_RANK_NONE for one that it does not name, which comes after all that it
 * names. Without a statement nothing is named.
 */
unsigned preference_rank(const struct preference *preference, uint16_t suite);

#endif
