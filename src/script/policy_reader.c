/* SPDX-License-Identifier: Apache-2.0 */
#include "script/policy_reader.h"
#include "base/limits.h"
#include "script/policy_parse.h"

static bool is_name(struct span text)
{
	for (size_t i = 0; i < text.len; i++) {
		uint8_t c = text.at[i];
		bool inner = i > 0 && (c == '-' || c == '.' || c == '_');
		if (!inner && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9'))
			return false;
	}
	return text.len > 0;
}

static bool once(struct reader *r, struct place at, const char *keyword, const char *stated)
{
	return !stated || complain_at(r->diags, at, "'%s' is stated twice", keyword);
}

static void name_read(struct reader *r, struct words *words, struct place at, const char *keyword,
		      const char **out)
{
	const struct token *token = words_peek(words);
	if (!once(r, at, keyword, *out))
		return;
	if (!token || token->kind != TOKEN_WORD || !is_name(token->text)) {
		reader_expected(r, words, "a name of small letters, digits, '-', '.' and '_'");
		return;
	}
	*out = reader_text(r, words_take(words));
	reader_done(r, words);
}

static void policy_name_read(struct reader *r, struct words *words, struct place at)
{
	name_read(r, words, at, "policy", &r->policy->name);
}

static void over_read(struct reader *r, struct words *words, struct place at)
{
	name_read(r, words, at, "over", &r->policy->over);
}

static bool quoted_read(struct reader *r, struct words *words, const char *what, const char **out)
{
	const struct token *token = words_peek(words);
	if (!token || token->kind != TOKEN_STRING)
		return reader_expected(r, words, what);
	*out = reader_text(r, words_take(words));
	return true;
}

static void title_read(struct reader *r, struct words *words, struct place at)
{
	if (once(r, at, "title", r->policy->title) &&
	    quoted_read(r, words, "the title in quotes", &r->policy->title))
		reader_done(r, words);
}

/* YYYY, YYYY-MM or YYYY-MM-DD: documents do not always say the day. */
static bool is_source_date(struct span text)
{
	char day[11] = "2000-01-01";
	date parsed;
	if (text.len != 4 && text.len != 7 && text.len != 10)
		return false;
	memcpy(day, text.at, text.len);
	return date_parse(&parsed, span_text(day)) == FAULT_NONE;
}

static void source_read(struct reader *r, struct words *words, struct place at)
{
	if (!once(r, at, "source", r->policy->source) ||
	    !quoted_read(r, words, "the source's title in quotes", &r->policy->source))
		return;
	const struct token *token = words_peek(words);
	if (!token)
		return;
	if (token->kind != TOKEN_WORD || !is_source_date(token->text)) {
		reader_expected(r, words, "the date of the source (YYYY, YYYY-MM or YYYY-MM-DD)");
		return;
	}
	r->policy->source_date = reader_text(r, words_take(words));
	reader_done(r, words);
}

/* A value must not read as a ruling, a setting or an assignment where it heads a row. */
static bool is_value(const struct token *token)
{
	enum ruling_kind kind;
	bool inferred;
	return token->kind == TOKEN_WORD && !token_is(token, "default") && !token_is(token, "*") &&
	       token->text.at[0] != '$' && !memchr(token->text.at, '=', token->text.len) &&
	       !ruling_word(token->text, &kind, &inferred);
}

/* VALUE [default] */
static void value_read(struct reader *r, const struct source_line *line, struct setting *setting,
		       size_t *cap)
{
	struct words words = words_of(line);
	const struct token *token = words_take(&words);
	if (!is_value(token)) {
		words.at = 0;
		reader_expected(r, &words, "a value (a word without '=' and '$', no ruling)");
		return;
	}
	if (setting_value(setting, token->text) != SIZE_MAX) {
		complain_at(r->diags, token->at, "the value stands twice");
		return;
	}
	if (setting->values_len == POLICY_VALUES_MAX) {
		complain_at(r->diags, token->at, "a setting has at most %d values",
			    POLICY_VALUES_MAX);
		return;
	}
	setting->values = reader_grow(r, setting->values, setting->values_len, cap, sizeof(char *));
	if (!setting->values) {
		setting->values_len = 0;
		return;
	}
	struct place at = words_place(&words);
	if (words_accept(&words, "default")) {
		if (setting->default_value != SIZE_MAX)
			complain_at(r->diags, at, "the setting has a default already");
		setting->default_value = setting->values_len;
	}
	setting->values[setting->values_len++] = reader_text(r, token);
	reader_done(r, &words);
}

static bool setting_name(struct reader *r, struct words *words, struct setting *setting)
{
	const struct token *token = words_peek(words);
	if (!token || token->kind != TOKEN_WORD || memchr(token->text.at, '=', token->text.len))
		return reader_expected(r, words, "the setting's name");
	if (policy_setting(r->policy, token->text) != SIZE_MAX)
		return complain_at(r->diags, token->at, "the setting is stated twice");
	if (r->policy->settings_len == POLICY_SETTINGS_MAX)
		return complain_at(r->diags, token->at, "a policy has at most %d settings",
				   POLICY_SETTINGS_MAX);
	setting->name = reader_text(r, words_take(words));
	return reader_cite(r, words, &setting->cite) && reader_done(r, words);
}

static void setting_read(struct reader *r, struct words *words, struct place at)
{
	struct policy *policy = r->policy;
	struct setting setting = { .at = at, .default_value = SIZE_MAX };
	size_t cap = 0;
	bool named = setting_name(r, words, &setting);
	for (const struct source_line *line; (line = reader_row(r)) != NULL;)
		value_read(r, line, &setting, &cap);
	if (!named)
		return;
	if (!setting.values_len) {
		complain_at(r->diags, at, "the setting has no values");
		return;
	}
	if (setting.default_value == SIZE_MAX) {
		complain_at(r->diags, at, "no value of the setting is marked 'default'");
		setting.default_value = 0;
	}
	void *grown = reader_grow(r, policy->settings, policy->settings_len, &r->settings_cap,
				  sizeof(setting));
	if (!grown)
		return;
	policy->settings = grown;
	policy->settings[policy->settings_len++] = setting;
}

static void shape_read(struct reader *r, struct words *words, struct place at)
{
	(void)words;
	complain_at(r->diags, at, "'shape' is reserved for a later edition of the language");
}

static const struct statement {
	const char *keyword;
	void (*read)(struct reader *r, struct words *words, struct place at);
} statements[] = {
	{ "policy", policy_name_read },	   { "title", title_read },
	{ "source", source_read },	   { "over", over_read },
	{ "setting", setting_read },	   { "table", table_read },
	{ "prefer", prefer_read },	   { "limit", limit_read },
	{ "transition", transition_read }, { "admit", admit_read },
	{ "control", control_read },	   { "shape", shape_read },
};

#define STATEMENTS_LEN (sizeof(statements) / sizeof(statements[0]))

static void statement_read(struct reader *r, const struct source_line *line)
{
	const char *names[STATEMENTS_LEN + 1] = { NULL };
	struct words words = words_of(line);
	for (size_t i = 0; i < STATEMENTS_LEN; i++) {
		names[i] = statements[i].keyword;
		if (!words_accept(&words, names[i]))
			continue;
		statements[i].read(r, &words, line->at);
		return;
	}
	reader_unknown(r, &line->tokens[0], "statement", names);
}

/* Rows that their statement did not take: it has none, or it was given up. */
static void rows_pass(struct reader *r, bool report)
{
	for (const struct source_line *row; (row = reader_row(r)) != NULL; report = false)
		if (report)
			complain_at(r->diags, row->at,
				    "an indented line is a row, and this statement has none");
}

static void file_read(struct reader *r)
{
	rows_pass(r, true);
	while (r->next < r->lines_len) {
		const struct source_line *line = &r->lines[r->next++];
		if (!line->tokens_len)
			continue;
		size_t errors = r->diags->errors;
		statement_read(r, line);
		rows_pass(r, r->diags->errors == errors);
	}
	if (!r->policy->name)
		complain_at(r->diags, (struct place){ r->file, 1, 1 },
			    "the file has no 'policy' statement");
	if (!r->policy->over)
		r->policy->over = "tls";
}

enum fault policy_read(struct policy *out, struct arena *arena, struct diags *diags,
		       const char *file, struct span text)
{
	*out = (struct policy){ .file = file };
	size_t errors = diags->errors;
	if (source_check(diags, file, text, POLICY_FILE_MAX) != FAULT_NONE)
		return FAULT_INPUT;
	struct lexer lexer;
	struct source_line *lines;
	lexer_init(&lexer, diags, file, text);
	struct reader r = { .policy = out, .arena = arena, .diags = diags, .file = file };
	enum fault fault = source_lines(&lexer, arena, &lines, &r.lines_len);
	if (fault != FAULT_NONE)
		return fault;
	r.lines = lines;
	file_read(&r);
	out->lines = r.lines;
	out->lines_len = r.lines_len;
	if (arena->fault != FAULT_NONE)
		return arena->fault;
	return diags->errors == errors ? FAULT_NONE : FAULT_INPUT;
}
