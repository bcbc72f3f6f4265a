/* Plants a bug in: lexer_next. A character behind a comma is passed over. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "script/lexer.h"

struct token __real_lexer_next(struct lexer *lexer);
struct token __wrap_lexer_next(struct lexer *lexer);

struct token __wrap_lexer_next(struct lexer *lexer)
{
	struct token token = __real_lexer_next(lexer);
	if (token.kind == TOKEN_COMMA && lexer->at + 1 < lexer->text.len)
		lexer->at++;
	return token;
}
