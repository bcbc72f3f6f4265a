/* SPDX-License-Identifier: Apache-2.0 */
#include "live/strength_internal.h"

/* --- answers --- */

static bool is_taken(const struct observation *seen)
{
	return seen->outcome == OUTCOME_SERVER_HELLO ||
	       seen->outcome == OUTCOME_HELLO_RETRY_REQUEST;
}

static bool is_word(const struct observation *seen)
{
	return observation_is_answer(seen) && seen->outcome != OUTCOME_CLOSE &&
	       seen->outcome != OUTCOME_RESET;
}

/* A hello that meets silence while the controls beside it are answered is not accepted; nor is it
 * rejected. */
static enum trial_state state_of(const struct series *series, const struct observation *seen)
{
	bool unsaid = seen->overload || seen->outcome == OUTCOME_NONE ||
		      seen->outcome == OUTCOME_UNREACHABLE || seen->layer == LAYER_PLAINTEXT;
	if (series->accepts) {
		bool taken = is_taken(seen) && seen->version == series->subject.version &&
			     seen->suite == series->subject.suite && !seen->broken;
		return unsaid ? TRIAL_UNCLEAR : taken ? TRIAL_AS_RULED : TRIAL_DEVIATES;
	}
	if (is_taken(seen))
		return TRIAL_DEVIATES;
	return observation_is_rejection(seen) ? TRIAL_AS_RULED : TRIAL_UNCLEAR;
}

void series_take(struct series *series, struct trial *trial, const struct observation *seen)
{
	enum trial_state state = state_of(series, seen);
	/* A close or silence among many connections is no word that could be taken back. */
	if (trial->state == TRIAL_DEVIATES && state != TRIAL_DEVIATES)
		trial->wavered = trial->wavered || is_word(&trial->seen);
	trial->state = state;
	trial->seen = *seen;
}

/* --- trials --- */

uint32_t series_trial(struct strength *strength, struct series *series, const uint8_t *row)
{
	size_t width = series->parameters.len;
	for (uint32_t i = 0; i < series->trials.len; i++)
		if (memcmp(series->trials.at[i].row, row, width) == 0)
			return i;
	struct trial *trial = LIST_ADD(series, series->trials);
	struct span copy = arena_copy(strength->arena, span_of(row, width));
	if (!trial || !copy.at)
		return NO_NUMBER;
	trial->row = copy.at;
	return (uint32_t)(series->trials.len - 1);
}

void series_batch(struct series *series, uint32_t trial)
{
	uint32_t *slot = LIST_ADD(series, series->batch);
	if (slot)
		*slot = trial;
}

static void batch_begin(struct series *series)
{
	for (size_t i = 0; i < series->batch.len; i++) {
		struct trial *trial = &series->trials.at[series->batch.at[i]];
		trial->before = trial->state;
	}
}

/* What was answered while a control failed was never answered. */
static void batch_undo(struct series *series)
{
	for (size_t i = 0; i < series->batch.len; i++) {
		struct trial *trial = &series->trials.at[series->batch.at[i]];
		trial->state = trial->before;
		trial->wavered = false;
	}
}

static void batch_open(struct strength *strength, struct series *series)
{
	if (series->step == BATCH_NONE)
		batch_begin(series);
	else
		batch_undo(series);
	series->step = BATCH_OPENING;
	strength_ask(strength, ASK_FOR_CONTROL, series, 0);
}

/* A batch stands between two controls that hold; one that does not is asked all over again. */
static void batch_advance(struct strength *strength, struct series *series)
{
	bool failed = series->step == BATCH_OPENING || series->step == BATCH_CLOSING;
	failed = failed && !series->control_holds;
	if (series->broken_off) {
		series->broken_off = false;
		batch_open(strength, series);
	} else if (failed && ++series->batch_tries == TRIES_MAX) {
		batch_undo(series);
		series->given_up = true;
		series->phase = PHASE_DONE;
	} else if (failed || series->step == BATCH_NONE) {
		batch_open(strength, series);
	} else if (series->step == BATCH_OPENING) {
		series->step = BATCH_ASKING;
		for (size_t i = 0; i < series->batch.len; i++)
			strength_ask(strength, ASK_FOR_TRIAL, series, series->batch.at[i]);
	} else if (series->step == BATCH_ASKING) {
		series->step = BATCH_CLOSING;
		strength_ask(strength, ASK_FOR_CONTROL, series, 0);
	} else {
		series->batch.len = 0;
		series->step = BATCH_NONE;
		series->batch_tries = 0;
	}
}

/* --- phases --- */

static void end(struct series *series, const char *why)
{
	series->unasked = why;
	series->phase = PHASE_DONE;
}

/* A control of the same version says the most. */
static enum version control_version(const struct strength *strength, enum version version)
{
	static const enum version order[] = { TLS1_2, TLS1_3, TLS1_1, TLS1_0 };
	if (series_is_good(strength, version))
		return version;
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		if (series_is_good(strength, order[i]))
			return order[i];
	return VERSION_NONE;
}

static void begin(struct strength *strength, struct series *series)
{
	enum version version = series->subject.version;
	series->control = control_version(strength, version);
	if (series->accepts && !series_is_good(strength, version)) {
		end(series, "the endpoint takes no suite of this version that the policy admits");
		return;
	}
	if (series->control == VERSION_NONE) {
		end(series, "no hello is accepted that could be a control");
		return;
	}
	if (series->accepts)
		series->subject.suite = strength->good[version].suite;
	series->phase = PHASE_OTHERS_ASKED;
	if (series->candidates_len)
		strength_ask(strength, ASK_FOR_OTHERS, series, 0);
	else
		series->others_seen.outcome = OUTCOME_CLOSE; /* there are none */
}

static void array_make(struct strength *strength, struct series *series)
{
	struct covering_array array;
	uint8_t usual[COVERING_PARAMETERS_MAX] = { 0 };
	parameters_init(&series->parameters, &series->subject);
	if (covering_build(&array, &series->parameters.model, strength->options.strength,
			   strength->arena) != FAULT_NONE)
		return;
	series_trial(strength, series, usual);
	for (size_t i = 0; i < array.rows_len; i++)
		series_trial(strength, series, covering_row(&array, i));
	for (uint32_t i = 0; i < series->trials.len; i++) {
		series->trials.at[i].of_array = true;
		series_batch(series, i);
	}
	series->phase = PHASE_ROWS;
}

static void drop_candidate(struct series *series, uint16_t suite)
{
	size_t len = 0;
	for (size_t i = 0; i < series->candidates_len; i++)
		if (series->candidates[i] != suite)
			series->candidates[len++] = series->candidates[i];
	/* An answer that was not offered would go on forever. */
	series->candidates_len = len < series->candidates_len ? len : 0;
}

/* Those that the endpoint turns down are the others; of a rejected hello the first is the subject.
 */
static void take_others(struct strength *strength, struct series *series)
{
	const struct observation *seen = &series->others_seen;
	if (is_taken(seen))
		drop_candidate(series, seen->suite);
	bool again = is_taken(seen) || !observation_is_rejection(seen);
	if (again && series->candidates_len && ++series->tries < OTHERS_TRIES_MAX) {
		strength_ask(strength, ASK_FOR_OTHERS, series, 0);
		return;
	}
	size_t len = again ? 0 : series->candidates_len, from = series->accepts ? 0 : 1;
	if (!series->accepts && !len) {
		end(series, "the endpoint rejects nothing of it even in its usual form");
		return;
	}
	if (!series->accepts)
		series->subject.suite = series->candidates[0];
	for (size_t i = from; i < len && i < PARAMETER_OTHERS_MAX; i++)
		series->subject.others[series->subject.others_len++] = series->candidates[i];
	array_make(strength, series);
}

static void take_rows(struct series *series)
{
	series->phase = PHASE_AGAIN;
	for (uint32_t i = 0; i < series->trials.len; i++)
		if (series->trials.at[i].state != TRIAL_AS_RULED)
			series_batch(series, i);
}

/* Where the usual row itself deviates, it is asked why others do not. */
static void take_again(struct series *series)
{
	bool usual = series->trials.at[0].state == TRIAL_DEVIATES;
	series->odd = usual ? TRIAL_AS_RULED : TRIAL_DEVIATES;
	series->phase = PHASE_PICK;
}

static void step(struct strength *strength, struct series *series)
{
	switch (series->phase) {
	case PHASE_OTHERS:
		begin(strength, series);
		return;
	case PHASE_OTHERS_ASKED:
		take_others(strength, series);
		return;
	case PHASE_ROWS:
		take_rows(series);
		return;
	case PHASE_AGAIN:
		take_again(series);
		return;
	case PHASE_PICK:
		reduce_pick(strength, series);
		return;
	case PHASE_SINGLES:
		reduce_singles(series);
		return;
	case PHASE_REDUCE:
		reduce_row(strength, series);
		return;
	case PHASE_CONFIRM:
		reduce_confirmed(series);
		return;
	case PHASE_WIDEN:
		reduce_widened(series);
		return;
	case PHASE_DONE:
		return;
	}
}

bool series_advance(struct strength *strength, struct series *series)
{
	size_t before = strength->asks.len;
	while (series->phase != PHASE_DONE && strength->arena->fault == FAULT_NONE) {
		bool batching = series->batch.len || series->step != BATCH_NONE;
		if (!batching)
			step(strength, series);
		else
			batch_advance(strength, series);
		if (strength->asks.len > before)
			return true;
	}
	return false;
}
