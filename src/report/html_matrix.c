/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "report/facts.h"
#include "report/html_internal.h"
#include "report/text_internal.h"

/* One suite's cells; an SSLv2 kind is a suite of its own. */
struct line {
	const struct finding *cells[VERSIONS_LEN];
	const struct finding *named; /* one of them */
	bool interesting;
};

static bool is_kind(const struct finding *finding)
{
	return finding->version == SSLV2;
}

static int compare_suites(const struct finding *a, const struct finding *b)
{
	if (is_kind(a) != is_kind(b))
		return is_kind(a) ? 1 : -1;
	return (a->suite > b->suite) - (a->suite < b->suite);
}

static int compare_findings(const void *a, const void *b)
{
	const struct finding *const *x = a, *const *y = b;
	int order = compare_suites(*x, *y);
	return order ? order : (*x > *y) - (*x < *y);
}

/* Rejected as documented, or rejected where nothing is documented: hundreds of cells are. */
static bool is_usual(const struct finding *finding)
{
	if (finding_is_accepted(finding))
		return false;
	return finding->verdict == VERDICT_PASS || finding->verdict == VERDICT_UNJUDGED ||
	       finding->verdict == VERDICT_NOT_APPLICABLE;
}

static size_t collect(const struct finding **out, const struct run_result *result)
{
	size_t len = 0;
	for (size_t i = 0; i < result->findings_len; i++) {
		const struct finding *finding = &result->findings[i];
		if (finding->kind == FINDING_SUITE && finding->version < VERSIONS_LEN)
			out[len++] = finding;
	}
	if (len)
		qsort(out, len, sizeof(const struct finding *), compare_findings);
	return len;
}

static size_t make_lines(struct line *out, const struct finding **findings, size_t len)
{
	size_t lines = 0;
	for (size_t i = 0; i < len; i++) {
		if (!i || compare_suites(findings[i], findings[i - 1]) != 0)
			out[lines++].named = findings[i];
		struct line *line = &out[lines - 1];
		line->cells[findings[i]->version] = findings[i];
		line->interesting |= !is_usual(findings[i]);
	}
	return lines;
}

static void cell(struct text *out, const struct html_run *run, const struct finding *finding)
{
	if (!finding) {
		text_put(out, "<td></td>");
		return;
	}
	text_join(out, "<td class=\"", verdict_name(finding->verdict), "\"><a href=\"");
	html_link(out, run, 'f', (size_t)(finding - run->run->result->findings) + 1);
	text_join(out, "\"><b>", html_word(finding->verdict), "</b> ",
		  ruling_name(finding->expected.kind),
		  finding->expected.inferred ? "? \xE2\x86\x92 " : " \xE2\x86\x92 ");
	html_made(out, describe_brief, finding);
	text_put(out, "</a></td>");
}

/* The name of a suite may be broken behind each underscore. */
static void row_head(struct text *out, const char *name)
{
	text_put(out, "<tr><th scope=\"row\">");
	for (const char *next; (next = strchr(name, '_')); name = next + 1) {
		html_escape(out, span_of(name, (size_t)(next + 1 - name)));
		text_put(out, "<wbr>");
	}
	html_text(out, name);
	text_put(out, "</th>");
}

static void line(struct text *out, const struct html_run *run, const struct line *it)
{
	row_head(out, finding_suite_name(it->named));
	for (size_t v = 0; v < VERSIONS_LEN; v++)
		cell(out, run, it->cells[v]);
	text_put(out, "</tr>\n");
	text_settle(out);
}

static void table_begin(struct text *out, const struct html_run *run, const char *caption)
{
	text_printf(out,
		    "<div class=\"scroll\" role=\"region\" tabindex=\"0\" "
		    "aria-label=\"%s, run %zu\"><table class=\"matrix\"><caption>%s</caption>\n"
		    "<thead><tr><th scope=\"col\">Suite</th>",
		    caption, run->index + 1, caption);
	for (size_t v = 0; v < VERSIONS_LEN; v++)
		text_printf(out, "<th scope=\"col\">%s</th>", version_name((enum version)v));
	text_put(out, "</tr></thead>\n<tbody>\n");
}

static void table_end(struct text *out)
{
	text_put(out, "</tbody></table></div>\n");
}

/* The versions themselves, and how many suites each accepts. */
static void version_lines(struct text *out, const struct html_run *run)
{
	const struct finding *cells[VERSIONS_LEN] = { NULL };
	const struct finding *finding;
	size_t at = 0;
	while ((finding = finding_by_kind(run->run->result, FINDING_VERSION, &at)))
		if (finding->version < VERSIONS_LEN)
			cells[finding->version] = finding;
	row_head(out, "the version itself");
	for (size_t v = 0; v < VERSIONS_LEN; v++)
		cell(out, run, cells[v]);
	text_put(out, "</tr>\n");
	row_head(out, "suites accepted");
	for (size_t v = 0; v < VERSIONS_LEN; v++) {
		size_t asked, accepted = result_accepted(run->run->result, (enum version)v, &asked);
		if (asked)
			text_printf(out, "<td>%zu of %zu</td>", accepted, asked);
		else
			text_put(out, "<td></td>");
	}
	text_put(out, "</tr>\n");
}

static void plaintext(struct text *out, const struct html_run *run)
{
	size_t at = 0;
	const struct finding *finding = finding_by_kind(run->run->result, FINDING_PLAINTEXT, &at);
	if (!finding)
		return;
	text_put(out, "<p>Without TLS: <a href=\"");
	html_link(out, run, 'f', (size_t)(finding - run->run->result->findings) + 1);
	text_put(out, "\">");
	html_verdict(out, finding->verdict);
	text_printf(out, " %s%s \xE2\x86\x92 ", ruling_name(finding->expected.kind),
		    finding->expected.inferred ? "?" : "");
	html_made(out, describe_brief, finding);
	text_put(out, "</a></p>\n");
}

static void lines_of(struct text *out, const struct html_run *run, const struct line *lines,
		     size_t len, bool interesting)
{
	for (size_t i = 0; i < len; i++)
		if (lines[i].interesting == interesting)
			line(out, run, &lines[i]);
}

static void rest(struct text *out, const struct html_run *run, const struct line *lines, size_t len)
{
	size_t count = 0;
	for (size_t i = 0; i < len; i++)
		count += !lines[i].interesting;
	if (!count)
		return;
	text_printf(out,
		    "<details class=\"more\"><summary>%zu more suite%s accepted nowhere and %s not "
		    "deviate</summary>\n",
		    count, count == 1 ? " is" : "s are", count == 1 ? "does" : "do");
	table_begin(out, run, "Suites accepted nowhere");
	lines_of(out, run, lines, len, false);
	table_end(out);
	text_put(out, "</details>\n");
}

static bool has_cells(const struct run_result *result)
{
	for (size_t i = 0; i < result->findings_len; i++) {
		enum finding_kind kind = result->findings[i].kind;
		if (kind == FINDING_VERSION || kind == FINDING_SUITE || kind == FINDING_PLAINTEXT)
			return true;
	}
	return false;
}

void html_matrix(struct text *out, const struct html_run *run)
{
	const struct run_result *result = run->run->result;
	if (!has_cells(result))
		return;
	const struct finding **findings =
		arena_array(run->arena, result->findings_len, sizeof(const struct finding *));
	struct line *lines = arena_array(run->arena, result->findings_len, sizeof(*lines));
	if (!findings || !lines)
		return;
	size_t len = make_lines(lines, findings, collect(findings, result));
	text_printf(out, "<h3 id=\"r%zum\">Versions and suites</h3>\n", run->index + 1);
	text_put(out, "<p class=\"key\">Each cell: the verdict, what the document expects "
		      "(<i>?</i> where it implies it without writing it), and what was "
		      "observed. A cell leads to its finding.</p>\n");
	plaintext(out, run);
	table_begin(out, run, "Versions, and suites that are accepted or deviate");
	version_lines(out, run);
	lines_of(out, run, lines, len, true);
	table_end(out);
	rest(out, run, lines, len);
}
