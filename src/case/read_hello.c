/* SPDX-License-Identifier: Apache-2.0 */
#include "case/case_parse.h"
#include "case/encode.h"
#include "case/names.h"

/* How a field's edit goes on behind its name. */
enum edit_form {
	FORM_BODY,    /* { BYTES } */
	FORM_VECTOR,  /* [LIE] { BYTES }, or the LIE alone */
	FORM_LIST,    /* the same, or add { }, first { }, without NAME... */
	FORM_VERSION, /* V */
	FORM_NUMBER,  /* N */
	FORM_NOTHING,
};

struct edit_word {
	const char *word;
	enum edit_kind kind;
	enum edit_form form;
	uint32_t least, most; /* of a number */
};

static const struct edit_word client_hello_words[] = {
	{ "version", EDIT_VERSION, FORM_VERSION, 0, 0 },
	{ "random", EDIT_RANDOM, FORM_BODY, 0, 0 },
	{ "session_id", EDIT_SESSION_ID, FORM_VECTOR, 0, 0 },
	{ "compression", EDIT_COMPRESSION, FORM_VECTOR, 0, 0 },
	{ "suites", EDIT_SUITES, FORM_LIST, 0, 0 },
	{ "extensions", EDIT_EXTENSIONS, FORM_LIST, 0, 0 },
	{ "tail", EDIT_TAIL, FORM_BODY, 0, 0 },
	{ "pad", EDIT_PAD, FORM_NUMBER, 8, CASE_STEP_BYTES_MAX },
	{ NULL, EDIT_PAD, FORM_NOTHING, 0, 0 },
};

static const struct edit_word sslv2_words[] = {
	{ "version", EDIT_VERSION, FORM_VERSION, 0, 0 },
	{ "type", EDIT_TYPE, FORM_NUMBER, 0, UINT8_MAX },
	{ "specs", EDIT_SPECS, FORM_VECTOR, 0, 0 },
	{ "session_id", EDIT_SESSION_ID, FORM_VECTOR, 0, 0 },
	{ "challenge", EDIT_CHALLENGE, FORM_VECTOR, 0, 0 },
	{ "long", EDIT_LONG, FORM_NOTHING, 0, 0 },
	{ NULL, EDIT_LONG, FORM_NOTHING, 0, 0 },
};

static const struct edit_word *edit_word(const struct edit_word *words, const struct token *token)
{
	for (; words->word; words++)
		if (token_is(token, words->word))
			return words;
	return NULL;
}

static bool vector_read(struct parse *p, struct edit *edit, enum bytes_context context,
			unsigned depth)
{
	if (!parse_lie(p, &edit->lie))
		return false;
	if (edit->lie.kind != LIE_NONE && !parse_is(p, TOKEN_OPEN)) {
		edit->place = EDIT_LIE_ONLY;
		return true;
	}
	return elements_read(p, context, depth, &edit->body);
}

/* Whether the word to come begins the next edit, and so ends the names behind `without`. */
static bool edit_begins(const struct parse *p)
{
	const struct token *token = parse_peek(p), *next = parse_ahead(p, 1);
	if (!token || token->kind != TOKEN_WORD || edit_word(client_hello_words, token) ||
	    token_is(token, "extension"))
		return true;
	return next && (next->kind == TOKEN_OPEN ||
			(next->kind == TOKEN_WORD && strchr("+-=", next->text.at[0])));
}

static bool without_read(struct parse *p, struct edit *edit)
{
	struct element *items = NULL;
	size_t len = 0, cap = 0;
	edit->place = EDIT_WITHOUT;
	do {
		struct element e = { .kind = ELEMENT_NUMBER, .width = 2 };
		const struct token *token = parse_peek(p);
		e.at = parse_place(p);
		bool read = edit->kind == EDIT_SUITES
				    ? parse_suite(p, &e.value)
				    : parse_code(p, &registry_extensions, UINT16_MAX, &e.value);
		items = read ? parse_grow(p, items, len, &cap, sizeof(e), SIZE_MAX) : NULL;
		if (!items)
			return false;
		e.name = parse_text(p, token);
		items[len++] = e;
	} while (!edit_begins(p));
	edit->body = (struct elements){ .at = items, .len = len };
	return true;
}

static bool list_read(struct parse *p, struct edit *edit, unsigned depth)
{
	bool extensions = edit->kind == EDIT_EXTENSIONS;
	enum bytes_context context = extensions ? BYTES_EXTENSIONS : BYTES_PLAIN;
	if (parse_accept(p, "without"))
		return without_read(p, edit);
	if (extensions && parse_accept(p, "absent")) {
		edit->kind = EDIT_EXTENSIONS_ABSENT;
		return true;
	}
	if (extensions && parse_accept(p, "reversed")) {
		edit->kind = EDIT_EXTENSIONS_REVERSED;
		return true;
	}
	if (parse_accept(p, "add"))
		edit->place = EDIT_ADD;
	else if (parse_accept(p, "first"))
		edit->place = EDIT_FIRST;
	else if (parse_is(p, TOKEN_WORD) && !strchr("+-=", parse_peek(p)->text.at[0])) {
		static const char *const of_suites[] = { "add", "first", "without", NULL };
		static const char *const of_extensions[] = { "add",    "first",	   "without",
							     "absent", "reversed", NULL };
		return parse_unknown(p, parse_peek(p), "edit",
				     extensions ? of_extensions : of_suites);
	}
	if (edit->place != EDIT_REPLACE)
		return elements_read(p, context, depth, &edit->body);
	return vector_read(p, edit, context, depth);
}

static bool field_read(struct parse *p, struct edit *edit, const struct edit_word *word,
		       unsigned depth)
{
	edit->kind = word->kind;
	switch (word->form) {
	case FORM_BODY:
		return elements_read(p, BYTES_PLAIN, depth, &edit->body);
	case FORM_VECTOR:
		return vector_read(p, edit, BYTES_PLAIN, depth);
	case FORM_LIST:
		return list_read(p, edit, depth);
	case FORM_VERSION:
		return parse_version_code(p, &edit->value);
	case FORM_NUMBER:
		return parse_number(p, "a number", word->least, word->most, &edit->value);
	case FORM_NOTHING:
		break;
	}
	return true;
}

static bool unknown_edit(struct parse *p, const struct edit_word *words, bool sslv2)
{
	const char *known[sizeof(client_hello_words) / sizeof(client_hello_words[0])] = { NULL };
	for (size_t i = 0; words[i].word; i++)
		known[i] = words[i].word;
	const struct token *token = parse_word(p, "an edit or '}'");
	if (!token)
		return false;
	return parse_unknown(p, token, "field",
			     sslv2 ? known : registry_names(p->arena, &registry_extensions, known));
}

static bool edit_read(struct parse *p, struct edit *edit, bool sslv2, unsigned depth)
{
	const struct edit_word *words = sslv2 ? sslv2_words : client_hello_words;
	const struct token *token = parse_peek(p);
	edit->at = parse_place(p);
	const struct edit_word *word = token ? edit_word(words, token) : NULL;
	if (word) {
		parse_take(p);
		return field_read(p, edit, word, depth);
	}
	const char *name;
	int extension = sslv2 ? 0 : extension_read(p, &edit->value, &name);
	if (!extension)
		return unknown_edit(p, words, sslv2);
	edit->kind = EDIT_EXTENSION;
	return extension > 0 && vector_read(p, edit, BYTES_PLAIN, depth);
}

/* Lists are added to as often as one likes; of anything else the second would undo the first. */
static bool is_twice(const struct edit *edits, size_t len, const struct edit *edit)
{
	if (edit->place == EDIT_ADD || edit->place == EDIT_FIRST || edit->place == EDIT_WITHOUT)
		return false;
	for (size_t i = 0; i < len; i++)
		if (edits[i].kind == edit->kind && edits[i].place == edit->place &&
		    (edit->kind != EDIT_EXTENSION || edits[i].value == edit->value))
			return true;
	return false;
}

bool edits_read(struct parse *p, bool sslv2, unsigned depth, struct message *message)
{
	struct edit *edits = NULL;
	size_t len = 0, cap = 0;
	if (depth == CASE_DEPTH_MAX)
		return complain_at(p->diags, parse_place(p), "braces are nested more than %d deep",
				   CASE_DEPTH_MAX);
	parse_take(p);
	while (!parse_is(p, TOKEN_CLOSE)) {
		const struct token *token = parse_peek(p);
		struct edit edit = { 0 };
		if (!edit_read(p, &edit, sslv2, depth + 1))
			return false;
		if (is_twice(edits, len, &edit))
			return complain_at(p->diags, edit.at, "'%.*s' is edited twice",
					   (int)token->text.len, (const char *)token->text.at);
		edits = parse_grow(p, edits, len, &cap, sizeof(edit), CASE_EDITS_MAX);
		if (!edits)
			return false;
		edits[len++] = edit;
	}
	parse_take(p);
	message->edits = edits;
	message->edits_len = len;
	return true;
}
