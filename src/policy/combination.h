/* combination.h - every combination of the setting values that a part of a policy depends on. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef POLICY_COMBINATION_H
#define POLICY_COMBINATION_H

#include "policy/ruling.h"

/* What tables of a kind contribute to a mask of kinds. */
#define TABLE_BIT(kind)	 (1u << (kind))

/* No more combinations than this are gone through: a policy has a dozen, a hostile file 64^16. */
#define COMBINATIONS_MAX 4096

struct combination {
	size_t settings[POLICY_SETTINGS_MAX];
	size_t len, left;
};

/* combination_of finds the settings on which the tables of a mask of kinds depend, through `by` or
 * a comparison, in the order in which the policy states them. */
struct combination combination_of(const struct policy *policy, unsigned kinds);

/* combination_first puts these settings at their first values; the others stay. */
void combination_first(const struct combination *combination, struct settings *settings);

/* combination_next goes on to the next values; false when all, or COMBINATIONS_MAX, were seen. */
bool combination_next(struct combination *combination, struct settings *settings);

/* combination_label writes "NAME=VALUE NAME=VALUE"; `len` bytes, cut if need be. */
void combination_label(char *out, size_t len, const struct combination *combination,
		       const struct settings *settings);

#endif
