/* SPDX-License-Identifier: Apache-2.0 */
#include "live/strength_internal.h"

static bool is_answered(const struct trial *trial)
{
	return trial->state == TRIAL_AS_RULED || trial->state == TRIAL_DEVIATES;
}

static bool row_holds(const struct series *series, const uint8_t *row, const uint8_t *values)
{
	for (size_t i = 0; i < series->parameters.len; i++) {
		bool holds = values[i] == ANY_OTHER ? row[i] != 0 : row[i] == values[i];
		if (values[i] && !holds)
			return false;
	}
	return true;
}

static bool is_explained(const struct series *series, const uint8_t *row)
{
	for (size_t i = 0; i < series->causes_len; i++)
		if (row_holds(series, row, series->causes[i].values))
			return true;
	return false;
}

struct cause_count cause_count(const struct series *series, const struct cause *cause)
{
	struct cause_count out = { .holding = 0 };
	for (size_t i = 0; i < series->trials.len; i++) {
		const struct trial *trial = &series->trials.at[i];
		if (!is_answered(trial) || !row_holds(series, trial->row, cause->values))
			continue;
		out.holding++;
		out.odd += trial->state == series->odd;
	}
	return out;
}

static bool has_exceptions(const struct series *series, const struct cause *cause)
{
	struct cause_count count = cause_count(series, cause);
	return count.odd < count.holding;
}

/* Whether the lengths of what deviates are by themselves, with shorter or longer ones beside them.
 */
static bool lengths_part(const struct series *series, struct length_cause *out)
{
	size_t from = SIZE_MAX, to = 0, beside = 0, within = 0;
	for (size_t i = 0; i < series->trials.len; i++) {
		const struct trial *trial = &series->trials.at[i];
		if (trial->state != series->odd)
			continue;
		from = trial->message_len < from ? trial->message_len : from;
		to = trial->message_len > to ? trial->message_len : to;
	}
	for (size_t i = 0; i < series->trials.len; i++) {
		const struct trial *trial = &series->trials.at[i];
		bool inside = trial->message_len >= from && trial->message_len <= to;
		bool other = is_answered(trial) && trial->state != series->odd;
		beside += other && !inside;
		within += other && inside;
	}
	*out = (struct length_cause){ beside && !within && from < to, from, to };
	return out->holds;
}

/* Most values change the length as well: it is the cause where the values alone leave exceptions.
 */
static bool blame_length(struct series *series)
{
	struct length_cause length;
	bool exact = series->causes_len > 0;
	for (size_t i = 0; i < series->causes_len; i++)
		exact = exact && !has_exceptions(series, &series->causes[i]);
	if (exact || !lengths_part(series, &length))
		return false;
	series->length = length;
	series->phase = PHASE_DONE;
	return true;
}

static void add_cause(struct series *series, uint32_t number)
{
	struct cause *cause = &series->causes[series->causes_len++];
	*cause = (struct cause){ .trial = number };
	memcpy(cause->values, series->trials.at[number].row, series->parameters.len);
}

/* --- other values in the place of a cause's --- */

static uint32_t trial_with(struct strength *strength, struct series *series, uint32_t number,
			   size_t parameter, uint8_t level)
{
	uint8_t row[COVERING_PARAMETERS_MAX];
	memcpy(row, series->trials.at[number].row, series->parameters.len);
	row[parameter] = level;
	return covering_admits(&series->parameters.model, row) ? series_trial(strength, series, row)
							       : NO_NUMBER;
}

static void ask_wider(struct strength *strength, struct series *series, const struct cause *cause)
{
	for (size_t i = 0; i < series->parameters.len; i++) {
		for (uint8_t k = 1; cause->values[i] && k < series->parameters.levels[i]; k++) {
			uint32_t number = trial_with(strength, series, cause->trial, i, k);
			if (number != NO_NUMBER && series->trials.at[number].state == TRIAL_OPEN)
				series_batch(series, number);
		}
	}
}

/* Whether the cause's row deviates with every other value in the parameter's place but the usual
 * one. */
static bool deviates_with_all(const struct series *series, const struct cause *cause,
			      size_t parameter)
{
	size_t count = 1;
	const uint8_t *row = series->trials.at[cause->trial].row;
	for (size_t i = 0; i < series->trials.len; i++) {
		const struct trial *trial = &series->trials.at[i];
		size_t unlike = 0;
		for (size_t k = 0; k < series->parameters.len; k++)
			unlike += k != parameter && trial->row[k] != row[k];
		count += !unlike && trial->row[parameter] && trial->state == series->odd;
	}
	return count == series->parameters.levels[parameter];
}

void reduce_widened(struct series *series)
{
	struct cause *cause = &series->causes[series->widened++];
	for (size_t i = 0; i < series->parameters.len; i++)
		if (cause->values[i] && series->parameters.levels[i] > 2 &&
		    deviates_with_all(series, cause, i))
			cause->values[i] = ANY_OTHER;
	series->phase = PHASE_PICK;
}

/* --- each value by itself --- */

static void ask_singles(struct strength *strength, struct series *series)
{
	for (size_t i = 0; i < series->parameters.len; i++) {
		uint8_t single[COVERING_PARAMETERS_MAX] = { 0 };
		single[i] = series->row[i];
		if (!single[i])
			continue;
		uint32_t number = series_trial(strength, series, single);
		if (number != NO_NUMBER && series->trials.at[number].state == TRIAL_OPEN)
			series_batch(series, number);
	}
}

static uint32_t unexplained(const struct series *series)
{
	for (uint32_t i = 0; i < series->trials.len; i++) {
		const struct trial *trial = &series->trials.at[i];
		if (trial->of_array && trial->state == series->odd && !trial->wavered &&
		    !is_explained(series, trial->row))
			return i;
	}
	return NO_NUMBER;
}

void reduce_pick(struct strength *strength, struct series *series)
{
	if (series->widened < series->causes_len) {
		series->phase = PHASE_WIDEN;
		ask_wider(strength, series, &series->causes[series->widened]);
		return;
	}
	series->picked = unexplained(series);
	series->more_causes = series->picked != NO_NUMBER && series->causes_len == CAUSES_MAX;
	if (series->picked == NO_NUMBER || series->more_causes) {
		series->phase = PHASE_DONE;
		return;
	}
	memcpy(series->row, series->trials.at[series->picked].row, series->parameters.len);
	series->phase = PHASE_SINGLES;
	ask_singles(strength, series);
}

static bool is_single_of(const struct series *series, const uint8_t *row)
{
	size_t values = 0;
	for (size_t i = 0; i < series->parameters.len; i++)
		values += row[i] != 0;
	return values == 1 && row_holds(series, series->row, row);
}

void reduce_singles(struct series *series)
{
	size_t before = series->causes_len;
	for (uint32_t i = 0; i < series->trials.len; i++) {
		const struct trial *trial = &series->trials.at[i];
		if (trial->state != series->odd || !is_single_of(series, trial->row) ||
		    is_explained(series, trial->row))
			continue;
		series->more_causes = series->causes_len == CAUSES_MAX;
		if (!series->more_causes)
			add_cause(series, i);
	}
	series->reduced = 0;
	series->tried = NO_NUMBER;
	series->phase = series->causes_len > before ? PHASE_PICK : PHASE_REDUCE;
	blame_length(series);
}

/* --- one value less after the other --- */

static void take_tried(struct series *series)
{
	const struct trial *trial;
	if (series->tried == NO_NUMBER)
		return;
	trial = &series->trials.at[series->tried];
	if (trial->state == series->odd)
		memcpy(series->row, trial->row, series->parameters.len);
	series->tried = NO_NUMBER;
}

/* Two values that may not stand together are both unusual, so that every row that has one value
 * less is a row. */
void reduce_row(struct strength *strength, struct series *series)
{
	take_tried(series);
	while (series->reduced < series->parameters.len) {
		size_t i = series->reduced++;
		uint8_t fewer[COVERING_PARAMETERS_MAX];
		if (!series->row[i])
			continue;
		memcpy(fewer, series->row, series->parameters.len);
		fewer[i] = 0;
		series->tried = series_trial(strength, series, fewer);
		if (series->tried == NO_NUMBER)
			return;
		if (series->trials.at[series->tried].state == TRIAL_OPEN) {
			strength_ask(strength, ASK_FOR_TRIAL, series, series->tried);
			return;
		}
		take_tried(series);
	}
	series->tried = series_trial(strength, series, series->row);
	series->phase = PHASE_CONFIRM;
	if (series->tried != NO_NUMBER)
		series_batch(series, series->tried);
}

void reduce_confirmed(struct series *series)
{
	struct trial *trial = &series->trials.at[series->tried];
	series->phase = PHASE_PICK;
	if (trial->state == series->odd)
		add_cause(series, series->tried);
	else
		series->trials.at[series->picked].wavered = true;
}
