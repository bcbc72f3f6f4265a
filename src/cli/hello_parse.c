/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "base/hex.h"
#include "cli/hello_command.h"

#define OFFSET_DIGITS_MIN 4

/* The next line without its end; false when there is none. */
static bool next_line(struct cursor *in, struct span *out)
{
	if (cursor_left(in) == 0)
		return false;
	const uint8_t *at = in->base + in->at;
	const uint8_t *end = memchr(at, '\n', cursor_left(in));
	*out = cursor_take(in, end ? (size_t)(end - at) : cursor_left(in));
	cursor_take(in, end ? 1 : 0);
	if (out->len && out->at[out->len - 1] == '\r')
		out->len--;
	return true;
}

static bool is_blank(struct span line)
{
	for (size_t i = 0; i < line.len; i++) {
		if (line.at[i] != ' ' && line.at[i] != '\t')
			return false;
	}
	return true;
}

/* "000010  " at the beginning: digits and two blanks. Returns what they take, 0 without them. */
static size_t offset_len(struct span line)
{
	size_t digits = 0;
	while (digits < line.len && hex_digit(line.at[digits]) >= 0)
		digits++;
	if (digits < OFFSET_DIGITS_MIN || digits + 2 > line.len)
		return 0;
	return line.at[digits] == ' ' && line.at[digits + 1] == ' ' ? digits + 2 : 0;
}

/* Pairs of digits with one blank behind each; anything that does not begin with a pair ends them.
 */
static bool take_pairs(struct text *out, struct span rest)
{
	while (rest.len && rest.at[0] != ' ') {
		int high = hex_digit(rest.at[0]);
		int low = rest.len > 1 ? hex_digit(rest.at[1]) : -1;
		if (high < 0 || low < 0 || (rest.len > 2 && rest.at[2] != ' '))
			return false;
		uint8_t byte = (uint8_t)(high << 4 | low);
		text_append(out, span_of(&byte, 1));
		rest = span_skip(rest, 3);
	}
	return true;
}

static enum fault parse_annotated(struct text *out, struct span file, char *why, size_t why_len)
{
	struct cursor in = cursor_over(file);
	struct span line;
	for (size_t number = 1; next_line(&in, &line); number++) {
		size_t offset = offset_len(line);
		if (is_blank(line) || line.at[0] == '#')
			continue;
		if (offset == 0) {
			snprintf(why, why_len,
				 "line %zu begins with no offset followed by two blanks", number);
			return FAULT_INPUT;
		}
		if (!take_pairs(out, span_skip(line, offset))) {
			snprintf(why, why_len,
				 "line %zu has something else than pairs of hexadecimal digits "
				 "where its bytes stand",
				 number);
			return FAULT_INPUT;
		}
	}
	return FAULT_NONE;
}

/* Skips blanks and the ends of lines, and counts the lines. */
static void skip_blanks(struct cursor *in, size_t *line)
{
	while (cursor_left(in) > 0) {
		uint8_t c = in->base[in->at];
		if (c != ' ' && c != '\t' && c != '\r' && c != '\n')
			return;
		*line += c == '\n';
		in->at++;
	}
}

static enum fault parse_objects(struct text *out, struct cursor in, char *why, size_t why_len)
{
	size_t line = 1;
	for (skip_blanks(&in, &line); cursor_left(&in) > 0; skip_blanks(&in, &line)) {
		size_t start = in.at;
		struct arena arena;
		arena_init(&arena, HELLO_ARENA_MAX);
		enum fault fault = hello_parse_json(out, &in, line, &arena, why, why_len);
		arena_release(&arena);
		if (fault != FAULT_NONE)
			return fault;
		for (size_t i = start; i < in.at; i++)
			line += in.base[i] == '\n';
	}
	return FAULT_NONE;
}

enum fault hello_parse(struct text *out, struct span file, char *why, size_t why_len)
{
	size_t before = out->len, line = 1;
	struct cursor in = cursor_over(file), ahead = in;
	skip_blanks(&ahead, &line);
	bool json = cursor_left(&ahead) > 0 && ahead.base[ahead.at] == '{';
	enum fault fault = json ? parse_objects(out, in, why, why_len)
				: parse_annotated(out, file, why, why_len);
	if (fault == FAULT_NONE && out->fault != FAULT_NONE) {
		snprintf(why, why_len, "%s", fault_text(out->fault));
		return FAULT_INPUT;
	}
	if (fault == FAULT_NONE && out->len == before) {
		snprintf(why, why_len, "no line describes any bytes");
		return FAULT_INPUT;
	}
	return fault;
}
