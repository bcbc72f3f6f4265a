/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"
#include "policy/ruling.h"

#include <stdio.h>

#define SHOWN_MAX 80 /* bytes of an operator's word that a message repeats */

void settings_init(struct settings *settings, const struct policy *policy, date today)
{
	*settings = (struct settings){ .policy = policy, .today = today };
	for (size_t i = 0; i < policy->settings_len; i++)
		settings->value[i] = policy->settings[i].default_value;
}

static int shown(struct span word)
{
	return (int)(word.len < SHOWN_MAX ? word.len : SHOWN_MAX);
}

/* Writes "... 'NAME' ...; did you mean 'NEAR'" or, where nothing is near, "...; it has A, B". */
static void suggest(char *why, size_t why_len, struct span word, const char *const *names)
{
	char name[SHOWN_MAX + 1];
	snprintf(name, sizeof(name), "%.*s", shown(word), (const char *)word.at);
	size_t used = strlen(why);
	const char *near = text_nearest(name, names);
	if (near) {
		snprintf(why + used, why_len - used, "; did you mean '%s'?", near);
		return;
	}
	const char *lead = "; there is";
	for (; *names && used < why_len; names++, lead = ",") {
		snprintf(why + used, why_len - used, "%s '%s'", lead, *names);
		used = strlen(why);
	}
}

static enum fault refuse_name(const struct policy *policy, struct span name, char *why, size_t len)
{
	const char *names[POLICY_SETTINGS_MAX + 1] = { NULL };
	for (size_t i = 0; i < policy->settings_len; i++)
		names[i] = policy->settings[i].name;
	snprintf(why, len, "policy '%s' has no setting '%.*s'", policy->name, shown(name),
		 (const char *)name.at);
	suggest(why, len, name, names);
	return FAULT_USAGE;
}

static enum fault refuse_value(const struct setting *setting, struct span value, char *why,
			       size_t len)
{
	const char *names[POLICY_VALUES_MAX + 1] = { NULL };
	for (size_t i = 0; i < setting->values_len; i++)
		names[i] = setting->values[i];
	snprintf(why, len, "setting '%s' has no value '%.*s'", setting->name, shown(value),
		 (const char *)value.at);
	suggest(why, len, value, names);
	return FAULT_USAGE;
}

enum fault settings_set(struct settings *settings, struct span assignment, char *why,
			size_t why_len)
{
	const uint8_t *equals = assignment.len ? memchr(assignment.at, '=', assignment.len) : NULL;
	if (!equals) {
		snprintf(why, why_len, "a setting is given as NAME=VALUE, not as '%.*s'",
			 shown(assignment), (const char *)assignment.at);
		return FAULT_USAGE;
	}
	struct span name = span_of(assignment.at, (size_t)(equals - assignment.at));
	struct span value = span_skip(assignment, name.len + 1);
	size_t at = policy_setting(settings->policy, name);
	if (at == SIZE_MAX)
		return refuse_name(settings->policy, name, why, why_len);
	size_t chosen = setting_value(&settings->policy->settings[at], value);
	if (chosen == SIZE_MAX)
		return refuse_value(&settings->policy->settings[at], value, why, why_len);
	settings->value[at] = chosen;
	settings->given[at] = true;
	return FAULT_NONE;
}

void settings_hold(struct settings *settings, enum condition condition, bool holds)
{
	switch (condition) {
	case CONDITION_NONE:
		break;
	case CONDITION_ENCRYPT_THEN_MAC:
		settings->encrypt_then_mac = holds;
		break;
	case CONDITION_CERTIFICATE_RSA:
		settings->certificate_rsa = holds;
		break;
	case CONDITION_CERTIFICATE_ECDSA:
		settings->certificate_ecdsa = holds;
		break;
	case CONDITION_CERTIFICATE_DSS:
		settings->certificate_dss = holds;
		break;
	}
}

bool settings_holds(const struct settings *settings, enum condition condition)
{
	switch (condition) {
	case CONDITION_NONE:
		return true;
	case CONDITION_ENCRYPT_THEN_MAC:
		return settings->encrypt_then_mac;
	case CONDITION_CERTIFICATE_RSA:
		return settings->certificate_rsa;
	case CONDITION_CERTIFICATE_ECDSA:
		return settings->certificate_ecdsa;
	case CONDITION_CERTIFICATE_DSS:
		return settings->certificate_dss;
	}
	return false;
}
