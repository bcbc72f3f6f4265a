/* SPDX-License-Identifier: Apache-2.0 */
#include "report/facts.h"
#include "report/html_internal.h"
#include "report/text_internal.h"
#include "report/told.h"

#define WORST_MAX 10

static void headline(struct text *out, const struct report *report)
{
	int status = report_exit_status(report);
	const char *word, *class = html_result(status, &word);
	struct text line;
	text_init(&line);
	text_conclusion(&line, report);
	text_printf(out,
		    "<header>\n<h1>TLS conformance report</h1>\n"
		    "<p class=\"result %s\"><b class=\"v %s\">%s</b> ",
		    class, class, word);
	html_text(out, text_view(&line));
	text_printf(out, " <span>(exit status %d)</span></p>\n", status);
	text_release(&line);
}

void html_counts(struct text *out, const struct report_run *runs, size_t runs_len)
{
	const struct report report = { .runs = runs, .runs_len = runs_len };
	size_t counts[VERDICTS_LEN], grades[GRADE_TOLERATED + 1] = { 0 };
	report_counts(counts, &report);
	for (size_t i = 0; i < runs_len; i++)
		report_grades(grades, runs[i].result);
	text_put(out, "<ul class=\"counts\">\n");
	for (size_t i = 0; i < VERDICTS_LEN; i++) {
		if (!counts[i])
			continue;
		text_printf(out, "<li>%zu ", counts[i]);
		html_verdict(out, (enum verdict)i);
		if (i == VERDICT_PASS && grades[GRADE_TOLERATED])
			text_printf(out, " (%zu tolerated)", grades[GRADE_TOLERATED]);
		text_put(out, "</li>\n");
	}
	text_put(out, "</ul>\n");
}

/* The worst come to the top of the page, each with a way to its finding. */
static void worst_of(struct text *out, const struct report *report, size_t run, size_t *count)
{
	const struct run_result *result = report->runs[run].result;
	for (size_t i = 0; i < result->findings_len; i++) {
		const struct finding *finding = &result->findings[i];
		if (finding_gravity(report, finding) != GRAVITY_ERROR || ++*count > WORST_MAX)
			continue;
		text_put(out, "<li>");
		html_verdict(out, finding->verdict);
		text_printf(out, " <a href=\"#r%zuf%zu\">", run + 1, i + 1);
		html_text(out, finding->id);
		text_put(out, "</a>");
		if (report->runs_len > 1)
			text_printf(out, " (run %zu)", run + 1);
		text_put(out, ": ");
		html_text(out, finding->reason);
		text_put(out, "</li>\n");
	}
}

static void worst(struct text *out, const struct report *report)
{
	size_t counts[GRAVITY_ERROR + 1], count = 0;
	gravity_counts(counts, report);
	if (!counts[GRAVITY_ERROR])
		return;
	text_put(out, "<ul class=\"worst\">\n");
	for (size_t i = 0; i < report->runs_len; i++)
		worst_of(out, report, i, &count);
	if (count > WORST_MAX)
		text_printf(out, "<li>and %zu more</li>\n", count - WORST_MAX);
	text_put(out, "</ul>\n");
}

void html_contents(struct text *out, const struct report *report, size_t run)
{
	static const struct {
		char part;
		const char *name;
	} parts[] = { { 'a', "What was asked of whom" },
		      { 'm', "Versions and suites" },
		      { 't', "Cases by theme" },
		      { 'f', "Findings" },
		      { 'p', "The policy\xE2\x80\x99s rows" } };
	const struct run_result *result = report->runs[run].result;
	size_t at = 0;
	bool cases = finding_by_kind(result, FINDING_CASE, &at);
	bool has[] = { true, result->policy, cases, true, result->policy };
	text_printf(out, "<nav aria-label=\"Parts of run %zu\"><ul>\n", run + 1);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (has[i])
			text_printf(out, "<li><a href=\"#r%zu%c\">%s</a></li>\n", run + 1,
				    parts[i].part, parts[i].name);
	text_put(out, "</ul></nav>\n");
}

static const char *answer_word(const struct finding *finding)
{
	if (finding->observed.outcome == OUTCOME_NONE)
		return "not asked";
	if (finding_is_accepted(finding))
		return "accepted";
	return observation_is_answer(&finding->observed) ? "not accepted" : "no answer";
}

static void run_cells(struct text *out, const struct report_run *run, size_t index)
{
	const struct finding *cells[VERSIONS_LEN] = { NULL };
	const struct finding *finding;
	size_t at = 0;
	while ((finding = finding_by_kind(run->result, FINDING_VERSION, &at)))
		if (finding->version < VERSIONS_LEN)
			cells[finding->version] = finding;
	for (size_t v = 0; v < VERSIONS_LEN; v++) {
		if (!cells[v]) {
			text_put(out, "<td></td>");
			continue;
		}
		text_printf(out, "<td class=\"%s\"><a href=\"#r%zuf%zu\"><b>%s</b> %s</a></td>",
			    verdict_name(cells[v]->verdict), index + 1,
			    (size_t)(cells[v] - run->result->findings) + 1,
			    html_word(cells[v]->verdict), answer_word(cells[v]));
	}
}

static void run_row(struct text *out, const struct report *report, size_t index)
{
	const struct report_run *run = &report->runs[index];
	const size_t *counts = run->result->counts;
	const char *word, *class = html_result(run_exit_status(run->result), &word);
	text_printf(out, "<tr><th scope=\"row\">%zu. <a href=\"#r%zu\">", index + 1, index + 1);
	html_title(out, report, index);
	text_printf(out,
		    "</a></th><td><b class=\"v %s\">%s</b></td><td class=\"n\">%zu</td>"
		    "<td class=\"n\">%zu</td><td class=\"n\">%zu</td><td class=\"n\">%zu</td>"
		    "<td class=\"n\">%zu</td>",
		    class, word, counts[VERDICT_PASS] + counts[VERDICT_REMARK],
		    counts[VERDICT_FAIL] + counts[VERDICT_ERROR], counts[VERDICT_EXPECTED_FAIL],
		    counts[VERDICT_INCONCLUSIVE], counts[VERDICT_UNJUDGED]);
	run_cells(out, run, index);
	text_put(out, "</tr>\n");
}

static void overview(struct text *out, const struct report *report)
{
	text_put(out, "<section aria-labelledby=\"runs\">\n<h2 id=\"runs\">Runs</h2>\n"
		      "<div class=\"scroll\" role=\"region\" tabindex=\"0\" "
		      "aria-label=\"Runs\"><table class=\"matrix overview\">\n<thead><tr>"
		      "<th scope=\"col\">Run</th><th scope=\"col\">Result</th>"
		      "<th scope=\"col\">Pass</th><th scope=\"col\">Fail</th>"
		      "<th scope=\"col\">Known</th><th scope=\"col\">Open</th>"
		      "<th scope=\"col\">Unjudged</th>");
	for (size_t v = 0; v < VERSIONS_LEN; v++)
		text_printf(out, "<th scope=\"col\">%s</th>", version_name((enum version)v));
	text_put(out, "</tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < report->runs_len; i++)
		run_row(out, report, i);
	text_put(out, "</tbody></table></div>\n</section>\n");
}

/* Which verdicts and kinds there are at all. */
struct present {
	bool verdicts[VERDICTS_LEN], kinds[FINDING_KINDS_LEN];
};

static void look(struct present *out, const struct report *report)
{
	*out = (struct present){ .verdicts = { false } };
	for (size_t i = 0; i < report->runs_len; i++) {
		const struct run_result *result = report->runs[i].result;
		for (size_t k = 0; k < result->findings_len; k++) {
			out->verdicts[result->findings[k].verdict] = true;
			out->kinds[result->findings[k].kind] = true;
		}
	}
}

/* It stays hidden without a script, which is what makes it work. */
static void filter(struct text *out, const struct report *report)
{
	struct present present;
	look(&present, report);
	text_put(out, "<form id=\"filter\" role=\"search\" aria-label=\"Filter the findings\" "
		      "hidden>\n<label>Verdict <select id=\"verdict\">"
		      "<option value=\"\">all</option>");
	for (size_t i = 0; i < VERDICTS_LEN; i++)
		if (present.verdicts[i])
			text_printf(out, "<option value=\"%s\">%s</option>",
				    verdict_name((enum verdict)i), html_word((enum verdict)i));
	text_put(out, "</select></label>\n<label>Kind <select id=\"kind\">"
		      "<option value=\"\">all</option>");
	for (size_t i = 0; i < FINDING_KINDS_LEN; i++)
		if (present.kinds[i])
			text_printf(out, "<option>%s</option>",
				    finding_kind_name((enum finding_kind)i));
	text_put(out, "</select></label>\n<label>Text <input id=\"text\" type=\"search\" "
		      "autocomplete=\"off\" spellcheck=\"false\"></label>\n"
		      "<button type=\"button\" id=\"open\">Open all</button>\n"
		      "<button type=\"button\" id=\"close\">Close all</button>\n"
		      "<output id=\"shown\"></output>\n</form>\n");
}

void html_summary(struct text *out, const struct report *report)
{
	headline(out, report);
	html_counts(out, report->runs, report->runs_len);
	worst(out, report);
	if (report->runs_len == 1)
		html_contents(out, report, 0);
	text_put(out, "</header>\n<main>\n");
	if (report->runs_len > 1)
		overview(out, report);
	filter(out, report);
}
