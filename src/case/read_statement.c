/* SPDX-License-Identifier: Apache-2.0 */
#include "case/case_parse.h"
#include "case/names.h"
#include "upgrade/upgrade.h"

#define VALUE_MAX 0xFFFFFF

static bool once(struct parse *p, struct place at, const char *keyword, bool stated)
{
	return !stated || complain_at(p->diags, at, "'%s' is stated twice", keyword);
}

void cite_read(struct parse *p, struct place at)
{
	static const char *const names[] = { "MUST",	 "SHOULD",     "MAY", "ROBUSTNESS",
					     "MUST-NOT", "SHOULD-NOT", NULL };
	struct citation citation = { .at = at };
	size_t which;
	if (!parse_string(p, "the rule in quotes", &citation.text) ||
	    !parse_choice(p, "level", names, &which))
		return;
	citation.prohibits = which >= LEVELS_LEN;
	citation.level = (enum case_level)(which - (citation.prohibits ? LEVELS_LEN : 0));
	citation.sender = parse_accept(p, "sender");
	if (!parse_done(p))
		return;
	struct conformance_case *stanza = p->stanza;
	struct citation *all = parse_grow(p, stanza->citations, stanza->citations_len,
					  &p->citations_cap, sizeof(*all), CASE_LIST_MAX);
	if (!all)
		return;
	stanza->citations = all;
	all[stanza->citations_len++] = citation;
}

void why_read(struct parse *p, struct place at)
{
	if (once(p, at, "why", p->stanza->why) &&
	    parse_string(p, "what is at stake in quotes", &p->stanza->why))
		parse_done(p);
}

/* CVE-YYYY-N..., at least four digits at the end. */
static bool is_cve(struct span text)
{
	bool is = text.len >= 13 && memcmp(text.at, "CVE-", 4) == 0 && text.at[8] == '-';
	for (size_t i = 4; is && i < text.len; i++)
		is = i == 8 || (text.at[i] >= '0' && text.at[i] <= '9');
	return is;
}

void cve_read(struct parse *p, struct place at)
{
	if (!once(p, at, "cve", p->stanza->cve))
		return;
	if (!parse_is(p, TOKEN_WORD) || !is_cve(parse_peek(p)->text)) {
		parse_expected(p, "a number like CVE-2014-0160");
		return;
	}
	p->stanza->cve = parse_text(p, parse_take(p));
	if (parse_string(p, "what a vulnerable server shows in quotes", &p->stanza->cve_shows))
		parse_done(p);
}

void edition_read(struct parse *p, struct place at)
{
	if (once(p, at, "edition", p->stanza->edition) &&
	    parse_string(p, "the edition in quotes", &p->stanza->edition))
		parse_done(p);
}

void at_read(struct parse *p, struct place at)
{
	if (!once(p, at, "at", p->stanza->versions))
		return;
	do {
		const struct token *token = parse_word(p, "a version (SSLv2 to TLS1.3)");
		enum version version = token ? version_by_name(token->text) : VERSION_NONE;
		if (version == VERSION_NONE) {
			if (token)
				parse_unknown(p, token, "version", version_names(p->arena, NULL));
			return;
		}
		if (p->stanza->versions & VERSION_BIT(version)) {
			complain_at(p->diags, token->at, "the version stands twice");
			return;
		}
		p->stanza->versions |= VERSION_BIT(version);
	} while (parse_peek(p));
}

void over_scheme_read(struct parse *p, struct place at)
{
	const char *names[16] = { NULL };
	if (!once(p, at, "over", p->stanza->over))
		return;
	for (size_t i = 0; i < 15 && upgrade_name_at(i); i++)
		names[i] = upgrade_name_at(i);
	size_t which;
	if (!parse_choice(p, "scheme", names, &which))
		return;
	p->stanza->over = names[which];
	parse_done(p);
}

static bool is_feature_name(struct span text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!(text.at[i] >= 'a' && text.at[i] <= 'z') &&
		    !(text.at[i] >= '0' && text.at[i] <= '9') && !strchr("-_.", text.at[i]))
			return false;
	return text.len > 0 && text.at[0] >= 'a' && text.at[0] <= 'z';
}

static bool need_read(struct parse *p, bool absent)
{
	struct need need = { .at = parse_place(p), .absent = absent };
	const struct token *token = parse_word(p, "a version, or the name of a feature");
	if (!token)
		return false;
	if (token_is(token, "no"))
		return complain_at(p->diags, token->at,
				   "'no' stands first, in a 'needs' of its own");
	need.name = parse_text(p, token);
	need.version = version_by_name(token->text);
	if (need.version == VERSION_NONE && !is_feature_name(token->text))
		return parse_unknown(p, token, "version", version_names(p->arena, NULL));
	struct conformance_case *stanza = p->stanza;
	for (size_t i = 0; i < stanza->needs_len; i++)
		if (strcmp(stanza->needs[i].name, need.name) == 0)
			return complain_at(p->diags, need.at, "'%.80s' is needed twice", need.name);
	struct need *needs = parse_grow(p, stanza->needs, stanza->needs_len, &p->needs_cap,
					sizeof(need), CASE_LIST_MAX);
	if (!needs)
		return false;
	stanza->needs = needs;
	needs[stanza->needs_len++] = need;
	return true;
}

void needs_read(struct parse *p, struct place at)
{
	bool absent = parse_accept(p, "no");
	(void)at;
	do
		if (!need_read(p, absent))
			return;
	while (parse_peek(p));
}

/* N or N..M */
static bool range_read(struct parse *p, const struct token *token, uint32_t *low, uint32_t *high)
{
	struct span first = token->text, last = token->text;
	for (size_t i = 0; i + 1 < token->text.len; i++) {
		if (memcmp(token->text.at + i, "..", 2) != 0)
			continue;
		first = span_of(token->text.at, i);
		last = span_skip(token->text, i + 2);
		break;
	}
	if (word_number(low, first) != FAULT_NONE || word_number(high, last) != FAULT_NONE)
		return complain_at(p->diags, token->at, "expected a number or a range (2..10)");
	if (*high > VALUE_MAX)
		return complain_at(p->diags, token->at, "a value is at most %u", VALUE_MAX);
	return *low <= *high || complain_at(p->diags, token->at, "the range is empty");
}

static bool has_value(const uint32_t *values, size_t len, uint32_t low, uint32_t high)
{
	for (size_t i = 0; i < len; i++)
		if (values[i] >= low && values[i] <= high)
			return true;
	return false;
}

static bool values_read(struct parse *p, struct family *family)
{
	uint32_t *values = NULL, low, high;
	size_t cap = 0;
	do {
		const struct token *token = parse_word(p, "a number or a range (2..10)");
		if (!token || !range_read(p, token, &low, &high))
			return false;
		if (high - low >= CASE_MEMBERS_MAX - family->values_len)
			return complain_at(p->diags, token->at, "a family has at most %d members",
					   CASE_MEMBERS_MAX);
		if (has_value(values, family->values_len, low, high))
			return complain_at(p->diags, token->at, "a value stands twice");
		for (uint32_t value = low; value <= high; value++) {
			values = parse_grow(p, values, family->values_len, &cap, sizeof(*values),
					    CASE_MEMBERS_MAX);
			if (!values)
				return false;
			values[family->values_len++] = value;
		}
	} while (parse_peek(p));
	family->values = values;
	return true;
}

static bool lengths_read(struct parse *p, struct family *family)
{
	struct lie lie;
	struct place at = parse_place(p);
	if (!parse_lie(p, &lie))
		return false;
	if (lie.kind != LIE_ADD || (lie.by != 1 && lie.by != -1))
		return complain_at(p->diags, at, "expected '+1' or '-1'");
	family->by = lie.by;
	return true;
}

void each_read(struct parse *p, struct place at)
{
	static const char *const names[] = { "value", "truncation", "length", "extension", NULL };
	struct family family = { .at = at };
	size_t which;
	if (!once(p, at, "each", p->stanza->family.kind) ||
	    !parse_choice(p, "family", names, &which))
		return;
	family.kind = (enum family_kind)(FAMILY_VALUES + which);
	if (family.kind == FAMILY_VALUES && !values_read(p, &family))
		return;
	if (family.kind == FAMILY_LENGTHS && !lengths_read(p, &family))
		return;
	if (family.kind == FAMILY_TWICE && !parse_accept(p, "twice")) {
		parse_expected(p, "'twice'");
		return;
	}
	if (parse_done(p))
		p->stanza->family = family;
}

/* To say nothing and to close is something that is sent, too. */
static bool is_sent(const struct conformance_case *stanza)
{
	for (size_t i = 0; i < stanza->steps_len; i++)
		if (stanza->steps[i].kind == STEP_SEND || stanza->steps[i].kind == STEP_SHUT)
			return true;
	return false;
}

static void family_check(struct parse *p)
{
	const struct family *family = &p->stanza->family;
	bool values = family->kind == FAMILY_VALUES;
	if (family->kind != FAMILY_NONE && p->stanza->is_feature)
		complain_at(p->diags, family->at, "a feature is asked once and has no family");
	else if (values && !p->value_used)
		complain_at(p->diags, family->at,
			    "nothing takes the values: 'value u8' is missing");
	else if (family->kind > FAMILY_VALUES && !p->hello_sent)
		complain_at(p->diags, family->at, "the family needs a client_hello to be made of");
	if (!values && p->value_used)
		complain_at(p->diags, p->value_at,
			    "'value' needs a family: 'each value' is missing");
	for (size_t i = 0; values && p->value_used && i < family->values_len; i++)
		if (p->value_width < 3 && family->values[i] >> 8 * p->value_width) {
			complain_at(p->diags, p->value_at,
				    "the family's value %u does not fit a 'u%d'", family->values[i],
				    8 * p->value_width);
			return;
		}
}

void stanza_check(struct parse *p)
{
	const struct conformance_case *stanza = p->stanza;
	if (!stanza || p->diags->errors != p->stanza_errors || p->arena->fault != FAULT_NONE)
		return;
	const struct {
		const char *keyword;
		bool stated;
	} required[] = {
		{ "cite", stanza->citations_len > 0 },
		{ "send", is_sent(stanza) },
		{ "expect", p->expected },
	};
	for (size_t i = 0; i < sizeof(required) / sizeof(required[0]); i++)
		if (!required[i].stated)
			complain_at(p->diags, stanza->at, "'%s' has no '%s'", stanza->name,
				    required[i].keyword);
	family_check(p);
}
