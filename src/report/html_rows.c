/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "report/case_words.h"
#include "report/html_internal.h"

#define LINKED_MAX  20
#define PASSING_MAX 3

/* Findings that share a row or a theme, by verdict. */
struct tally {
	size_t pass, fail, other;
};

static bool is_bad(enum verdict verdict)
{
	return verdict == VERDICT_FAIL || verdict == VERDICT_ERROR;
}

static void tally_add(struct tally *tally, enum verdict verdict)
{
	size_t *count = is_bad(verdict)		  ? &tally->fail
			: verdict == VERDICT_PASS ? &tally->pass
						  : &tally->other;
	++*count;
}

static void tally_cells(struct text *out, const struct tally *tally)
{
	text_printf(out, "<td class=\"n\">%zu</td><td class=\"n%s\">%s%zu%s</td>", tally->pass,
		    tally->fail ? " fail" : "", tally->fail ? "<b>" : "", tally->fail,
		    tally->fail ? "</b>" : "");
	text_printf(out, "<td class=\"n\">%zu</td>", tally->other);
}

static void begin(struct text *out, const struct html_run *run, const char *name, const char *first)
{
	text_printf(out,
		    "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"%s, run "
		    "%zu\"><table class=\"rows\">\n<thead><tr><th scope=\"col\">%s</th>"
		    "<th scope=\"col\">Pass</th><th scope=\"col\">Fail</th>"
		    "<th scope=\"col\">Other</th><th scope=\"col\">Findings</th></tr></thead>\n"
		    "<tbody>\n",
		    name, run->index + 1, first);
}

static void end(struct text *out)
{
	text_put(out, "</tbody></table></div>\n");
}

/* Which findings of a group are linked: what fails, then a few of the rest. */
struct links {
	size_t bad, good, left;
};

static void link_finding(struct text *out, const struct html_run *run, size_t index,
			 struct links *links)
{
	const struct finding *finding = &run->run->result->findings[index];
	bool bad = is_bad(finding->verdict);
	if (bad ? links->bad >= LINKED_MAX : links->good >= PASSING_MAX) {
		links->left++;
		return;
	}
	++*(bad ? &links->bad : &links->good);
	text_printf(out, "<a class=\"%s\" href=\"#r%zuf%zu\">%s ", verdict_name(finding->verdict),
		    run->index + 1, index + 1, html_word(finding->verdict));
	html_text(out, finding->id);
	text_put(out, "</a> ");
}

/* `search` is what the filter is to look for; only a script shows the button. */
static void links_end(struct text *out, const struct links *links, const char *search)
{
	if (!links->left)
		return;
	text_printf(out, "and %zu more <button type=\"button\" hidden data-search=\"", links->left);
	html_text(out, search);
	text_put(out, "\">show all</button>");
}

static void row_links(struct text *out, const struct html_run *run, const struct html_row *row)
{
	struct links links = { .left = 0 };
	struct text search;
	text_init(&search);
	for (size_t pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < row->len; i++) {
			size_t index = run->leaning[row->first + i].finding;
			bool bad = is_bad(run->run->result->findings[index].verdict);
			if (bad == (pass == 0))
				link_finding(out, run, index, &links);
		}
	}
	text_printf(&search, "%s:%u:", row->rule->at.file, row->rule->at.line);
	links_end(out, &links, text_view(&search));
	text_release(&search);
}

static void row_line(struct text *out, const struct html_run *run, size_t index)
{
	const struct html_row *row = &run->rows[index];
	const struct rule *rule = row->rule;
	struct tally tally = { .pass = 0 };
	for (size_t i = 0; i < row->len; i++)
		tally_add(&tally,
			  run->run->result->findings[run->leaning[row->first + i].finding].verdict);
	text_printf(out, "<tr id=\"r%zup%zu\"><th scope=\"row\"><code>", run->index + 1, index + 1);
	html_text(out, rule->row);
	text_put(out, "</code> <span>");
	html_text(out, rule->at.file);
	text_printf(out, ":%u", rule->at.line);
	if (rule->table && rule->table->cite) {
		text_put(out, ", \xE2\x80\x9C");
		html_text(out, rule->table->cite);
		text_put(out, "\xE2\x80\x9D");
	}
	text_put(out, "</span></th>");
	tally_cells(out, &tally);
	text_put(out, "<td>");
	row_links(out, run, row);
	text_put(out, "</td></tr>\n");
	text_settle(out);
}

void html_rows(struct text *out, const struct html_run *run)
{
	if (!run->rows_len)
		return;
	text_printf(out, "<h3 id=\"r%zup\">The policy\xE2\x80\x99s rows</h3>\n", run->index + 1);
	text_put(out, "<p class=\"key\">Every row that decided a finding, or speaks against "
		      "the one that did.</p>\n");
	begin(out, run, "The policy\xE2\x80\x99s rows", "Row");
	for (size_t i = 0; i < run->rows_len; i++)
		row_line(out, run, i);
	end(out);
}

static int compare_themes(const void *a, const void *b)
{
	const struct finding *const *x = a, *const *y = b;
	int order = strcmp((*x)->of->theme, (*y)->of->theme);
	return order ? order : (*x > *y) - (*x < *y);
}

static void theme_line(struct text *out, const struct html_run *run,
		       const struct finding *const *cases, size_t len)
{
	struct tally tally = { .pass = 0 };
	struct links links = { .left = 0 };
	struct text search;
	text_init(&search);
	for (size_t i = 0; i < len; i++)
		tally_add(&tally, cases[i]->verdict);
	text_put(out, "<tr><th scope=\"row\">");
	html_text(out, cases[0]->of->theme);
	text_put(out, "</th>");
	tally_cells(out, &tally);
	text_put(out, "<td>");
	for (size_t pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < len; i++)
			if (is_bad(cases[i]->verdict) == (pass == 0))
				link_finding(out, run,
					     (size_t)(cases[i] - run->run->result->findings),
					     &links);
	text_printf(&search, "theme \xE2\x80\x9C%s\xE2\x80\x9D", cases[0]->of->theme);
	links_end(out, &links, text_view(&search));
	text_release(&search);
	text_put(out, "</td></tr>\n");
}

void html_themes(struct text *out, const struct html_run *run)
{
	const struct run_result *result = run->run->result;
	size_t len = 0, last;
	const struct finding **cases =
		arena_array(run->arena, result->findings_len, sizeof(const struct finding *));
	for (size_t i = 0; cases && i < result->findings_len; i++)
		if (finding_is_case(&result->findings[i]))
			cases[len++] = &result->findings[i];
	if (!len)
		return;
	qsort(cases, len, sizeof(const struct finding *), compare_themes);
	text_printf(out, "<h3 id=\"r%zut\">Cases by theme</h3>\n", run->index + 1);
	begin(out, run, "Cases by theme", "Theme");
	for (size_t i = 0; i < len; i = last) {
		for (last = i; last < len; last++)
			if (strcmp(cases[i]->of->theme, cases[last]->of->theme) != 0)
				break;
		theme_line(out, run, cases + i, last - i);
	}
	end(out);
}
