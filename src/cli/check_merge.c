/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/text.h"
#include "cli/check.h"
#include "report/facts.h"

/* What an address said about a cell, as far as addresses can disagree about it. */
enum side { SIDE_NONE, SIDE_ACCEPTED, SIDE_REJECTED };

static enum side side_of(const struct finding *finding)
{
	if (finding->kind != FINDING_VERSION && finding->kind != FINDING_SUITE &&
	    finding->kind != FINDING_PLAINTEXT) {
		if (finding->verdict == VERDICT_PASS)
			return SIDE_ACCEPTED;
		return finding->verdict == VERDICT_FAIL ? SIDE_REJECTED : SIDE_NONE;
	}
	if (finding_is_accepted(finding))
		return SIDE_ACCEPTED;
	/* A version's rejection is the sum of its suites', and has an answer of its own to show. */
	return observation_is_answer(&finding->observed) && finding->verdict != VERDICT_INCONCLUSIVE
		       ? SIDE_REJECTED
		       : SIDE_NONE;
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

/* The findings of one run, sorted by id. */
static struct finding **index_make(struct check *check, struct check_run *run)
{
	struct run_result *result = &run->result;
	struct finding **index = arena_array(&check->arena, result->findings_len, sizeof(*index));
	for (size_t i = 0; index && i < result->findings_len; i++)
		index[i] = &result->findings[i];
	if (index && result->findings_len)
		qsort(index, result->findings_len, sizeof(*index), compare_ids);
	return index;
}

static struct finding *look_up(struct finding **index, size_t len, const char *id)
{
	struct finding **found = bsearch(id, index, len, sizeof(*index), compare_key);
	return found ? *found : NULL;
}

static void mark(struct finding *finding, const char *remark)
{
	if (finding->remarks_len < FINDING_REMARKS_MAX)
		finding->remarks[finding->remarks_len++] = remark;
	if (finding->verdict == VERDICT_UNJUDGED || finding->verdict == VERDICT_NOT_APPLICABLE)
		return;
	finding->verdict = VERDICT_INCONCLUSIVE;
	finding->reason = "the addresses of this name do not agree";
}

static const char *remark_make(struct check *check, struct finding *const *all)
{
	static const char *const words[] = { "", "accepted", "rejected" };
	struct text text;
	text_init(&text);
	text_printf(&text, "inconsistent:");
	const char *before = "";
	for (size_t i = 0; i < check->runs_done; i++) {
		if (!all[i] || side_of(all[i]) == SIDE_NONE)
			continue;
		text_printf(&text, "%s %s at %s", before, words[side_of(all[i])],
			    check->runs[i].address.text);
		before = ",";
	}
	const char *remark = arena_text(&check->arena, span_text(text_view(&text)));
	text_release(&text);
	return remark;
}

/* Compares one id over all addresses; `all[i]` is the finding of run i or NULL. */
static void merge_one(struct check *check, struct finding *const *all)
{
	bool accepted = false, rejected = false;
	for (size_t i = 0; i < check->runs_done; i++) {
		enum side side = all[i] ? side_of(all[i]) : SIDE_NONE;
		accepted = accepted || side == SIDE_ACCEPTED;
		rejected = rejected || side == SIDE_REJECTED;
	}
	if (!accepted || !rejected)
		return;
	const char *remark = remark_make(check, all);
	for (size_t i = 0; remark && i < check->runs_done; i++) {
		if (all[i])
			mark(all[i], remark);
	}
}

enum fault check_merge(struct check *check)
{
	struct finding **index[ADDRESSES_MAX], *all[ADDRESSES_MAX];
	if (check->runs_done < 2)
		return FAULT_NONE;
	for (size_t i = 0; i < check->runs_done; i++) {
		index[i] = index_make(check, &check->runs[i]);
		if (!index[i])
			return check->arena.fault;
	}
	for (size_t run = 0; run < check->runs_done; run++) {
		for (size_t k = 0; k < check->runs[run].result.findings_len; k++) {
			const char *id = check->runs[run].result.findings[k].id;
			bool earlier = false;
			for (size_t i = 0; i < check->runs_done; i++) {
				all[i] = look_up(index[i], check->runs[i].result.findings_len, id);
				earlier = earlier || (all[i] && i < run);
			}
			if (!earlier)
				merge_one(check, all);
		}
	}
	for (size_t i = 0; i < check->runs_done; i++)
		check_run_count(&check->runs[i]);
	return check->arena.fault;
}
