/* SPDX-License-Identifier: Apache-2.0 */
#include "case/case_parse.h"

/* The braces of one statement, as far as they are open. */
struct braces {
	struct place open[CASE_DEPTH_MAX + 1];
	size_t depth;
};

static bool braces_follow(struct parse *p, struct braces *braces, const struct source_line *line)
{
	for (size_t i = 0; i < line->tokens_len; i++) {
		const struct token *token = &line->tokens[i];
		if (token->kind == TOKEN_OPEN) {
			if (braces->depth > CASE_DEPTH_MAX)
				return complain_at(p->diags, token->at,
						   "braces are nested more than %d deep",
						   CASE_DEPTH_MAX);
			braces->open[braces->depth++] = token->at;
		}
		if (token->kind == TOKEN_CLOSE && braces->depth-- == 0)
			return complain_at(p->diags, token->at, "'}' closes nothing");
	}
	return true;
}

/* A keyword begins a statement even where a brace is open: there the brace was forgotten. */
static bool goes_on(const struct parse *p)
{
	if (p->next == p->lines_len)
		return false;
	const struct source_line *line = &p->lines[p->next];
	return !line->tokens_len || !statement_begins(&line->tokens[0]);
}

static void tokens_join(struct parse *p, size_t total)
{
	struct statement *statement = &p->statement;
	const struct source_line *lines = &p->lines[statement->first_line];
	statement->tokens = lines[0].tokens;
	statement->tokens_len = total;
	if (statement->lines_len == 1)
		return;
	struct token *tokens = arena_array(p->arena, total, sizeof(*tokens));
	statement->tokens = tokens;
	statement->tokens_len = 0;
	for (size_t i = 0; tokens && i < statement->lines_len; i++) {
		memcpy(tokens + statement->tokens_len, lines[i].tokens,
		       lines[i].tokens_len * sizeof(*tokens));
		statement->tokens_len += lines[i].tokens_len;
	}
}

bool statement_next(struct parse *p)
{
	struct braces braces = { .depth = 0 };
	size_t total = 0;
	while (p->next < p->lines_len && !p->lines[p->next].tokens_len)
		p->next++;
	if (p->next == p->lines_len || p->arena->fault != FAULT_NONE)
		return false;
	const struct source_line *line = &p->lines[p->next];
	p->at = 0;
	p->statement = (struct statement){ .at = line->at,
					   .first_line = p->next,
					   .indented = line->indented };
	bool balanced = true;
	do {
		line = &p->lines[p->next++];
		total += line->tokens_len;
		p->statement.end = line->end;
		balanced = braces_follow(p, &braces, line);
	} while (balanced && braces.depth && goes_on(p));
	p->statement.lines_len = p->next - p->statement.first_line;
	if (balanced && braces.depth)
		balanced = complain_at(p->diags, braces.open[braces.depth - 1],
				       "the '{' is never closed");
	if (balanced)
		tokens_join(p, total);
	return true;
}
