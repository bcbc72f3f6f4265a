/* page.h - text for a terminal: colours, wrapping, and strangers' words made harmless. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_PAGE_H
#define REPORT_PAGE_H

#include "report/report.h"

enum paint { PAINT_NONE, PAINT_BOLD, PAINT_DIM, PAINT_GOOD, PAINT_BAD, PAINT_WARN };

/* What the parts of the text report share. `width` is never below 40. */
struct page {
	struct text *out;
	const struct report *report;
	int width;
};

/* page_begin chooses the width: the terminal's, at most 120, or 80 where there is none. */
struct page page_begin(struct text *out, const struct report *report);

/* page_heading writes a blank line and a section's name. */
void page_heading(const struct page *page, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* page_paint and page_plain switch a colour on and off; without colour they write nothing. */
void page_paint(const struct page *page, enum paint paint);
void page_plain(const struct page *page);

/*
 * page_item writes `head` at column `indent`, then `body` from column `hang` on, wrapped between
 * words, each line ended. A head that reaches past `hang` puts the body on a line of its own.
 * Characters that a terminal would act on are written as \xNN.
 */
void page_item(const struct page *page, int indent, enum paint paint, const char *head, int hang,
	       const char *body);

/* page_harmless adds text as page_item does, for a line that is laid out by hand. */
void page_harmless(struct text *out, struct span bytes);

/* verdict_paint returns the colour of a verdict. */
enum paint verdict_paint(enum verdict verdict);

#endif
