/* policy_parse.h - the parts of the policy reader: words of a line, rows, subjects, cells. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SCRIPT_POLICY_PARSE_H
#define SCRIPT_POLICY_PARSE_H

#include "policy/policy.h"
#include "script/complaint.h"

/* The lists of names that a file's subjects are looked up in. */
enum name_list {
	NAMES_SUITE,
	NAMES_GROUP,
	NAMES_SCHEME,
	NAMES_COMPRESSION,
	NAMES_CURVE,
	NAMES_SIGNATURE,
	NAMES_LEN
};

/* One reading of one file. `next` is the index of the line to be read next. */
struct reader {
	struct policy *policy;
	struct arena *arena;
	struct diags *diags;
	const char *file;
	const struct source_line *lines;
	size_t lines_len, next;
	size_t settings_cap, tables_cap, rules_cap, anchors_cap, preferences_cap, limits_cap,
		transitions_cap, admissions_cap;
	const char *const *names[NAMES_LEN];
	const char *version_names[VERSIONS_LEN + 1];
};

/* A walk over the tokens of one line; `end` is the place behind the last. */
struct words {
	const struct token *tokens;
	size_t len, at;
	struct place end;
};

/* words_of starts at the first token of a line. */
struct words words_of(const struct source_line *line);

/* words_peek returns the token to come, or NULL at the end of the line. */
const struct token *words_peek(const struct words *words);

/* words_take passes over the token to come and returns it, or NULL at the end of the line. */
const struct token *words_take(struct words *words);

/* words_accept passes over the word `word`, if it comes next. */
bool words_accept(struct words *words, const char *word);

/* words_place returns where the token to come stands, or the end of the line. */
struct place words_place(const struct words *words);

/* reader_expected reports that `what` should stand where the words are. */
bool reader_expected(struct reader *r, const struct words *words, const char *what);

/* reader_unknown reports a word that is none of `names` (ended by NULL), and the nearest of them.
 */
bool reader_unknown(struct reader *r, const struct token *token, const char *what,
		    const char *const *names);

/* reader_done reports words that are left over on a line. */
bool reader_done(struct reader *r, const struct words *words);

/* reader_row returns the next indented line of the present statement, or NULL. */
const struct source_line *reader_row(struct reader *r);

/* reader_text returns a token's characters as a C string; "" when memory is short. */
const char *reader_text(struct reader *r, const struct token *token);

/* reader_cite reads `cite "SECTION"` if it comes next; false after an error. */
bool reader_cite(struct reader *r, struct words *words, const char **cite);

/* reader_versions reads one version or more; false after an error. */
bool reader_versions(struct reader *r, struct words *words, version_set *out);

/* reader_setting finds the setting that a token names; false after an error. */
bool reader_setting(struct reader *r, const struct token *token, struct span name, size_t *out);

/* reader_value finds a setting's value by a token; false after an error. */
bool reader_value(struct reader *r, size_t setting, const struct token *token, size_t *out);

/* reader_grow makes room for one more item; NULL when memory is short (latched in the arena). */
void *reader_grow(struct reader *r, void *items, size_t len, size_t *cap, size_t size);

/* ruling_word reads "accept", "should-not?", "-" ...; false for any other word. */
bool ruling_word(struct span word, enum ruling_kind *kind, bool *inferred);

/* subject_read reads a row's or a column's subject into `rule`; false after an error. */
bool subject_read(struct reader *r, struct words *words, struct rule *rule, const char **sha256);

/* cell_read reads one cell, RULING with its modifiers, several with commas between; a rule each,
 * made from `like`. False after an error. */
bool cell_read(struct reader *r, struct words *words, const struct rule *like, const char *sha256);

/* The statements, each from behind its keyword, its rows included. */
void table_read(struct reader *r, struct words *words, struct place at);
void prefer_read(struct reader *r, struct words *words, struct place at);
void limit_read(struct reader *r, struct words *words, struct place at);
void transition_read(struct reader *r, struct words *words, struct place at);
void admit_read(struct reader *r, struct words *words, struct place at);
void control_read(struct reader *r, struct words *words, struct place at);

#endif
