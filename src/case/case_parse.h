/* case_parse.h - the parts of the case reader: words of a statement, bytes, messages, outcomes. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CASE_CASE_PARSE_H
#define CASE_CASE_PARSE_H

#include "case/catalogue.h"
#include "registry/registry.h"
#include "script/complaint.h"

/* One statement: its tokens, over as many lines as its braces are open. */
struct statement {
	struct place at, end;
	const struct token *tokens;
	size_t tokens_len, first_line, lines_len;
	bool indented;
};

/*
 * One reading of one file. `statement` is the present one and `at` the index of its token to come;
 * `stanza` is NULL before the first and where a head could not be read.
 */
struct parse {
	struct catalogue *catalogue;
	struct arena *arena;
	struct diags *diags;
	const char *file, *theme;
	const struct source_line *lines;
	size_t lines_len, next;
	struct statement statement;
	size_t at;
	struct conformance_case *stanza;
	size_t stanza_errors; /* how many there were when it began */
	bool passing;	      /* over the statements of a stanza that has no head */
	bool hello_sent, value_used, expected;
	uint8_t value_width; /* the narrowest */
	struct place value_at;
	size_t citations_cap, needs_cap, steps_cap, expectations_cap, facts_cap;
};

/* statement_next gathers the next statement; false at the end of the file. A brace that is never
 * closed, or never opened, is reported and empties it. */
bool statement_next(struct parse *p);

/* statement_begins says whether a word is the keyword of a statement. */
bool statement_begins(const struct token *token);

/* parse_peek returns the token to come, or NULL at the end; parse_ahead the n-th behind it. */
const struct token *parse_peek(const struct parse *p);
const struct token *parse_ahead(const struct parse *p, size_t n);

/* parse_take passes over the token to come and returns it, or NULL at the end. */
const struct token *parse_take(struct parse *p);

/* parse_accept passes over the word `word`, if it comes next; parse_comma over a comma. */
bool parse_accept(struct parse *p, const char *word);
bool parse_comma(struct parse *p);

/* parse_is says whether a token of this kind comes next. */
bool parse_is(const struct parse *p, enum token_kind kind);

/* parse_place returns where the token to come stands, or the end. */
struct place parse_place(const struct parse *p);

/* parse_expected reports that `what` should stand here. */
bool parse_expected(struct parse *p, const char *what);

/* parse_unknown reports a word that is none of `names` (ended by NULL), and the nearest of them. */
bool parse_unknown(struct parse *p, const struct token *token, const char *what,
		   const char *const *names);

/* parse_done reports what is left over of the statement. */
bool parse_done(struct parse *p);

/* parse_word returns the word to come, or NULL after an error about `what`. */
const struct token *parse_word(struct parse *p, const char *what);

/* parse_string reads a string in quotes. */
bool parse_string(struct parse *p, const char *what, const char **out);

/* parse_text returns a token's characters as a C string; "" when memory is short. */
const char *parse_text(struct parse *p, const struct token *token);

/* parse_number reads a number from `least` to `most`. */
bool parse_number(struct parse *p, const char *what, uint32_t least, uint32_t most, uint32_t *out);

/* parse_is_number says whether a word of digits comes next. */
bool parse_is_number(const struct parse *p);

/* parse_lie reads +N, -N or =N if one comes next; false after an error. */
bool parse_lie(struct parse *p, struct lie *out);

/* parse_code reads a registry's name, or a number up to `most`. */
bool parse_code(struct parse *p, const struct registry *registry, uint32_t most, uint32_t *out);

/* parse_suite reads a suite's name, or a number after 0x. */
bool parse_suite(struct parse *p, uint32_t *out);

/* parse_version_code reads a version's name, or a number after 0x. */
bool parse_version_code(struct parse *p, uint32_t *out);

/* parse_choice reads one of `names` (ended by NULL). */
bool parse_choice(struct parse *p, const char *what, const char *const *names, size_t *out);

/* parse_grow makes room for one more item; NULL when memory is short, or `most` is reached. */
void *parse_grow(struct parse *p, void *items, size_t len, size_t *cap, size_t size, size_t most);

/* What may stand between braces besides bytes. */
enum bytes_context { BYTES_PLAIN, BYTES_EXTENSIONS, BYTES_RECORD };

/* elements_read reads from the brace to its twin; `depth` counts the braces around it. */
bool elements_read(struct parse *p, enum bytes_context context, unsigned depth,
		   struct elements *out);

/* extension_read reads NAME or `extension N`, if one comes next: 1, if not: 0, after an error: -1.
 */
int extension_read(struct parse *p, uint32_t *out, const char **name);

/* message_read reads a handshake message whose name, or `handshake`, comes next. */
bool message_read(struct parse *p, unsigned depth, struct message *out);

/* message_begins says whether a message's name, or `handshake`, comes next. */
bool message_begins(const struct parse *p);

/* edits_read reads a hello's edits from the brace to its twin. */
bool edits_read(struct parse *p, bool sslv2, unsigned depth, struct message *message);

/* item_read reads one item of a `send`, its framing included. */
bool item_read(struct parse *p, struct item *out);

/* sizes_read reads `of N` or `split N N...`. */
bool sizes_read(struct parse *p, uint32_t least, bool *every, uint32_t *sizes, size_t *len);

/* elements_cost and message_cost estimate the work of encoding; they stop at SIZE_MAX. */
size_t elements_cost(const struct elements *elements);
size_t message_cost(const struct message *message);

/* The statements, each from behind its keyword at `at`. */
void send_read(struct parse *p, struct place at);
void await_read(struct parse *p, struct place at);
void complete_read(struct parse *p, struct place at);
void shut_read(struct parse *p, struct place at);
void expect_read(struct parse *p, struct place at);
void or_read(struct parse *p, struct place at);
void allow_read(struct parse *p, struct place at);
void assert_read(struct parse *p, struct place at);
void cite_read(struct parse *p, struct place at);
void why_read(struct parse *p, struct place at);
void cve_read(struct parse *p, struct place at);
void edition_read(struct parse *p, struct place at);
void at_read(struct parse *p, struct place at);
void over_scheme_read(struct parse *p, struct place at);
void needs_read(struct parse *p, struct place at);
void each_read(struct parse *p, struct place at);

/* stanza_check reports what a stanza lacks, when it has no other error. */
void stanza_check(struct parse *p);

#endif
