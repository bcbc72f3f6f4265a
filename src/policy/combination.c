/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/combination.h"

#include <stdio.h>

static bool depends(const struct policy *policy, unsigned kinds, size_t setting)
{
	for (size_t i = 0; i < policy->tables_len; i++) {
		const struct table *table = policy->tables[i];
		for (size_t j = 0; kinds & TABLE_BIT(table->kind) && j < table->by_len; j++)
			if (table->by[j] == setting)
				return true;
	}
	for (size_t i = 0; i < policy->rules_len; i++) {
		const struct rule *rule = policy->rules[i];
		if (kinds & TABLE_BIT(rule->table->kind) && rule->compare != COMPARE_NONE &&
		    rule->compare_setting == setting)
			return true;
	}
	return false;
}

struct combination combination_of(const struct policy *policy, unsigned kinds)
{
	struct combination out = { .left = COMBINATIONS_MAX };
	for (size_t i = 0; i < policy->settings_len; i++)
		if (depends(policy, kinds, i))
			out.settings[out.len++] = i;
	return out;
}

void combination_first(const struct combination *combination, struct settings *settings)
{
	for (size_t i = 0; i < combination->len; i++)
		settings->value[combination->settings[i]] = 0;
}

/* The last setting turns fastest, as the rows of a printed table do. */
bool combination_next(struct combination *combination, struct settings *settings)
{
	if (--combination->left == 0)
		return false;
	for (size_t i = combination->len; i-- > 0;) {
		size_t setting = combination->settings[i];
		if (++settings->value[setting] < settings->policy->settings[setting].values_len)
			return true;
		settings->value[setting] = 0;
	}
	return false;
}

void combination_label(char *out, size_t len, const struct combination *combination,
		       const struct settings *settings)
{
	size_t used = 0;
	out[0] = '\0';
	for (size_t i = 0; i < combination->len && used < len; i++) {
		size_t at = combination->settings[i];
		const struct setting *setting = &settings->policy->settings[at];
		snprintf(out + used, len - used, "%s%s=%s", i ? " " : "", setting->name,
			 setting->values[settings->value[at]]);
		used += strlen(out + used);
	}
}
