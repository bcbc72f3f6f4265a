/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hex.h"
#include "case/case_parse.h"
#include "case/encode.h"
#include "case/names.h"
#include "crypto/key_exchange.h"

/* Where elements stand: in a block of extensions and in a record more is allowed. */
struct surroundings {
	enum bytes_context context;
	unsigned depth;
};

static const char *const widths[] = { "u8", "u16", "u24", "u32", NULL };

static uint32_t width_most(uint8_t width)
{
	return width == 4 ? UINT32_MAX : ((uint32_t)1 << 8 * width) - 1;
}

static bool width_read(struct parse *p, struct element *e, struct surroundings in)
{
	for (e->width = 1; strcmp(e->name, widths[e->width - 1]) != 0;)
		e->width++;
	const struct token *next = parse_peek(p);
	bool lies = next && next->kind == TOKEN_WORD && strchr("+-=", next->text.at[0]);
	if (!lies && !parse_is(p, TOKEN_OPEN)) {
		e->kind = ELEMENT_NUMBER;
		return parse_number(p, "a number or '{'", 0, width_most(e->width), &e->value);
	}
	e->kind = ELEMENT_VECTOR;
	if (e->width == 4)
		return complain_at(p->diags, e->at,
				   "the length of a vector has 1 to 3 bytes, not 4");
	/* A record written by hand holds whole messages, too. */
	bool in_record = in.context == BYTES_RECORD;
	return parse_lie(p, &e->lie) &&
	       elements_read(p, in_record ? BYTES_RECORD : BYTES_PLAIN, in.depth, &e->children);
}

static bool fill_read(struct parse *p, struct element *e, struct surroundings in)
{
	(void)in;
	e->kind = ELEMENT_FILL;
	if (!parse_number(p, "how many bytes", 0, CASE_STEP_BYTES_MAX, &e->count))
		return false;
	const struct token *byte = parse_peek(p);
	size_t len = 0, fell;
	uint8_t value;
	if (!byte || byte->kind != TOKEN_WORD || byte->text.len != 2 ||
	    hex_decode(&value, 1, &len, byte->text, &fell) != FAULT_NONE || len != 1)
		return parse_expected(p, "a byte of two hexadecimal digits");
	e->value = value;
	parse_take(p);
	return true;
}

static bool random_read(struct parse *p, struct element *e, struct surroundings in)
{
	(void)in;
	e->kind = ELEMENT_RANDOM;
	return parse_number(p, "how many bytes", 0, CASE_STEP_BYTES_MAX, &e->count);
}

static bool repeat_read(struct parse *p, struct element *e, struct surroundings in)
{
	e->kind = ELEMENT_REPEAT;
	return parse_number(p, "how many times", 0, CASE_REPEAT_MAX, &e->count) &&
	       elements_read(p, in.context, in.depth, &e->children);
}

static bool numbered_read(struct parse *p, struct element *e, struct surroundings in)
{
	e->kind = ELEMENT_NUMBERED;
	if (!parse_number(p, "how many times", 0, CASE_REPEAT_MAX, &e->count))
		return false;
	if (!parse_accept(p, "from"))
		return parse_expected(p, "'from'");
	uint32_t most = e->count ? CASE_REPEAT_MAX - e->count : UINT16_MAX;
	return parse_number(p, "the first number", 0, most, &e->value) &&
	       elements_read(p, BYTES_PLAIN, in.depth, &e->children);
}

static bool share_read(struct parse *p, struct element *e, struct surroundings in)
{
	(void)in;
	const struct token *group = parse_peek(p);
	e->kind = ELEMENT_SHARE;
	if (!parse_code(p, &registry_groups, UINT16_MAX, &e->value))
		return false;
	e->name = parse_text(p, group);
	return group_share((uint16_t)e->value).at ||
	       complain_at(p->diags, group->at, "there is no share of '%.80s' to send", e->name);
}

static bool captured_read(struct parse *p, struct element *e, struct surroundings in)
{
	static const char *const names[] = { "ticket", "session_id", NULL };
	size_t which;
	(void)in;
	e->kind = ELEMENT_CAPTURED;
	if (!parse_choice(p, "capture", names, &which))
		return false;
	e->name = names[which];
	return true;
}

static bool value_read(struct parse *p, struct element *e, struct surroundings in)
{
	static const char *const member_widths[] = { "u8", "u16", "u24", NULL };
	size_t which;
	(void)in;
	e->kind = ELEMENT_VALUE;
	if (!parse_choice(p, "width", member_widths, &which))
		return false;
	e->width = (uint8_t)(which + 1);
	if (!p->value_used || e->width < p->value_width) {
		p->value_at = e->at;
		p->value_width = e->width;
	}
	p->value_used = true;
	return true;
}

static const struct {
	const char *word;
	bool (*read)(struct parse *p, struct element *e, struct surroundings in);
} words[] = {
	{ "u8", width_read },	       { "u16", width_read },	      { "u24", width_read },
	{ "u32", width_read },	       { "fill", fill_read },	      { "random", random_read },
	{ "repeat", repeat_read },     { "share", share_read },	      { "value", value_read },
	{ "numbered", numbered_read }, { "captured", captured_read },
};

#define WORDS_LEN (sizeof(words) / sizeof(words[0]))

static bool is_hex(struct span word)
{
	for (size_t i = 0; i < word.len; i++)
		if (hex_digit(word.at[i]) < 0)
			return false;
	return word.len > 0;
}

static bool hex_read(struct parse *p, struct element *e)
{
	const struct token *token = parse_take(p);
	if (token->text.len % 2)
		return complain_at(p->diags, token->at,
				   "'%.*s' has an odd number of hexadecimal digits",
				   (int)(token->text.len < 80 ? token->text.len : 80),
				   (const char *)token->text.at);
	size_t len, fell, cap = token->text.len / 2;
	uint8_t *bytes = arena_alloc(p->arena, cap);
	if (!bytes || hex_decode(bytes, cap, &len, token->text, &fell) != FAULT_NONE)
		return false;
	e->kind = ELEMENT_BYTES;
	e->bytes = span_of(bytes, len);
	return true;
}

static bool string_read(struct parse *p, struct element *e)
{
	const char *text = token_string(p->arena, parse_take(p));
	e->kind = ELEMENT_BYTES;
	e->bytes = span_text(text ? text : "");
	return text != NULL;
}

static bool code_read(struct parse *p, struct element *e, uint32_t code, uint8_t width)
{
	uint8_t *bytes = arena_alloc(p->arena, width);
	e->name = parse_text(p, parse_take(p));
	if (!bytes)
		return false;
	for (unsigned i = 0; i < width; i++)
		bytes[i] = (uint8_t)(code >> 8 * (width - 1 - i));
	e->kind = ELEMENT_BYTES;
	e->bytes = span_of(bytes, width);
	return true;
}

int extension_read(struct parse *p, uint32_t *out, const char **name)
{
	const struct token *token = parse_peek(p);
	if (!token || token->kind != TOKEN_WORD)
		return 0;
	const struct code_point *point = registry_by_name(&registry_extensions, token->text);
	if (!point && !token_is(token, "extension"))
		return 0;
	*name = point ? point->name : "extension";
	*out = point ? point->code : 0;
	parse_take(p);
	return point || parse_number(p, "the extension's number", 0, UINT16_MAX, out) ? 1 : -1;
}

/* NAME alone stands for the usual body, which a number alone has not. */
static bool entry_read(struct parse *p, struct element *e, unsigned depth)
{
	e->kind = ELEMENT_EXTENSION;
	if (!parse_lie(p, &e->lie))
		return false;
	e->usual = e->lie.kind == LIE_NONE && !parse_is(p, TOKEN_OPEN) &&
		   strcmp(e->name, "extension") != 0;
	return e->usual || elements_read(p, BYTES_PLAIN, depth, &e->children);
}

static bool whole_message_read(struct parse *p, struct element *e, unsigned depth)
{
	struct message *message = arena_alloc(p->arena, sizeof(*message));
	e->kind = ELEMENT_MESSAGE;
	e->message = message;
	if (!message || !message_read(p, depth, message))
		return false;
	e->name = message->name;
	return true;
}

static bool unknown_element(struct parse *p, enum bytes_context context)
{
	const struct token *token = parse_peek(p);
	const char *known[WORDS_LEN + 1] = { NULL };
	for (size_t i = 0; i < WORDS_LEN; i++)
		known[i] = words[i].word;
	if (registry_by_name(&registry_extensions, token->text) || token_is(token, "extension"))
		return complain_at(p->diags, token->at,
				   "the extension '%.*s' stands outside of a block of extensions",
				   (int)token->text.len, (const char *)token->text.at);
	if (message_begins(p))
		return complain_at(p->diags, token->at,
				   "the message '%.*s' stands outside of a record",
				   (int)token->text.len, (const char *)token->text.at);
	if (parse_is_number(p))
		return complain_at(p->diags, token->at, "a number needs a width: 'u16 %.*s'",
				   (int)(token->text.len < 80 ? token->text.len : 80),
				   (const char *)token->text.at);
	const char *const *names = known;
	if (context == BYTES_EXTENSIONS)
		names = registry_names(p->arena, &registry_extensions, known);
	if (context == BYTES_RECORD)
		names = registry_names(p->arena, &registry_handshake_types, known);
	return parse_unknown(p, token, "name", code_names(p->arena, names));
}

static bool element_read(struct parse *p, struct element *e, struct surroundings in)
{
	const struct token *token = parse_peek(p);
	uint32_t code;
	uint8_t width;
	e->at = token->at;
	if (token->kind == TOKEN_STRING)
		return string_read(p, e);
	if (token->kind != TOKEN_WORD)
		return parse_expected(p, "bytes");
	for (size_t i = 0; i < WORDS_LEN; i++) {
		if (!parse_accept(p, words[i].word))
			continue;
		e->name = words[i].word;
		return words[i].read(p, e, in);
	}
	if (is_hex(token->text))
		return hex_read(p, e);
	int extension = in.context == BYTES_EXTENSIONS ? extension_read(p, &e->value, &e->name) : 0;
	if (extension)
		return extension > 0 && entry_read(p, e, in.depth);
	if (in.context == BYTES_RECORD && message_begins(p))
		return whole_message_read(p, e, in.depth);
	if (code_by_name(token->text, &code, &width))
		return code_read(p, e, code, width);
	return unknown_element(p, in.context);
}

bool elements_read(struct parse *p, enum bytes_context context, unsigned depth,
		   struct elements *out)
{
	struct element *items = NULL;
	size_t len = 0, cap = 0;
	if (!parse_is(p, TOKEN_OPEN))
		return parse_expected(p, "'{'");
	if (depth == CASE_DEPTH_MAX)
		return complain_at(p->diags, parse_place(p), "braces are nested more than %d deep",
				   CASE_DEPTH_MAX);
	parse_take(p);
	while (!parse_is(p, TOKEN_CLOSE)) {
		if (!parse_peek(p))
			return parse_expected(p, "'}'");
		items = parse_grow(p, items, len, &cap, sizeof(*items), SIZE_MAX);
		struct element e = { 0 };
		if (!items || !element_read(p, &e, (struct surroundings){ context, depth + 1 }))
			return false;
		items[len++] = e;
	}
	parse_take(p);
	*out = (struct elements){ .at = items, .len = len };
	return true;
}
