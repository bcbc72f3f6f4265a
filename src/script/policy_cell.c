/* SPDX-License-Identifier: Apache-2.0 */
#include "script/policy_parse.h"

static const char *const ruling_words[] = { "accept", "should", "may", "should-not",
					    "reject", "-",	NULL };

bool ruling_word(struct span word, enum ruling_kind *kind, bool *inferred)
{
	*inferred = false;
	*kind = RULING_SILENT;
	if (span_is(word, "-"))
		return true;
	if (word.len && word.at[word.len - 1] == '?') {
		*inferred = true;
		word.len--;
	}
	for (unsigned k = RULING_ACCEPT; k <= RULING_REJECT; k++) {
		*kind = (enum ruling_kind)k;
		if (span_is(word, ruling_name(*kind)))
			return true;
	}
	return false;
}

static bool comparison_word(struct words *words, enum comparison *out)
{
	static const struct {
		const char *word;
		enum comparison compare;
	} comparisons[] = { { "<", COMPARE_LESS },
			    { "<=", COMPARE_LESS_EQUAL },
			    { ">", COMPARE_GREATER },
			    { ">=", COMPARE_GREATER_EQUAL } };
	for (size_t i = 0; i < sizeof(comparisons) / sizeof(comparisons[0]); i++) {
		if (!words_accept(words, comparisons[i].word))
			continue;
		*out = comparisons[i].compare;
		return true;
	}
	return false;
}

static bool names_versions(const struct setting *setting)
{
	for (size_t i = 0; i < setting->values_len; i++)
		if (setting_value_version(setting->values[i]) != VERSION_NONE)
			return true;
	return false;
}

/* < $SETTING */
static bool comparison_read(struct reader *r, struct words *words, struct rule *rule)
{
	const struct token *token = words_peek(words);
	if (!token || token->kind != TOKEN_WORD || token->text.len < 2 || token->text.at[0] != '$')
		return reader_expected(r, words, "a setting ($NAME)");
	if (rule->table->kind == TABLE_PLAINTEXT || rule->table->kind == TABLE_CERTIFICATE)
		return complain_at(r->diags, token->at,
				   "a row of a %s table has no version to compare",
				   table_kind_name(rule->table->kind));
	words_take(words);
	if (!reader_setting(r, token, span_skip(token->text, 1), &rule->compare_setting))
		return false;
	if (!names_versions(&r->policy->settings[rule->compare_setting]))
		return complain_at(r->diags, token->at, "no value of '%.*s' names a version",
				   (int)(token->text.len < 80 ? token->text.len : 80),
				   (const char *)token->text.at);
	return true;
}

/* certificate rsa|ecdsa|dss */
static bool certificate_read(struct reader *r, struct words *words, struct rule *rule)
{
	if (words_accept(words, "rsa"))
		rule->condition = CONDITION_CERTIFICATE_RSA;
	else if (words_accept(words, "ecdsa"))
		rule->condition = CONDITION_CERTIFICATE_ECDSA;
	else if (words_accept(words, "dss"))
		rule->condition = CONDITION_CERTIFICATE_DSS;
	else
		return reader_expected(r, words, "'rsa', 'ecdsa' or 'dss'");
	return true;
}

static bool condition_read(struct reader *r, struct words *words, struct rule *rule)
{
	if (comparison_word(words, &rule->compare))
		return comparison_read(r, words, rule);
	if (words_accept(words, "certificate"))
		return certificate_read(r, words, rule);
	if (!words_accept(words, "encrypt_then_mac"))
		return reader_expected(r, words,
				       "'encrypt_then_mac', 'certificate', '<', '<=', '>' or '>='");
	rule->condition = CONDITION_ENCRYPT_THEN_MAC;
	return true;
}

static bool date_read(struct reader *r, struct words *words, date *out)
{
	const struct token *token = words_peek(words);
	if (!token || token->kind != TOKEN_WORD || date_parse(out, token->text) != FAULT_NONE)
		return reader_expected(r, words, "a day (YYYY-MM-DD)");
	words_take(words);
	return true;
}

static bool modifiers_read(struct reader *r, struct words *words, struct rule *rule)
{
	if (words_accept(words, "if") && !condition_read(r, words, rule))
		return false;
	if (words_accept(words, "from") && !date_read(r, words, &rule->from))
		return false;
	struct place at = words_place(words);
	if (words_accept(words, "until") && !date_read(r, words, &rule->until))
		return false;
	if (rule->until != DATE_NONE && rule->from > rule->until)
		return complain_at(r->diags, at, "the row ends before it begins");
	return true;
}

static void anchor_add(struct reader *r, const struct rule *rule, const char *sha256)
{
	struct policy *policy = r->policy;
	void *grown = reader_grow(r, policy->anchors, policy->anchors_len, &r->anchors_cap,
				  sizeof(*policy->anchors));
	if (!grown)
		return;
	policy->anchors = grown;
	policy->anchors[policy->anchors_len++] =
		(struct anchor){ .at = rule->at,
				 .name = rule->subject + strlen("root "),
				 .sha256 = sha256,
				 .by = { rule->by[0], rule->by[1] },
				 .table = rule->table,
				 .ruling = rule->ruling,
				 .inferred = rule->inferred,
				 .from = rule->from,
				 .until = rule->until };
}

static void rule_add(struct reader *r, const struct rule *rule, const char *sha256)
{
	struct policy *policy = r->policy;
	void *grown = reader_grow(r, policy->rules, policy->rules_len, &r->rules_cap,
				  sizeof(struct rule *));
	struct rule *copy = arena_alloc(r->arena, sizeof(*copy));
	if (!grown || !copy)
		return;
	policy->rules = grown;
	*copy = *rule;
	policy->rules[policy->rules_len++] = copy;
	bool is_root = rule->ruling != RULING_SILENT && rule->table->kind == TABLE_CERTIFICATE;
	if (is_root && strncmp(rule->subject, "root ", 5) == 0)
		anchor_add(r, copy, sha256);
}

bool cell_read(struct reader *r, struct words *words, const struct rule *like, const char *sha256)
{
	for (;;) {
		struct rule rule = *like;
		const struct token *token = words_peek(words);
		if (!token)
			return reader_expected(r, words, "a ruling");
		rule.at = token->at;
		if (token->kind != TOKEN_WORD ||
		    !ruling_word(token->text, &rule.ruling, &rule.inferred))
			return reader_unknown(r, token, "ruling", ruling_words);
		words_take(words);
		if (!modifiers_read(r, words, &rule))
			return false;
		rule_add(r, &rule, sha256);
		if (!words_peek(words) || words_peek(words)->kind != TOKEN_COMMA)
			return true;
		words_take(words);
	}
}
