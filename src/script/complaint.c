/* SPDX-License-Identifier: Apache-2.0 */
#include "script/complaint.h"

#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>

#define NAMES_SHOWN_MAX 12

bool complain_at(struct diags *diags, struct place at, const char *format, ...)
{
	char text[1024];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	diag_add(diags, DIAG_ERROR, at, "%s", text);
	return false;
}

int token_shown(const struct token *token)
{
	return (int)(token->text.len < 80 ? token->text.len : 80);
}

bool complain_expected(struct diags *diags, const struct token *found, struct place end,
		       const char *what)
{
	if (!found)
		return complain_at(diags, end, "expected %s before the end of the line", what);
	return complain_at(diags, found->at, "expected %s, found '%.*s'", what, token_shown(found),
			   (const char *)found->text.at);
}

/* Where nothing is near, a short list is shown as a whole. */
static void name_all(char *out, size_t len, const char *const *names)
{
	size_t count = 0;
	while (names[count])
		count++;
	const char *lead = "; known are";
	for (size_t i = 0, used = 0; count <= NAMES_SHOWN_MAX && i < count; i++, lead = ",") {
		snprintf(out + used, len - used, "%s '%s'", lead, names[i]);
		used = strlen(out);
	}
}

bool complain_unknown(struct diags *diags, const struct token *word, const char *what,
		      const char *const *names)
{
	const char *near = text_nearest(token_text(diags->arena, word), names);
	if (near)
		return complain_at(diags, word->at, "unknown %s '%.*s'; did you mean '%s'?", what,
				   token_shown(word), (const char *)word->text.at, near);
	char known[512] = "";
	name_all(known, sizeof(known), names);
	return complain_at(diags, word->at, "unknown %s '%.*s'%s", what, token_shown(word),
			   (const char *)word->text.at, known);
}

const char *token_text(struct arena *arena, const struct token *token)
{
	const char *text = token->kind == TOKEN_STRING ? token_string(arena, token)
						       : arena_text(arena, token->text);
	return text ? text : "";
}
