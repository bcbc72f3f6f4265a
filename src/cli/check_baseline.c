/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/text.h"
#include "cli/check_known.h"
#include "cli/report_command.h"
#include "report/facts.h"

#define BASELINE_ARENA_MAX ((size_t)2 << 30)

/* Settings as one word, so that a deviation is known only under the values it was found under; of a
 * report over several targets also the target. */
static const char *key_of(struct arena *arena, const char *target, const struct run_result *result,
			  const struct settings *settings, const char *id)
{
	const struct policy *policy = result->policy;
	struct text key;
	text_init(&key);
	text_printf(&key, "%s;", target ? target : "");
	for (size_t i = 0; policy && i < policy->settings_len; i++)
		text_printf(&key, "%s=%s;", policy->settings[i].name,
			    policy->settings[i].values[settings->value[i]]);
	text_printf(&key, " %s", id);
	const char *out = arena_text(arena, span_text(text_view(&key)));
	text_release(&key);
	return out;
}

static int compare_keys(const void *left, const void *right)
{
	const char *const *a = left, *const *b = right;
	return strcmp(*a, *b);
}

static bool keep(struct known *known, struct arena *arena, const struct report_run *run,
		 const struct finding *finding)
{
	if (finding->verdict != VERDICT_FAIL && finding->verdict != VERDICT_EXPECTED_FAIL)
		return true;
	const char **grown = arena_grow(arena, known->failed, known->failed_len, &known->failed_cap,
					sizeof(*grown));
	if (!grown)
		return false;
	known->failed = grown;
	grown[known->failed_len] = key_of(arena, known->by_target ? run->target : NULL, run->result,
					  &run->result->settings, finding->id);
	return grown[known->failed_len++] != NULL;
}

static bool speaks_of(const struct report *report, const struct check *check)
{
	const char *policy = check->proves_policy ? check->policy.name : "";
	for (size_t i = 0; i < report->runs_len; i++) {
		const struct policy *other = report->runs[i].result->policy;
		if (strcmp(other ? other->name : "", policy) == 0)
			return true;
	}
	return false;
}

static int collect(struct known *known, const struct checks *checks, const struct report *report)
{
	bool speaks = false;
	for (size_t i = 0; i < checks->len; i++)
		speaks = speaks || speaks_of(report, checks->items[i]);
	if (!speaks)
		return complain(checks->options->who,
				"cannot use baseline '%s': it is about another policy",
				checks->options->baseline);
	known->by_target = report_targets_differ(report);
	for (size_t i = 0; i < report->runs_len; i++) {
		const struct report_run *run = &report->runs[i];
		for (size_t k = 0; k < run->result->findings_len; k++)
			if (!keep(known, checks->arena, run, &run->result->findings[k]))
				return complain_fault(checks->options->who, checks->arena->fault);
	}
	if (known->failed_len)
		qsort(known->failed, known->failed_len, sizeof(*known->failed), compare_keys);
	return STATUS_PASS;
}

int baseline_read(struct known *known, const struct checks *checks)
{
	struct report report;
	struct arena arena;
	arena_init(&arena, BASELINE_ARENA_MAX);
	int status = report_load(&report, &arena, checks->options->who, checks->options->baseline);
	if (status == STATUS_PASS)
		status = collect(known, checks, &report);
	arena_release(&arena);
	return status;
}

static bool was_failed(const struct known *known, struct arena *arena, const struct check_run *run,
		       const char *id)
{
	const char *key = key_of(arena, known->by_target ? run->target : NULL, &run->result,
				 &run->settings, id);
	return key && known->failed_len &&
	       bsearch(&key, known->failed, known->failed_len, sizeof(*known->failed),
		       compare_keys) != NULL;
}

static void apply_one(const struct known *known, struct arena *arena, const struct check_run *run,
		      struct finding *finding)
{
	bool deviates = finding->verdict == VERDICT_FAIL;
	if (!deviates && finding->verdict != VERDICT_PASS)
		return;
	bool before = was_failed(known, arena, run, finding->id);
	if (deviates && before) {
		finding->verdict = VERDICT_EXPECTED_FAIL;
		finding->since = SINCE_KNOWN;
		known_remark(finding, "known: the baseline has it too");
	} else if (deviates) {
		finding->since = SINCE_NEW;
		known_remark(finding, "new since the baseline");
	} else if (before) {
		finding->since = SINCE_REPAIRED;
		known_remark(finding, "repaired since the baseline");
	}
}

void baseline_apply(const struct known *known, const struct checks *checks)
{
	for (size_t i = 0; i < checks->len; i++) {
		for (size_t r = 0; r < checks->items[i]->runs_done; r++) {
			struct check_run *run = &checks->items[i]->runs[r];
			for (size_t k = 0; k < run->result.findings_len; k++)
				apply_one(known, checks->arena, run, &run->result.findings[k]);
		}
	}
}
