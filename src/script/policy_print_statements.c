/* SPDX-License-Identifier: Apache-2.0 */
#include "script/policy_print_statements.h"
#include "registry/registry.h"

static void print_versions(struct text *out, version_set versions)
{
	if (versions == VERSIONS_ALL)
		return;
	text_printf(out, " at");
	for (unsigned v = SSLV2; v < VERSIONS_LEN; v++)
		if (versions & VERSION_BIT(v))
			text_printf(out, " %s", version_name((enum version)v));
}

static void print_preference(struct text *out, const struct preference *preference)
{
	text_printf(out, "  line %u: prefer %s", preference->at.line,
		    preference->server ? "server" : "client");
	print_versions(out, preference->versions);
	for (size_t i = 0; i < preference->suites_len; i++) {
		bool first = i == 0 || preference->ranks[i] != preference->ranks[i - 1];
		if (first)
			text_printf(out, "\n    %3u. %s", preference->ranks[i] + 1u,
				    preference->suites[i]);
		else
			text_printf(out, " = %s", preference->suites[i]);
	}
	text_printf(out, "\n");
}

static void print_transition(struct text *out, const struct policy *policy,
			     const struct transition *transition)
{
	const struct setting *setting = &policy->settings[transition->setting];
	text_printf(out, "  line %u: %s from", transition->at.line, setting->name);
	for (size_t i = 0; i < transition->from_len; i++)
		text_printf(out, " %s", setting->values[transition->from[i]]);
	text_printf(out, " to");
	for (size_t i = 0; i < transition->to_len; i++)
		text_printf(out, " %s", setting->values[transition->to[i]]);
	text_printf(out, " never\n");
}

static void print_admission(struct text *out, const struct admission *admission)
{
	text_printf(out, "  line %u: admit %s", admission->at.line, admission->outcome);
	const char *alert = NULL;
	if (admission->alert >= 0)
		alert = registry_name(&registry_alerts, (uint32_t)admission->alert);
	if (alert)
		text_printf(out, " %s", alert);
	if (admission->sqlstate)
		text_printf(out, " %s", admission->sqlstate);
	text_printf(out, "\n");
}

void policy_print_statements(struct text *out, const struct policy *policy)
{
	size_t statements = policy->preferences_len + policy->limits_len + policy->transitions_len +
			    policy->admissions_len;
	if (statements || policy->positive_refusal)
		text_printf(out, "\nunder all settings\n");
	for (size_t i = 0; i < policy->preferences_len; i++)
		print_preference(out, &policy->preferences[i]);
	for (size_t i = 0; i < policy->limits_len; i++) {
		const struct limit *limit = &policy->limits[i];
		text_printf(out, "  line %u: limit %s %s %u%s\n", limit->at.line, limit->name,
			    limit->at_least ? ">=" : "<=", limit->bound,
			    limit->inferred ? "?" : "");
	}
	for (size_t i = 0; i < policy->transitions_len; i++)
		print_transition(out, policy, &policy->transitions[i]);
	for (size_t i = 0; i < policy->admissions_len; i++)
		print_admission(out, &policy->admissions[i]);
	if (policy->positive_refusal)
		text_printf(out, "  control error %s\n", policy->positive_refusal);
}
