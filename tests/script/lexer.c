/* SPDX-License-Identifier: Apache-2.0 */
#include "script/lexer.h"

#include <criterion/criterion.h>

static struct arena arena;
static struct diags diags;

static void setup(void)
{
	arena_init(&arena, 1 << 20);
	diags_init(&diags, &arena);
}

static void release(void)
{
	arena_release(&arena);
}

TestSuite(lexer, .init = setup, .fini = release);

static void token_expected(struct lexer *lexer, enum token_kind kind, const char *text,
			   uint32_t line, uint32_t col)
{
	struct token token = lexer_next(lexer);
	cr_assert_eq(token.kind, kind, "at %u:%u", line, col);
	cr_assert(span_is(token.text, text), "at %u:%u", line, col);
	cr_assert_eq(token.at.line, line);
	cr_assert_eq(token.at.col, col);
}

Test(lexer, tokens_of_both_languages_have_their_places)
{
	struct lexer lexer;
	lexer_init(&lexer, &diags, "t",
		   span_text("send +1{ 0a,c0 }\n  \"a \\\" #\"reject? # c \n"));
	token_expected(&lexer, TOKEN_WORD, "send", 1, 1);
	token_expected(&lexer, TOKEN_WORD, "+1", 1, 6);
	token_expected(&lexer, TOKEN_OPEN, "{", 1, 8);
	token_expected(&lexer, TOKEN_WORD, "0a", 1, 10);
	token_expected(&lexer, TOKEN_COMMA, ",", 1, 12);
	token_expected(&lexer, TOKEN_WORD, "c0", 1, 13);
	token_expected(&lexer, TOKEN_CLOSE, "}", 1, 16);
	token_expected(&lexer, TOKEN_LINE, "\n", 1, 17);
	token_expected(&lexer, TOKEN_STRING, "a \\\" #", 2, 3);
	token_expected(&lexer, TOKEN_WORD, "reject?", 2, 11);
	token_expected(&lexer, TOKEN_COMMENT, "# c", 2, 19);
	token_expected(&lexer, TOKEN_LINE, "\n", 2, 23);
	token_expected(&lexer, TOKEN_END, "", 3, 1);
	token_expected(&lexer, TOKEN_END, "", 3, 1);
	cr_assert_eq(diags.errors, 0);
}

Test(lexer, bytes_that_were_not_checked_do_not_hang_it)
{
	struct lexer lexer;
	lexer_init(&lexer, &diags, "t", span_of("a\x01\x80 b\x7f", 6));
	token_expected(&lexer, TOKEN_WORD, "a", 1, 1);
	token_expected(&lexer, TOKEN_WORD, "b", 1, 5);
	token_expected(&lexer, TOKEN_END, "", 1, 7);
	cr_assert_eq(diags.errors, 2);
}

Test(lexer, numbers_are_decimal_or_hexadecimal)
{
	uint32_t number;
	cr_assert_eq(word_number(&number, span_text("2048")), FAULT_NONE);
	cr_assert_eq(number, 2048);
	cr_assert_eq(word_number(&number, span_text("0xC02f")), FAULT_NONE);
	cr_assert_eq(number, 0xC02F);
	static const char *const bad[] = { "", "0x", "12a", "0xg", "4294967296", "-1" };
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		cr_assert_eq(word_number(&number, span_text(bad[i])), FAULT_MALFORMED, "%s",
			     bad[i]);
}

Test(lexer, a_line_knows_its_tokens_its_comment_and_its_indentation)
{
	struct lexer lexer;
	struct source_line *lines;
	size_t len;
	lexer_init(&lexer, &diags, "t", span_text("a b # c\n\n\td"));
	cr_assert_eq(source_lines(&lexer, &arena, &lines, &len), FAULT_NONE);
	cr_assert_eq(len, 3);
	cr_assert_eq(lines[0].tokens_len, 2);
	cr_assert(span_is(lines[0].comment, "# c"));
	cr_assert_not(lines[0].indented);
	cr_assert_eq(lines[1].tokens_len, 0);
	cr_assert(lines[2].indented);
	cr_assert_eq(lines[2].end.col, 3);
}
