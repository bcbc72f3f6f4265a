/* SPDX-License-Identifier: Apache-2.0 */
#include "oracle_json.h"
#include "unseen.h"

UNSEEN_BEGIN

#define DEPTH_MAX 64

struct reader {
	struct span text;
	size_t at;
	unsigned depth;
};

static int peek(const struct reader *r)
{
	return r->at < r->text.len ? r->text.at[r->at] : -1;
}

static bool take(struct reader *r, char c)
{
	if (peek(r) != c)
		return false;
	r->at++;
	return true;
}

static void skip_blanks(struct reader *r)
{
	while (take(r, ' ') || take(r, '\t') || take(r, '\n') || take(r, '\r'))
		;
}

static bool is_digit(int c)
{
	return c >= '0' && c <= '9';
}

static bool digits(struct reader *r)
{
	size_t from = r->at;
	while (is_digit(peek(r)))
		r->at++;
	return r->at > from;
}

static bool word(struct reader *r, const char *name)
{
	for (; *name; name++) {
		if (!take(r, *name))
			return false;
	}
	return true;
}

/* No leading zeros, no bare point, no plus sign. */
static bool number(struct reader *r)
{
	take(r, '-');
	if (!take(r, '0') && !digits(r))
		return false;
	if (is_digit(peek(r)) || (take(r, '.') && !digits(r)))
		return false;
	if (!take(r, 'e') && !take(r, 'E'))
		return true;
	if (!take(r, '-'))
		take(r, '+');
	return digits(r);
}

static bool hex4(struct reader *r)
{
	for (int i = 0; i < 4; i++, r->at++) {
		int c = peek(r);
		if (!is_digit(c) && !(c >= 'a' && c <= 'f') && !(c >= 'A' && c <= 'F'))
			return false;
	}
	return true;
}

static bool escape(struct reader *r)
{
	static const char letters[] = "\"\\/bfnrt";
	if (take(r, 'u'))
		return hex4(r);
	for (const char *letter = letters; *letter; letter++) {
		if (take(r, *letter))
			return true;
	}
	return false;
}

static bool string(struct reader *r)
{
	if (!take(r, '"'))
		return false;
	while (!take(r, '"')) {
		if (take(r, '\\')) {
			if (!escape(r))
				return false;
			continue;
		}
		if (peek(r) < ' ')
			return false;
		r->at++;
	}
	return true;
}

static bool value(struct reader *r);

static bool member(struct reader *r)
{
	skip_blanks(r);
	if (!string(r))
		return false;
	skip_blanks(r);
	return take(r, ':') && value(r);
}

static bool list(struct reader *r, char end, bool (*item)(struct reader *))
{
	r->at++;
	skip_blanks(r);
	if (take(r, end))
		return true;
	do {
		if (!item(r))
			return false;
	} while (take(r, ','));
	return take(r, end);
}

static bool scalar(struct reader *r)
{
	switch (peek(r)) {
	case '"':
		return string(r);
	case 't':
		return word(r, "true");
	case 'f':
		return word(r, "false");
	case 'n':
		return word(r, "null");
	default:
		return number(r);
	}
}

static bool value(struct reader *r)
{
	bool good;
	if (++r->depth > DEPTH_MAX)
		return false;
	skip_blanks(r);
	if (peek(r) == '{')
		good = list(r, '}', member);
	else if (peek(r) == '[')
		good = list(r, ']', value);
	else
		good = scalar(r);
	skip_blanks(r);
	r->depth--;
	return good;
}

bool oracle_json(struct span text)
{
	struct reader r = { .text = text };
	return oracle_utf8(text) && value(&r) && r.at == text.len;
}

/* The least code point that a sequence of so many bytes may stand for. */
static bool sequence(struct span text, size_t *at)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	uint8_t first = text.at[*at];
	size_t len = first < 0x80 ? 1 : first >> 5 == 6 ? 2 : first >> 4 == 14 ? 3 : 4;
	uint32_t code = len == 1 ? first : first & (0x7Fu >> len);
	if ((len == 4 && first >> 3 != 30) || len > text.len - *at)
		return false;
	for (size_t i = 1; i < len; i++) {
		if (text.at[*at + i] >> 6 != 2)
			return false;
		code = code << 6 | (text.at[*at + i] & 0x3F);
	}
	*at += len;
	return code >= least[len] && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
}

bool oracle_utf8(struct span text)
{
	for (size_t at = 0; at < text.len;) {
		if (!sequence(text, &at))
			return false;
	}
	return true;
}

bool oracle_printable(struct span text)
{
	for (size_t i = 0; i < text.len; i++) {
		uint8_t c = text.at[i];
		if ((c < ' ' && c != '\n') || c == 0x7F)
			return false;
		/* C1: U+0080 to U+009F */
		if (c == 0xC2 && i + 1 < text.len && text.at[i + 1] < 0xA0)
			return false;
	}
	return oracle_utf8(text);
}

UNSEEN_END
