/* complaint.h - what the readers of our languages say of a word that should not stand where it
 * does. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SCRIPT_COMPLAINT_H
#define SCRIPT_COMPLAINT_H

#include "script/lexer.h"

/* token_shown says how many of a token's bytes a message repeats: enough to find it by. */
int token_shown(const struct token *token);

/* All of these add one error and return false. `found` NULL: the line ended at `end`. */
bool complain_at(struct diags *diags, struct place at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* complain_expected says that `what` should stand here. */
bool complain_expected(struct diags *diags, const struct token *found, struct place end,
		       const char *what);

/* complain_unknown says that the word is none of `names` (ended by NULL), and which is the nearest.
 */
bool complain_unknown(struct diags *diags, const struct token *word, const char *what,
		      const char *const *names);

/* token_text returns a word's or a string's characters; "" when memory is short. */
const char *token_text(struct arena *arena, const struct token *token);

#endif
