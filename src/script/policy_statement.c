/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/registry.h"
#include "script/policy_parse.h"

#define PREFERENCE_MAX 1024 /* suites */

/* A list that goes on from line to line: the statement's own, then its rows. */
static bool list_more(struct reader *r, struct words *words)
{
	if (words_peek(words))
		return true;
	const struct source_line *row = reader_row(r);
	if (row)
		*words = words_of(row);
	return row != NULL;
}

static bool suite_add(struct reader *r, struct preference *preference, size_t *cap,
		      const char *suite, uint32_t rank)
{
	size_t ranks_cap = *cap;
	void *ranks = reader_grow(r, preference->ranks, preference->suites_len, &ranks_cap, 1);
	void *suites =
		reader_grow(r, preference->suites, preference->suites_len, cap, sizeof(char *));
	if (!ranks || !suites)
		return false;
	preference->ranks = ranks;
	preference->suites = suites;
	preference->suites[preference->suites_len] = suite;
	preference->ranks[preference->suites_len++] = (uint8_t)rank;
	return true;
}

static bool suite_read(struct reader *r, struct words *words, struct preference *preference,
		       size_t *cap, uint32_t rank)
{
	struct table suites = { .kind = TABLE_SUITE };
	struct rule rule = { .table = &suites };
	struct place at = words_place(words);
	if (!subject_read(r, words, &rule, NULL))
		return false;
	if (rule.form != SUBJECT_EXACT)
		return complain_at(r->diags, at, "a preference names suites, not patterns");
	for (size_t i = 0; i < preference->suites_len; i++)
		if (strcmp(preference->suites[i], rule.subject) == 0)
			return complain_at(r->diags, at, "the suite stands twice");
	if (preference->suites_len == PREFERENCE_MAX || rank > UINT8_MAX)
		return complain_at(r->diags, at, "a preference has at most %d suites and %d ranks",
				   PREFERENCE_MAX, UINT8_MAX + 1);
	return suite_add(r, preference, cap, rule.subject, rank);
}

/* at V... and cite "SECTION", on the statement's own line, before or behind its suites */
static bool preference_tail(struct reader *r, struct words *words, struct preference *preference,
			    bool *found)
{
	*found = true;
	if (words_accept(words, "at"))
		return reader_versions(r, words, &preference->versions);
	const struct token *token = words_peek(words);
	*found = token && token_is(token, "cite");
	return reader_cite(r, words, &preference->cite);
}

/* A > B = C ..., from line to line */
static bool order_read(struct reader *r, struct words *words, struct preference *preference)
{
	size_t cap = 0;
	uint32_t rank = 0;
	while (list_more(r, words)) {
		bool tail;
		if (!preference_tail(r, words, preference, &tail))
			return false;
		if (tail)
			continue;
		if (preference->suites_len && words_accept(words, ">"))
			rank++;
		else if (preference->suites_len && !words_accept(words, "="))
			return reader_expected(r, words, "'>' or '=' between suites");
		if (!suite_read(r, words, preference, &cap, rank))
			return false;
	}
	return true;
}

void prefer_read(struct reader *r, struct words *words, struct place at)
{
	struct policy *policy = r->policy;
	struct preference preference = { .at = at, .versions = VERSIONS_ALL };
	preference.server = words_accept(words, "server");
	if (!preference.server && !words_accept(words, "client")) {
		reader_expected(r, words, "'server' or 'client'");
		return;
	}
	if (!order_read(r, words, &preference))
		return;
	if (!preference.server && preference.suites_len) {
		complain_at(r->diags, at,
			    "where the client's order is followed no order is stated");
		return;
	}
	void *grown = reader_grow(r, policy->preferences, policy->preferences_len,
				  &r->preferences_cap, sizeof(preference));
	if (!grown)
		return;
	policy->preferences = grown;
	policy->preferences[policy->preferences_len++] = preference;
}

/* N or N? */
static bool bound_read(struct reader *r, struct words *words, struct limit *limit)
{
	const struct token *token = words_peek(words);
	struct span digits = token && token->kind == TOKEN_WORD ? token->text : span_of(NULL, 0);
	if (digits.len && digits.at[digits.len - 1] == '?') {
		limit->inferred = true;
		digits.len--;
	}
	if (word_number(&limit->bound, digits) != FAULT_NONE)
		return reader_expected(r, words, "a number");
	words_take(words);
	return true;
}

void limit_read(struct reader *r, struct words *words, struct place at)
{
	static const char *const names[] = { "dh_bits", "rsa_bits",	    "dss_bits",
					     "ec_bits", "certificate_days", NULL };
	struct policy *policy = r->policy;
	struct limit limit = { .at = at };
	for (const char *const *name = names; *name && !limit.name; name++)
		if (words_accept(words, *name))
			limit.name = *name;
	if (!limit.name) {
		if (words_peek(words))
			reader_unknown(r, words_peek(words), "limit", names);
		else
			reader_expected(r, words, "what is limited");
		return;
	}
	limit.at_least = words_accept(words, ">=");
	if (!limit.at_least && !words_accept(words, "<=")) {
		reader_expected(r, words, "'>=' or '<='");
		return;
	}
	if (!bound_read(r, words, &limit) || !reader_cite(r, words, &limit.cite) ||
	    !reader_done(r, words))
		return;
	void *grown =
		reader_grow(r, policy->limits, policy->limits_len, &r->limits_cap, sizeof(limit));
	if (!grown)
		return;
	policy->limits = grown;
	policy->limits[policy->limits_len++] = limit;
}

/* Values up to the word `end`, which is passed over. */
static bool value_list(struct reader *r, struct words *words, size_t setting, const char *end,
		       const size_t **out, size_t *out_len)
{
	size_t *values = NULL, cap = 0;
	while (!words_accept(words, end)) {
		const struct token *token = words_peek(words);
		if (!token)
			return reader_expected(r, words, end);
		values = reader_grow(r, values, *out_len, &cap, sizeof(*values));
		if (!values || !reader_value(r, setting, token, &values[*out_len]))
			return false;
		(*out_len)++;
		words_take(words);
	}
	*out = values;
	return *out_len > 0 || reader_expected(r, words, "a value before that");
}

/* SETTING from A... to B... never [cite "SECTION"] */
static bool transition_rest(struct reader *r, struct words *words, struct transition *out)
{
	const struct token *token = words_peek(words);
	if (!token || token->kind != TOKEN_WORD)
		return reader_expected(r, words, "a setting");
	if (!reader_setting(r, token, token->text, &out->setting))
		return false;
	words_take(words);
	if (!words_accept(words, "from"))
		return reader_expected(r, words, "'from'");
	return value_list(r, words, out->setting, "to", &out->from, &out->from_len) &&
	       value_list(r, words, out->setting, "never", &out->to, &out->to_len) &&
	       reader_cite(r, words, &out->cite) && reader_done(r, words);
}

void transition_read(struct reader *r, struct words *words, struct place at)
{
	struct policy *policy = r->policy;
	struct transition transition = { .at = at };
	if (!transition_rest(r, words, &transition))
		return;
	void *grown = reader_grow(r, policy->transitions, policy->transitions_len,
				  &r->transitions_cap, sizeof(transition));
	if (!grown)
		return;
	policy->transitions = grown;
	policy->transitions[policy->transitions_len++] = transition;
}

static bool is_sqlstate(struct span text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!((text.at[i] >= '0' && text.at[i] <= '9') ||
		      (text.at[i] >= 'A' && text.at[i] <= 'Z')))
			return false;
	return text.len == 5;
}

static bool sqlstate_read(struct reader *r, struct words *words, const char **out)
{
	const struct token *token = words_peek(words);
	if (!token || token->kind != TOKEN_WORD || !is_sqlstate(token->text))
		return reader_expected(r, words, "an SQLSTATE of five digits or capital letters");
	*out = reader_text(r, words_take(words));
	return true;
}

static bool alert_read(struct reader *r, struct words *words, int *out)
{
	const struct token *token = words_peek(words);
	if (!token || token->kind != TOKEN_WORD)
		return reader_expected(r, words, "the name of an alert");
	const struct code_point *alert = registry_by_name(&registry_alerts, token->text);
	if (alert) {
		*out = (int)alert->code;
		words_take(words);
		return true;
	}
	const char **names = arena_array(r->arena, registry_alerts.len + 1, sizeof(*names));
	for (size_t i = 0; names && i < registry_alerts.len; i++)
		names[i] = registry_alerts.points[i].name;
	return names && reader_unknown(r, token, "alert", names);
}

/* alert NAME | close | reset | refused [SQLSTATE] */
static bool admission_read(struct reader *r, struct words *words)
{
	static const char *const outcomes[] = { "alert", "close", "reset", "refused", NULL };
	struct policy *policy = r->policy;
	struct admission admission = { .at = words_place(words), .alert = -1 };
	for (const char *const *outcome = outcomes; *outcome && !admission.outcome; outcome++)
		if (words_accept(words, *outcome))
			admission.outcome = *outcome;
	if (!admission.outcome)
		return words_peek(words)
			       ? reader_unknown(r, words_peek(words), "rejection", outcomes)
			       : reader_expected(r, words,
						 "'alert', 'close', 'reset' or 'refused'");
	if (admission.outcome == outcomes[0] && !alert_read(r, words, &admission.alert))
		return false;
	bool state = words_peek(words) && words_peek(words)->kind == TOKEN_WORD;
	if (admission.outcome == outcomes[3] && state &&
	    !sqlstate_read(r, words, &admission.sqlstate))
		return false;
	void *grown = reader_grow(r, policy->admissions, policy->admissions_len, &r->admissions_cap,
				  sizeof(admission));
	if (!grown)
		return false;
	policy->admissions = grown;
	policy->admissions[policy->admissions_len++] = admission;
	return true;
}

void admit_read(struct reader *r, struct words *words, struct place at)
{
	(void)at;
	while (admission_read(r, words)) {
		if (!words_peek(words))
			return;
		if (words_peek(words)->kind != TOKEN_COMMA) {
			reader_expected(r, words, "a comma or the end of the line");
			return;
		}
		words_take(words);
	}
}

/* error SQLSTATE */
void control_read(struct reader *r, struct words *words, struct place at)
{
	if (r->policy->positive_refusal)
		complain_at(r->diags, at, "'control' is stated twice");
	else if (!words_accept(words, "error"))
		reader_expected(r, words, "'error'");
	else if (sqlstate_read(r, words, &r->policy->positive_refusal))
		reader_done(r, words);
}
