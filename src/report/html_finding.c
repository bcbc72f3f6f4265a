/* SPDX-License-Identifier: Apache-2.0 */
#include "report/case_words.h"
#include "report/html_internal.h"
#include "report/text_internal.h"

static void term(struct text *out, const char *name)
{
	text_join(out, "<dt>", name, "</dt><dd>");
}

static void term_end(struct text *out)
{
	text_put(out, "</dd>\n");
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
	text_put(out, " <a href=\"");
	html_link(out, run, 'p', row);
	text_put(out, "\">");
	html_text(out, rule->at.file);
	text_put(out, ":");
	text_put_decimal(out, rule->at.line, 0);
	text_put(out, "</a>: <code>");
	html_text(out, rule->row);
	text_put(out, "</code>");
	if (!rule->table || !rule->table->cite)
		return;
	text_put(out, ", \xE2\x80\x9C");
	html_text(out, rule->table->cite);
	text_put(out, "\xE2\x80\x9D");
}

static void expected_of_cell(struct text *out, const struct html_run *run, size_t index)
{
	const struct ruling *ruling = &run->run->result->findings[index].expected;
	term(out, "Expected");
	text_join(out, ruling_name(ruling->kind), ruling->inferred ? ", inferred" : "");
	if (run->row_of[index])
		row(out, run, ruling->rule, run->row_of[index]);
	term_end(out);
	if (!run->against_of[index])
		return;
	term(out, "Against it");
	text_put(out, "reject");
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
			text_put(out, ", only in ");
			html_text(out, of->edition);
		}
		term_end(out);
	}
	told(out, "Why", of->why);
	if (of->cve) {
		term(out, "Known bug");
		html_text(out, of->cve);
		text_put(out, of->cve_shows ? ": " : "");
		html_text(out, of->cve_shows);
		term_end(out);
	}
	if (of->at.file) {
		term(out, "Case");
		html_text(out, of->at.file);
		text_printf(out, ":%u, theme \xE2\x80\x9C", of->at.line);
		html_text(out, of->theme);
		text_put(out, "\xE2\x80\x9D");
		term_end(out);
	}
}

static void observed(struct text *out, const struct finding *finding)
{
	const struct observation *seen = &finding->observed;
	uint64_t us = seen->ended_us > seen->started_us ? seen->ended_us - seen->started_us : 0;
	term(out, "Observed");
	html_made(out, describe_full, finding);
	if (seen->outcome != OUTCOME_NONE) {
		uint64_t tenths = (us + 50) / 100;
		text_put(out, "; ");
		text_put_decimal(out, seen->attempts, 0);
		text_put(out, seen->attempts == 1 ? " attempt, " : " attempts, ");
		text_put_decimal(out, tenths / 10, 0);
		text_put(out, ".");
		text_put_decimal(out, tenths % 10, 0);
		text_put(out, " ms");
	}
	term_end(out);
}

static void summary(struct text *out, const struct finding *finding)
{
	text_put(out, "<summary>");
	html_verdict(out, finding->verdict);
	text_put(out, finding->grade == GRADE_TOLERATED ? " tolerated <code>" : " <code>");
	html_text(out, finding->id);
	text_put(out, "</code> ");
	html_text(out, finding->reason);
	text_put(out, "</summary>\n<dl>");
}

void html_finding(struct text *out, struct html_run *run, size_t index, bool open)
{
	const struct finding *finding = &run->run->result->findings[index];
	text_join(out, "<details class=\"f ", verdict_name(finding->verdict), "\" id=\"");
	html_anchor(out, run, 'f', index + 1);
	text_join(out, "\" data-kind=\"", finding_kind_name(finding->kind),
		  open ? "\" open>" : "\">");
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
	text_put(out, "</dl>\n");
	html_evidence(out, run, index);
	text_put(out, "</details>\n");
	text_settle(out);
}
