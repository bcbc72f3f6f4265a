/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/case_prover_internal.h"

bool case_is_acceptance(const struct observation *seen)
{
	switch (seen->outcome) {
	case OUTCOME_SERVER_HELLO:
	case OUTCOME_HELLO_RETRY_REQUEST:
	case OUTCOME_PLAINTEXT:
		return true;
	default:
		break;
	}
	return false;
}

/* Whether unread bytes turn the end of a connection into a reset is a matter of timing. */
static enum outcome class_of(const struct observation *seen)
{
	return seen->outcome == OUTCOME_RESET ? OUTCOME_CLOSE : seen->outcome;
}

bool case_same_answer(const struct observation *a, const struct observation *b)
{
	if (class_of(a) != class_of(b) || !a->answer != !b->answer)
		return false;
	if (a->answer && (!a->answer->broken != !b->answer->broken ||
			  a->answer->finished != b->answer->finished))
		return false;
	if (class_of(a) == OUTCOME_CLOSE || a->outcome == OUTCOME_PLAINTEXT ||
	    a->outcome == OUTCOME_GARBAGE)
		return true;
	return a->alert == b->alert && a->alert_level == b->alert_level &&
	       a->version_code == b->version_code && a->suite == b->suite;
}

static const char *cite(const struct conformance_case *of)
{
	return of->citations_len ? of->citations[0].text : "no rule";
}

/* "sent NAME; expected fatal alert decode_error (RFC 5246 7.4.1.2), got ServerHello ..." */
static const char *contrast(struct case_prover *prover, const struct trial *trial,
			    const struct observation *seen)
{
	return arena_printf(prover->arena, "sent %s; expected %s (%s), got %s", trial->of->name,
			    case_phrase_strict(prover, trial->of, trial->version), cite(trial->of),
			    case_phrase_answer(prover, seen));
}

static const char *step_name(const struct conformance_case *of, size_t number)
{
	static const char *const awaited[] = {
		[AWAITED_SERVER_HELLO] = "'await server_hello'",
		[AWAITED_SERVER_HELLO_DONE] = "'await server_hello_done'",
		[AWAITED_HELLO_RETRY_REQUEST] = "'await hello_retry_request'",
		[AWAITED_FLIGHT] = "'await flight'",
		[AWAITED_BYTES] = "'await bytes'",
	};
	const struct step *step = number < of->steps_len ? &of->steps[number] : NULL;
	if (step && step->kind == STEP_AWAIT)
		return awaited[step->awaited];
	return step && step->kind == STEP_COMPLETE ? "'complete'" : "its preparation";
}

static struct assessment unmet(struct case_prover *prover, const struct trial *trial,
			       const struct observation *seen)
{
	const struct case_answer *answer = seen->answer;
	return (struct assessment){
		.verdict = answer->unmet_silence ? VERDICT_INCONCLUSIVE : VERDICT_NOT_APPLICABLE,
		.silence = answer->unmet_silence,
		.acceptance = case_is_acceptance(seen),
		.reason =
			arena_printf(prover->arena, "sent %s, and %s came to: %s", trial->of->name,
				     step_name(trial->of, answer->steps_done), answer->unmet),
	};
}

/* An answer that fits, beside the rules that hold without a word and the facts that are asserted.
 */
static struct assessment fitting(struct case_prover *prover, const struct trial *trial,
				 const struct observation *seen, enum grade grade)
{
	bool unknown = false;
	struct assessment out = { .verdict = VERDICT_PASS, .grade = grade };
	const char *got = case_phrase_answer(prover, seen);
	const char *fact = case_facts_broken(prover, trial, seen, &unknown);
	if (fact) {
		out.verdict = unknown ? VERDICT_INCONCLUSIVE : VERDICT_FAIL;
		out.grade = GRADE_NONE;
		out.reason = unknown ? fact
				     : arena_printf(prover->arena, "sent %s; got %s, but %s (%s)",
						    trial->of->name, got, fact, cite(trial->of));
		return out;
	}
	if (grade == GRADE_STRICT) {
		out.reason = arena_printf(prover->arena, "got %s", got);
		return out;
	}
	out.reason = arena_printf(prover->arena, "got %s, which is tolerated; %s asks for %s", got,
				  cite(trial->of),
				  case_phrase_strict(prover, trial->of, trial->version));
	out.remark = out.reason;
	if (prover->options.strict_gate) {
		out.verdict = VERDICT_FAIL;
		out.reason = contrast(prover, trial, seen);
	}
	return out;
}

static struct assessment unknown(struct case_prover *prover, const struct observation *seen)
{
	const char *why = seen->overload ? "the connection did not last until the case was sent"
					 : "the endpoint did not get as far as the case";
	return (struct assessment){ .verdict = VERDICT_INCONCLUSIVE,
				    .reason = arena_printf(prover->arena, "%s: %s", why,
							   case_phrase_answer(prover, seen)) };
}

struct assessment case_assess(struct case_prover *prover, const struct trial *trial,
			      const struct observation *seen)
{
	const struct expectation *expected = NULL;
	const struct case_answer *answer = seen->answer;
	struct assessment out = { .verdict = VERDICT_FAIL };
	if (seen->overload || seen->outcome == OUTCOME_UNREACHABLE || seen->outcome == OUTCOME_NONE)
		return unknown(prover, seen);
	/* A server that refuses the upgrade refuses TLS as such, and no case in particular. */
	if (seen->outcome == OUTCOME_REFUSED)
		return unknown(prover, seen);
	if (answer && answer->broken) {
		out.acceptance = case_is_acceptance(seen);
		out.reason = arena_printf(prover->arena, "sent %s; got %s, which breaks a rule: %s",
					  trial->of->name, case_phrase_answer(prover, seen),
					  answer->broken);
		return out;
	}
	if (answer && answer->unmet)
		return unmet(prover, trial, seen);
	enum grade grade = case_match(prover, trial, seen, &expected);
	if (grade != GRADE_NONE) {
		out = fitting(prover, trial, seen, grade);
	} else {
		out.reason = contrast(prover, trial, seen);
		out.silence = seen->outcome == OUTCOME_TIMEOUT;
		if (out.silence)
			out.verdict = VERDICT_INCONCLUSIVE;
	}
	out.acceptance = case_is_acceptance(seen);
	return out;
}
