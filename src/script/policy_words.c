/* SPDX-License-Identifier: Apache-2.0 */
#include "script/policy_parse.h"

struct words words_of(const struct source_line *line)
{
	return (struct words){ .tokens = line->tokens, .len = line->tokens_len, .end = line->end };
}

const struct token *words_peek(const struct words *words)
{
	return words->at < words->len ? &words->tokens[words->at] : NULL;
}

const struct token *words_take(struct words *words)
{
	return words->at < words->len ? &words->tokens[words->at++] : NULL;
}

bool words_accept(struct words *words, const char *word)
{
	const struct token *token = words_peek(words);
	if (!token || !token_is(token, word))
		return false;
	words->at++;
	return true;
}

struct place words_place(const struct words *words)
{
	const struct token *token = words_peek(words);
	return token ? token->at : words->end;
}

bool reader_expected(struct reader *r, const struct words *words, const char *what)
{
	return complain_expected(r->diags, words_peek(words), words->end, what);
}

bool reader_unknown(struct reader *r, const struct token *token, const char *what,
		    const char *const *names)
{
	return complain_unknown(r->diags, token, what, names);
}

bool reader_done(struct reader *r, const struct words *words)
{
	return !words_peek(words) || reader_expected(r, words, "the end of the line");
}

const struct source_line *reader_row(struct reader *r)
{
	while (r->next < r->lines_len) {
		const struct source_line *line = &r->lines[r->next];
		if (line->tokens_len && !line->indented)
			return NULL;
		r->next++;
		if (line->tokens_len)
			return line;
	}
	return NULL;
}

const char *reader_text(struct reader *r, const struct token *token)
{
	return token_text(r->arena, token);
}

bool reader_cite(struct reader *r, struct words *words, const char **cite)
{
	if (!words_accept(words, "cite"))
		return true;
	const struct token *token = words_peek(words);
	if (!token || token->kind != TOKEN_STRING)
		return reader_expected(r, words, "the cited section in quotes");
	*cite = reader_text(r, words_take(words));
	return true;
}

static enum version version_token(const struct token *token)
{
	return token && token->kind == TOKEN_WORD ? version_by_name(token->text) : VERSION_NONE;
}

bool reader_versions(struct reader *r, struct words *words, version_set *out)
{
	*out = 0;
	if (version_token(words_peek(words)) == VERSION_NONE)
		return reader_expected(r, words, "a version (SSLv2 to TLS1.3)");
	while (version_token(words_peek(words)) != VERSION_NONE)
		*out |= VERSION_BIT(version_token(words_take(words)));
	return true;
}

bool reader_setting(struct reader *r, const struct token *token, struct span name, size_t *out)
{
	const char *names[POLICY_SETTINGS_MAX + 1] = { NULL };
	*out = policy_setting(r->policy, name);
	if (*out != SIZE_MAX)
		return true;
	for (size_t i = 0; i < r->policy->settings_len; i++)
		names[i] = r->policy->settings[i].name;
	struct token bare = *token;
	bare.text = name;
	return reader_unknown(r, &bare, "setting", names);
}

bool reader_value(struct reader *r, size_t setting, const struct token *token, size_t *out)
{
	const char *names[POLICY_VALUES_MAX + 1] = { NULL };
	const struct setting *of = &r->policy->settings[setting];
	*out = token->kind == TOKEN_WORD ? setting_value(of, token->text) : SIZE_MAX;
	if (*out != SIZE_MAX)
		return true;
	for (size_t i = 0; i < of->values_len; i++)
		names[i] = of->values[i];
	const char *what = arena_printf(r->arena, "value of setting '%s'", of->name);
	return reader_unknown(r, token, what ? what : "value", names);
}

void *reader_grow(struct reader *r, void *items, size_t len, size_t *cap, size_t size)
{
	return arena_grow(r->arena, items, len, cap, size);
}
