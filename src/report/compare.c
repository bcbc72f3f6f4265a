/* SPDX-License-Identifier: Apache-2.0 */
#include "report/compare.h"

#include <stdlib.h>

#include "case/case.h"
#include "report/merge.h"

const char *change_name(enum change change)
{
	static const char *const names[CHANGES_LEN] = {
		"new", "unsettled", "repaired", "known", "settled", "otherwise", "added", "gone"
	};
	return names[change];
}

const char *change_text(enum change change)
{
	static const char *const texts[CHANGES_LEN] = {
		"new deviations", "inconclusive now",
		"repaired",	  "known deviations",
		"settled now",	  "answered otherwise, with the same verdict",
		"asked only now", "not asked any more",
	};
	return texts[change];
}

/* The runs of `others` that are taken already. */
struct pairing {
	const struct report *others;
	bool *taken;
};

static bool same_question(const struct report_run *a, const struct report_run *b)
{
	struct report_run elsewhere = *a;
	elsewhere.target = b->target;
	elsewhere.address = b->address;
	elsewhere.builtin = b->builtin;
	return report_same_run(&elsewhere, b);
}

static size_t find_only(const struct pairing *pairing, const struct report_run *run,
			bool (*is_same)(const struct report_run *, const struct report_run *))
{
	size_t found = SIZE_MAX;
	for (size_t i = 0; i < pairing->others->runs_len; i++) {
		if (pairing->taken[i] || !is_same(run, &pairing->others->runs[i]))
			continue;
		if (found != SIZE_MAX)
			return SIZE_MAX;
		found = i;
	}
	return found;
}

/* Deviations that were known count as deviations: both reports may have had a baseline. */
static bool deviates(const struct finding *finding)
{
	return finding->verdict == VERDICT_FAIL || finding->verdict == VERDICT_ERROR ||
	       finding->verdict == VERDICT_EXPECTED_FAIL;
}

static bool same_answer(const struct finding *a, const struct finding *b)
{
	return a->expected.kind == b->expected.kind &&
	       a->expected.inferred == b->expected.inferred && a->grade == b->grade &&
	       observation_same_class(&a->observed, &b->observed);
}

/* CHANGES_LEN: nothing that would be told. */
static enum change change_of(const struct finding *before, const struct finding *after)
{
	bool was = deviates(before), is = deviates(after);
	if (after->verdict == VERDICT_INCONCLUSIVE)
		return before->verdict == VERDICT_INCONCLUSIVE ? CHANGES_LEN : CHANGE_UNSETTLED;
	if (is)
		return was ? CHANGE_KNOWN : CHANGE_NEW;
	if (was)
		return CHANGE_REPAIRED;
	if (before->verdict == VERDICT_INCONCLUSIVE)
		return CHANGE_SETTLED;
	return before->verdict == after->verdict && same_answer(before, after) ? CHANGES_LEN
									       : CHANGE_OTHERWISE;
}

static void add(struct report_comparison *out, enum change change, size_t run,
		const struct finding *before, const struct finding *after)
{
	if (change == CHANGES_LEN)
		return;
	out->items[out->len++] = (struct difference){ change, run, before, after };
	out->counts[change]++;
}

static int compare_ids(const void *left, const void *right)
{
	const struct finding *const *a = left, *const *b = right;
	return strcmp((*a)->id, (*b)->id);
}

static int compare_key(const void *id, const void *entry)
{
	const struct finding *const *finding = entry;
	return strcmp(id, (*finding)->id);
}

/* The findings of one run by id; `seen` says which were paired. */
struct index {
	const struct finding **items;
	bool *seen;
	size_t len;
};

static enum fault index_make(struct index *out, struct arena *arena,
			     const struct run_result *result)
{
	out->len = result->findings_len;
	out->items = arena_array(arena, out->len, sizeof(*out->items));
	out->seen = arena_array(arena, out->len, sizeof(*out->seen));
	if (out->len && (!out->items || !out->seen))
		return arena->fault;
	for (size_t i = 0; i < out->len; i++)
		out->items[i] = &result->findings[i];
	if (out->len)
		qsort(out->items, out->len, sizeof(*out->items), compare_ids);
	return FAULT_NONE;
}

static const struct finding *index_take(struct index *index, const char *id)
{
	const struct finding **found = index->len ? bsearch(id, index->items, index->len,
							    sizeof(*index->items), compare_key)
						  : NULL;
	if (!found)
		return NULL;
	index->seen[found - index->items] = true;
	return *found;
}

static enum fault compare_runs(struct report_comparison *out, struct arena *arena, size_t before,
			       size_t after)
{
	const struct run_result *old = out->before->runs[before].result;
	const struct run_result *new = out->after->runs[after].result;
	struct index index;
	enum fault fault = index_make(&index, arena, old);
	if (fault != FAULT_NONE)
		return fault;
	for (size_t i = 0; i < new->findings_len; i++) {
		const struct finding *now = &new->findings[i];
		const struct finding *then = index_take(&index, now->id);
		add(out,
		    then	    ? change_of(then, now)
		    : deviates(now) ? CHANGE_NEW
				    : CHANGE_ADDED,
		    after, then, now);
	}
	for (size_t i = 0; i < index.len; i++)
		if (!index.seen[i])
			add(out, CHANGE_GONE, before, index.items[i], NULL);
	return FAULT_NONE;
}

static void add_all(struct report_comparison *out, const struct report *report, size_t run,
		    bool now)
{
	const struct run_result *result = report->runs[run].result;
	out->unmatched++;
	for (size_t i = 0; i < result->findings_len; i++) {
		const struct finding *finding = &result->findings[i];
		enum change change = now && deviates(finding) ? CHANGE_NEW
				     : now		      ? CHANGE_ADDED
							      : CHANGE_GONE;
		add(out, change, run, now ? NULL : finding, now ? finding : NULL);
	}
}

static int compare_changes(const void *left, const void *right)
{
	const struct difference *a = left, *b = right;
	if (a->change != b->change)
		return a->change < b->change ? -1 : 1;
	if (a->run != b->run)
		return a->run < b->run ? -1 : 1;
	/* Findings of one run stand in one array. */
	const struct finding *x = a->after ? a->after : a->before;
	const struct finding *y = b->after ? b->after : b->before;
	return x < y ? -1 : x > y;
}

static size_t count_findings(const struct report *report)
{
	size_t count = 0;
	for (size_t i = 0; i < report->runs_len; i++)
		count += report->runs[i].result->findings_len;
	return count;
}

static enum fault pair_runs(struct report_comparison *out, struct arena *arena,
			    struct pairing *pairing)
{
	for (size_t i = 0; i < out->after->runs_len; i++) {
		const struct report_run *run = &out->after->runs[i];
		size_t like = find_only(pairing, run, report_same_run);
		if (like == SIZE_MAX)
			like = find_only(pairing, run, same_question);
		if (like == SIZE_MAX) {
			add_all(out, out->after, i, true);
			continue;
		}
		pairing->taken[like] = true;
		enum fault fault = compare_runs(out, arena, like, i);
		if (fault != FAULT_NONE)
			return fault;
	}
	for (size_t i = 0; i < out->before->runs_len; i++)
		if (!pairing->taken[i])
			add_all(out, out->before, i, false);
	return FAULT_NONE;
}

enum fault report_compare(struct report_comparison *out, struct arena *arena,
			  const struct report *before, const struct report *after)
{
	size_t most = count_findings(before) + count_findings(after);
	struct pairing pairing = { .others = before };
	*out = (struct report_comparison){ .before = before, .after = after };
	out->items = arena_array(arena, most + 1, sizeof(*out->items));
	pairing.taken = arena_array(arena, before->runs_len + 1, sizeof(*pairing.taken));
	if (!out->items || !pairing.taken)
		return arena->fault;
	enum fault fault = pair_runs(out, arena, &pairing);
	if (out->len)
		qsort(out->items, out->len, sizeof(*out->items), compare_changes);
	return fault;
}

int comparison_exit_status(const struct report_comparison *comparison)
{
	if (comparison->counts[CHANGE_NEW])
		return 1;
	return comparison->counts[CHANGE_UNSETTLED] ? 3 : 0;
}
