/* SPDX-License-Identifier: Apache-2.0 */
#include "report/page.h"

#include <stdarg.h>
#include <stdio.h>

#include "report/utf8.h"

#define WIDTH_DEFAULT 80
#define WIDTH_MIN     40
#define WIDTH_MAX     120

struct page page_begin(struct text *out, const struct report *report)
{
	int width = report->width ? report->width : WIDTH_DEFAULT;
	width = width < WIDTH_MIN ? WIDTH_MIN : width;
	width = width > WIDTH_MAX ? WIDTH_MAX : width;
	return (struct page){ .out = out, .report = report, .width = width };
}

void page_paint(const struct page *page, enum paint paint)
{
	static const char *const codes[] = { "", "1", "2", "32", "1;31", "33" };
	if (page->report->color && paint != PAINT_NONE)
		text_printf(page->out, "\x1b[%sm", codes[paint]);
}

void page_plain(const struct page *page)
{
	if (page->report->color)
		text_put(page->out, "\x1b[0m");
}

void page_heading(const struct page *page, const char *format, ...)
{
	char line[256];
	va_list args;
	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	text_put(page->out, "\n");
	page_paint(page, PAINT_BOLD);
	text_put(page->out, line);
	page_plain(page);
	text_put(page->out, "\n");
}

/* Characters that a terminal acts on: C0, C1, and the marks that turn the direction of writing. */
static bool is_active(struct span c)
{
	if (c.len == 1)
		return c.at[0] < 0x20 || c.at[0] == 0x7F;
	if (c.len == 2)
		return c.at[0] == 0xC2 && c.at[1] < 0xA0;
	if (c.len != 3 || c.at[0] != 0xE2)
		return false;
	return (c.at[1] == 0x80 && (c.at[2] == 0x8E || c.at[2] == 0x8F || c.at[2] >= 0xA8) &&
		c.at[2] <= 0xAE) ||
	       (c.at[1] == 0x81 && c.at[2] >= 0xA6 && c.at[2] <= 0xA9);
}

/* A backslash stays as it is: texts of the lower layers have been quoted before. */
void page_harmless(struct text *out, struct span bytes)
{
	while (bytes.len) {
		size_t len = utf8_sequence(bytes);
		struct span c = span_of(bytes.at, len ? len : 1);
		if (len && !is_active(c)) {
			text_append(out, c);
		} else {
			for (size_t i = 0; i < c.len; i++)
				text_printf(out, "\\x%02x", c.at[i]);
		}
		bytes = span_skip(bytes, c.len);
	}
}

/* Columns on a terminal: every byte but the continuations of UTF-8. */
static int columns(struct span bytes)
{
	int count = 0;
	for (size_t i = 0; i < bytes.len; i++)
		count += (bytes.at[i] & 0xC0) != 0x80;
	return count;
}

static struct span next_word(struct span *rest)
{
	while (rest->len && rest->at[0] == ' ')
		*rest = span_skip(*rest, 1);
	size_t len = 0;
	while (len < rest->len && rest->at[len] != ' ')
		len++;
	struct span word = span_of(rest->at, len);
	*rest = span_skip(*rest, len);
	return word;
}

static void wrap(const struct page *page, int column, int hang, struct span body)
{
	bool line_empty = true;
	for (struct span word = next_word(&body); word.len; word = next_word(&body)) {
		int len = columns(word);
		if (!line_empty && column + 1 + len > page->width) {
			text_put(page->out, "\n");
			column = 0;
			line_empty = true;
		}
		if (line_empty)
			text_printf(page->out, "%*s", hang > column ? hang - column : 0, "");
		else
			text_put(page->out, " ");
		column = (line_empty ? (hang > column ? hang : column) : column + 1) + len;
		text_append(page->out, word);
		line_empty = false;
	}
	text_put(page->out, "\n");
}

void page_item(const struct page *page, int indent, enum paint paint, const char *head, int hang,
	       const char *body)
{
	struct text safe;
	text_init(&safe);
	page_harmless(&safe, span_text(body ? body : ""));
	text_printf(page->out, "%*s", indent, "");
	page_paint(page, paint);
	page_harmless(page->out, span_text(head));
	page_plain(page);
	int column = indent + columns(span_text(head));
	if (column >= hang && safe.len) {
		text_put(page->out, "\n");
		column = 0;
	}
	wrap(page, column, hang, span_of(safe.at, safe.len));
	text_release(&safe);
}

enum paint verdict_paint(enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_PASS:
		return PAINT_GOOD;
	case VERDICT_FAIL:
	case VERDICT_ERROR:
		return PAINT_BAD;
	case VERDICT_INCONCLUSIVE:
	case VERDICT_REMARK:
	case VERDICT_EXPECTED_FAIL:
	case VERDICT_UNEXPECTED_PASS:
		return PAINT_WARN;
	case VERDICT_UNJUDGED:
	case VERDICT_NOT_APPLICABLE:
	case VERDICTS_LEN:
		break;
	}
	return PAINT_DIM;
}
