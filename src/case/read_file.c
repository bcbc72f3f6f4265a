/* SPDX-License-Identifier: Apache-2.0 */
#include "case/case_parse.h"

void catalogue_init(struct catalogue *catalogue, struct arena *arena, struct diags *diags)
{
	*catalogue = (struct catalogue){ .arena = arena, .diags = diags };
}

static const struct {
	const char *keyword;
	void (*read)(struct parse *p, struct place at);
} statements[] = {
	{ "cite", cite_read },
	{ "why", why_read },
	{ "cve", cve_read },
	{ "edition", edition_read },
	{ "at", at_read },
	{ "over", over_scheme_read },
	{ "needs", needs_read },
	{ "each", each_read },
	{ "send", send_read },
	{ "await", await_read },
	{ "complete", complete_read },
	{ "shut", shut_read },
	{ "expect", expect_read },
	{ "or", or_read },
	{ "allow", allow_read },
	{ "assert", assert_read },
};

#define STATEMENTS_LEN (sizeof(statements) / sizeof(statements[0]))

static bool is_head(const struct token *token)
{
	return token_is(token, "case") || token_is(token, "feature");
}

bool statement_begins(const struct token *token)
{
	for (size_t i = 0; i < STATEMENTS_LEN; i++)
		if (token_is(token, statements[i].keyword))
			return true;
	return is_head(token);
}

/* Letters, digits, and '-', '_' and dots between them. */
static bool is_name(struct span text)
{
	bool inner = false;
	for (size_t i = 0; i < text.len; i++) {
		uint8_t c = text.at[i], lower = c | 0x20;
		bool mark = c == '.' || c == '-' || c == '_';
		if (mark ? !inner || i + 1 == text.len
			 : !(lower >= 'a' && lower <= 'z') && !(c >= '0' && c <= '9'))
			return false;
		inner = !mark;
	}
	return text.len > 0;
}

static void head_name(struct parse *p, struct conformance_case *stanza)
{
	const struct token *token = parse_peek(p);
	stanza->name = "";
	if (!token || token->kind != TOKEN_WORD || !is_name(token->text)) {
		parse_expected(p, "a name of letters, digits, '.', '-' and '_'");
		return;
	}
	if (token->text.len > CASE_NAME_MAX) {
		complain_at(p->diags, token->at, "the name is longer than %d bytes", CASE_NAME_MAX);
		return;
	}
	stanza->name = parse_text(p, parse_take(p));
	parse_done(p);
}

static void stanza_add(struct catalogue *catalogue, struct conformance_case *stanza)
{
	struct conformance_case ***list =
		stanza->is_feature ? &catalogue->features : &catalogue->cases;
	size_t *len = stanza->is_feature ? &catalogue->features_len : &catalogue->cases_len;
	size_t *cap = stanza->is_feature ? &catalogue->features_cap : &catalogue->cases_cap;
	void *grown = arena_grow(catalogue->arena, *list, *len, cap, sizeof(stanza));
	if (!grown)
		return;
	*list = grown;
	(*list)[(*len)++] = stanza;
}

/* What is wrong with the stanza stays out of the catalogue; a feature's name is kept for needs. */
static void stanza_end(struct parse *p)
{
	struct conformance_case *stanza = p->stanza;
	stanza_check(p);
	p->stanza = NULL;
	if (stanza && stanza->name[0] &&
	    (stanza->is_feature || p->diags->errors == p->stanza_errors))
		stanza_add(p->catalogue, stanza);
}

static void stanza_begin(struct parse *p)
{
	const struct statement *statement = &p->statement;
	stanza_end(p);
	struct conformance_case *stanza = arena_alloc(p->arena, sizeof(*stanza));
	p->stanza = stanza;
	p->stanza_errors = p->diags->errors;
	p->passing = p->hello_sent = p->value_used = p->expected = false;
	p->citations_cap = p->needs_cap = p->steps_cap = p->expectations_cap = p->facts_cap = 0;
	if (!stanza)
		return;
	stanza->at = statement->at;
	stanza->theme = p->theme;
	stanza->first_line = statement->first_line;
	stanza->is_feature = token_is(parse_take(p), "feature");
	if (statement->indented)
		complain_at(p->diags, statement->at, "'%s' begins in the first column",
			    stanza->is_feature ? "feature" : "case");
	head_name(p, stanza);
}

static void unknown_statement(struct parse *p)
{
	const char *known[STATEMENTS_LEN + 3] = { "case", "feature" };
	for (size_t i = 0; i < STATEMENTS_LEN; i++)
		known[i + 2] = statements[i].keyword;
	const struct token *token = parse_word(p, "a statement");
	if (token)
		parse_unknown(p, token, "statement", known);
	if (p->statement.indented)
		return;
	/* Most likely the head of a stanza, whose statements belong to no other. */
	stanza_end(p);
	p->passing = true;
}

static void statement_read(struct parse *p)
{
	size_t which = 0;
	struct place at = p->statement.at;
	const struct token *token = parse_peek(p);
	if (is_head(token)) {
		stanza_begin(p);
		return;
	}
	while (which < STATEMENTS_LEN && !token_is(token, statements[which].keyword))
		which++;
	if (p->passing && p->statement.indented)
		return;
	if (which == STATEMENTS_LEN) {
		unknown_statement(p);
		return;
	}
	if (!p->stanza) {
		complain_at(p->diags, at, "'%s' stands before any 'case' or 'feature'",
			    statements[which].keyword);
		p->passing = true;
		return;
	}
	if (!p->statement.indented)
		complain_at(p->diags, at, "the statements of a stanza are indented");
	parse_take(p);
	statements[which].read(p, at);
	p->stanza->lines_len =
		p->statement.first_line + p->statement.lines_len - p->stanza->first_line;
}

/* "hello" of "cases/hello.case" */
static const char *theme_of(struct arena *arena, const char *file)
{
	const char *slash = strrchr(file, '/');
	const char *name = slash ? slash + 1 : file;
	size_t len = strlen(name);
	const char *text = arena_text(
		arena,
		span_of(name, len > 5 && strcmp(name + len - 5, ".case") == 0 ? len - 5 : len));
	return text ? text : "";
}

enum fault catalogue_read(struct catalogue *catalogue, const char *file, struct span text)
{
	struct diags *diags = catalogue->diags;
	struct parse p = { .catalogue = catalogue,
			   .arena = catalogue->arena,
			   .diags = diags,
			   .file = file,
			   .theme = theme_of(catalogue->arena, file) };
	size_t errors = diags->errors;
	if (source_check(diags, file, text, CASE_FILE_MAX) != FAULT_NONE)
		return FAULT_INPUT;
	struct lexer lexer;
	struct source_line *lines;
	lexer_init(&lexer, diags, file, text);
	enum fault fault = source_lines(&lexer, p.arena, &lines, &p.lines_len);
	if (fault != FAULT_NONE)
		return fault;
	p.lines = lines;
	while (diags->errors < errors + DIAGS_MAX && statement_next(&p))
		if (p.statement.tokens_len)
			statement_read(&p);
	stanza_end(&p);
	if (p.arena->fault != FAULT_NONE)
		return p.arena->fault;
	return diags->errors == errors ? FAULT_NONE : FAULT_INPUT;
}

static const struct conformance_case *find(struct conformance_case *const *list, size_t len,
					   struct span name)
{
	for (size_t i = 0; i < len; i++)
		if (span_is(name, list[i]->name))
			return list[i];
	return NULL;
}

const struct conformance_case *catalogue_find(const struct catalogue *catalogue, struct span name)
{
	const struct conformance_case *found = find(catalogue->cases, catalogue->cases_len, name);
	return found ? found : find(catalogue->features, catalogue->features_len, name);
}
