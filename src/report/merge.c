/* SPDX-License-Identifier: Apache-2.0 */
#include "report/merge.h"

#include <stdlib.h>

#include "case/case.h"
#include "report/facts.h"

/* A run under way: `evidence` has an entry for each finding, with no probe where there is none. */
struct joined {
	struct report_run run;
	struct run_result result;
	struct finding *findings;
	struct report_evidence *evidence;
	size_t len, cap, evidence_cap;
	struct joined *next;
};

struct merge {
	struct arena *arena;
	struct joined *first;
	struct policy **policies;
	size_t policies_len, policies_cap;
};

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool same_settings(const struct settings *a, const struct settings *b)
{
	const struct policy *p = a->policy, *q = b->policy;
	if (!p || !q)
		return p == q;
	if (strcmp(p->name, q->name) != 0 || p->settings_len != q->settings_len ||
	    a->strict != b->strict)
		return false;
	for (size_t i = 0; i < p->settings_len; i++) {
		size_t k = policy_setting(q, span_text(p->settings[i].name));
		if (k == SIZE_MAX || strcmp(p->settings[i].values[a->value[i]],
					    q->settings[k].values[b->value[k]]) != 0)
			return false;
	}
	return true;
}

bool report_same_run(const struct report_run *a, const struct report_run *b)
{
	bool place = a->builtin ? b->builtin
				: !b->builtin && same_text(a->target, b->target) &&
					  same_text(a->address, b->address);
	return place && same_text(a->depth, b->depth) &&
	       same_settings(&a->result->settings, &b->result->settings);
}

/* Every run of one policy speaks of one list of settings, so that runs can be told apart by it. */
static struct policy *policy_adopt(struct merge *merge, const struct policy *given)
{
	for (size_t i = 0; i < merge->policies_len; i++)
		if (strcmp(merge->policies[i]->name, given->name) == 0)
			return merge->policies[i];
	struct policy **grown = arena_grow(merge->arena, merge->policies, merge->policies_len,
					   &merge->policies_cap, sizeof(*grown));
	struct policy *own = arena_alloc(merge->arena, sizeof(*own));
	struct setting *settings =
		arena_array(merge->arena, POLICY_SETTINGS_MAX, sizeof(*settings));
	if (!grown || !own || !settings)
		return NULL;
	*own = *given;
	own->settings = settings;
	own->settings_len = 0;
	merge->policies = grown;
	merge->policies[merge->policies_len++] = own;
	return own;
}

static struct setting *setting_adopt(struct merge *merge, struct policy *policy, const char *name)
{
	size_t at = policy_setting(policy, span_text(name));
	if (at != SIZE_MAX)
		return &policy->settings[at];
	const char **values = arena_array(merge->arena, POLICY_VALUES_MAX, sizeof(*values));
	if (!values || policy->settings_len == POLICY_SETTINGS_MAX)
		return NULL;
	struct setting *setting = &policy->settings[policy->settings_len++];
	*setting = (struct setting){ .name = name, .values = values, .default_value = SIZE_MAX };
	return setting;
}

static size_t value_adopt(struct setting *setting, const char *value)
{
	size_t at = setting_value(setting, span_text(value));
	if (at != SIZE_MAX)
		return at;
	if (setting->values_len == POLICY_VALUES_MAX)
		return SIZE_MAX;
	setting->values[setting->values_len] = value;
	return setting->values_len++;
}

/* Faults: NO_MEMORY, TOO_LARGE for more settings or values than a policy has. */
static enum fault settings_adopt(struct merge *merge, struct settings *settings)
{
	const struct settings given = *settings;
	if (!given.policy)
		return FAULT_NONE;
	struct policy *policy = policy_adopt(merge, given.policy);
	if (!policy)
		return merge->arena->fault;
	settings->policy = policy;
	for (size_t i = 0; i < given.policy->settings_len; i++) {
		const struct setting *from = &given.policy->settings[i];
		struct setting *to = setting_adopt(merge, policy, from->name);
		size_t value = to ? value_adopt(to, from->values[given.value[i]]) : SIZE_MAX;
		if (value == SIZE_MAX)
			return merge->arena->fault != FAULT_NONE ? merge->arena->fault
								 : FAULT_TOO_LARGE;
		size_t index = (size_t)(to - policy->settings);
		settings->value[index] = value;
		settings->given[index] = given.given[i];
		if (given.value[i] == from->default_value)
			to->default_value = value;
	}
	return FAULT_NONE;
}

static struct joined *joined_make(struct merge *merge, const struct report_run *run)
{
	struct joined *joined = arena_alloc(merge->arena, sizeof(*joined)), **last = &merge->first;
	if (!joined)
		return NULL;
	joined->run = *run;
	joined->result = *run->result;
	joined->result.connections = joined->result.retries = joined->result.controls = 0;
	joined->result.controls_failed = joined->result.audits = 0;
	joined->result.notes = NULL;
	joined->result.notes_len = 0;
	joined->run.duration_ms = 0;
	joined->run.resumed = NULL; /* it is about one part */
	joined->run.result = &joined->result;
	while (*last)
		last = &(*last)->next;
	return *last = joined;
}

static void add_effort(struct joined *joined, const struct report_run *run)
{
	const struct run_result *from = run->result;
	struct run_result *to = &joined->result;
	to->connections += from->connections;
	to->retries += from->retries;
	to->controls += from->controls;
	to->controls_failed += from->controls_failed;
	to->audits += from->audits;
	to->reached = to->reached || from->reached;
	to->interrupted = to->interrupted || from->interrupted;
	joined->run.duration_ms += run->duration_ms;
	if (strcmp(run->started, joined->run.started) < 0)
		joined->run.started = run->started;
}

static enum fault add_notes(struct merge *merge, struct joined *joined,
			    const struct report_run *run)
{
	const struct run_result *from = run->result;
	size_t len = joined->result.notes_len;
	const char **notes = arena_array(merge->arena, len + from->notes_len, sizeof(*notes));
	if (!notes)
		return len + from->notes_len ? merge->arena->fault : FAULT_NONE;
	if (len)
		memcpy(notes, joined->result.notes, len * sizeof(*notes));
	for (size_t i = 0; i < from->notes_len; i++) {
		bool told = false;
		for (size_t k = 0; k < len && !told; k++)
			told = strcmp(notes[k], from->notes[i]) == 0;
		if (!told)
			notes[len++] = from->notes[i];
	}
	joined->result.notes = notes;
	joined->result.notes_len = len;
	return FAULT_NONE;
}

/* The probe's number becomes the finding's place: those of other reports may be the same. */
static enum fault add_findings(struct merge *merge, struct joined *joined,
			       const struct report_run *run)
{
	for (size_t i = 0; i < run->result->findings_len; i++) {
		struct finding *findings = arena_grow(merge->arena, joined->findings, joined->len,
						      &joined->cap, sizeof(*findings));
		struct report_evidence *evidence =
			arena_grow(merge->arena, joined->evidence, joined->len,
				   &joined->evidence_cap, sizeof(*evidence));
		if (!findings || !evidence)
			return merge->arena->fault;
		joined->findings = findings;
		joined->evidence = evidence;
		findings[joined->len] = run->result->findings[i];
		const struct report_evidence *own = run_evidence(run, &findings[joined->len]);
		uint32_t probe = (uint32_t)joined->len + 1;
		evidence[joined->len] = own ? *own : (struct report_evidence){ .probe = 0 };
		evidence[joined->len].probe = findings[joined->len].observed.probe =
			own ? probe : 0;
		joined->len++;
	}
	return FAULT_NONE;
}

static enum fault add_run(struct merge *merge, const struct report_run *run)
{
	struct joined *joined = merge->first;
	while (joined && !report_same_run(&joined->run, run))
		joined = joined->next;
	if (!joined) {
		joined = joined_make(merge, run);
		if (!joined)
			return merge->arena->fault;
		enum fault fault = settings_adopt(merge, &joined->result.settings);
		if (fault != FAULT_NONE)
			return fault;
		joined->result.policy = joined->result.settings.policy;
	}
	add_effort(joined, run);
	enum fault fault = add_notes(merge, joined, run);
	return fault == FAULT_NONE ? add_findings(merge, joined, run) : fault;
}

static int compare_numbers(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

/* Versions, suites by version and code, and so on; cases in the order of their catalogue. */
static int compare_findings(const void *left, const void *right)
{
	const struct finding *a = left, *b = right;
	int order = compare_numbers(a->kind, b->kind);
	if (!order && a->of && b->of && a->of->at.file && b->of->at.file)
		order = strcmp(a->of->at.file, b->of->at.file);
	if (!order && a->of && b->of)
		order = compare_numbers(a->of->at.line, b->of->at.line);
	if (!order)
		order = compare_numbers(a->version, b->version);
	if (!order)
		order = compare_numbers(a->suite, b->suite);
	return order ? order : strverscmp(a->id, b->id);
}

static void disagree(struct finding *kept, const struct finding *other)
{
	if (kept->verdict == other->verdict)
		return;
	kept->verdict = VERDICT_INCONCLUSIVE;
	kept->reason = "the reports that were merged do not agree";
	if (kept->remarks_len < FINDING_REMARKS_MAX)
		kept->remarks[kept->remarks_len++] = other->reason ? other->reason : "";
}

static void settle(struct joined *joined)
{
	size_t kept = 0;
	struct finding *findings = joined->findings;
	if (joined->len)
		qsort(findings, joined->len, sizeof(*findings), compare_findings);
	for (size_t i = 0; i < joined->len; i++) {
		if (kept && strcmp(findings[kept - 1].id, findings[i].id) == 0)
			disagree(&findings[kept - 1], &findings[i]);
		else
			findings[kept++] = findings[i];
	}
	memset(joined->result.counts, 0, sizeof(joined->result.counts));
	for (size_t i = 0; i < kept; i++)
		joined->result.counts[findings[i].verdict]++;
	joined->result.findings = findings;
	joined->result.findings_len = kept;
	joined->run.evidence = joined->evidence;
	joined->run.evidence_len = 0;
	/* In the order of probes already: only the gaps go. */
	for (size_t i = 0; i < joined->len; i++)
		if (joined->evidence[i].probe)
			joined->evidence[joined->run.evidence_len++] = joined->evidence[i];
}

enum fault report_merge(struct report *out, struct arena *arena, const struct report *parts,
			size_t parts_len)
{
	struct merge merge = { .arena = arena };
	size_t len = 0;
	*out = (struct report){ .runs_len = 0 };
	for (size_t i = 0; i < parts_len; i++) {
		for (size_t k = 0; k < parts[i].runs_len; k++) {
			enum fault fault = add_run(&merge, &parts[i].runs[k]);
			if (fault != FAULT_NONE)
				return fault;
		}
	}
	for (struct joined *joined = merge.first; joined; joined = joined->next)
		len++;
	struct report_run *runs = arena_array(arena, len, sizeof(*runs));
	if (len && !runs)
		return arena->fault;
	for (struct joined *joined = merge.first; joined; joined = joined->next) {
		settle(joined);
		runs[out->runs_len++] = joined->run;
	}
	out->runs = runs;
	return FAULT_NONE;
}
