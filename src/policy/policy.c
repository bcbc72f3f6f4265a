/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/policy.h"

#include <assert.h>

const char *ruling_name(enum ruling_kind kind)
{
	static const char *const names[] = { "silent",	   "accept", "should",	"may",
					     "should-not", "reject", "conflict" };
	assert((size_t)kind < sizeof(names) / sizeof(names[0]));
	return names[kind];
}

const char *table_kind_name(enum table_kind kind)
{
	static const char *const names[] = { "version",		 "suite",
					     "plaintext",	 "group",
					     "signature_scheme", "compression",
					     "certificate",	 "extension" };
	assert(kind < TABLES_LEN);
	return names[kind];
}

size_t policy_setting(const struct policy *policy, struct span name)
{
	for (size_t i = 0; i < policy->settings_len; i++)
		if (span_is(name, policy->settings[i].name))
			return i;
	return SIZE_MAX;
}

size_t setting_value(const struct setting *setting, struct span value)
{
	for (size_t i = 0; i < setting->values_len; i++)
		if (span_is(value, setting->values[i]))
			return i;
	return SIZE_MAX;
}

/* Documents write TLSv1, TLSv1.0, TLS1_0, TLS1.0 and TLS10 for the same version. */
enum version setting_value_version(const char *value)
{
	enum version bare_one = TLS1_0;
	if (strncmp(value, "SSLv", 4) == 0)
		return version_by_name(span_text(value));
	if (strncmp(value, "TLS", 3) != 0)
		return VERSION_NONE;
	value += 3 + (value[3] == 'v');
	if (*value++ != '1')
		return VERSION_NONE;
	if (!*value)
		return bare_one;
	if (*value == '.' || *value == '_')
		value++;
	if (*value < '0' || *value > '3' || value[1])
		return VERSION_NONE;
	return (enum version)((unsigned)TLS1_0 + (unsigned)(*value - '0'));
}

bool policy_has_table(const struct policy *policy, enum table_kind kind)
{
	for (size_t i = 0; i < policy->tables_len; i++)
		if (policy->tables[i]->kind == kind)
			return true;
	return false;
}
