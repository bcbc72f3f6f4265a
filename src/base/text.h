/* text.h - a growing piece of text with a ceiling, and small helpers for names. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "base/fault.h"
#include "base/span.h"

/* Where a long text goes piece by piece; false when it cannot be taken. */
struct text_drain {
	bool (*take)(void *context, struct span bytes);
	void *context;
};

/* `at` is always terminated; the first refusal latches in `fault` and later appends do nothing.
 * Without a drain (NULL) the text stays here. */
struct text {
	char *at;
	size_t len, cap;
	enum fault fault;
	const struct text_drain *drain;
};

#define TEXT_MAX_BYTES ((size_t)256 << 20)
#define TEXT_PIECE     ((size_t)64 << 10)

/* text_init prepares an empty text; it allocates nothing and `at` is NULL until the first append.
 */
void text_init(struct text *text);

/* text_release frees the text. */
void text_release(struct text *text);

/* text_append_grown is text_append where there may be no room. */
void text_append_grown(struct text *text, struct span bytes);

/* text_append adds bytes as they are. Reports are made of millions of small pieces: what fits goes
 * without a call. */
static inline void text_append(struct text *text, struct span bytes)
{
	if (!bytes.len || text->fault != FAULT_NONE || bytes.len >= text->cap - text->len) {
		text_append_grown(text, bytes);
		return;
	}
	memcpy(text->at + text->len, bytes.at, bytes.len);
	text->len += bytes.len;
	text->at[text->len] = '\0';
}

/* text_put adds a string as it is. */
static inline void text_put(struct text *text, const char *string)
{
	text_append(text, span_text(string));
}

/* text_hand_over gives the drain what was written; FAULT_IO latches where it is not taken. */
void text_hand_over(struct text *text);

/* text_settle says that nobody will look at what was written so far: where there is a drain, it
 * goes there when there is a piece of it, and `len` counts from there. */
static inline void text_settle(struct text *text)
{
	if (text->drain && text->len >= TEXT_PIECE)
		text_hand_over(text);
}

/* text_put_char adds one character. */
static inline void text_put_char(struct text *text, char c)
{
	text_append(text, span_of(&c, 1));
}

/* text_join adds several strings, one after the other. */
void text_join_all(struct text *text, const char *const *strings);
#define text_join(text, ...) text_join_all(text, (const char *const[]){ __VA_ARGS__, NULL })

/* text_put_hex adds two digits for each byte, lower case. */
void text_put_hex(struct text *text, struct span bytes);

/* text_put_decimal adds a number, and fills it with zeros up to `digits`; 0: as long as it is. */
void text_put_decimal(struct text *text, uint64_t number, size_t digits);

/* text_printf adds a formatted string. */
void text_printf(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * text_quote adds bytes that a stranger chose, for a terminal or a log: printable ASCII as it is,
 * everything else, and the backslash, as \xNN.
 */
void text_quote(struct text *text, struct span bytes);

/* text_view views what was written; never NULL. */
const char *text_view(const struct text *text);

/* glob_match says whether `name` fits `pattern`, in which * stands for any run of characters and ?
 * for one. */
bool glob_match(const char *pattern, const char *name);

/*
 * text_nearest returns the entry of `names` (ended by NULL) with the smallest edit distance to
 * `name`, for "did you mean"; NULL when none is within a third of its length.
 */
const char *text_nearest(const char *name, const char *const *names);

#endif
