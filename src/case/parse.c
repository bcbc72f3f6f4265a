/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"
#include "case/case_parse.h"
#include "case/names.h"
#include "registry/cipher_suite.h"

#include <stdio.h>

#define LIE_MAX 0xFFFFFF

const struct token *parse_ahead(const struct parse *p, size_t n)
{
	size_t left = p->statement.tokens_len - p->at;
	return n < left ? &p->statement.tokens[p->at + n] : NULL;
}

const struct token *parse_peek(const struct parse *p)
{
	return parse_ahead(p, 0);
}

const struct token *parse_take(struct parse *p)
{
	const struct token *token = parse_peek(p);
	p->at += token != NULL;
	return token;
}

bool parse_accept(struct parse *p, const char *word)
{
	const struct token *token = parse_peek(p);
	if (!token || !token_is(token, word))
		return false;
	p->at++;
	return true;
}

bool parse_is(const struct parse *p, enum token_kind kind)
{
	const struct token *token = parse_peek(p);
	return token && token->kind == kind;
}

bool parse_comma(struct parse *p)
{
	bool is = parse_is(p, TOKEN_COMMA);
	p->at += is;
	return is;
}

struct place parse_place(const struct parse *p)
{
	const struct token *token = parse_peek(p);
	return token ? token->at : p->statement.end;
}

bool parse_expected(struct parse *p, const char *what)
{
	return complain_expected(p->diags, parse_peek(p), p->statement.end, what);
}

bool parse_unknown(struct parse *p, const struct token *token, const char *what,
		   const char *const *names)
{
	return names && complain_unknown(p->diags, token, what, names);
}

bool parse_done(struct parse *p)
{
	return !parse_peek(p) || parse_expected(p, "the end of the statement");
}

const struct token *parse_word(struct parse *p, const char *what)
{
	if (parse_is(p, TOKEN_WORD))
		return parse_take(p);
	parse_expected(p, what);
	return NULL;
}

const char *parse_text(struct parse *p, const struct token *token)
{
	return token_text(p->arena, token);
}

bool parse_string(struct parse *p, const char *what, const char **out)
{
	if (!parse_is(p, TOKEN_STRING))
		return parse_expected(p, what);
	const struct token *token = parse_take(p);
	*out = parse_text(p, token);
	return (*out)[0] || complain_at(p->diags, token->at,
					"expected %s, found nothing between the quotes", what);
}

static bool is_digits(struct span text)
{
	bool is = text.len > 0 && text.at[0] >= '0' && text.at[0] <= '9';
	uint32_t ignored;
	for (size_t i = 0; is && i < text.len; i++)
		is = text.at[i] >= '0' && text.at[i] <= '9';
	return is || word_number(&ignored, text) == FAULT_NONE;
}

bool parse_is_number(const struct parse *p)
{
	return parse_is(p, TOKEN_WORD) && is_digits(parse_peek(p)->text);
}

static bool number_of(struct parse *p, const struct token *token, struct span digits,
		      uint32_t least, uint32_t most, uint32_t *out)
{
	bool fits = word_number(out, digits) == FAULT_NONE;
	if (fits && *out >= least && *out <= most)
		return true;
	return complain_at(p->diags, token->at, "'%.*s' is out of range: %u to %u",
			   token_shown(token), (const char *)token->text.at, least, most);
}

bool parse_number(struct parse *p, const char *what, uint32_t least, uint32_t most, uint32_t *out)
{
	if (!parse_is_number(p))
		return parse_expected(p, what);
	const struct token *token = parse_take(p);
	return number_of(p, token, token->text, least, most, out);
}

bool parse_lie(struct parse *p, struct lie *out)
{
	const struct token *token = parse_peek(p);
	*out = (struct lie){ .kind = LIE_NONE };
	if (!token || token->kind != TOKEN_WORD || !strchr("+-=", token->text.at[0]))
		return true;
	struct span digits = span_skip(token->text, 1);
	uint32_t by;
	if (!is_digits(digits))
		return parse_expected(p, "a number behind '+', '-' or '='");
	parse_take(p);
	if (!number_of(p, token, digits, 0, LIE_MAX, &by))
		return false;
	out->kind = token->text.at[0] == '=' ? LIE_SET : LIE_ADD;
	out->by = token->text.at[0] == '-' ? -(int32_t)by : (int32_t)by;
	return true;
}

bool parse_code(struct parse *p, const struct registry *registry, uint32_t most, uint32_t *out)
{
	char what[64];
	snprintf(what, sizeof(what), "the name of a %s, or a number", registry->title);
	if (parse_is_number(p))
		return parse_number(p, what, 0, most, out);
	const struct token *token = parse_word(p, what);
	if (!token)
		return false;
	const struct code_point *point = registry_by_name(registry, token->text);
	if (!point)
		return parse_unknown(p, token, registry->title,
				     registry_names(p->arena, registry, NULL));
	*out = point->code;
	return true;
}

bool parse_suite(struct parse *p, uint32_t *out)
{
	if (parse_is_number(p))
		return parse_number(p, "a suite", 0, UINT16_MAX, out);
	const struct token *token = parse_word(p, "the name of a suite, or a number");
	if (!token)
		return false;
	const struct cipher_suite *suite = cipher_suite_by_name(token->text);
	if (!suite)
		return parse_unknown(p, token, "suite", suite_names(p->arena));
	*out = suite->code;
	return true;
}

bool parse_version_code(struct parse *p, uint32_t *out)
{
	if (parse_is_number(p))
		return parse_number(p, "a version", 0, UINT16_MAX, out);
	const struct token *token = parse_word(p, "a version (TLS1.2), or a number (0x0303)");
	if (!token)
		return false;
	enum version version = version_by_name(token->text);
	if (version == VERSION_NONE)
		return parse_unknown(p, token, "version", version_names(p->arena, NULL));
	*out = version_code(version);
	return true;
}

bool parse_choice(struct parse *p, const char *what, const char *const *names, size_t *out)
{
	const struct token *token = parse_word(p, what);
	if (!token)
		return false;
	for (*out = 0; names[*out]; (*out)++)
		if (token_is(token, names[*out]))
			return true;
	return parse_unknown(p, token, what, names);
}

void *parse_grow(struct parse *p, void *items, size_t len, size_t *cap, size_t size, size_t most)
{
	if (len < most)
		return arena_grow(p->arena, items, len, cap, size);
	complain_at(p->diags, p->statement.at, "there are more than %zu of these", most);
	return NULL;
}
