/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "report/facts.h"
#include "report/html_internal.h"

static int compare_text(const char *a, const char *b)
{
	return a == b ? 0 : strcmp(a ? a : "", b ? b : "");
}

/* Every cell of a row is a rule of its own: a row is a line of a file. */
static int compare_rows(const struct rule *a, const struct rule *b)
{
	int order = compare_text(a->at.file, b->at.file);
	if (order == 0)
		order = (a->at.line > b->at.line) - (a->at.line < b->at.line);
	return order ? order : compare_text(a->row, b->row);
}

static int compare_leans(const void *a, const void *b)
{
	const struct html_lean *x = a, *y = b;
	int order = compare_rows(x->rule, y->rule);
	return order ? order : (x->finding > y->finding) - (x->finding < y->finding);
}

static size_t collect_leans(struct html_lean *out, const struct run_result *result)
{
	size_t len = 0;
	for (size_t i = 0; i < result->findings_len; i++) {
		const struct finding *finding = &result->findings[i];
		const struct rule *rules[] = { finding->expected.rule, finding->expected.against };
		for (size_t k = 0; k < 2; k++)
			if (rules[k] && finding->kind != FINDING_CASE)
				out[len++] = (struct html_lean){ rules[k], i };
	}
	return len;
}

static void index_rows(struct html_run *run)
{
	const struct run_result *result = run->run->result;
	size_t cap = 2 * result->findings_len;
	run->leaning = arena_array(run->arena, cap, sizeof(*run->leaning));
	run->rows = arena_array(run->arena, cap, sizeof(*run->rows));
	if (!run->leaning || !run->rows)
		return;
	size_t len = collect_leans(run->leaning, result);
	if (len)
		qsort(run->leaning, len, sizeof(*run->leaning), compare_leans);
	for (size_t i = 0; i < len; i++) {
		const struct html_lean *lean = &run->leaning[i];
		if (!i || compare_rows(lean->rule, lean[-1].rule) != 0)
			run->rows[run->rows_len++] =
				(struct html_row){ .rule = lean->rule, .first = i };
		run->rows[run->rows_len - 1].len++;
		bool decides = result->findings[lean->finding].expected.rule == lean->rule;
		(decides ? run->row_of : run->against_of)[lean->finding] = run->rows_len;
	}
}

enum fault html_run_index(struct html_run *out, const struct report *report, size_t index,
			  struct arena *arena)
{
	const struct report_run *run = &report->runs[index];
	size_t len = run->result->findings_len;
	*out = (struct html_run){ .report = report, .run = run, .index = index, .arena = arena };
	out->row_of = arena_array(arena, len + 1, sizeof(*out->row_of));
	out->against_of = arena_array(arena, len + 1, sizeof(*out->against_of));
	out->evidence_of = arena_array(arena, len + 1, sizeof(*out->evidence_of));
	out->told = arena_array(arena, run->evidence_len + 1, sizeof(*out->told));
	if (arena->fault == FAULT_NONE)
		index_rows(out);
	if (arena->fault == FAULT_NONE)
		html_evidence_index(out);
	return arena->fault;
}

/* One piece of evidence of a finding. */
struct piece {
	const struct report_evidence *evidence;
	size_t finding;
};

static int compare_spans(struct span a, struct span b)
{
	if (a.len != b.len)
		return a.len < b.len ? -1 : 1;
	return a.len ? memcmp(a.at, b.at, a.len) : 0;
}

static int compare_evidence(const struct report_evidence *a, const struct report_evidence *b)
{
	if (a == b)
		return 0;
	if (a->started_us != b->started_us)
		return a->started_us < b->started_us ? -1 : 1;
	if (a->ended_us != b->ended_us)
		return a->ended_us < b->ended_us ? -1 : 1;
	int order = compare_spans(a->sent, b->sent);
	return order ? order : compare_spans(a->received, b->received);
}

static int compare_pieces(const void *a, const void *b)
{
	const struct piece *x = a, *y = b;
	int order = compare_evidence(x->evidence, y->evidence);
	return order ? order : (x->finding > y->finding) - (x->finding < y->finding);
}

void html_evidence_index(struct html_run *run)
{
	const struct run_result *result = run->run->result;
	struct piece *pieces = arena_array(run->arena, result->findings_len, sizeof(*pieces));
	size_t len = 0, number = 0;
	if (!pieces || !run->run->evidence_len)
		return;
	for (size_t i = 0; i < result->findings_len; i++) {
		const struct report_evidence *evidence =
			run_evidence(run->run, &result->findings[i]);
		if (evidence)
			pieces[len++] = (struct piece){ evidence, i };
	}
	if (len)
		qsort(pieces, len, sizeof(*pieces), compare_pieces);
	for (size_t i = 0; i < len; i++) {
		if (!i || compare_evidence(pieces[i].evidence, pieces[i - 1].evidence) != 0)
			number++;
		run->evidence_of[pieces[i].finding] = number;
	}
}
