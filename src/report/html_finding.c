/* SPDX-License-Identifier: Apache-2.0 */
#include "report/case_words.h"
#include "report/html_internal.h"
#include "report/text_internal.h"

static void term(struct text *out, const char *name)
{
	text_printf(out, "<dt>%s</dt><dd>", name);
}

static void term_end(struct text *out)
{
	html_literal(out, "</dd>\n");
}

static void told(struct text *out, const char *name, const char *text)
{
	if (!text)
		return;
	term(out, name);
	html_text(out, text);
	term_end(out);
}

/* file:line: text, and the section that the row restates. */
static void row(struct text *out, const struct html_run *run, const struct rule *rule, size_t row)
{
	text_printf(out, " <a href=\"#r%zup%zu\">", run->index + 1, row);
	html_text(out, rule->at.file);
	text_printf(out, ":%u</a>: <code>", rule->at.line);
	html_text(out, rule->row);
	html_literal(out, "</code>");
	if (!rule->table || !rule->table->cite)
		return;
	html_literal(out, ", \xE2\x80\x9C");
	html_text(out, rule->table->cite);
	html_literal(out, "\xE2\x80\x9D");
}

static void expected_of_cell(struct text *out, const struct html_run *run, size_t index)
{
	const struct ruling *ruling = &run->run->result->findings[index].expected;
	term(out, "Expected");
	text_printf(out, "%s%s", ruling_name(ruling->kind), ruling->inferred ? ", inferred" : "");
	if (run->row_of[index])
		row(out, run, ruling->rule, run->row_of[index]);
	term_end(out);
	if (!run->against_of[index])
		return;
	term(out, "Against it");
	html_literal(out, "reject");
	row(out, run, ruling->against, run->against_of[index]);
	term_end(out);
}

static void expected_of_case(struct text *out, const struct finding *finding)
{
	const struct conformance_case *of = finding->of;
	const struct citation *citation = finding_citation(finding);
	told(out, "Expected", finding->demanded ? finding->demanded : "see the case");
	if (citation) {
		term(out, "Rule");
		html_text(out, citation->text);
		text_printf(out, " %s%s", case_level_name(citation->level),
			    citation->sender ? ", inferred" : "");
		if (of->edition) {
			html_literal(out, ", only in ");
			html_text(out, of->edition);
		}
		term_end(out);
	}
	told(out, "Why", of->why);
	if (of->cve) {
		term(out, "Known bug");
		html_text(out, of->cve);
		html_literal(out, of->cve_shows ? ": " : "");
		html_text(out, of->cve_shows);
		term_end(out);
	}
	if (of->at.file) {
		term(out, "Case");
		html_text(out, of->at.file);
		text_printf(out, ":%u, theme \xE2\x80\x9C", of->at.line);
		html_text(out, of->theme);
		html_literal(out, "\xE2\x80\x9D");
		term_end(out);
	}
}

static void observed(struct text *out, const struct finding *finding)
{
	const struct observation *seen = &finding->observed;
	uint64_t us = seen->ended_us > seen->started_us ? seen->ended_us - seen->started_us : 0;
	term(out, "Observed");
	html_made(out, describe_full, finding);
	if (seen->outcome != OUTCOME_NONE)
		text_printf(out, "; %u attempt%s, %.1f ms", seen->attempts,
			    seen->attempts == 1 ? "" : "s", (double)us / 1000.0);
	term_end(out);
}

static void summary(struct text *out, const struct finding *finding)
{
	html_literal(out, "<summary>");
	html_verdict(out, finding->verdict);
	html_literal(out, finding->grade == GRADE_TOLERATED ? " tolerated <code>" : " <code>");
	html_text(out, finding->id);
	html_literal(out, "</code> ");
	html_text(out, finding->reason);
	html_literal(out, "</summary>\n<dl>");
}

void html_finding(struct text *out, struct html_run *run, size_t index, bool open)
{
	const struct finding *finding = &run->run->result->findings[index];
	text_printf(out, "<details class=\"f %s\" id=\"r%zuf%zu\" data-kind=\"%s\"%s>",
		    verdict_name(finding->verdict), run->index + 1, index + 1,
		    finding_kind_name(finding->kind), open ? " open" : "");
	summary(out, finding);
	if (finding_is_case(finding))
		expected_of_case(out, finding);
	else
		expected_of_cell(out, run, index);
	observed(out, finding);
	told(out, "Control", finding->control);
	told(out, "Hello", finding->shape);
	for (size_t i = 0; i < finding->remarks_len; i++)
		told(out, "Remark", finding->remarks[i]);
	html_literal(out, "</dl>\n");
	html_evidence(out, run, index);
	html_literal(out, "</details>\n");
}
