/* SPDX-License-Identifier: Apache-2.0 */
#include "script/policy_show.h"

#include <stdio.h>

bool ruling_same(const struct ruling *a, const struct ruling *b)
{
	return a->kind == b->kind && a->inferred == b->inferred;
}

void ruling_label(char out[16], const struct ruling *ruling)
{
	if (ruling->kind == RULING_SILENT)
		snprintf(out, 16, "-");
	else
		snprintf(out, 16, "%s%s", ruling_name(ruling->kind), ruling->inferred ? "?" : "");
}

void ruling_line(struct text *out, const char *id, const struct ruling *ruling)
{
	char label[16];
	ruling_label(label, ruling);
	text_printf(out, "  %-56s %s", id, label);
	if (ruling->rule)
		text_printf(out, "%*s line %u: %s", (int)(12 - strlen(label)), "",
			    ruling->rule->at.line, ruling->rule->row);
	if (ruling->against)
		text_printf(out, "; against line %u: %s", ruling->against->at.line,
			    ruling->against->row);
	text_printf(out, "\n");
}

static bool holds(const struct subjects *subjects, const char *subject)
{
	for (size_t i = 0; i < subjects->len; i++)
		if (strcmp(subjects->at[i], subject) == 0)
			return true;
	return false;
}

void subjects_add(struct subjects *subjects, const struct policy *policy, enum table_kind kind)
{
	for (size_t i = 0; i < policy->rules_len; i++) {
		const struct rule *rule = policy->rules[i];
		if (rule->table->kind != kind)
			continue;
		if (rule->form != SUBJECT_EXACT)
			subjects->any = true;
		else if (subjects->len < SUBJECTS_MAX && !holds(subjects, rule->subject))
			subjects->at[subjects->len++] = rule->subject;
	}
}
