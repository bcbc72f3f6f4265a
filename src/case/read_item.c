/* SPDX-License-Identifier: Apache-2.0 */
#include "case/case_parse.h"
#include "case/encode.h"
#include "case/names.h"

#define CUT_MAX	       CASE_STEP_BYTES_MAX
#define HANDSHAKE_WORD "handshake"
#define FRAGMENT_MAX   UINT16_MAX

static const struct token *message_token(const struct parse *p)
{
	const struct token *token = parse_peek(p);
	return token && token->kind == TOKEN_WORD ? token : NULL;
}

bool message_begins(const struct parse *p)
{
	const struct token *token = message_token(p);
	return token && (token_is(token, HANDSHAKE_WORD) ||
			 registry_by_name(&registry_handshake_types, token->text));
}

/* cut N: so many bytes are left; cut -N: so many fewer. */
static bool cut_read(struct parse *p, struct message *out)
{
	const struct token *token = parse_peek(p);
	uint32_t cut;
	if (!parse_accept(p, "cut"))
		return true;
	out->is_cut = true;
	token = message_token(p);
	if (token && token->text.at[0] == '-') {
		struct lie fewer;
		if (!parse_lie(p, &fewer))
			return false;
		out->cut = fewer.by;
		return out->cut < 0 || complain_at(p->diags, token->at, "'-0' cuts nothing");
	}
	if (!parse_number(p, "how many bytes are left", 0, CUT_MAX, &cut))
		return false;
	out->cut = (int32_t)cut;
	return true;
}

static bool base_read(struct parse *p, struct message *out)
{
	struct place at = parse_place(p);
	if (parse_accept(p, "again"))
		out->base = BASE_AGAIN;
	else if (parse_accept(p, "retry"))
		out->base = BASE_RETRY;
	if (out->base != BASE_FRESH && !p->hello_sent)
		return complain_at(p->diags, at, "no client_hello was sent before this one");
	p->hello_sent = true;
	return true;
}

static bool hello_read(struct parse *p, unsigned depth, struct message *out)
{
	return base_read(p, out) && parse_lie(p, &out->lie) && cut_read(p, out) &&
	       (!parse_is(p, TOKEN_OPEN) || edits_read(p, false, depth, out));
}

/* Messages that need no braces: made for the connection, or empty by their definition. */
static bool is_by_rule(uint8_t type)
{
	return type == HANDSHAKE_CERTIFICATE || type == HANDSHAKE_CLIENT_KEY_EXCHANGE ||
	       type == HANDSHAKE_FINISHED;
}

static bool is_empty(uint8_t type)
{
	return type == HANDSHAKE_HELLO_REQUEST || type == HANDSHAKE_SERVER_HELLO_DONE ||
	       type == 5 /* end_of_early_data */;
}

static bool body_read(struct parse *p, unsigned depth, struct message *out)
{
	if (!parse_lie(p, &out->lie) || !cut_read(p, out))
		return false;
	if (parse_is(p, TOKEN_OPEN) || !out->name)
		return elements_read(p, BYTES_PLAIN, depth, &out->body);
	out->by_rule = is_by_rule(out->type);
	return out->by_rule || is_empty(out->type) ||
	       complain_at(p->diags, out->at, "the body of '%s' has to be written", out->name);
}

bool message_read(struct parse *p, unsigned depth, struct message *out)
{
	const struct token *token = parse_take(p);
	uint32_t type;
	*out = (struct message){ .at = token->at };
	if (token_is(token, HANDSHAKE_WORD)) {
		if (!parse_number(p, "the message's type", 0, UINT8_MAX, &type))
			return false;
		out->type = (uint8_t)type;
		p->hello_sent = p->hello_sent || type == HANDSHAKE_CLIENT_HELLO;
		return body_read(p, depth, out);
	}
	const struct code_point *point = registry_by_name(&registry_handshake_types, token->text);
	out->type = (uint8_t)point->code;
	out->name = point->name;
	return out->type == HANDSHAKE_CLIENT_HELLO ? hello_read(p, depth, out)
						   : body_read(p, depth, out);
}

static bool message_item(struct parse *p, struct item *out)
{
	out->kind = ITEM_MESSAGE;
	out->type = CONTENT_HANDSHAKE;
	if (!message_read(p, 0, &out->message))
		return false;
	out->name = out->message.name ? out->message.name : HANDSHAKE_WORD;
	return true;
}

static bool sslv2_item(struct parse *p, struct item *out)
{
	out->kind = ITEM_SSLV2;
	out->message = (struct message){ .at = parse_take(p)->at, .type = 1, .name = out->name };
	return parse_lie(p, &out->message.lie) &&
	       (!parse_is(p, TOKEN_OPEN) || edits_read(p, true, 0, &out->message));
}

static bool record_item(struct parse *p, struct item *out)
{
	uint32_t type;
	parse_take(p);
	out->kind = ITEM_RECORD;
	if (!parse_code(p, &registry_content_types, UINT8_MAX, &type))
		return false;
	out->type = (uint8_t)type;
	return elements_read(p, BYTES_RECORD, 0, &out->body);
}

static bool raw_item(struct parse *p, struct item *out)
{
	parse_take(p);
	out->kind = ITEM_RAW;
	return elements_read(p, BYTES_RECORD, 0, &out->body);
}

static bool typed_item(struct parse *p, struct item *out)
{
	const struct token *token = parse_take(p);
	out->kind = ITEM_RECORD;
	out->type = token_is(token, "heartbeat") ? CONTENT_HEARTBEAT : CONTENT_APPLICATION_DATA;
	return elements_read(p, BYTES_PLAIN, 0, &out->body);
}

static struct element *body_of(struct parse *p, struct item *out, size_t len)
{
	struct element *items = arena_array(p->arena, len, sizeof(*items));
	out->body = (struct elements){ .at = items, .len = items ? len : 0 };
	return items;
}

static bool change_cipher_spec_item(struct parse *p, struct item *out)
{
	struct place at = parse_take(p)->at;
	out->kind = ITEM_RECORD;
	out->type = CONTENT_CHANGE_CIPHER_SPEC;
	if (parse_is(p, TOKEN_OPEN))
		return elements_read(p, BYTES_PLAIN, 0, &out->body);
	struct element *body = body_of(p, out, 1);
	if (!body)
		return false;
	body[0] = (struct element){
		.kind = ELEMENT_NUMBER, .at = at, .name = "type", .width = 1, .value = 1
	};
	return true;
}

static bool alert_item(struct parse *p, struct item *out)
{
	static const struct code_point points[] = { { 1, "warning" }, { 2, "fatal" } };
	static const struct registry levels = { "alert level", points, 2 };
	parse_take(p);
	out->kind = ITEM_RECORD;
	out->type = CONTENT_ALERT;
	if (parse_is(p, TOKEN_OPEN))
		return elements_read(p, BYTES_PLAIN, 0, &out->body);
	struct element level = { .kind = ELEMENT_NUMBER, .name = "level", .width = 1 };
	struct element description = { .kind = ELEMENT_NUMBER, .name = "description", .width = 1 };
	level.at = parse_place(p);
	if (!parse_code(p, &levels, UINT8_MAX, &level.value))
		return false;
	description.at = parse_place(p);
	if (!parse_code(p, &registry_alerts, UINT8_MAX, &description.value))
		return false;
	struct element *body = body_of(p, out, 2);
	if (!body)
		return false;
	body[0] = level;
	body[1] = description;
	return true;
}

static const struct {
	const char *word;
	bool (*read)(struct parse *p, struct item *out);
} words[] = {
	{ "alert", alert_item },
	{ "application_data", typed_item },
	{ "bytes", raw_item },
	{ "change_cipher_spec", change_cipher_spec_item },
	{ "heartbeat", typed_item },
	{ "record", record_item },
	{ "sslv2_client_hello", sslv2_item },
	{ HANDSHAKE_WORD, message_item },
};

#define WORDS_LEN (sizeof(words) / sizeof(words[0]))

static bool kind_read(struct parse *p, struct item *out)
{
	const char *known[WORDS_LEN + 1] = { NULL };
	out->at = parse_place(p);
	const struct token *token = parse_peek(p);
	for (size_t i = 0; token && i < WORDS_LEN; i++) {
		known[i] = words[i].word;
		if (!token_is(token, known[i]))
			continue;
		out->name = known[i];
		return words[i].read(p, out);
	}
	if (message_begins(p))
		return message_item(p, out);
	token = parse_word(p, "what is sent");
	return token && parse_unknown(p, token, "item",
				      registry_names(p->arena, &registry_handshake_types, known));
}

bool sizes_read(struct parse *p, uint32_t least, bool *every, uint32_t *sizes, size_t *len)
{
	if (*len)
		return complain_at(p->diags, parse_place(p), "the sizes are stated twice");
	*every = parse_accept(p, "of");
	if (!*every && !parse_accept(p, "split"))
		return parse_expected(p, "'of' or 'split'");
	do {
		if (*len == FRAMING_SIZES_MAX)
			return complain_at(p->diags, parse_place(p), "there are more than %d sizes",
					   FRAMING_SIZES_MAX);
		if (!parse_number(p, "a size", *every ? 1 : least, FRAGMENT_MAX, &sizes[*len]))
			return false;
		++*len;
	} while (!*every && parse_is_number(p));
	return true;
}

/* The words of `in record { }`, each of them once at most. */
static bool framing_word(struct parse *p, struct framing *framing)
{
	static const char *const known[] = { "type", "version", "length", "spoil", "clear", NULL };
	struct place at = parse_place(p);
	uint32_t code = 0;
	size_t which;
	if (!parse_choice(p, "word about a record", known, &which))
		return false;
	const bool stated[] = { framing->has_type, framing->has_version,
				framing->length.kind != LIE_NONE, framing->spoil > 0,
				framing->clear };
	if (stated[which])
		return complain_at(p->diags, at, "'%s' is stated twice", known[which]);
	switch (which) {
	case 0:
		framing->has_type = parse_code(p, &registry_content_types, UINT8_MAX, &code);
		framing->type = (uint8_t)code;
		return framing->has_type;
	case 1:
		framing->has_version = parse_version_code(p, &code);
		framing->version = (uint16_t)code;
		return framing->has_version;
	case 2:
		return parse_lie(p, &framing->length) &&
		       (framing->length.kind != LIE_NONE || parse_expected(p, "+N, -N or =N"));
	case 3:
		return parse_number(p, "how many bits", 1, CASE_SPOIL_MAX, &framing->spoil);
	default:
		framing->clear = true;
		return true;
	}
}

static bool framing_record_read(struct parse *p, struct framing *framing)
{
	if (!parse_is(p, TOKEN_OPEN))
		return parse_expected(p, "'{'");
	parse_take(p);
	while (!parse_is(p, TOKEN_CLOSE))
		if (!framing_word(p, framing))
			return false;
	parse_take(p);
	return true;
}

/* in record { ... }, in records of N, in records split N...; what is about segments is left. */
static bool framing_read(struct parse *p, struct item *out)
{
	const struct token *word;
	while ((word = parse_peek(p)) != NULL && token_is(word, "in")) {
		struct place at = word->at;
		word = parse_ahead(p, 1);
		bool record = word && token_is(word, "record");
		if (!record && !(word && token_is(word, "records")))
			return true;
		if (out->kind == ITEM_RAW || out->kind == ITEM_SSLV2)
			return complain_at(p->diags, at, "'%s' goes into no record", out->name);
		p->at += 2;
		struct framing *framing = &out->framing;
		if (record ? !framing_record_read(p, framing)
			   : !sizes_read(p, 0, &framing->every, framing->sizes,
					 &framing->sizes_len))
			return false;
	}
	return true;
}

bool item_read(struct parse *p, struct item *out)
{
	const struct token *next = parse_ahead(p, 1);
	*out = (struct item){ .times = 1 };
	if (parse_is_number(p) || (next && token_is(next, "times"))) {
		if (!parse_number(p, "how many times", 1, CASE_REPEAT_MAX, &out->times))
			return false;
		if (!parse_accept(p, "times"))
			return parse_expected(p, "'times'");
	}
	return kind_read(p, out) && framing_read(p, out);
}
