/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "probe/prover_internal.h"

#define TEXT_LEN 768
/* Findings beyond versions, suites and plaintext. */
#define REST_MAX 256

void finding_remark(struct finding *finding, const char *remark)
{
	if (remark && finding->remarks_len < FINDING_REMARKS_MAX)
		finding->remarks[finding->remarks_len++] = remark;
}

static const char *control_text(struct prover *prover, uint32_t control)
{
	if (control == NO_INDEX)
		return NULL;
	const struct observation *seen = &prover->answers.at[control];
	char label[CIPHER_SUITE_LABEL_MAX];
	cipher_suite_label(label, seen->suite);
	return arena_printf(prover->arena, "control@%s %s", version_name(seen->version), label);
}

void judge_observe(struct prover *prover, struct finding *out, uint32_t answer, uint32_t control)
{
	char shape[TEXT_LEN];
	shape_name(shape, sizeof(shape), &prover->options.shape);
	out->shape = arena_text(prover->arena, span_text(shape));
	out->control = control_text(prover, control);
	if (answer == NO_INDEX)
		return;
	out->observed = prover->answers.at[answer];
	if (out->observed.attempts > 1 && observation_is_answer(&out->observed))
		finding_remark(out, arena_printf(prover->arena, "answered at attempt %u",
						 out->observed.attempts));
}

static const char *seen_text(struct prover *prover, const struct finding *out)
{
	char text[TEXT_LEN];
	observation_describe(text, sizeof(text), &out->observed);
	return arena_text(prover->arena, span_text(text));
}

static void conclude(struct prover *prover, struct finding *out, enum verdict verdict,
		     const char *what)
{
	out->verdict = verdict;
	out->reason = arena_printf(prover->arena, "%s: %s", what, seen_text(prover, out));
}

/* A mismatch with what the document only implies, or only advises, is a remark and not a failure.
 */
static void deviate(struct prover *prover, struct finding *out, const char *what)
{
	bool mild = out->expected.inferred || out->expected.kind == RULING_SHOULD ||
		    out->expected.kind == RULING_SHOULD_NOT;
	conclude(prover, out, mild ? VERDICT_PASS : VERDICT_FAIL, what);
	if (mild)
		finding_remark(out, out->expected.inferred
					    ? "differs from what the document implies"
					    : "differs from what the document advises");
}

/* An alert, or a refusal in the protocol's own words, says that the endpoint is alive and means no.
 */
static bool is_explicit(const struct observation *seen)
{
	return seen->outcome == OUTCOME_ALERT || seen->outcome == OUTCOME_REFUSED ||
	       seen->outcome == OUTCOME_SERVER_HELLO;
}

static bool admits(const struct admission *admission, const struct observation *seen)
{
	if (strcmp(admission->outcome, outcome_name(seen->outcome)) != 0)
		return false;
	if (admission->alert >= 0 && admission->alert != seen->alert)
		return false;
	return !admission->sqlstate ||
	       (seen->refusal && strcmp(admission->sqlstate, seen->refusal->sqlstate) == 0);
}

static bool is_admitted(const struct policy *policy, const struct observation *seen)
{
	for (size_t i = 0; i < policy->admissions_len; i++)
		if (admits(&policy->admissions[i], seen))
			return true;
	return policy->admissions_len == 0;
}

static void apply_rejected(struct prover *prover, struct finding *out, bool covered)
{
	enum ruling_kind kind = out->expected.kind;
	if (kind == RULING_ACCEPT || kind == RULING_SHOULD) {
		if (covered || is_explicit(&out->observed))
			deviate(prover, out, "must be accepted, but was rejected");
		else
			conclude(prover, out, VERDICT_INCONCLUSIVE,
				 "rejected, but no control shows that the endpoint was alive");
	} else if (kind == RULING_MAY) {
		conclude(prover, out, VERDICT_PASS, "rejected, as it may be");
	} else if (!covered) {
		conclude(prover, out, VERDICT_INCONCLUSIVE,
			 "rejected, but not between two successful controls");
	} else if (!is_admitted(prover->settings.policy, &out->observed)) {
		deviate(prover, out, "rejected, but not in a way that the policy admits");
	} else {
		conclude(prover, out, VERDICT_PASS, "rejected");
	}
}

/* A ServerHello is no acceptance: it must come to the depth that was asked for (DESIGN 5). */
static bool falls_short(struct prover *prover, struct finding *out)
{
	const struct observation *seen = &out->observed;
	bool hello = seen->outcome == OUTCOME_SERVER_HELLO && seen->version != SSLV2;
	if (!hello || seen->depth >= prover->options.depth || !(seen->broken || seen->unable))
		return false;
	if (seen->broken)
		deviate(prover, out, "must be accepted, but the handshake breaks");
	else
		conclude(prover, out, VERDICT_INCONCLUSIVE,
			 "accepted, but not followed to its end");
	return true;
}

/* Alive, but no hello gets a sound answer: DESIGN 10. */
static void apply_unknown(struct prover *prover, struct finding *out,
			  const struct judgement *judgement)
{
	bool wanted = out->expected.kind == RULING_ACCEPT || out->expected.kind == RULING_SHOULD;
	if (judgement->garbled && wanted)
		deviate(prover, out, "must be accepted, but the answer breaks a rule");
	else
		conclude(prover, out, VERDICT_INCONCLUSIVE,
			 judgement->unknown ? judgement->unknown : "neither accepted nor rejected");
}

static void apply_accepted(struct prover *prover, struct finding *out)
{
	bool wanted = out->expected.kind == RULING_ACCEPT || out->expected.kind == RULING_SHOULD;
	if (wanted && falls_short(prover, out))
		return;
	switch (out->expected.kind) {
	case RULING_REJECT:
	case RULING_SHOULD_NOT:
		deviate(prover, out, "must be rejected, but was accepted");
		break;
	default:
		conclude(prover, out, VERDICT_PASS, "accepted");
		break;
	}
}

static const char *rule_text(const struct rule *rule)
{
	return rule && rule->table && rule->table->cite ? rule->table->cite
							: "a row without citation";
}

static bool apply_unjudged(struct prover *prover, struct finding *out)
{
	const struct ruling *ruling = &out->expected;
	if (ruling->kind == RULING_SILENT) {
		out->verdict = VERDICT_UNJUDGED;
		bool accepted = out->observed.outcome == OUTCOME_SERVER_HELLO;
		out->reason = arena_printf(prover->arena, "the document is silent; observed: %s",
					   accepted ? "accepted" : seen_text(prover, out));
	} else if (ruling->kind == RULING_CONFLICT) {
		out->verdict = VERDICT_UNJUDGED;
		out->reason = arena_printf(
			prover->arena,
			"the document contradicts itself (\"%s\" against \"%s\"); observed: %s",
			rule_text(ruling->rule), rule_text(ruling->against),
			seen_text(prover, out));
	}
	return ruling->kind == RULING_SILENT || ruling->kind == RULING_CONFLICT;
}

void judge_apply(struct prover *prover, struct finding *out, const struct judgement *judgement)
{
	if (judgement->inconsistent)
		finding_remark(out, judgement->split ? judgement->split
						     : "inconsistent: the same question was "
						       "answered differently");
	if (apply_unjudged(prover, out))
		return;
	if (judgement->inconsistent) {
		conclude(prover, out, VERDICT_INCONCLUSIVE, "the endpoint contradicts itself");
		return;
	}
	switch (judgement->state) {
	case CELL_ACCEPTED:
		apply_accepted(prover, out);
		break;
	case CELL_REJECTED:
		apply_rejected(prover, out, judgement->covered);
		break;
	case CELL_OPEN:
	case CELL_UNKNOWN:
		apply_unknown(prover, out, judgement);
		break;
	}
}

static int compare_cells(const void *left, const void *right)
{
	const struct cell *a = left, *b = right;
	if (a->version != b->version)
		return a->version < b->version ? -1 : 1;
	return a->code < b->code ? -1 : a->code > b->code;
}

static size_t judge_cells(struct prover *prover, struct finding *out)
{
	size_t len = 0;
	if (prover->cells.len)
		qsort(prover->cells.at, prover->cells.len, sizeof(struct cell), compare_cells);
	for (size_t i = 0; i < prover->cells.len; i++)
		if (prover->cells.at[i].selected)
			judge_cell(prover, &prover->cells.at[i], &out[len++]);
	return len;
}

static bool supports_in(const struct prover *prover, enum version version)
{
	for (size_t i = 0; i < cipher_suites_len; i++)
		if (cipher_suite_in(&cipher_suites[i], version) &&
		    prover->options.supports(version, cipher_suites[i].code))
			return true;
	return false;
}

static bool is_able(const struct prover *prover, const struct finding *finding)
{
	if (finding->kind == FINDING_VERSION)
		return supports_in(prover, finding->version);
	if (finding->kind == FINDING_SUITE && finding->version != SSLV2)
		return prover->options.supports(finding->version, (uint16_t)finding->suite);
	return true;
}

/*
 * The reference endpoint lacks what its library lacks (TLS 1.3, for one). What it cannot do is no
 * deviation, and where it can do nothing of what the policy accepts there is no control for the
 * rest either.
 */
static void excuse(const struct prover *prover, struct finding *finding)
{
	bool wanted =
		finding->expected.kind == RULING_ACCEPT || finding->expected.kind == RULING_SHOULD;
	bool open = finding->verdict == VERDICT_INCONCLUSIVE && !window_has_control(prover);
	bool unable = finding->verdict == VERDICT_FAIL && wanted && !is_able(prover, finding);
	if (!unable && !open)
		return;
	finding->verdict = VERDICT_NOT_APPLICABLE;
	finding->reason = unable ? "the reference endpoint cannot do it"
				 : "the reference endpoint can do nothing that the policy accepts";
}

static bool was_reached(const struct prover *prover)
{
	for (size_t i = 0; i < prover->answers.len; i++)
		if (observation_is_answer(&prover->answers.at[i]))
			return true;
	return false;
}

enum fault prover_judge(struct prover *prover, struct run_result *out)
{
	size_t room = prover->cells.len + VERSIONS_LEN + 1 + REST_MAX;
	struct finding *findings = arena_array(prover->arena, room, sizeof(*findings));
	if (!findings)
		return prover->arena->fault;
	size_t len = 0;
	for (enum version v = SSLV2; v < VERSIONS_LEN; v++)
		len += judge_version(prover, v, &findings[len]);
	len += judge_cells(prover, &findings[len]);
	len += judge_plaintext(prover, &findings[len]);
	len += judge_rest(prover, &findings[len], REST_MAX);

	*out = (struct run_result){
		.policy = prover->settings.policy,
		.settings = prover->settings,
		.findings = findings,
		.findings_len = len,
		.controls = prover->controls,
		.controls_failed = prover->controls_failed,
		.audits = prover->audits,
		.reached = was_reached(prover),
	};
	for (size_t i = 0; i < len; i++) {
		if (prover->options.supports && out->reached)
			excuse(prover, &findings[i]);
		out->counts[findings[i].verdict]++;
	}
	return prover->arena->fault;
}
