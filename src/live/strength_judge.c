/* SPDX-License-Identifier: Apache-2.0 */
#include "live/strength_internal.h"
#include "registry/cipher_suite.h"

#define SHAPE_LEN	256
#define DESCRIPTION_LEN 256

/* How an array's hellos were answered. */
struct tally {
	size_t hellos, deviating, unclear, wavered;
	const struct trial *first; /* that deviates, or that is unclear where none does */
};

static struct tally count(const struct series *series)
{
	struct tally out = { .hellos = 0 };
	for (size_t i = 0; i < series->trials.len; i++) {
		const struct trial *trial = &series->trials.at[i];
		if (!trial->of_array)
			continue;
		out.hellos++;
		out.deviating += trial->state == TRIAL_DEVIATES;
		out.unclear += trial->state == TRIAL_UNCLEAR;
		out.wavered += trial->wavered;
		if (trial->state == TRIAL_DEVIATES && (!out.first || out.deviating == 1))
			out.first = trial;
		else if (trial->state == TRIAL_UNCLEAR && !out.first)
			out.first = trial;
	}
	return out;
}

static void remark(struct finding *finding, const char *text)
{
	if (text && finding->remarks_len < FINDING_REMARKS_MAX)
		finding->remarks[finding->remarks_len++] = text;
}

static const char *take_text(struct strength *strength, struct text *text)
{
	const char *out = arena_text(strength->arena, span_text(text_view(text)));
	text_release(text);
	return out;
}

/* What was answered, and the bytes that were. */
static void show(struct strength *strength, struct finding *finding, const struct series *series,
		 const struct trial *trial)
{
	char seen[DESCRIPTION_LEN];
	struct text text;
	observation_describe(seen, sizeof(seen), &trial->seen);
	text_init(&text);
	parameters_put(&text, &series->parameters, trial->row);
	text_join(&text, ": ", seen, "; asked with ");
	text_put_hex(&text, trial->form.bytes);
	remark(finding, take_text(strength, &text));
}

static void put_values(struct text *out, const struct series *series, const struct cause *cause)
{
	const struct hello_parameters *parameters = &series->parameters;
	size_t left = 0, count = 0;
	for (size_t i = 0; i < parameters->len; i++)
		left += cause->values[i] != 0;
	for (size_t i = 0; i < parameters->len; i++) {
		const struct hello_parameter *parameter = parameters->items[i];
		uint8_t value = cause->values[i];
		if (!value)
			continue;
		if (count++)
			text_put(out, left == 1 ? " and " : ", ");
		left--;
		if (value == ANY_OTHER)
			text_join(out, parameter->name, " is not ", parameter->levels[0]);
		else
			text_join(out, parameter->name, "=", parameter->levels[value]);
	}
}

static void put_causes(struct text *out, const struct series *series)
{
	for (size_t i = 0; i < series->causes_len; i++) {
		struct cause_count count = cause_count(series, &series->causes[i]);
		text_put(out, i ? "; " : ": ");
		if (count.odd < count.holding)
			text_printf(out, "in %zu of %zu when ", count.odd, count.holding);
		else
			text_put(out, "whenever ");
		put_values(out, series, &series->causes[i]);
	}
	if (series->more_causes)
		text_put(out, "; and for other reasons");
}

static const struct trial *shortest(const struct series *series)
{
	const struct trial *out = &series->trials.at[0];
	for (size_t i = 0; i < series->trials.len; i++) {
		const struct trial *trial = &series->trials.at[i];
		bool odd = trial->state == series->odd;
		if (odd && (out->state != series->odd || trial->message_len < out->message_len))
			out = trial;
	}
	return out;
}

static void show_causes(struct strength *strength, struct finding *finding,
			const struct series *series, const struct tally *tally)
{
	bool usual = series->odd == TRIAL_AS_RULED;
	const struct trial *first = tally->first;
	if (usual)
		first = &series->trials.at[0];
	else if (series->length.holds)
		first = shortest(series);
	else if (series->causes_len)
		first = &series->trials.at[series->causes[0].trial];
	show(strength, finding, series, first);
	finding->observed = first->seen;
	for (size_t i = usual ? 0 : 1; !series->length.holds && i < series->causes_len; i++)
		show(strength, finding, series, &series->trials.at[series->causes[i].trial]);
}

static void put_reason(struct text *out, const struct series *series, const struct tally *tally)
{
	text_printf(out, "%s in %zu of %zu hellos",
		    series->accepts ? "must be accepted, but is not"
				    : "must be rejected, but is accepted",
		    tally->deviating, tally->hellos);
	if (series->odd == TRIAL_AS_RULED)
		text_put(out, ", the usual one among them");
	if (series->odd == TRIAL_AS_RULED && (series->causes_len || series->length.holds))
		text_put(out, series->accepts ? "; it is accepted" : "; it is rejected");
	if (series->length.holds)
		text_printf(out, ": whenever the ClientHello is %zu to %zu bytes long",
			    series->length.from, series->length.to);
	else
		put_causes(out, series);
}

/* A mismatch with what the document only implies, or only advises, is a remark and not a failure.
 */
static void deviate(struct strength *strength, struct finding *finding, const struct series *series,
		    const struct tally *tally)
{
	bool mild = series->ruling.inferred || series->ruling.kind == RULING_SHOULD;
	struct text text;
	text_init(&text);
	put_reason(&text, series, tally);
	finding->verdict = mild ? VERDICT_PASS : VERDICT_FAIL;
	finding->reason = take_text(strength, &text);
	if (mild)
		remark(finding, series->ruling.inferred ? "differs from what the document implies"
							: "differs from what the document advises");
	show_causes(strength, finding, series, tally);
}

static const char *covered(struct strength *strength, const struct series *series, const char *done,
			   size_t hellos)
{
	unsigned t = strength->options.strength;
	size_t of = series->parameters.len;
	if (t == 1)
		return arena_printf(strength->arena,
				    "%s in all of %zu hellos: every value of %zu parameters", done,
				    hellos, of);
	return arena_printf(
		strength->arena,
		"%s in all of %zu hellos: every combination of any %u of %zu parameters", done,
		hellos, t, of);
}

static void conclude(struct strength *strength, struct finding *finding,
		     const struct series *series)
{
	struct tally tally = count(series);
	const char *done = series->accepts ? "accepted" : "rejected";
	if (tally.first)
		finding->observed = tally.first->seen;
	else
		finding->observed = series->trials.at[0].seen;
	if (tally.deviating) {
		deviate(strength, finding, series, &tally);
	} else if (tally.unclear || tally.wavered) {
		finding->verdict = VERDICT_INCONCLUSIVE;
		finding->reason = arena_printf(
			strength->arena, "%s in %zu of %zu hellos, and not always in the others",
			done, tally.hellos - tally.unclear - tally.wavered, tally.hellos);
		if (tally.unclear)
			show(strength, finding, series, tally.first);
	} else {
		finding->verdict = VERDICT_PASS;
		finding->reason = covered(strength, series, done, tally.hellos);
	}
	if (tally.wavered)
		remark(finding, arena_printf(strength->arena,
					     "%zu of them were answered otherwise when asked again",
					     tally.wavered));
}

static const char *control_text(struct strength *strength, const struct series *series)
{
	char label[CIPHER_SUITE_LABEL_MAX];
	if (!series_is_good(strength, series->control))
		return NULL;
	cipher_suite_label(label, strength->good[series->control].suite);
	return arena_printf(strength->arena, "control@%s %s", version_name(series->control), label);
}

static void judge(struct strength *strength, struct finding *finding, const struct series *series)
{
	char shape[SHAPE_LEN];
	bool asked = series->trials.len > 0;
	shape_name(shape, sizeof(shape), &strength->options.shape);
	*finding = (struct finding){
		.kind = FINDING_HELLO,
		.version = series->subject.version,
		.has_suite = asked,
		.suite = series->subject.suite,
		.expected = series->ruling,
		.shape = arena_text(strength->arena, span_text(shape)),
		.control = asked ? control_text(strength, series) : NULL,
	};
	memcpy(finding->id, series->id, sizeof(finding->id));
	finding->observed.version = VERSION_NONE;
	finding->verdict = VERDICT_INCONCLUSIVE;
	if (series->given_up) {
		finding->reason = "a control between its hellos was not accepted";
	} else if (series->phase != PHASE_DONE) {
		finding->reason = "not asked to its end";
	} else if (series->unasked) {
		finding->verdict =
			strength->reached ? VERDICT_NOT_APPLICABLE : VERDICT_INCONCLUSIVE;
		finding->reason = series->unasked;
	} else {
		conclude(strength, finding, series);
	}
}

enum fault strength_judge(struct strength *strength, struct run_result *out)
{
	size_t len = out->findings_len + strength->series.len;
	struct finding *findings = arena_array(strength->arena, len + 1, sizeof(*findings));
	if (!findings)
		return strength->arena->fault;
	if (out->findings_len)
		memcpy(findings, out->findings, out->findings_len * sizeof(*findings));
	for (size_t i = 0; i < strength->series.len; i++) {
		struct finding *finding = &findings[out->findings_len + i];
		judge(strength, finding, &strength->series.at[i]);
		out->counts[finding->verdict]++;
	}
	out->findings = findings;
	out->findings_len = len;
	out->controls += strength->controls;
	out->controls_failed += strength->controls_failed;
	out->reached = out->reached || strength->reached;
	return strength->arena->fault;
}
