/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/rule.h"
#include "base/text.h"

struct cell cell_version(enum version version)
{
	return (struct cell){ .kind = TABLE_VERSION,
			      .version = version,
			      .subject = version_name(version) };
}

struct cell cell_suite(enum version version, uint16_t code)
{
	struct cell cell = { .kind = TABLE_SUITE,
			     .version = version,
			     .has_code = version != SSLV2 };
	if (cell.has_code) {
		cell.code = code;
		cell.suite = cipher_suite_by_code(code);
	}
	return cell;
}

struct cell cell_subject(enum table_kind kind, enum version version, const char *subject)
{
	return (struct cell){ .kind = kind, .version = version, .subject = subject };
}

/* A name speaks of a suite only where the suite exists; `*` speaks of every code point. */
static bool suite_fits(const struct rule *rule, const struct cell *cell)
{
	if (rule->form == SUBJECT_ANY)
		return true;
	if (!cell->has_code || (cell->suite && !cipher_suite_in(cell->suite, cell->version)))
		return false;
	if (rule->form == SUBJECT_EXACT)
		return rule->suite == cell->code;
	return cell->suite && cell->suite->registered &&
	       glob_match(rule->subject, cell->suite->name);
}

static bool subject_fits(const struct rule *rule, const struct cell *cell)
{
	if (cell->kind == TABLE_SUITE)
		return suite_fits(rule, cell);
	switch (rule->form) {
	case SUBJECT_EXACT:
		return strcmp(rule->subject, cell->subject) == 0;
	case SUBJECT_PATTERN:
		return glob_match(rule->subject, cell->subject);
	case SUBJECT_ANY:
		break;
	}
	return true;
}

/* A value that names no version ("unset") bounds nothing. */
static bool comparison_holds(const struct settings *settings, const struct rule *rule,
			     enum version version)
{
	if (rule->compare == COMPARE_NONE)
		return true;
	const struct setting *setting = &settings->policy->settings[rule->compare_setting];
	size_t value = settings->value[rule->compare_setting];
	enum version bound = setting_value_version(setting->values[value]);
	if (version == VERSION_NONE || bound == VERSION_NONE)
		return false;
	switch (rule->compare) {
	case COMPARE_LESS:
		return version < bound;
	case COMPARE_LESS_EQUAL:
		return version <= bound;
	case COMPARE_GREATER:
		return version > bound;
	case COMPARE_GREATER_EQUAL:
		return version >= bound;
	case COMPARE_NONE:
		break;
	}
	return true;
}

static bool values_hold(const struct settings *settings, const struct rule *rule)
{
	for (size_t i = 0; i < rule->table->by_len; i++)
		if (rule->by[i] != POLICY_ANY && rule->by[i] != settings->value[rule->table->by[i]])
			return false;
	return true;
}

static bool dates_hold(const struct settings *settings, const struct rule *rule)
{
	return (rule->from == DATE_NONE || settings->today >= rule->from) &&
	       (rule->until == DATE_NONE || settings->today <= rule->until);
}

static bool at_holds(const struct rule *rule, enum version version)
{
	if (version == VERSION_NONE)
		return !rule->at_written;
	return rule->versions & VERSION_BIT(version);
}

bool rule_speaks(const struct settings *settings, const struct rule *rule, const struct cell *cell)
{
	return rule->table->kind == cell->kind && at_holds(rule, cell->version) &&
	       values_hold(settings, rule) && dates_hold(settings, rule) &&
	       settings_holds(settings, rule->condition) &&
	       comparison_holds(settings, rule, cell->version) && subject_fits(rule, cell);
}

/* The steps of table_decide as one number, the first step weighing most. */
static unsigned specificity(const struct rule *rule)
{
	unsigned subject = rule->form == SUBJECT_EXACT ? 2 : rule->form == SUBJECT_PATTERN ? 1 : 0;
	if (rule->compare != COMPARE_NONE)
		subject = 2;
	unsigned values = 0;
	for (size_t i = 0; i < rule->table->by_len; i++)
		values += rule->by[i] != POLICY_ANY;
	bool conditional = rule->condition != CONDITION_NONE || rule->compare != COMPARE_NONE;
	return subject << 4 | (unsigned)rule->at_written << 3 | values << 1 | conditional;
}

const struct rule *table_decide(const struct settings *settings, const struct table *table,
				const struct cell *cell)
{
	const struct rule *best = NULL;
	unsigned best_specificity = 0;
	for (size_t i = 0; i < table->rules_len; i++) {
		const struct rule *rule = table->rules[i];
		unsigned here = specificity(rule);
		if ((best && here <= best_specificity) || !rule_speaks(settings, rule, cell))
			continue;
		best = rule;
		best_specificity = here;
	}
	return best;
}

/* What the tables decided: for each kind of ruling, written and inferred, the first that did. */
struct meeting {
	const struct rule *said[2][RULING_REJECT + 1];
};

static struct ruling most_severe(const struct rule *const said[RULING_REJECT + 1])
{
	for (unsigned kind = RULING_REJECT; kind > RULING_SILENT; kind--)
		if (said[kind])
			return (struct ruling){ .kind = (enum ruling_kind)kind,
						.inferred = said[kind]->inferred,
						.rule = said[kind] };
	return (struct ruling){ .kind = RULING_SILENT };
}

static struct ruling meeting_rule(const struct meeting *meeting, bool strict)
{
	const struct rule *accept = meeting->said[0][RULING_ACCEPT];
	const struct rule *reject = meeting->said[0][RULING_REJECT];
	if (accept && reject && strict)
		return (struct ruling){ .kind = RULING_REJECT, .rule = reject, .against = accept };
	if (accept && reject)
		return (struct ruling){ .kind = RULING_CONFLICT,
					.rule = accept,
					.against = reject };
	struct ruling written = most_severe(meeting->said[0]);
	return written.kind != RULING_SILENT ? written : most_severe(meeting->said[1]);
}

struct ruling cell_rule(const struct settings *settings, const struct cell *cell)
{
	const struct policy *policy = settings->policy;
	struct meeting meeting = { 0 };
	const struct rule *silent = NULL;
	for (size_t i = 0; i < policy->tables_len; i++) {
		if (policy->tables[i]->kind != cell->kind)
			continue;
		const struct rule *rule = table_decide(settings, policy->tables[i], cell);
		if (!rule)
			continue;
		if (rule->ruling == RULING_SILENT)
			silent = silent ? silent : rule;
		else if (!meeting.said[rule->inferred][rule->ruling])
			meeting.said[rule->inferred][rule->ruling] = rule;
	}
	struct ruling ruling = meeting_rule(&meeting, settings->strict);
	if (ruling.kind == RULING_SILENT)
		ruling.rule = silent;
	return ruling;
}
