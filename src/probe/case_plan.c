/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/case_prover_internal.h"

#include <stdlib.h>

static bool expects_silence(const struct conformance_case *of)
{
	for (size_t i = 0; i < of->expectations_len; i++)
		if (of->expectations[i].kind == EXPECT_TIMEOUT && !of->expectations[i].tolerated)
			return true;
	return false;
}

static bool is_over_another(const struct case_prover *prover, const struct conformance_case *of)
{
	return of->over && upgrade_by_name(span_text(of->over)) != prover->options.upgrade;
}

static void trial_add(struct case_prover *prover, const struct conformance_case *of,
		      enum version version, uint32_t member)
{
	const struct case_options *options = &prover->options;
	char id[CASE_ID_MAX];
	case_id(id, of, version, member);
	if (!of->is_feature && !id_is_selected(id, options->only, options->shard, options->shards))
		return;
	struct trial *trial = LIST_ADD(prover, prover->trials);
	if (!trial)
		return;
	trial->of = of;
	trial->version = version;
	trial->member = member;
	memcpy(trial->id, id, sizeof(trial->id));
	if (is_over_another(prover, of))
		case_trial_settle(trial, (struct assessment){
						 .verdict = VERDICT_NOT_APPLICABLE,
						 .reason = arena_printf(
							 prover->arena,
							 "it speaks over '%s', and the target is "
							 "asked over '%s'",
							 of->over, options->upgrade->name) });
	else
		prover->wanted |= case_needs_versions(of);
}

/* Members are those at TLS 1.2 until it is known where a case without versions is asked. */
static void plan_version(struct case_prover *prover, const struct conformance_case *of,
			 enum version version)
{
	size_t len = 0;
	const uint32_t *members =
		case_members(prover->arena, of, version == VERSION_NONE ? TLS1_2 : version, &len);
	for (size_t i = 0; members && i < len; i++)
		trial_add(prover, of, version, members[i]);
}

bool case_plan(struct case_prover *prover)
{
	for (size_t i = 0; i < prover->options.cases_len; i++) {
		const struct conformance_case *of = prover->options.cases[i];
		if (!of->versions)
			plan_version(prover, of, VERSION_NONE);
		for (enum version v = SSLV2; of->versions && v < VERSIONS_LEN; v++)
			if (of->versions & VERSION_BIT(v))
				plan_version(prover, of, v);
	}
	prover->cases_len = prover->trials.len;
	return prover->arena->fault == FAULT_NONE;
}

static void plan_needs(struct case_prover *prover, const struct conformance_case *of,
		       enum version version, unsigned depth)
{
	/* The lint forbids features that need themselves; a catalogue that was not linted ends. */
	if (depth > 8)
		return;
	for (size_t i = 0; i < of->needs_len; i++) {
		const struct conformance_case *feature = of->needs[i].feature;
		enum version at =
			feature ? case_feature_version(prover, feature, version) : VERSION_NONE;
		size_t len = 0;
		if (at == VERSION_NONE || case_feature_find(prover, feature, at))
			continue;
		const uint32_t *members = case_members(prover->arena, feature, at, &len);
		if (members && len)
			trial_add(prover, feature, at, members[0]);
		plan_needs(prover, feature, at, depth + 1);
	}
}

void case_plan_features(struct case_prover *prover)
{
	for (size_t i = 0; i < prover->cases_len; i++) {
		const struct trial *trial = &prover->trials.at[i];
		if (!trial->settled)
			plan_needs(prover, trial->of, trial->version, 0);
	}
}

void case_group_push(struct case_prover *prover, const uint32_t *trials, size_t len, bool suspected)
{
	if (!len)
		return;
	uint32_t *copy = arena_array(prover->arena, len, sizeof(*copy));
	struct group *group = copy ? LIST_ADD(prover, prover->groups) : NULL;
	if (!group)
		return;
	memcpy(copy, trials, len * sizeof(*copy));
	*group = (struct group){ .trials = copy, .len = len, .suspected = suspected };
}

/* Silences last: they wait together. Then by version, so that a control serves many. */
static unsigned rank(const struct trial *trial)
{
	return (expects_silence(trial->of) ? VERSIONS_LEN + 1u : 0u) + (unsigned)trial->version;
}

struct ranked {
	unsigned rank;
	uint32_t number;
};

static int compare_ranked(const void *left, const void *right)
{
	const struct ranked *a = left, *b = right;
	if (a->rank != b->rank)
		return a->rank < b->rank ? -1 : 1;
	return a->number < b->number ? -1 : a->number > b->number;
}

/* Settles what makes no sense here, and says whether the trial can be asked now. */
static bool is_ready(struct case_prover *prover, struct trial *trial)
{
	const char *why = NULL;
	if (trial->settled || trial->presence != PRESENCE_OPEN)
		return false;
	switch (case_needs_state(prover, trial, &why)) {
	case PRESENCE_OPEN:
		return false;
	case PRESENCE_YES:
		case_capture(prover, trial);
		return true;
	case PRESENCE_NO:
		trial->presence = PRESENCE_NO;
		case_trial_settle(trial, (struct assessment){ .verdict = VERDICT_NOT_APPLICABLE,
							      .reason = why });
		return false;
	case PRESENCE_UNKNOWN:
		break;
	}
	trial->presence = PRESENCE_UNKNOWN;
	struct assessment unknown = { .verdict = VERDICT_INCONCLUSIVE, .reason = why };
	if (prover->accepts[trial->version] == PRESENCE_UNKNOWN)
		unknown = case_without_control(prover, trial, trial->version, why);
	case_trial_settle(trial, unknown);
	return false;
}

bool case_plan_stream(struct case_prover *prover, bool features)
{
	size_t from = features ? prover->cases_len : 0;
	size_t until = features ? prover->trials.len : prover->cases_len, len = 0;
	struct ranked *list = arena_array(prover->arena, until - from + 1, sizeof(*list));
	uint32_t *numbers = arena_array(prover->arena, until - from + 1, sizeof(*numbers));
	if (!list || !numbers)
		return false;
	for (size_t i = from; i < until; i++) {
		struct trial *trial = &prover->trials.at[i];
		if (is_ready(prover, trial))
			list[len++] = (struct ranked){ rank(trial), (uint32_t)i };
	}
	if (len)
		qsort(list, len, sizeof(*list), compare_ranked);
	for (size_t i = 0; i < len; i++)
		numbers[i] = list[i].number;
	case_group_push(prover, numbers, len, false);
	return len > 0;
}
