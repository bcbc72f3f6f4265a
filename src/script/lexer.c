/* SPDX-License-Identifier: Apache-2.0 */
#include "script/lexer.h"
#include "base/hex.h"

void lexer_init(struct lexer *lexer, struct diags *diags, const char *file, struct span text)
{
	*lexer = (struct lexer){ .file = file, .text = text, .line = 1, .diags = diags };
	if (text.len >= 3 && memcmp(text.at, "\xEF\xBB\xBF", 3) == 0)
		lexer->at = lexer->line_start = 3;
}

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static bool is_word(uint8_t c)
{
	return c > ' ' && c < 0x7F && c != '"' && c != '#' && c != '{' && c != '}' && c != ',';
}

static int peek(const struct lexer *lexer)
{
	return lexer->at < lexer->text.len ? lexer->text.at[lexer->at] : -1;
}

static struct place here(const struct lexer *lexer)
{
	return (struct place){ .file = lexer->file,
			       .line = lexer->line,
			       .col = (uint32_t)(lexer->at - lexer->line_start + 1) };
}

static struct token token_of(const struct lexer *lexer, enum token_kind kind, struct place at,
			     size_t from)
{
	return (struct token){ .kind = kind,
			       .at = at,
			       .text = span_of(lexer->text.at + from, lexer->at - from) };
}

static struct token word(struct lexer *lexer)
{
	struct place at = here(lexer);
	size_t from = lexer->at;
	while (lexer->at < lexer->text.len && is_word(lexer->text.at[lexer->at]))
		lexer->at++;
	return token_of(lexer, TOKEN_WORD, at, from);
}

static struct token string(struct lexer *lexer)
{
	struct place at = here(lexer);
	size_t from = ++lexer->at;
	while (peek(lexer) >= 0 && peek(lexer) != '\n' && peek(lexer) != '"') {
		if (peek(lexer) == '\\') {
			lexer->at++;
			if (peek(lexer) != '"' && peek(lexer) != '\\') {
				diag_add(lexer->diags, DIAG_ERROR, here(lexer),
					 "a backslash in a string stands before '\"' or another "
					 "backslash");
				continue;
			}
		}
		lexer->at++;
	}
	struct token token = token_of(lexer, TOKEN_STRING, at, from);
	if (peek(lexer) == '"')
		lexer->at++;
	else
		diag_add(lexer->diags, DIAG_ERROR, at, "the string has no closing quote");
	return token;
}

static struct token comment(struct lexer *lexer)
{
	struct place at = here(lexer);
	size_t from = lexer->at, end = from;
	while (peek(lexer) >= 0 && peek(lexer) != '\n') {
		if (!is_blank((uint8_t)peek(lexer)))
			end = lexer->at + 1;
		lexer->at++;
	}
	struct token token = token_of(lexer, TOKEN_COMMENT, at, from);
	token.text.len = end - from;
	return token;
}

static struct token mark(struct lexer *lexer, enum token_kind kind)
{
	struct place at = here(lexer);
	size_t from = lexer->at++;
	return token_of(lexer, kind, at, from);
}

/* Characters outside of ASCII are welcome in strings and comments only. */
static void pass_over(struct lexer *lexer)
{
	diag_add(lexer->diags, DIAG_ERROR, here(lexer),
		 "a character outside of ASCII stands outside of a string or comment");
	do
		lexer->at++;
	while (peek(lexer) > 0x7E);
}

struct token lexer_next(struct lexer *lexer)
{
	for (;;) {
		int c = peek(lexer);
		if (c < 0)
			return token_of(lexer, TOKEN_END, here(lexer), lexer->at);
		if (is_word((uint8_t)c))
			return word(lexer);
		switch (c) {
		case '"':
			return string(lexer);
		case '#':
			return comment(lexer);
		case '{':
			return mark(lexer, TOKEN_OPEN);
		case '}':
			return mark(lexer, TOKEN_CLOSE);
		case ',':
			return mark(lexer, TOKEN_COMMA);
		case '\n': {
			struct token token = mark(lexer, TOKEN_LINE);
			lexer->line++;
			lexer->line_start = lexer->at;
			return token;
		}
		default:
			if (is_blank((uint8_t)c))
				lexer->at++;
			else
				pass_over(lexer);
		}
	}
}

const char *token_string(struct arena *arena, const struct token *token)
{
	char *out = arena_alloc(arena, token->text.len + 1);
	if (!out)
		return NULL;
	size_t len = 0;
	for (size_t i = 0; i < token->text.len; i++) {
		if (token->text.at[i] == '\\' && i + 1 < token->text.len)
			i++;
		out[len++] = (char)token->text.at[i];
	}
	return out;
}

enum fault word_number(uint32_t *out, struct span word)
{
	uint32_t base = 10;
	if (word.len > 2 && word.at[0] == '0' && word.at[1] == 'x') {
		base = 16;
		word = span_skip(word, 2);
	}
	*out = 0;
	for (size_t i = 0; i < word.len; i++) {
		int digit = hex_digit(word.at[i]);
		if (digit < 0 || digit >= (int)base || *out > (UINT32_MAX - 15) / base)
			return FAULT_MALFORMED;
		*out = *out * base + (uint32_t)digit;
	}
	return word.len ? FAULT_NONE : FAULT_MALFORMED;
}
