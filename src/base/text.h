/* text.h - a growing piece of text with a ceiling, and small helpers for names. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "base/fault.h"
#include "base/span.h"

/* `at` is always terminated; the first refusal latches in `fault` and later appends do nothing. */
struct text {
	char *at;
	size_t len, cap;
	enum fault fault;
};

#define TEXT_MAX_BYTES ((size_t)256 << 20)

/* text_init prepares an empty text; it allocates nothing and `at` is NULL until the first append.
 */
void text_init(struct text *text);

/* text_release frees the text. */
void text_release(struct text *text);

/* text_append adds bytes as they are. */
void text_append(struct text *text, struct span bytes);

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
