/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/case_prover_internal.h"

#define TRIES_MAX	 20 /* with the engine's pauses between them, some seconds */
#define SILENT_TRIES_MAX 4  /* each of them waited long by itself */
#define FAILURES_MAX	 256
#define CANDIDATES_MAX	 40 /* all that are in flight when it dies */

void case_note(struct case_prover *prover, const char *note)
{
	const char **at = note ? LIST_ADD(prover, prover->notes) : NULL;
	if (at)
		*at = note;
}

static const char *failure_phrase(struct case_prover *prover)
{
	char phrase[SERVER_MESSAGE_MAX];
	observation_describe(phrase, sizeof(phrase), &prover->failure);
	return arena_printf(prover->arena, "control@%s failed: %s",
			    version_name(prover->failed_version), phrase);
}

static void accuse(struct case_prover *prover, struct trial *trial)
{
	const char *failure = failure_phrase(prover);
	prover->culprits++;
	case_trial_settle(
		trial,
		(struct assessment){ .verdict = VERDICT_FAIL,
				     .crash = true,
				     .reason = arena_printf(
					     prover->arena,
					     "the endpoint stopped answering after this case (%s)",
					     failure) });
	trial->presence = PRESENCE_UNKNOWN;
	case_note(prover,
		  arena_printf(prover->arena,
			       "the endpoint stopped answering after '%s', and came back (%s)",
			       trial->id, failure));
}

/* After the endpoint came back: the halves of the suspects are asked by themselves. */
static void split(struct case_prover *prover)
{
	prover->returned = false;
	if (!prover->working)
		return;
	struct group group = prover->groups.at[--prover->groups.len];
	uint32_t *suspects = arena_array(prover->arena, group.len, sizeof(*suspects));
	size_t len = 0;
	prover->working = false;
	if (!suspects)
		return;
	for (size_t i = 0; i < group.at; i++) {
		uint32_t number = group.trials[i];
		if (case_closed(prover, &prover->trials.at[number]))
			case_trial_take(prover, number);
		else
			suspects[len++] = number;
	}
	case_group_push(prover, group.trials + group.at, group.len - group.at, group.suspected);
	if (len == 1 && group.suspected) {
		accuse(prover, &prover->trials.at[suspects[0]]);
		return;
	}
	case_group_push(prover, suspects + (len + 1) / 2, len / 2, true);
	case_group_push(prover, suspects, (len + 1) / 2, true);
}

/* Who was cut off is suspected first, who was answered next; the rest came to a closed door. */
enum suspicion { SUSPECT_CUT_OFF, SUSPECT_ANSWERED, SUSPECT_NOT };

static enum suspicion suspicion_of(const struct observation *seen)
{
	if (seen->overload || seen->outcome == OUTCOME_UNREACHABLE || seen->outcome == OUTCOME_NONE)
		return SUSPECT_NOT;
	return seen->outcome == OUTCOME_ALERT || case_is_acceptance(seen) ? SUSPECT_ANSWERED
									  : SUSPECT_CUT_OFF;
}

static void name_candidates(struct case_prover *prover, struct text *out, enum suspicion suspicion,
			    size_t *named)
{
	const struct group *group = &prover->groups.at[prover->groups.len - 1];
	for (size_t i = 0; i < group->at; i++) {
		const struct trial *trial = &prover->trials.at[group->trials[i]];
		if (case_closed(prover, trial) || suspicion_of(&trial->latest) != suspicion)
			continue;
		if ((*named)++ < CANDIDATES_MAX)
			text_printf(out, "%s%s", *named > 1 ? ", " : "", trial->id);
	}
}

static void note_death(struct case_prover *prover, const char *failure)
{
	struct text names;
	size_t named = 0;
	text_init(&names);
	if (prover->working) {
		name_candidates(prover, &names, SUSPECT_CUT_OFF, &named);
	}
	if (prover->working && !named) {
		name_candidates(prover, &names, SUSPECT_ANSWERED, &named);
	}
	if (named > CANDIDATES_MAX)
		text_printf(&names, " or %zu others", named - CANDIDATES_MAX);
	case_note(prover, arena_printf(prover->arena, "the endpoint stopped answering%s%s (%s)",
				       named ? ", after one of " : "", text_view(&names), failure));
	text_release(&names);
}

/* It stays dead. What it accepted before, it accepted; nothing else is known. */
static void bury(struct case_prover *prover)
{
	const char *failure = failure_phrase(prover);
	note_death(prover, failure);
	const char *unsure = arena_printf(
		prover->arena, "no control succeeded after it: the endpoint stopped answering (%s)",
		failure);
	const char *unasked = arena_printf(
		prover->arena, "not asked: the endpoint stopped answering (%s)", failure);
	prover->dead = true;
	for (size_t i = 0; i < prover->trials.len; i++) {
		struct trial *trial = &prover->trials.at[i];
		if (trial->answered && !trial->settled)
			case_trial_take(prover, (uint32_t)i);
		if (!trial->settled)
			case_trial_settle(trial,
					  (struct assessment){
						  .verdict = VERDICT_INCONCLUSIVE,
						  .reason = trial->answered ? unsure : unasked });
	}
}

bool case_crash_advance(struct case_prover *prover)
{
	if (prover->returned) {
		split(prover);
		return true;
	}
	if (prover->tries++ >= TRIES_MAX || prover->silent_tries >= SILENT_TRIES_MAX ||
	    prover->failures > FAILURES_MAX) {
		bury(prover);
		prover->stage = STAGE_DONE;
		return false;
	}
	prover->recovering = true;
	prover->due = VERSION_BIT(prover->failed_version);
	return true;
}
