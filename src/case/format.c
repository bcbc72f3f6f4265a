/* SPDX-License-Identifier: Apache-2.0 */
#include "case/layout.h"

/* What a line is for the blank lines around it. */
enum line_kind { LINE_NONE, LINE_HEAD, LINE_STATEMENT, LINE_REMARK, LINE_COMMENT };

static bool is_head(const struct source_line *line)
{
	return line->tokens_len &&
	       (token_is(&line->tokens[0], "case") || token_is(&line->tokens[0], "feature"));
}

/* A comment before a statement belongs into the stanza; any other one stays where it begins. */
static enum line_kind kind_of(const struct parse *p, size_t at)
{
	const struct source_line *line = &p->lines[at];
	if (line->tokens_len)
		return is_head(line) ? LINE_HEAD : LINE_STATEMENT;
	if (line->indented)
		return LINE_REMARK;
	while (at < p->lines_len && !p->lines[at].tokens_len)
		at++;
	return at == p->lines_len || is_head(&p->lines[at]) ? LINE_COMMENT : LINE_REMARK;
}

/* Stanzas, with the comments above them, stand apart; their statements do not. */
static bool stands_apart(enum line_kind before, enum line_kind kind, bool blank)
{
	if (before == LINE_NONE || kind == LINE_STATEMENT || kind == LINE_REMARK)
		return false;
	return before != LINE_COMMENT || blank;
}

static enum fault file_write(struct text *out, struct parse *p)
{
	enum line_kind before = LINE_NONE;
	bool blank = false;
	while (p->next < p->lines_len) {
		const struct source_line *line = &p->lines[p->next];
		if (!line->tokens_len && !line->comment.len) {
			blank = true;
			p->next++;
			continue;
		}
		enum line_kind kind = kind_of(p, p->next);
		if (stands_apart(before, kind, blank))
			text_printf(out, "\n");
		blank = false;
		before = kind;
		if (!line->tokens_len) {
			text_printf(out, "%s", kind == LINE_REMARK ? "  " : "");
			text_append(out, line->comment);
			text_printf(out, "\n");
			p->next++;
			continue;
		}
		if (!statement_next(p))
			return p->arena->fault;
		enum fault fault = statement_layout(
			out, p->arena, &p->lines[p->statement.first_line], p->statement.lines_len);
		if (fault != FAULT_NONE)
			return fault;
	}
	return out->fault;
}

/* What was written can be read again: blanks between words may have made it too long. */
static enum fault size_check(const struct text *out)
{
	size_t line = 0;
	if (out->len > CASE_FILE_MAX)
		return FAULT_TOO_LARGE;
	for (size_t i = 0; i < out->len; i++) {
		line = out->at[i] == '\n' ? 0 : line + 1;
		if (line > SOURCE_LINE_MAX)
			return FAULT_TOO_LARGE;
	}
	return FAULT_NONE;
}

static enum fault format(struct text *out, struct arena *arena, struct diags *diags,
			 const char *file, struct span text)
{
	struct catalogue catalogue;
	struct lexer lexer;
	struct source_line *lines;
	struct parse p = { .arena = arena, .diags = diags, .file = file };
	catalogue_init(&catalogue, arena, diags);
	enum fault fault = catalogue_read(&catalogue, file, text);
	if (fault != FAULT_NONE)
		return fault;
	lexer_init(&lexer, diags, file, text);
	fault = source_lines(&lexer, arena, &lines, &p.lines_len);
	if (fault != FAULT_NONE)
		return fault;
	p.lines = lines;
	fault = file_write(out, &p);
	return fault == FAULT_NONE ? size_check(out) : fault;
}

enum fault case_file_format(struct text *out, struct diags *diags, const char *file,
			    struct span text)
{
	struct arena arena;
	arena_init(&arena, CASE_ARENA_MAX);
	enum fault fault = format(out, &arena, diags, file, text);
	arena_release(&arena);
	return fault;
}
