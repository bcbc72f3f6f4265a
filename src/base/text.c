/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define NAME_MAX_LEN 63
#define HEX_PIECE    32

void text_init(struct text *text)
{
	*text = (struct text){ 0 };
}

void text_release(struct text *text)
{
	free(text->at);
	text_init(text);
}

static bool reserve(struct text *text, size_t more)
{
	if (text->fault != FAULT_NONE)
		return false;
	if (more >= TEXT_MAX_BYTES - text->len) {
		text->fault = FAULT_TOO_LARGE;
		return false;
	}
	if (text->len + more < text->cap)
		return true;
	size_t cap = text->cap ? text->cap : 256;
	while (cap <= text->len + more)
		cap *= 2;
	char *grown = realloc(text->at, cap);
	if (!grown) {
		text->fault = FAULT_NO_MEMORY;
		return false;
	}
	text->at = grown;
	text->cap = cap;
	return true;
}

void text_append_grown(struct text *text, struct span bytes)
{
	if (!reserve(text, bytes.len))
		return;
	if (bytes.len)
		memcpy(text->at + text->len, bytes.at, bytes.len);
	text->len += bytes.len;
	text->at[text->len] = '\0';
}

void text_hand_over(struct text *text)
{
	if (text->fault != FAULT_NONE)
		return;
	if (!text->drain->take(text->drain->context, span_of(text->at, text->len)))
		text->fault = FAULT_IO;
	text->len = 0;
	text->at[0] = '\0';
}

void text_join_all(struct text *text, const char *const *strings)
{
	for (; *strings; strings++)
		text_put(text, *strings);
}

void text_put_hex(struct text *text, struct span bytes)
{
	static const char digits[] = "0123456789abcdef";
	char piece[2 * HEX_PIECE];
	while (bytes.len) {
		size_t len = bytes.len < HEX_PIECE ? bytes.len : HEX_PIECE;
		for (size_t i = 0; i < len; i++) {
			piece[2 * i] = digits[bytes.at[i] >> 4];
			piece[2 * i + 1] = digits[bytes.at[i] & 0xF];
		}
		text_append(text, span_of(piece, 2 * len));
		bytes = span_skip(bytes, len);
	}
}

void text_put_decimal(struct text *text, uint64_t number, size_t digits)
{
	char out[20];
	size_t at = sizeof(out);
	if (digits > sizeof(out))
		digits = sizeof(out);
	do {
		out[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number || sizeof(out) - at < digits);
	text_append(text, span_of(out + at, sizeof(out) - at));
}

/* Mostly there is room: then it is formatted once. */
void text_printf(struct text *text, const char *format, ...)
{
	va_list args;
	size_t room = text->fault == FAULT_NONE ? text->cap - text->len : 0;
	va_start(args, format);
	int len = vsnprintf(room ? text->at + text->len : NULL, room, format, args);
	va_end(args);
	if (room && len >= 0 && (size_t)len < room) {
		text->len += (size_t)len;
		return;
	}
	if (room)
		text->at[text->len] = '\0';
	if (len < 0 || !reserve(text, (size_t)len))
		return;
	va_start(args, format);
	vsnprintf(text->at + text->len, (size_t)len + 1, format, args);
	va_end(args);
	text->len += (size_t)len;
}

void text_quote(struct text *text, struct span bytes)
{
	for (size_t i = 0; i < bytes.len; i++) {
		uint8_t c = bytes.at[i];
		if (c >= 0x20 && c < 0x7F && c != '\\')
			text_put_char(text, (char)c);
		else
			text_printf(text, "\\x%02x", c);
	}
}

const char *text_view(const struct text *text)
{
	return text->at ? text->at : "";
}

bool glob_match(const char *pattern, const char *name)
{
	const char *star = NULL, *resume = NULL;
	while (*name) {
		if (*pattern == '*') {
			star = pattern++;
			resume = name;
		} else if (*pattern == '?' || *pattern == *name) {
			pattern++;
			name++;
		} else if (star) {
			pattern = star + 1;
			name = ++resume;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return !*pattern;
}

/*
 * Levenshtein distance; both names are at most NAME_MAX_LEN long. One that is not below `bound` is
 * not computed to its end: a wrong word is compared with hundreds, and few of them are near.
 */
static size_t distance(struct span a, struct span b, size_t bound)
{
	size_t row[NAME_MAX_LEN + 1];
	if ((a.len > b.len ? a.len - b.len : b.len - a.len) >= bound)
		return bound;
	for (size_t j = 0; j <= b.len; j++)
		row[j] = j;
	for (size_t i = 1; i <= a.len; i++) {
		size_t diagonal = row[0], least = row[0] = i;
		for (size_t j = 1; j <= b.len; j++) {
			size_t change = diagonal + (a.at[i - 1] != b.at[j - 1]);
			size_t insert = row[j - 1] + 1, drop = row[j] + 1;
			diagonal = row[j];
			row[j] = insert < drop ? insert : drop;
			row[j] = change < row[j] ? change : row[j];
			least = row[j] < least ? row[j] : least;
		}
		if (least >= bound)
			return bound;
	}
	return row[b.len];
}

const char *text_nearest(const char *name, const char *const *names)
{
	struct span word = span_text(name);
	const char *best = NULL;
	size_t best_distance = word.len / 3 + 1;
	for (; word.len <= NAME_MAX_LEN && *names; names++) {
		struct span other = span_text(*names);
		if (other.len > NAME_MAX_LEN)
			continue;
		size_t d = distance(word, other, best_distance);
		if (d < best_distance) {
			best_distance = d;
			best = *names;
		}
	}
	return best;
}
