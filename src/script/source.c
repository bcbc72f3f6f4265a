/* SPDX-License-Identifier: Apache-2.0 */
#include "script/lexer.h"

/* The length of the UTF-8 character at `at`, or 0 (RFC 3629 4: no surrogates, nothing overlong). */
static size_t utf8_len(struct span text, size_t at)
{
	uint8_t c = text.at[at];
	size_t len = c < 0x80 ? 1 : c >= 0xC2 && c < 0xE0 ? 2 : (c & 0xF0) == 0xE0 ? 3 : 4;
	if ((c >= 0x80 && c < 0xC2) || c > 0xF4 || len > text.len - at)
		return 0;
	for (size_t i = 1; i < len; i++)
		if ((text.at[at + i] & 0xC0) != 0x80)
			return 0;
	if ((c == 0xE0 && text.at[at + 1] < 0xA0) || (c == 0xED && text.at[at + 1] > 0x9F) ||
	    (c == 0xF0 && text.at[at + 1] < 0x90) || (c == 0xF4 && text.at[at + 1] > 0x8F))
		return 0;
	return len;
}

/* A carriage return belongs to a line end only; escape sequences never reach a terminal. */
static bool is_control(struct span text, size_t at)
{
	uint8_t c = text.at[at];
	if (c == '\r')
		return at + 1 == text.len || text.at[at + 1] != '\n';
	return (c < 0x20 && c != '\t' && c != '\n') || c == 0x7F;
}

static enum fault refuse_byte(struct diags *diags, struct place at, uint8_t byte)
{
	if (byte == 0)
		diag_add(diags, DIAG_ERROR, at, "a zero byte stands in the text");
	else if (byte < 0x80)
		diag_add(diags, DIAG_ERROR, at, "the control character 0x%02x stands in the text",
			 byte);
	else
		diag_add(diags, DIAG_ERROR, at, "the text is not UTF-8: byte 0x%02x", byte);
	return FAULT_INPUT;
}

enum fault source_check(struct diags *diags, const char *file, struct span text, size_t max)
{
	struct place at = { .file = file, .line = 1, .col = 1 };
	if (text.len > max) {
		diag_add(diags, DIAG_ERROR, at, "the file has %zu bytes, more than the %zu allowed",
			 text.len, max);
		return FAULT_INPUT;
	}
	for (size_t i = 0, len; i < text.len; i += len) {
		len = utf8_len(text, i);
		if (len == 0 || is_control(text, i))
			return refuse_byte(diags, at, text.at[i]);
		at.col += (uint32_t)len;
		if (text.at[i] == '\n') {
			at.line++;
			at.col = 1;
		}
		if (at.col > SOURCE_LINE_MAX + 1) {
			diag_add(diags, DIAG_ERROR, at, "the line is longer than %d bytes",
				 SOURCE_LINE_MAX);
			return FAULT_INPUT;
		}
	}
	return FAULT_NONE;
}

/* The arena's tail is one growing list; a line's tokens are copied out of it when it is complete.
 */
struct gathering {
	struct token *tokens;
	size_t len, cap;
};

static bool gather(struct gathering *gathering, struct arena *arena, struct token token)
{
	struct token *grown = arena_grow(arena, gathering->tokens, gathering->len, &gathering->cap,
					 sizeof(token));
	if (!grown)
		return false;
	gathering->tokens = grown;
	grown[gathering->len++] = token;
	return true;
}

static bool line_read(struct lexer *lexer, struct arena *arena, struct gathering *gathering,
		      struct source_line *out, bool *last)
{
	struct token token;
	gathering->len = 0;
	*out = (struct source_line){ 0 };
	for (;;) {
		token = lexer_next(lexer);
		if (token.kind == TOKEN_LINE || token.kind == TOKEN_END)
			break;
		if (token.kind == TOKEN_COMMENT)
			out->comment = token.text;
		else if (!gather(gathering, arena, token))
			return false;
		if (!out->at.line)
			out->at = token.at;
	}
	*last = token.kind == TOKEN_END;
	out->end = token.at;
	if (!out->at.line)
		out->at = token.at;
	out->indented = out->at.col > 1;
	struct token *tokens = arena_array(arena, gathering->len, sizeof(token));
	if (!tokens)
		return false;
	if (gathering->len)
		memcpy(tokens, gathering->tokens, gathering->len * sizeof(token));
	out->tokens = tokens;
	out->tokens_len = gathering->len;
	return true;
}

enum fault source_lines(struct lexer *lexer, struct arena *arena, struct source_line **out,
			size_t *out_len)
{
	struct gathering gathering = { 0 };
	struct source_line *lines = NULL;
	size_t len = 0, cap = 0;
	for (bool last = false; !last;) {
		lines = arena_grow(arena, lines, len, &cap, sizeof(*lines));
		if (!lines || !line_read(lexer, arena, &gathering, &lines[len], &last))
			return arena->fault;
		len++;
	}
	*out = lines;
	*out_len = len;
	return FAULT_NONE;
}
