/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/combination.h"
#include "registry/cipher_suite.h"
#include "script/policy_print_statements.h"
#include "script/policy_show.h"
#include "script/policy_writer.h"

#include <stdio.h>

#define LABEL_MAX  512
#define GROUPS_MAX 128
#define DAYS_MAX   32

/* Suites of one version that one row rules alike; `name` is the first. */
struct group {
	struct ruling ruling;
	const char *name;
	size_t count;
};

struct groups {
	struct group at[GROUPS_MAX];
	size_t len;
};

/* Rows that name a suite keep it apart; what is beyond GROUPS_MAX goes to the last group. */
static void groups_add(struct groups *groups, const struct ruling *ruling, const char *name)
{
	for (size_t i = 0; i < groups->len; i++) {
		struct group *group = &groups->at[i];
		bool same = group->ruling.rule == ruling->rule &&
			    group->ruling.against == ruling->against &&
			    ruling_same(&group->ruling, ruling);
		if (same || i == GROUPS_MAX - 1) {
			group->count++;
			return;
		}
	}
	groups->at[groups->len++] = (struct group){ *ruling, name, 1 };
}

static void print_suites(struct text *out, const struct settings *settings, enum version version)
{
	struct groups groups = { .len = 0 };
	for (size_t i = 0; i < cipher_suites_len; i++) {
		const struct cipher_suite *suite = &cipher_suites[i];
		if (cipher_suite_is_signal(suite->code) || !cipher_suite_in(suite, version))
			continue;
		struct ruling ruling = policy_suite(settings, version, suite->code);
		groups_add(&groups, &ruling, suite->registered ? suite->name : "unregistered");
	}
	for (size_t i = 0; i < groups.len; i++) {
		char id[160];
		const struct group *group = &groups.at[i];
		if (group->count == 1)
			snprintf(id, sizeof(id), "suite/%s/%s", version_name(version), group->name);
		else
			snprintf(id, sizeof(id), "suite/%s, %zu suites", version_name(version),
				 group->count);
		ruling_line(out, id, &group->ruling);
	}
	struct ruling other = policy_suite(settings, version, SUITE_UNKNOWN);
	char id[64];
	snprintf(id, sizeof(id), "suite/%s, %s", version_name(version),
		 version == SSLV2 ? "every kind" : "every other code");
	ruling_line(out, id, &other);
}

static void print_head(struct text *out, const struct combination *combination,
		       const struct settings *settings)
{
	char label[LABEL_MAX];
	combination_label(label, sizeof(label), combination, settings);
	text_printf(out, "\n%s\n", *label ? label : "under all settings");
}

static void print_versions(struct text *out, const struct policy *policy, struct settings settings)
{
	unsigned kinds = TABLE_BIT(TABLE_VERSION) | TABLE_BIT(TABLE_SUITE);
	struct combination combination = combination_of(policy, kinds);
	bool suites = policy_has_table(policy, TABLE_SUITE);
	if (!suites && !policy_has_table(policy, TABLE_VERSION))
		return;
	combination_first(&combination, &settings);
	do {
		print_head(out, &combination, &settings);
		for (unsigned v = SSLV2; v < VERSIONS_LEN; v++) {
			char id[32];
			snprintf(id, sizeof(id), "version/%s", version_name((enum version)v));
			struct ruling ruling = policy_version(&settings, (enum version)v);
			ruling_line(out, id, &ruling);
		}
		for (unsigned v = SSLV2; suites && v < VERSIONS_LEN; v++)
			print_suites(out, &settings, (enum version)v);
	} while (combination_next(&combination, &settings));
}

static bool written_at(const struct policy *policy, enum table_kind kind, const char *subject)
{
	for (size_t i = 0; i < policy->rules_len; i++) {
		const struct rule *rule = policy->rules[i];
		bool about = rule->form != SUBJECT_EXACT || strcmp(rule->subject, subject) == 0;
		if (rule->table->kind == kind && rule->at_written && about)
			return true;
	}
	return false;
}

/* A subject of which some row speaks `at` a version is printed version by version. */
static void print_subject(struct text *out, const struct settings *settings, enum table_kind kind,
			  const char *subject)
{
	const char *shown = strcmp(subject, SUBJECT_OTHER) == 0 ? "every other" : subject;
	char id[160];
	if (!written_at(settings->policy, kind, subject)) {
		struct ruling ruling = policy_subject(settings, kind, VERSION_NONE, subject);
		bool alone = kind == TABLE_PLAINTEXT;
		snprintf(id, sizeof(id), "%s%s%s", table_kind_name(kind), alone ? "" : "/",
			 alone ? "" : shown);
		ruling_line(out, id, &ruling);
		return;
	}
	for (unsigned v = SSLV3; v < VERSIONS_LEN; v++) {
		struct ruling ruling = policy_subject(settings, kind, (enum version)v, subject);
		snprintf(id, sizeof(id), "%s/%s/%s", table_kind_name(kind),
			 version_name((enum version)v), shown);
		ruling_line(out, id, &ruling);
	}
}

/* The days on which a dated row begins to hold, or has just ceased to, in order. */
struct days {
	date at[DAYS_MAX];
	size_t len;
};

static void days_add(struct days *days, date day)
{
	size_t i = 0;
	while (i < days->len && days->at[i] < day)
		i++;
	if (days->len == DAYS_MAX || (i < days->len && days->at[i] == day))
		return;
	memmove(&days->at[i + 1], &days->at[i], (days->len - i) * sizeof(date));
	days->at[i] = day;
	days->len++;
}

static struct days days_of(const struct policy *policy, enum table_kind kind)
{
	struct days days = { .len = 0 };
	for (size_t i = 0; i < policy->rules_len; i++) {
		const struct rule *rule = policy->rules[i];
		if (rule->table->kind == kind && rule->from != DATE_NONE)
			days_add(&days, rule->from);
		if (rule->table->kind == kind && rule->until != DATE_NONE)
			days_add(&days, rule->until + 1);
	}
	return days;
}

static void print_cells(struct text *out, const struct settings *settings, enum table_kind kind,
			const struct subjects *subjects)
{
	for (size_t i = 0; i < subjects->len; i++)
		print_subject(out, settings, kind, subjects->at[i]);
	if (subjects->any)
		print_subject(out, settings, kind, SUBJECT_OTHER);
}

/* Before the first of the days, then from each of them on. */
static void print_days(struct text *out, struct settings *settings, enum table_kind kind,
		       const struct subjects *subjects)
{
	struct days days = days_of(settings->policy, kind);
	for (size_t i = 0; i <= days.len; i++) {
		char day[11];
		if (days.len) {
			settings->today = i ? days.at[i - 1] : days.at[0] - 1;
			date_print(day, settings->today);
			text_printf(out, " %s %s\n", i ? "from" : "until", day);
		}
		print_cells(out, settings, kind, subjects);
	}
}

static void print_kind(struct text *out, const struct policy *policy, struct settings settings,
		       enum table_kind kind)
{
	struct combination combination = combination_of(policy, TABLE_BIT(kind));
	struct subjects subjects = { .len = 0 };
	subjects_add(&subjects, policy, kind);
	if (!policy_has_table(policy, kind))
		return;
	combination_first(&combination, &settings);
	do {
		print_head(out, &combination, &settings);
		print_days(out, &settings, kind, &subjects);
	} while (combination_next(&combination, &settings));
}

void policy_print(struct text *out, const struct policy *policy)
{
	struct settings settings;
	settings_init(&settings, policy, 0);
	text_printf(out, "policy %s\n", policy->name);
	if (policy->title)
		text_printf(out, "title  %s\n", policy->title);
	if (policy->source)
		text_printf(out, "source %s%s%s\n", policy->source, policy->source_date ? ", " : "",
			    policy->source_date ? policy->source_date : "");
	text_printf(out, "over   %s\n", policy->over);
	print_versions(out, policy, settings);
	for (unsigned kind = TABLE_PLAINTEXT; kind < TABLES_LEN; kind++)
		print_kind(out, policy, settings, (enum table_kind)kind);
	policy_print_statements(out, policy);
}
