/* lexer.h - the words of our own languages, line by line: policies now, cases later. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SCRIPT_LEXER_H
#define SCRIPT_LEXER_H

#include "base/diag.h"

/*
 * A word is a run of printable ASCII other than blanks, `"`, `#`, `{`, `}` and `,`. A string stands
 * between quotes on one line; `\"` and `\\` are its only escapes. A comment runs from `#` to the
 * end of the line.
 */
enum token_kind {
	TOKEN_WORD,
	TOKEN_STRING, /* `text` without the quotes, escapes as written */
	TOKEN_OPEN,
	TOKEN_CLOSE,
	TOKEN_COMMA,
	TOKEN_COMMENT, /* `text` from `#` on */
	TOKEN_LINE,    /* the end of a line */
	TOKEN_END,
};

struct token {
	enum token_kind kind;
	struct place at;
	struct span text;
};

/* Reads `text`, which must have passed source_check and outlives every token. */
struct lexer {
	const char *file;
	struct span text;
	size_t at, line_start;
	uint32_t line;
	struct diags *diags;
};

#define SOURCE_LINE_MAX 4096 /* bytes */

/*
 * source_check refuses with one error what no reader should see: more than `max` bytes, a zero
 * byte, other control characters than tab and line ends, a line of over SOURCE_LINE_MAX bytes,
 * bytes that are not UTF-8. Faults: INPUT.
 */
MUST_USE enum fault source_check(struct diags *diags, const char *file, struct span text,
				 size_t max);

/* lexer_init starts at the first line; a byte order mark is passed over. */
void lexer_init(struct lexer *lexer, struct diags *diags, const char *file, struct span text);

/*
 * lexer_next returns the next token; after TOKEN_END it returns that again. Characters that belong
 * to no token are reported and passed over, a string without its end is reported and returned.
 */
struct token lexer_next(struct lexer *lexer);

/* One line: its tokens (no TOKEN_LINE), a trailing comment apart. `indented`: not in column 1. */
struct source_line {
	struct place at, end; /* the first token; just behind the last */
	const struct token *tokens;
	size_t tokens_len;
	struct span comment;
	bool indented;
};

/*
 * source_lines reads every line, empty ones included. Faults: TOO_LARGE, NO_MEMORY; what the text
 * does wrong goes to the lexer's diags.
 */
MUST_USE enum fault source_lines(struct lexer *lexer, struct arena *arena, struct source_line **out,
				 size_t *out_len);

/* token_is says whether the token is the word `word`. */
static inline bool token_is(const struct token *token, const char *word)
{
	return token->kind == TOKEN_WORD && span_is(token->text, word);
}

/* token_string returns a string's characters with its escapes resolved, or NULL. */
const char *token_string(struct arena *arena, const struct token *token);

/* word_number reads decimal digits, or hexadecimal ones after 0x; MALFORMED if there is more. */
MUST_USE enum fault word_number(uint32_t *out, struct span word);

#endif
