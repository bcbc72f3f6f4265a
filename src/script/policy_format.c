/* SPDX-License-Identifier: Apache-2.0 */
#include "script/policy_parse.h"
#include "script/policy_writer.h"

/*
 * The canonical form changes blanks only: keywords and rows begin in fixed columns, the cells of a
 * table stand below each other, comments keep their places. So a file means the same before and
 * after, and formatting twice changes nothing.
 */
#define INDENT	    8
#define COLUMNS_CAP 66

/* One table under way: the width of each column, the label being column 0. */
struct columns {
	size_t width[COLUMNS_CAP];
};

static size_t shown_width(struct span text)
{
	size_t width = 0;
	for (size_t i = 0; i < text.len; i++)
		width += (text.at[i] & 0xC0) != 0x80;
	return width;
}

static size_t token_width(const struct token *token)
{
	return shown_width(token->text) + (token->kind == TOKEN_STRING ? 2 : 0);
}

static size_t tokens_width(const struct token *tokens, size_t len)
{
	size_t width = 0;
	for (size_t i = 0; i < len; i++)
		width += token_width(&tokens[i]) + (i && tokens[i].kind != TOKEN_COMMA);
	return width;
}

static void tokens_write(struct text *out, const struct token *tokens, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		const char *quote = tokens[i].kind == TOKEN_STRING ? "\"" : "";
		text_printf(out, "%s%s", i && tokens[i].kind != TOKEN_COMMA ? " " : "", quote);
		text_append(out, tokens[i].text);
		text_printf(out, "%s", quote);
	}
}

/* In a header each word is a cell (`root "NAME" sha256 DIGITS` is one); in a row each ruling. */
static bool begins_cell(const struct source_line *line, size_t i, bool header)
{
	enum ruling_kind kind;
	bool inferred;
	const struct token *token = &line->tokens[i];
	if (token->kind != TOKEN_WORD || (i && line->tokens[i - 1].kind == TOKEN_COMMA))
		return false;
	if (!header)
		return ruling_word(token->text, &kind, &inferred);
	return !token_is(token, "sha256") && !(i && token_is(token - 1, "sha256"));
}

/* The tokens of the cell that begins at `from`; the label, which may be empty, begins at 0. */
static size_t cell_len(const struct source_line *line, size_t from, bool label, bool header)
{
	size_t i = from + !label;
	while (i < line->tokens_len && !begins_cell(line, i, header))
		i++;
	return i - from;
}

static void columns_measure(struct columns *columns, const struct source_line *line, bool header)
{
	size_t at = 0;
	for (size_t c = 0; c < COLUMNS_CAP && (c == 0 || at < line->tokens_len); c++) {
		size_t len = cell_len(line, at, c == 0, header);
		size_t width = tokens_width(line->tokens + at, len);
		if (width > columns->width[c])
			columns->width[c] = width;
		at += len;
	}
}

static void row_write(struct text *out, const struct columns *columns,
		      const struct source_line *line, bool header)
{
	size_t at = 0, pad = INDENT;
	for (size_t c = 0; c == 0 || at < line->tokens_len; c++) {
		size_t len = cell_len(line, at, c == 0, header);
		size_t width = tokens_width(line->tokens + at, len);
		size_t column = columns->width[c < COLUMNS_CAP ? c : COLUMNS_CAP - 1];
		if (len)
			text_printf(out, "%*s", (int)pad, "");
		tokens_write(out, line->tokens + at, len);
		pad = (len ? 0 : pad) + (column > width ? column - width : 0) + 2;
		at += len;
	}
}

static bool is_table(const struct source_line *line)
{
	return line->tokens_len && !line->indented && token_is(&line->tokens[0], "table");
}

static bool has_header(const struct source_line *line)
{
	for (size_t i = 1; i < line->tokens_len; i++)
		if (token_is(&line->tokens[i], "by"))
			return true;
	return false;
}

static bool is_row(const struct source_line *line)
{
	return line->tokens_len && line->indented;
}

/* The widths of the rows behind the table's own line, up to the next statement. */
static struct columns table_measure(const struct policy *policy, size_t table)
{
	struct columns columns = { 0 };
	bool header = has_header(&policy->lines[table]);
	for (size_t i = table + 1; i < policy->lines_len; i++) {
		const struct source_line *line = &policy->lines[i];
		if (line->tokens_len && !line->indented)
			break;
		if (!line->tokens_len)
			continue;
		columns_measure(&columns, line, header);
		header = false;
	}
	return columns;
}

static void statement_write(struct text *out, const struct source_line *line)
{
	size_t width = tokens_width(line->tokens, 1);
	tokens_write(out, line->tokens, 1);
	if (line->tokens_len > 1)
		text_printf(out, "%*s", width < INDENT ? (int)(INDENT - width) : 1, "");
	tokens_write(out, line->tokens + 1, line->tokens_len - 1);
}

static void comment_write(struct text *out, const struct source_line *line)
{
	if (line->comment.len)
		text_printf(out, "%s", line->tokens_len ? "  " : line->indented ? "        " : "");
	text_append(out, line->comment);
	text_printf(out, "\n");
}

void policy_format(struct text *out, const struct policy *policy)
{
	struct columns columns = { 0 };
	bool in_table = false, header = false, blank = false, any = false;
	for (size_t i = 0; i < policy->lines_len; i++) {
		const struct source_line *line = &policy->lines[i];
		if (!line->tokens_len && !line->comment.len) {
			blank = true;
			continue;
		}
		if (blank && any)
			text_printf(out, "\n");
		blank = false;
		any = true;
		if (is_row(line)) {
			if (in_table)
				row_write(out, &columns, line, header);
			else
				row_write(out, &(struct columns){ 0 }, line, false);
			header = false;
		} else if (line->tokens_len) {
			in_table = is_table(line);
			header = in_table && has_header(line);
			if (in_table)
				columns = table_measure(policy, i);
			statement_write(out, line);
		}
		comment_write(out, line);
	}
}
