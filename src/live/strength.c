/* SPDX-License-Identifier: Apache-2.0 */
#include "live/strength_internal.h"

#include <assert.h>

#define FEW 4

struct strength *strength_new(struct arena *arena, const struct settings *settings,
			      const struct strength_options *options)
{
	assert(options->strength && options->strength <= STRENGTH_MAX);
	struct strength *strength = arena_alloc(arena, sizeof(*strength));
	if (!strength)
		return NULL;
	strength->arena = arena;
	strength->settings = *settings;
	strength->options = *options;
	strength->bare.bare = true;
	return strength_plan(strength) ? strength : NULL;
}

void strength_ask(struct strength *strength, enum ask_kind kind, const struct series *series,
		  uint32_t trial)
{
	struct ask *ask = LIST_ADD(strength, strength->asks);
	if (!ask)
		return;
	*ask = (struct ask){ .kind = kind, .trial = trial };
	if (series)
		ask->series = (uint32_t)(series - strength->series.at);
}

bool series_is_good(const struct strength *strength, enum version version)
{
	return version < VERSIONS_LEN && strength->good[version].outcome == OUTCOME_SERVER_HELLO;
}

/*
 * One hello with all that the policy admits in a version shows which suite is taken there. Where it
 * is turned down, one without extensions may be taken: then something in the usual hello is to
 * blame, which the rows find out.
 */
static void ask_for_goods(struct strength *strength)
{
	bool bare = strength->rounds > 0;
	uint32_t suites[PROBE_SUITES_MAX];
	for (enum version version = TLS1_0; version <= TLS1_3; version++) {
		if (series_is_good(strength, version) || (bare && version == TLS1_3) ||
		    !plan_admitted(&strength->settings, version, suites, PROBE_SUITES_MAX))
			continue;
		strength->good_is_bare[version] = bare;
		strength_ask(strength, ASK_FOR_GOOD, NULL, 0);
		if (strength->arena->fault == FAULT_NONE)
			strength->asks.at[strength->asks.len - 1].version = version;
	}
}

static bool advance(struct strength *strength)
{
	size_t before = strength->asks.len;
	if (strength->arena->fault != FAULT_NONE)
		return false;
	while (strength->rounds < 2 && strength->series.len && strength->asks.len == before) {
		ask_for_goods(strength);
		strength->rounds++;
	}
	if (strength->asks.len > before)
		return true;
	for (; strength->series_at < strength->series.len; strength->series_at++) {
		if (series_advance(strength, &strength->series.at[strength->series_at]))
			return true;
		if (strength->arena->fault != FAULT_NONE)
			return false;
	}
	return false;
}

static void offer(struct probe *out, const struct strength *strength, const struct ask *ask)
{
	const struct series *series = &strength->series.at[ask->series];
	switch (ask->kind) {
	case ASK_FOR_GOOD:
		out->version = ask->version;
		out->purpose = PURPOSE_CONTROL;
		if (strength->good_is_bare[ask->version])
			out->shape = &strength->bare;
		out->suites_len = plan_admitted(&strength->settings, ask->version, out->suites,
						SUITE_SET_MAX);
		return;
	case ASK_FOR_OTHERS:
		out->version = series->subject.version;
		out->purpose = PURPOSE_GROUP;
		for (size_t i = 0; i < series->candidates_len && i < PARAMETER_OTHERS_MAX; i++)
			out->suites[out->suites_len++] = series->candidates[i];
		return;
	case ASK_FOR_CONTROL:
		out->version = series->control;
		if (strength->good_is_bare[series->control])
			out->shape = &strength->bare;
		out->purpose = PURPOSE_CONTROL;
		out->patient = true;
		out->suites[out->suites_len++] = strength->good[series->control].suite;
		return;
	case ASK_FOR_TRIAL:
		out->kind = PROBE_RAW;
		out->version = series->subject.version;
		out->purpose = PURPOSE_GENERATED;
		out->suites[out->suites_len++] = series->subject.suite;
		return;
	}
}

static enum fault encode(struct strength *strength, const struct ask *ask, struct probe *out)
{
	struct series *series = &strength->series.at[ask->series];
	struct trial *trial = &series->trials.at[ask->trial];
	enum fault fault = parameters_build(&trial->form, &series->parameters, trial->row,
					    &series->subject, out->id, strength->arena);
	trial->message_len = trial->form.message.len;
	out->raw = (struct raw_bytes){
		.bytes = trial->form.bytes,
		.hello = trial->form.message,
		.cut = trial->form.cut,
	};
	return fault;
}

/* What deviated among many is asked again among few: silence may have been the crowd's. */
static bool is_crowded(const struct strength *strength)
{
	const struct ask *ask = &strength->asks.at[strength->asks_at];
	return ask->kind == ASK_FOR_TRIAL && strength->outstanding >= FEW &&
	       strength->series.at[ask->series].phase > PHASE_ROWS;
}

enum prover_step strength_next(struct strength *strength, struct probe *out)
{
	if (strength->asks_at < strength->asks.len && is_crowded(strength))
		return PROVER_WAIT;
	if (strength->asks_at == strength->asks.len) {
		if (strength->outstanding)
			return PROVER_WAIT;
		if (!advance(strength))
			return PROVER_DONE;
	}
	uint32_t number = (uint32_t)strength->asks_at++;
	const struct ask *ask = &strength->asks.at[number];
	*out = (struct probe){
		.id = number + 1,
		.kind = PROBE_HELLO,
		.shape = &strength->options.shape,
		.upgrade = strength->options.upgrade,
		.user = strength->options.user,
		.database = strength->options.database,
		.depth = DEPTH_HELLO,
		.seed = strength->options.seed,
		.question = number,
	};
	offer(out, strength, ask);
	/* A hello that no room is left for ends the run; the arena says so. */
	if (out->kind == PROBE_RAW && encode(strength, ask, out) != FAULT_NONE) {
		strength->asks_at = strength->asks.len;
		return strength->outstanding ? PROVER_WAIT : PROVER_DONE;
	}
	strength->outstanding++;
	return PROVER_PROBE;
}

static void take_control(struct strength *strength, struct series *series,
			 const struct observation *seen)
{
	series->control_holds = seen->outcome == OUTCOME_SERVER_HELLO &&
				seen->version == series->control && !seen->broken;
	strength->controls++;
	strength->controls_failed += !series->control_holds;
}

void strength_deliver(struct strength *strength, const struct probe *probe,
		      const struct observation *observation)
{
	const struct ask *ask = &strength->asks.at[probe->question];
	struct series *series = &strength->series.at[ask->series];
	strength->outstanding--;
	strength->answered++;
	strength->reached = strength->reached || observation_is_answer(observation);
	switch (ask->kind) {
	case ASK_FOR_GOOD:
		if (observation->version == ask->version && !observation->broken)
			strength->good[ask->version] = *observation;
		return;
	case ASK_FOR_OTHERS:
		series->others_seen = *observation;
		return;
	case ASK_FOR_CONTROL:
		take_control(strength, series, observation);
		return;
	case ASK_FOR_TRIAL:
		series_take(series, &series->trials.at[ask->trial], observation);
		return;
	}
}

/* The control behind it came in time: then the batch stands. */
static bool is_closed(const struct strength *strength, const struct series *series)
{
	return series->step == BATCH_CLOSING && series->control_holds && !strength->outstanding &&
	       strength->asks_at == strength->asks.len;
}

void strength_interrupted(struct strength *strength)
{
	if (strength->series_at == strength->series.len)
		return;
	struct series *series = &strength->series.at[strength->series_at];
	if (strength->series_at == 0 && series->phase == PHASE_OTHERS)
		strength->rounds = 0;
	if (series->step == BATCH_NONE || is_closed(strength, series))
		return;
	series->broken_off = true;
	strength->asks.len = strength->asks_at;
}

void strength_progress(const struct strength *strength, size_t *answered, size_t *planned)
{
	*answered = strength->answered;
	*planned = strength->asks.len;
}

void strength_tell(const struct strength *strength, const struct probe *probe, struct text *out)
{
	const struct ask *ask = &strength->asks.at[probe->question];
	const struct series *series = &strength->series.at[ask->series];
	switch (ask->kind) {
	case ASK_FOR_GOOD:
		text_put(out, "a suite that is taken");
		return;
	case ASK_FOR_OTHERS:
		text_join(out, series->id, ": suites that are turned down");
		return;
	case ASK_FOR_CONTROL:
		text_join(out, series->id, ": control");
		return;
	case ASK_FOR_TRIAL:
		text_join(out, series->id, ": ");
		parameters_put(out, &series->parameters, series->trials.at[ask->trial].row);
		return;
	}
}
