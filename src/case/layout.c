/* SPDX-License-Identifier: Apache-2.0 */
#include "case/layout.h"
#include "registry/cipher_suite.h"

#define WIDTH_MAX     100
#define STEP	      2
#define KEYWORD_WIDTH 7

/* A token or a comment; `at` is where it would begin if everything stood on one line. */
struct piece {
	const struct token *token; /* NULL: a comment */
	struct span comment;
	bool own_line;
	size_t at, width;
	size_t twin;	 /* of a brace: the other one */
	size_t comments; /* before this piece */
};

struct layout {
	struct text *out;
	struct piece *pieces;
	size_t len;
	size_t column;	 /* where the next character goes */
	bool must_break; /* a comment ended the line */
	bool line_empty;
};

static size_t shown_width(struct span text)
{
	size_t width = 0;
	for (size_t i = 0; i < text.len; i++)
		width += (text.at[i] & 0xC0) != 0x80;
	return width;
}

static bool is_kind(const struct layout *l, size_t i, enum token_kind kind)
{
	return i < l->len && l->pieces[i].token && l->pieces[i].token->kind == kind;
}

static bool is_word(const struct layout *l, size_t i, const char *word)
{
	return i < l->len && l->pieces[i].token && token_is(l->pieces[i].token, word);
}

static void newline(struct layout *l, size_t indent)
{
	text_printf(l->out, "\n%*s", (int)indent, "");
	l->column = indent;
	l->must_break = false;
	l->line_empty = true;
}

static void piece_write(struct layout *l, size_t i, size_t indent)
{
	const struct piece *piece = &l->pieces[i];
	if (l->must_break || (!piece->token && piece->own_line && !l->line_empty))
		newline(l, indent);
	if (!piece->token) {
		text_printf(l->out, "%s", l->line_empty ? "" : "  ");
		text_append(l->out, piece->comment);
		l->must_break = true;
		return;
	}
	const char *quote = piece->token->kind == TOKEN_STRING ? "\"" : "";
	bool blank = !l->line_empty && piece->token->kind != TOKEN_COMMA;
	text_printf(l->out, "%s%s", blank ? " " : "", quote);
	text_append(l->out, piece->token->text);
	text_printf(l->out, "%s", quote);
	l->column += blank + piece->width;
	l->line_empty = false;
}

static void pieces_write(struct layout *l, size_t from, size_t to, size_t indent)
{
	for (size_t i = from; i < to; i++)
		piece_write(l, i, indent);
}

static size_t pieces_end(const struct layout *l, size_t to)
{
	return to ? l->pieces[to - 1].at + l->pieces[to - 1].width : 0;
}

/* Whether the pieces fit on the present line; one with a comment inside never does. */
static bool fits(const struct layout *l, size_t from, size_t to)
{
	const struct piece *first = &l->pieces[from], *last = &l->pieces[to - 1];
	size_t width = pieces_end(l, to) - first->at;
	return first->comments == last->comments && last->token &&
	       l->column + !l->line_empty + width <= WIDTH_MAX;
}

static bool begins_with(const struct layout *l, size_t i, const char *characters)
{
	return is_kind(l, i, TOKEN_WORD) && strchr(characters, l->pieces[i].token->text.at[0]);
}

#define DIGITS "0123456789"

/* The names behind `without`: up to the word that begins another edit. */
static size_t names_after(const struct layout *l, size_t from)
{
	size_t i = from;
	while (is_kind(l, i, TOKEN_WORD) && !is_kind(l, i + 1, TOKEN_OPEN) &&
	       !begins_with(l, i + 1, "+-=")) {
		struct span name = l->pieces[i].token->text;
		if (!begins_with(l, i, DIGITS) && !cipher_suite_by_name(name) &&
		    !registry_by_name(&registry_extensions, name))
			break;
		i++;
	}
	return i - from;
}

/* How many words belong to the word at `i` by its meaning. */
static size_t words_after(const struct layout *l, size_t i)
{
	static const struct {
		const char *word;
		size_t after;
	} known[] = {
		{ "fill", 2 },	 { "numbered", 3 }, { "repeat", 1 },	{ "share", 1 },
		{ "value", 1 },	 { "captured", 1 }, { "extension", 1 }, { "handshake", 1 },
		{ "record", 1 }, { "pad", 1 },	    { "version", 1 },	{ "length", 1 },
		{ "spoil", 1 },
	};
	static const char *const counted[] = { "u8", "u16", "u24", "u32", "random", "type" };
	static const char *const placed[] = { "add", "first", "absent", "reversed" };
	for (size_t k = 0; k < sizeof(known) / sizeof(known[0]); k++)
		if (is_word(l, i, known[k].word))
			return known[k].after;
	for (size_t k = 0; k < sizeof(counted) / sizeof(counted[0]); k++)
		if (is_word(l, i, counted[k]))
			return begins_with(l, i + 1, DIGITS);
	if (!is_word(l, i, "suites") && !is_word(l, i, "extensions"))
		return 0;
	for (size_t k = 0; k < sizeof(placed) / sizeof(placed[0]); k++)
		if (is_word(l, i + 1, placed[k]))
			return 1;
	return is_word(l, i + 1, "without") ? 1 + names_after(l, i + 2) : 0;
}

/* A unit is what should not be torn: a word with what belongs to it, its block included. */
static size_t unit_end(const struct layout *l, size_t i)
{
	if (!is_kind(l, i, TOKEN_WORD))
		return is_kind(l, i, TOKEN_OPEN) ? l->pieces[i].twin + 1 : i + 1;
	size_t after = words_after(l, i);
	for (i++; after && is_kind(l, i, TOKEN_WORD); after--)
		i++;
	i += is_word(l, i, "again") || is_word(l, i, "retry");
	i += begins_with(l, i, "+-=");
	if (is_word(l, i, "cut"))
		i += is_kind(l, i + 1, TOKEN_WORD) ? 2 : 1;
	return is_kind(l, i, TOKEN_OPEN) ? l->pieces[i].twin + 1 : i;
}

static void block_write(struct layout *l, size_t open, size_t indent);

/* A unit with a block, on a line of its own. */
static void unit_write(struct layout *l, size_t from, size_t to, size_t indent)
{
	size_t open = from;
	while (!is_kind(l, open, TOKEN_OPEN))
		open++;
	if (fits(l, from, to)) {
		pieces_write(l, from, to, indent);
		return;
	}
	pieces_write(l, from, open, indent);
	block_write(l, open, indent);
}

/* Edits and words about records stand alone, bytes fill their lines. */
static bool stands_alone(const struct layout *l, size_t from, size_t to)
{
	static const char *const words[] = { "version", "type", "length",     "spoil", "clear",
					     "pad",	"long", "extensions", "suites" };
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (is_word(l, from, words[i]))
			return true;
	return is_kind(l, to - 1, TOKEN_CLOSE);
}

static void block_write(struct layout *l, size_t open, size_t indent)
{
	size_t close = l->pieces[open].twin, inner = indent + STEP;
	bool filling = false;
	piece_write(l, open, indent);
	for (size_t i = open + 1, end; i < close; i = end) {
		end = unit_end(l, i);
		if (!l->pieces[i].token) {
			piece_write(l, i, inner);
			filling = false;
			continue;
		}
		bool alone = stands_alone(l, i, end);
		if (!filling || alone || !fits(l, i, end))
			newline(l, inner);
		if (is_kind(l, end - 1, TOKEN_CLOSE))
			unit_write(l, i, end, inner);
		else
			pieces_write(l, i, end, inner);
		filling = !alone;
	}
	newline(l, indent);
	piece_write(l, close, indent);
}

/* What follows a block of the statement's own up to the next brace: it must stand on its line. */
static size_t tail_end(const struct layout *l, size_t i)
{
	while (i < l->len && l->pieces[i].token) {
		if (is_kind(l, i, TOKEN_OPEN))
			return i + 1;
		i++;
	}
	return i;
}

static void statement_write(struct layout *l)
{
	bool head = is_word(l, 0, "case") || is_word(l, 0, "feature");
	text_printf(l->out, "%*s", head ? 0 : STEP, "");
	l->column = head ? 0 : STEP;
	piece_write(l, 0, 0);
	size_t keyword = l->pieces[0].width + 1;
	if (!head && keyword < KEYWORD_WIDTH && l->len > 1 && l->pieces[1].token) {
		text_printf(l->out, "%*s", (int)(KEYWORD_WIDTH - keyword), "");
		l->column += KEYWORD_WIDTH - keyword;
	}
	for (size_t i = 1; i < l->len;) {
		if (!is_kind(l, i, TOKEN_OPEN)) {
			piece_write(l, i++, STEP);
			continue;
		}
		size_t end = l->pieces[i].twin + 1;
		if (fits(l, i, tail_end(l, end)))
			pieces_write(l, i, end, STEP);
		else
			block_write(l, i, STEP);
		i = end;
	}
	text_printf(l->out, "\n");
}

static void piece_add(struct layout *l, const struct token *token, struct span comment, bool own)
{
	struct piece *piece = &l->pieces[l->len];
	bool quoted = token && token->kind == TOKEN_STRING;
	size_t blank = l->len > 0 && token && token->kind != TOKEN_COMMA;
	*piece = (struct piece){ .token = token, .comment = comment, .own_line = own };
	piece->at = pieces_end(l, l->len) + blank;
	piece->width = token ? shown_width(token->text) + (quoted ? 2 : 0) : 0;
	if (l->len)
		piece->comments = piece[-1].comments + !piece[-1].token;
	l->len++;
}

/* Braces are paired; the reader has refused what is nested too deep. */
static void twins_find(struct layout *l)
{
	size_t open[CASE_DEPTH_MAX + 1], depth = 0;
	for (size_t i = 0; i < l->len; i++) {
		if (is_kind(l, i, TOKEN_OPEN) && depth <= CASE_DEPTH_MAX)
			open[depth++] = i;
		if (!is_kind(l, i, TOKEN_CLOSE) || !depth)
			continue;
		l->pieces[i].twin = open[--depth];
		l->pieces[open[depth]].twin = i;
	}
}

enum fault statement_layout(struct text *out, struct arena *arena, const struct source_line *lines,
			    size_t lines_len)
{
	struct layout l = { .out = out, .line_empty = true };
	size_t total = 0;
	for (size_t i = 0; i < lines_len; i++)
		total += lines[i].tokens_len + 1;
	l.pieces = arena_array(arena, total, sizeof(*l.pieces));
	if (!l.pieces)
		return arena->fault;
	for (size_t i = 0; i < lines_len; i++) {
		for (size_t t = 0; t < lines[i].tokens_len; t++)
			piece_add(&l, &lines[i].tokens[t], span_of(NULL, 0), false);
		if (lines[i].comment.len)
			piece_add(&l, NULL, lines[i].comment, lines[i].tokens_len == 0);
	}
	twins_find(&l);
	statement_write(&l);
	return out->fault;
}
