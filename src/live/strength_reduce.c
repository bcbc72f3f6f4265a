/* SPDX-License-Identifier: Apache-2.0 */
#include "live/strength_internal.h"

bool row_holds(const struct series *series, const uint8_t *row, const uint8_t *cause)
{
	for (size_t i = 0; i < series->parameters.len; i++)
		if (cause[i] && row[i] != cause[i])
			return false;
	return true;
}

static bool is_explained(const struct series *series, const struct trial *trial)
{
	for (size_t i = 0; i < series->causes_len; i++)
		if (row_holds(series, trial->row, series->trials.at[series->causes[i].trial].row))
			return true;
	return false;
}

bool cause_has_exceptions(const struct series *series, const struct cause *cause)
{
	const uint8_t *row = series->trials.at[cause->trial].row;
	for (size_t i = 0; i < series->trials.len; i++) {
		const struct trial *trial = &series->trials.at[i];
		if (trial->state == TRIAL_AS_RULED && row_holds(series, trial->row, row))
			return true;
	}
	return false;
}

/* Whether the lengths of what deviates are by themselves, with shorter or longer ones beside them.
 */
static bool lengths_part(const struct series *series, struct length_cause *out)
{
	size_t from = SIZE_MAX, to = 0, beside = 0, within = 0;
	for (size_t i = 0; i < series->trials.len; i++) {
		const struct trial *trial = &series->trials.at[i];
		if (trial->state != TRIAL_DEVIATES)
			continue;
		from = trial->message_len < from ? trial->message_len : from;
		to = trial->message_len > to ? trial->message_len : to;
	}
	for (size_t i = 0; i < series->trials.len; i++) {
		const struct trial *trial = &series->trials.at[i];
		bool inside = trial->message_len >= from && trial->message_len <= to;
		beside += trial->state == TRIAL_AS_RULED && !inside;
		within += trial->state == TRIAL_AS_RULED && inside;
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
		exact = exact && !cause_has_exceptions(series, &series->causes[i]);
	if (exact || !lengths_part(series, &length))
		return false;
	series->length = length;
	series->phase = PHASE_DONE;
	return true;
}

static void add_cause(struct series *series, uint32_t number)
{
	struct cause *cause = &series->causes[series->causes_len++];
	const uint8_t *row = series->trials.at[number].row;
	*cause = (struct cause){ .trial = number };
	for (size_t i = 0; i < series->trials.len; i++) {
		const struct trial *trial = &series->trials.at[i];
		if (!trial->of_array || !row_holds(series, trial->row, row))
			continue;
		cause->holding++;
		cause->deviating += trial->state == TRIAL_DEVIATES;
	}
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

void reduce_pick(struct strength *strength, struct series *series)
{
	series->picked = NO_NUMBER;
	for (uint32_t i = 0; i < series->trials.len && series->picked == NO_NUMBER; i++) {
		const struct trial *trial = &series->trials.at[i];
		if (trial->of_array && trial->state == TRIAL_DEVIATES && !trial->wavered &&
		    !is_explained(series, trial))
			series->picked = i;
	}
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
		if (trial->state != TRIAL_DEVIATES || !is_single_of(series, trial->row))
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
	if (trial->state == TRIAL_DEVIATES)
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
	if (trial->state == TRIAL_DEVIATES)
		add_cause(series, series->tried);
	else
		series->trials.at[series->picked].wavered = true;
}
