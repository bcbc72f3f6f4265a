/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/lint_rows.h"
#include "policy/combination.h"
#include "policy/rule.h"
#include "registry/registry.h"

/* The circumstances under which the rule speaks, if any do: its conditions hold, and no others. */
static void favour(struct settings *settings, const struct rule *rule)
{
	settings->encrypt_then_mac = rule->condition == CONDITION_ENCRYPT_THEN_MAC;
	settings->certificate_rsa = rule->condition == CONDITION_CERTIFICATE_RSA;
	settings->certificate_ecdsa = rule->condition == CONDITION_CERTIFICATE_ECDSA;
	settings->certificate_dss = rule->condition == CONDITION_CERTIFICATE_DSS;
	settings->today = rule->from != DATE_NONE ? rule->from : rule->until;
}

static bool decides(const struct settings *settings, const struct rule *rule,
		    const struct cell *cell)
{
	return table_decide(settings, rule->table, cell) == rule;
}

/* SSLv2 knows only `*`; for a pattern and for `*` all known suites are tried. */
static bool decides_suite(const struct settings *settings, const struct rule *rule)
{
	for (unsigned v = SSLV2; v < VERSIONS_LEN; v++) {
		struct cell own = cell_suite((enum version)v, rule->suite);
		if (decides(settings, rule, &own))
			return true;
		bool others = v != SSLV2 && rule->form != SUBJECT_EXACT;
		for (size_t i = 0; others && i < cipher_suites_len; i++) {
			struct cell cell = cell_suite((enum version)v, cipher_suites[i].code);
			if (!cipher_suite_is_signal(cell.code) && decides(settings, rule, &cell))
				return true;
		}
	}
	return false;
}

/* A pattern or `*` stands for any subject of its registry; one that no row names will do. */
static bool decides_other(const struct settings *settings, const struct rule *rule)
{
	if (rule->form != SUBJECT_EXACT && rule->table->kind != TABLE_VERSION)
		return true;
	for (unsigned v = SSLV2; v <= VERSION_NONE; v++) {
		struct cell cell = cell_subject(rule->table->kind, (enum version)v, rule->subject);
		if (rule->table->kind == TABLE_VERSION && v != VERSION_NONE)
			cell = cell_version((enum version)v);
		if (decides(settings, rule, &cell))
			return true;
	}
	return false;
}

static bool is_alive(const struct policy *policy, const struct rule *rule)
{
	struct combination combination = combination_of(policy, TABLE_BIT(rule->table->kind));
	struct settings settings;
	settings_init(&settings, policy, 0);
	favour(&settings, rule);
	combination_first(&combination, &settings);
	do {
		if (rule->table->kind == TABLE_SUITE ? decides_suite(&settings, rule)
						     : decides_other(&settings, rule))
			return true;
	} while (combination_next(&combination, &settings));
	return false;
}

/* The worst that any version in which the suite exists leaves of an accepted row. */
static bool is_reachable(const struct policy *policy, const struct rule *rule)
{
	unsigned kinds = TABLE_BIT(TABLE_VERSION) | TABLE_BIT(TABLE_SUITE);
	struct combination combination = combination_of(policy, kinds);
	struct settings settings;
	settings_init(&settings, policy, 0);
	favour(&settings, rule);
	combination_first(&combination, &settings);
	const struct cipher_suite *suite = cipher_suite_by_code(rule->suite);
	do {
		for (unsigned v = SSLV3; v < VERSIONS_LEN; v++) {
			if (suite && !cipher_suite_in(suite, (enum version)v))
				continue;
			if (policy_suite(&settings, (enum version)v, rule->suite).kind !=
			    RULING_REJECT)
				return true;
		}
	} while (combination_next(&combination, &settings));
	return false;
}

static void lint_rule(const struct policy *policy, const struct rule *rule, struct diags *diags)
{
	if (!is_alive(policy, rule)) {
		diag_add(diags, DIAG_WARNING, rule->at,
			 "no cell is decided by '%s': others are more specific or stand before it",
			 rule->row);
		return;
	}
	bool accepts = rule->ruling == RULING_ACCEPT || rule->ruling == RULING_SHOULD;
	if (rule->table->kind == TABLE_SUITE && rule->form == SUBJECT_EXACT && accepts &&
	    !is_reachable(policy, rule))
		diag_add(diags, DIAG_WARNING, rule->at,
			 "'%s' is accepted but exists in no version that is", rule->subject);
}

static bool has_row(const struct table *table, size_t i, size_t value)
{
	for (size_t j = 0; j < table->rules_len; j++)
		if (table->rules[j]->by[i] == value || table->rules[j]->by[i] == POLICY_ANY)
			return true;
	return false;
}

static void lint_gaps(const struct policy *policy, const struct table *table, struct diags *diags)
{
	for (size_t i = 0; i < table->by_len; i++) {
		const struct setting *setting = &policy->settings[table->by[i]];
		for (size_t value = 0; value < setting->values_len; value++)
			if (!has_row(table, i, value))
				diag_add(diags, DIAG_NOTE, table->at,
					 "the %s table says nothing of %s=%s",
					 table_kind_name(table->kind), setting->name,
					 setting->values[value]);
	}
}

static void lint_preference(const struct policy *policy, const struct preference *preference,
			    struct diags *diags)
{
	for (size_t i = 0; i < preference->suites_len; i++) {
		const struct cipher_suite *suite =
			cipher_suite_by_name(span_text(preference->suites[i]));
		struct rule rule = { .suite = suite ? suite->code : 0,
				     .from = DATE_NONE,
				     .until = DATE_NONE };
		if (suite && !is_reachable(policy, &rule))
			diag_add(diags, DIAG_WARNING, preference->at,
				 "'%s' is preferred but rejected in every version",
				 preference->suites[i]);
	}
}

/* The first statement about a version counts. */
static void lint_order(const struct policy *policy, const struct preference *preference,
		       struct diags *diags)
{
	version_set left = preference->versions;
	const struct preference *first = policy->preferences;
	for (; first < preference; first++)
		left &= (version_set)~first->versions;
	if (!left && preference->versions)
		diag_add(diags, DIAG_WARNING, preference->at,
			 "'prefer' has no effect: others before it are about its versions");
}

void lint_rows(const struct policy *policy, struct diags *diags)
{
	for (size_t i = 0; i < policy->tables_len; i++)
		lint_gaps(policy, policy->tables[i], diags);
	for (size_t i = 0; i < policy->rules_len; i++)
		lint_rule(policy, policy->rules[i], diags);
	for (size_t i = 0; i < policy->preferences_len; i++) {
		lint_preference(policy, &policy->preferences[i], diags);
		lint_order(policy, &policy->preferences[i], diags);
	}
}
