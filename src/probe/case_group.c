/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/case_prover_internal.h"

#define UNCOVERED_MAX 2
#define CLOSINGS_MAX  3

void case_trial_settle(struct trial *trial, struct assessment result)
{
	trial->settled = true;
	trial->result = result;
	if (trial->of->is_feature && trial->presence == PRESENCE_OPEN)
		trial->presence = result.verdict == VERDICT_PASS	     ? PRESENCE_YES
				  : result.verdict == VERDICT_FAIL	     ? PRESENCE_NO
				  : result.verdict == VERDICT_NOT_APPLICABLE ? PRESENCE_NO
									     : PRESENCE_UNKNOWN;
}

static void settle_with(struct trial *trial, enum verdict verdict, const char *reason)
{
	case_trial_settle(trial, (struct assessment){ .verdict = verdict, .reason = reason });
}

static void settle_split(struct case_prover *prover, struct trial *trial)
{
	settle_with(trial, VERDICT_INCONCLUSIVE,
		    arena_printf(prover->arena, "answers differ: %s; then %s",
				 case_phrase_answer(prover, &trial->first),
				 case_phrase_answer(prover, &trial->latest)));
}

static void put(struct case_prover *prover, uint32_t number, bool doubtful)
{
	uint32_t *at =
		doubtful ? LIST_ADD(prover, prover->doubtful) : LIST_ADD(prover, prover->again);
	if (at)
		*at = number;
}

static bool wait_longer(struct case_prover *prover, uint32_t number)
{
	struct trial *trial = &prover->trials.at[number];
	uint32_t *at = trial->patient ? NULL : LIST_ADD(prover, prover->silent);
	if (!at)
		return false;
	*at = number;
	trial->patient = true;
	return true;
}

/* An answer that was only known once nothing followed it: such ones wait together. */
static bool waited(const struct trial *trial)
{
	const struct observation *seen = &trial->latest;
	return seen->ended_us - seen->started_us >= (uint64_t)trial->quiet_ms * 1000;
}

static unsigned answers_needed(const struct case_prover *prover, const struct trial *trial,
			       const struct assessment *a)
{
	unsigned repeat = prover->options.repeat ? prover->options.repeat : 1;
	/* A deviation is asked again before it is told. */
	bool doubtful = trial->disturbed || (a->verdict == VERDICT_FAIL && !trial->of->is_feature);
	return doubtful && repeat < 2 ? 2 : repeat;
}

/*
 * A process that dies of one case takes the connections of the others with it, and may be back
 * before any control. Whoever was cut off like that among others has to answer twice by itself.
 */
static bool may_be_disturbed(const struct trial *trial)
{
	const struct observation *first = &trial->first;
	return !trial->disturbed && trial->same == 1 && trial->first_verdict == VERDICT_FAIL &&
	       (first->outcome == OUTCOME_CLOSE || first->outcome == OUTCOME_RESET);
}

void case_trial_take(struct case_prover *prover, uint32_t number)
{
	struct trial *trial = &prover->trials.at[number];
	struct assessment a = case_assess(prover, trial, &trial->latest);
	if (trial->settled)
		return;
	if (!a.acceptance && !case_covered(prover, trial)) {
		bool ours = case_broken_off(prover, trial);
		trial->uncovered += !ours;
		if (ours || trial->uncovered <= UNCOVERED_MAX)
			put(prover, number, false);
		else
			settle_with(trial, VERDICT_INCONCLUSIVE,
				    arena_printf(prover->arena,
						 "no control of %s succeeded before and after it",
						 version_name(trial->version)));
		return;
	}
	/* What ended in silence, and would pass or pass better if more came, may only be late;
	 * where nothing else is asked at the same time, nothing else makes it so. */
	bool bare = trial->latest.outcome == OUTCOME_TIMEOUT && a.grade == GRADE_TOLERATED;
	bool late = !trial->of->is_feature && a.verdict == VERDICT_FAIL && waited(trial);
	if ((a.silence || (!prover->serial && (bare || late))) && wait_longer(prover, number))
		return;
	bool differs = trial->same && (a.verdict != trial->first_verdict ||
				       !case_same_answer(&trial->first, &trial->latest));
	if (differs && !may_be_disturbed(trial)) {
		settle_split(prover, trial);
		return;
	}
	if (differs) {
		trial->disturbed = true;
		trial->same = 0;
	}
	if (!trial->same) {
		trial->first = trial->latest;
		trial->first_verdict = a.verdict;
	}
	if (++trial->same < answers_needed(prover, trial, &a)) {
		put(prover, number,
		    trial->disturbed || (a.verdict == VERDICT_FAIL && !waited(trial)));
		return;
	}
	case_trial_settle(trial, a);
}

/* Silences wait together; deviations go one by one, with a control between them. */
static bool push_rest(struct case_prover *prover)
{
	size_t before = prover->groups.len;
	case_group_push(prover, prover->silent.at, prover->silent.len, false);
	for (size_t i = prover->doubtful.len; i-- > 0;)
		case_group_push(prover, &prover->doubtful.at[i], 1, false);
	case_group_push(prover, prover->again.at, prover->again.len, false);
	prover->silent.len = prover->doubtful.len = prover->again.len = 0;
	return prover->groups.len > before;
}

static version_set versions_of(const struct case_prover *prover, const struct group *group,
			       bool unclosed_only)
{
	version_set out = 0;
	for (size_t i = 0; i < group->len; i++) {
		const struct trial *trial = &prover->trials.at[group->trials[i]];
		if (!unclosed_only || !case_closed(prover, trial))
			out |= VERSION_BIT(trial->version);
	}
	return out;
}

static bool stage_advance(struct case_prover *prover)
{
	bool features = prover->stage == STAGE_FEATURES;
	if (push_rest(prover) || case_plan_stream(prover, features))
		return true;
	if (!features) {
		prover->stage = STAGE_DONE;
		return false;
	}
	prover->stage = STAGE_CASES;
	return true;
}

static void open_next(struct case_prover *prover)
{
	const struct group *group = &prover->groups.at[prover->groups.len - 1];
	version_set needed = versions_of(prover, group, false);
	prover->working = true;
	prover->since_control = 0;
	for (enum version v = SSLV2; v < VERSIONS_LEN; v++)
		if ((needed & VERSION_BIT(v)) && !prover->good[v])
			prover->due |= VERSION_BIT(v);
	prover->opening = prover->due != 0;
}

bool case_group_advance(struct case_prover *prover)
{
	if (!prover->working) {
		if (!prover->groups.len)
			return stage_advance(prover);
		open_next(prover);
		return true;
	}
	struct group *group = &prover->groups.at[prover->groups.len - 1];
	if (group->at < group->len)
		return true;
	version_set unclosed = versions_of(prover, group, true);
	if (unclosed && group->closings++ < CLOSINGS_MAX) {
		prover->due = unclosed;
		return true;
	}
	struct group done = *group;
	prover->groups.len--;
	prover->working = false;
	for (size_t i = 0; i < done.len; i++)
		case_trial_take(prover, done.trials[i]);
	return true;
}
