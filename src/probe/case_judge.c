/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/case_prover_internal.h"

#include <stdio.h>

static bool edition_selected(const struct case_prover *prover, const struct conformance_case *of)
{
	for (size_t i = 0; i < prover->options.editions_len; i++)
		if (of->edition && strcmp(prover->options.editions[i], of->edition) == 0)
			return true;
	return !of->edition;
}

static enum case_level level_of(const struct conformance_case *of)
{
	return of->citations_len ? of->citations[0].level : LEVEL_MUST;
}

static void remark(struct finding *out, const char *text)
{
	if (text && out->remarks_len < FINDING_REMARKS_MAX)
		out->remarks[out->remarks_len++] = text;
}

/* A deviation from a rule that was not asked for is told, and fails nothing. A crash always does.
 */
static void soften(struct case_prover *prover, struct finding *out)
{
	const struct conformance_case *of = out->of;
	if (level_of(of) > prover->options.level) {
		out->verdict = VERDICT_REMARK;
		remark(out, arena_printf(prover->arena, "a rule of level %s, below %s",
					 case_level_name(level_of(of)),
					 case_level_name(prover->options.level)));
	} else if (!edition_selected(prover, of)) {
		out->verdict = VERDICT_REMARK;
		remark(out, arena_printf(prover->arena,
					 "only %s demands it; '--edition \"%s\"' selects it",
					 of->edition, of->edition));
	}
}

static bool was_asked(const struct trial *trial)
{
	return trial->answered && trial->latest.outcome != OUTCOME_NONE;
}

static void judge_trial(struct case_prover *prover, const struct trial *trial, struct finding *out)
{
	const struct conformance_case *of = trial->of;
	const struct assessment *result = &trial->result;
	enum version version = of->versions || was_asked(trial) ? trial->version : VERSION_NONE;
	*out = (struct finding){
		.kind = FINDING_CASE,
		.version = version,
		.of = of,
		.demanded = case_phrase_demanded(prover, of, version),
		.grade = result->verdict == VERDICT_PASS ? result->grade : GRADE_NONE,
		.verdict = result->verdict,
		.reason = result->reason,
	};
	snprintf(out->id, sizeof(out->id), "%s", trial->id);
	out->observed.version = VERSION_NONE;
	remark(out, result->remark);
	if (was_asked(trial)) {
		out->observed = trial->latest;
		if (out->observed.outcome == OUTCOME_TIMEOUT)
			out->observed.waited_ms = trial->quiet_ms;
		out->proof = PROOF_SINGLE;
		out->control =
			arena_printf(prover->arena, "control@%s", version_name(trial->version));
	}
	const struct case_answer *answer = was_asked(trial) ? trial->latest.answer : NULL;
	if (answer && answer->broken_before)
		remark(out, arena_printf(prover->arena, "the HelloRetryRequest breaks a rule: %s",
					 answer->broken_before));
	if (trial->patient && result->verdict == VERDICT_PASS &&
	    trial->latest.outcome != OUTCOME_TIMEOUT)
		remark(out, "silent when it was first asked; answered with more patience");
	if (trial->disturbed)
		remark(out, "cut off when it was asked among others; judged by its answers alone");
	if (out->verdict == VERDICT_FAIL && of->citations_len && of->citations[0].sender)
		remark(out, "the rule binds who sends: what the receiver does is inferred");
	if (out->verdict == VERDICT_FAIL && !result->crash)
		soften(prover, out);
}

/* What an interruption left open: an acceptance that fits still passes, and nothing else. */
static void settle_open(struct case_prover *prover, struct trial *trial)
{
	if (trial->answered && !trial->same)
		case_trial_take(prover, (uint32_t)(trial - prover->trials.at));
	if (trial->settled)
		return;
	const char *why = !trial->answered ? "not asked"
			  : trial->same	   ? "a deviation that could not be asked again"
					   : "no control succeeded before and after it";
	case_trial_settle(trial,
			  (struct assessment){ .verdict = VERDICT_INCONCLUSIVE, .reason = why });
}

static void note_failures(struct case_prover *prover)
{
	if (prover->serial && prover->options.concurrency != 1)
		case_note(prover, "the endpoint serves one connection at a time: cases were asked "
				  "one by one");
	if (!prover->failures || prover->dead || prover->culprits)
		return;
	case_note(prover, arena_printf(prover->arena,
				       "the endpoint stopped answering %zu time%s, and no case "
				       "does it by itself",
				       prover->failures, prover->failures == 1 ? "" : "s"));
}

static enum fault append_notes(struct case_prover *prover, struct run_result *out)
{
	size_t len = out->notes_len + prover->notes.len;
	const char **notes = arena_array(prover->arena, len + 1, sizeof(*notes));
	if (!notes)
		return prover->arena->fault;
	for (size_t i = 0; i < len; i++)
		notes[i] =
			i < out->notes_len ? out->notes[i] : prover->notes.at[i - out->notes_len];
	out->notes = notes;
	out->notes_len = len;
	return FAULT_NONE;
}

enum fault case_prover_judge(struct case_prover *prover, struct run_result *out)
{
	size_t len = out->findings_len + prover->cases_len;
	struct finding *findings = arena_array(prover->arena, len + 1, sizeof(*findings));
	if (!findings)
		return prover->arena->fault;
	if (out->findings_len)
		memcpy(findings, out->findings, out->findings_len * sizeof(*findings));
	for (size_t i = 0; i < prover->cases_len; i++) {
		struct trial *trial = &prover->trials.at[i];
		struct finding *finding = &findings[out->findings_len + i];
		if (!trial->settled)
			settle_open(prover, trial);
		judge_trial(prover, trial, finding);
		out->counts[finding->verdict]++;
	}
	note_failures(prover);
	out->findings = findings;
	out->findings_len = len;
	out->controls += prover->controls;
	out->controls_failed += prover->controls_failed;
	out->reached = out->reached || prover->reached;
	enum fault fault = append_notes(prover, out);
	return fault != FAULT_NONE ? fault : prover->arena->fault;
}
