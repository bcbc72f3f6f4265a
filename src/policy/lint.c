/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/lint.h"
#include "policy/combination.h"
#include "policy/lint_rows.h"
#include "policy/rule.h"

#include <stdio.h>

#define LABEL_MAX 512

static const char *mark(bool inferred)
{
	return inferred ? "?" : "";
}

static const char *cite_of(const struct rule *rule)
{
	return rule->table->cite ? rule->table->cite : "no section cited";
}

/* "CELL [LABEL]: 'ROW' (SECTION) accepts? what line N, 'ROW' (SECTION), rejects" */
static void contradiction(struct diags *diags, const char *cell, const char *label,
			  const struct rule *rule, const struct rule *against, const char *what)
{
	diag_add(diags, DIAG_WARNING, rule->at,
		 "%s%s%s: '%s' (\"%s\") says %s%s, but %s'%s' in line %u (\"%s\") says %s%s", cell,
		 *label ? " with " : "", label, rule->row, cite_of(rule), ruling_name(rule->ruling),
		 mark(rule->inferred), what, against->row, against->at.line, cite_of(against),
		 ruling_name(against->ruling), mark(against->inferred));
}

/* Rule 4: a version that is accepted although no suite of it is. */
static void lint_versions(const struct policy *policy, struct diags *diags)
{
	unsigned kinds = TABLE_BIT(TABLE_VERSION) | TABLE_BIT(TABLE_SUITE);
	struct combination combination = combination_of(policy, kinds);
	struct settings settings;
	settings_init(&settings, policy, 0);
	combination_first(&combination, &settings);
	do {
		char label[LABEL_MAX], cell[32];
		combination_label(label, sizeof(label), &combination, &settings);
		for (unsigned v = SSLV2; v < VERSIONS_LEN; v++) {
			struct ruling ruling = policy_version(&settings, (enum version)v);
			if (ruling.kind != RULING_CONFLICT ||
			    ruling.against->table->kind != TABLE_SUITE)
				continue;
			snprintf(cell, sizeof(cell), "version/%s", version_name((enum version)v));
			contradiction(diags, cell, label, ruling.rule, ruling.against,
				      "of every suite that exists in it, ");
		}
	} while (combination_next(&combination, &settings));
}

static bool permits(enum ruling_kind kind)
{
	return kind == RULING_ACCEPT || kind == RULING_SHOULD || kind == RULING_MAY;
}

static bool forbids(enum ruling_kind kind)
{
	return kind == RULING_REJECT || kind == RULING_SHOULD_NOT;
}

/* Two tables of one kind of which one permits a cell that the other forbids. */
static void lint_cell(const struct settings *settings, const struct cell *cell, const char *name,
		      const char *label, struct diags *diags)
{
	const struct policy *policy = settings->policy;
	const struct rule *permit = NULL, *forbid = NULL;
	for (size_t i = 0; i < policy->tables_len; i++) {
		if (policy->tables[i]->kind != cell->kind)
			continue;
		const struct rule *rule = table_decide(settings, policy->tables[i], cell);
		if (rule && permits(rule->ruling) && !permit)
			permit = rule;
		if (rule && forbids(rule->ruling) && !forbid)
			forbid = rule;
	}
	if (permit && forbid)
		contradiction(diags, name, label, permit, forbid, "");
}

static void lint_meetings(const struct policy *policy, enum table_kind kind, struct diags *diags)
{
	struct combination combination = combination_of(policy, TABLE_BIT(kind));
	struct settings settings;
	settings_init(&settings, policy, 0);
	combination_first(&combination, &settings);
	do {
		char label[LABEL_MAX], name[32] = "plaintext";
		combination_label(label, sizeof(label), &combination, &settings);
		if (kind == TABLE_PLAINTEXT) {
			struct cell cell = cell_subject(kind, VERSION_NONE, "startup");
			lint_cell(&settings, &cell, name, label, diags);
			continue;
		}
		for (unsigned v = SSLV2; v < VERSIONS_LEN; v++) {
			struct cell cell = cell_version((enum version)v);
			snprintf(name, sizeof(name), "version/%s", cell.subject);
			lint_cell(&settings, &cell, name, label, diags);
		}
	} while (combination_next(&combination, &settings));
}

static void lint_tables(const struct policy *policy, struct diags *diags)
{
	for (size_t i = 0; i < policy->tables_len; i++)
		if (!policy->tables[i]->cite)
			diag_add(diags, DIAG_WARNING, policy->tables[i]->at,
				 "the %s table cites no section of its source",
				 table_kind_name(policy->tables[i]->kind));
	struct place top = { policy->file, 1, 1 };
	if (!policy->title)
		diag_add(diags, DIAG_WARNING, top, "the policy has no title");
	if (!policy->source)
		diag_add(diags, DIAG_WARNING, top, "the policy names no source");
}

static bool is_used(const struct policy *policy, size_t setting)
{
	struct combination all = combination_of(policy, UINT32_MAX);
	for (size_t i = 0; i < all.len; i++)
		if (all.settings[i] == setting)
			return true;
	for (size_t i = 0; i < policy->transitions_len; i++)
		if (policy->transitions[i].setting == setting)
			return true;
	return false;
}

static void lint_settings(const struct policy *policy, struct diags *diags)
{
	for (size_t i = 0; i < policy->settings_len; i++)
		if (!is_used(policy, i))
			diag_add(diags, DIAG_WARNING, policy->settings[i].at,
				 "no table depends on the setting '%s'", policy->settings[i].name);
}

void policy_lint(const struct policy *policy, struct diags *diags)
{
	lint_tables(policy, diags);
	lint_settings(policy, diags);
	if (policy_has_table(policy, TABLE_VERSION))
		lint_versions(policy, diags);
	lint_meetings(policy, TABLE_VERSION, diags);
	lint_meetings(policy, TABLE_PLAINTEXT, diags);
	lint_rows(policy, diags);
}
