/* SPDX-License-Identifier: Apache-2.0 */
#include "live/covering.h"

#include <assert.h>

/* A value that nobody has chosen yet. */
#define OPEN UINT8_MAX

/* The columns that stand with the new one in a combination, and where their bits begin. */
struct group {
	uint8_t columns[COVERING_STRENGTH_MAX];
	size_t first;
};

/*
 * The array grows by a column at a time, those with the most values first: `order` names the
 * parameter of each column. `owed` has a bit for every combination that the newest column takes
 * part in and that no row holds yet; the bits of a group's combination follow its columns' values,
 * the newest column's last.
 */
struct builder_state {
	const struct covering_model *model;
	struct arena *arena;
	unsigned strength;
	bool even;
	uint8_t order[COVERING_PARAMETERS_MAX];
	uint8_t *cells;
	size_t rows_len, rows_cap;
	size_t column;
	struct group *groups;
	size_t groups_len;
	uint8_t *owed;
	size_t owed_len, owed_left;
};

static uint8_t *row_at(const struct builder_state *state, size_t i)
{
	return state->cells + i * state->model->parameters_len;
}

static uint8_t levels_of(const struct builder_state *state, size_t column)
{
	return state->model->levels[state->order[column]];
}

static bool is_apart(const struct covering_model *model, const uint8_t *row, size_t parameter)
{
	for (size_t i = 0; i < model->exclusions_len; i++) {
		const struct covering_exclusion *out = &model->exclusions[i];
		if (out->parameters[0] != parameter && out->parameters[1] != parameter)
			continue;
		if (row[out->parameters[0]] == out->levels[0] &&
		    row[out->parameters[1]] == out->levels[1])
			return false;
	}
	return true;
}

bool covering_admits(const struct covering_model *model, const uint8_t *row)
{
	for (size_t i = 0; i < model->parameters_len; i++)
		if (!is_apart(model, row, i))
			return false;
	return true;
}

/* Fills what is open so that nothing excluded stands together, the first values first; false when
 * that cannot be. Depth-first, without a stack of calls: `open` lists what was chosen here. */
static bool complete(const struct covering_model *model, uint8_t *row)
{
	uint8_t open[COVERING_PARAMETERS_MAX];
	size_t len = 0, at = 0;
	if (!covering_admits(model, row))
		return false;
	for (size_t i = 0; i < model->parameters_len; i++)
		if (row[i] == OPEN)
			open[len++] = (uint8_t)i;
	while (at < len) {
		uint8_t parameter = open[at];
		do
			row[parameter]++; /* OPEN + 1 is 0 */
		while (row[parameter] < model->levels[parameter] &&
		       !is_apart(model, row, parameter));
		if (row[parameter] < model->levels[parameter]) {
			at++;
			continue;
		}
		row[parameter] = OPEN;
		if (!at--)
			return false;
	}
	return true;
}

/* Every row that is kept can be completed; so some value fits wherever one is open. */
static bool is_possible(const struct covering_model *model, const uint8_t *row)
{
	uint8_t copy[COVERING_PARAMETERS_MAX];
	if (!model->exclusions_len)
		return true;
	memcpy(copy, row, model->parameters_len);
	return complete(model, copy);
}

static uint8_t *row_add(struct builder_state *state)
{
	size_t width = state->model->parameters_len;
	uint8_t *grown =
		arena_grow(state->arena, state->cells, state->rows_len, &state->rows_cap, width);
	if (!grown)
		return NULL;
	state->cells = grown;
	uint8_t *row = row_at(state, state->rows_len++);
	memset(row, OPEN, width);
	return row;
}

/* Where the combination of this row in the group has its bit; false where the row leaves one of the
 * group's columns open. The newest column's value is added by the caller. */
static bool bit_of(const struct builder_state *state, const struct group *group, const uint8_t *row,
		   size_t *out)
{
	size_t index = 0;
	for (unsigned i = 0; i + 1 < state->strength; i++) {
		uint8_t column = group->columns[i], value = row[state->order[column]];
		if (value == OPEN)
			return false;
		index = index * levels_of(state, column) + value;
	}
	*out = group->first + index * levels_of(state, state->column);
	return true;
}

static size_t gain_of(const struct builder_state *state, const uint8_t *row, uint8_t value)
{
	size_t gain = 0, bit;
	for (size_t i = 0; i < state->groups_len; i++)
		if (bit_of(state, &state->groups[i], row, &bit))
			gain += state->owed[bit + value];
	return gain;
}

static void strike_out(struct builder_state *state, const uint8_t *row)
{
	size_t bit;
	uint8_t value = row[state->order[state->column]];
	for (size_t i = 0; value != OPEN && i < state->groups_len; i++) {
		if (!bit_of(state, &state->groups[i], row, &bit) || !state->owed[bit + value])
			continue;
		state->owed[bit + value] = 0;
		state->owed_left--;
	}
}

/* A row gets the value that holds the most of what is owed, and none where it would hold nothing:
 * an open value is of use later. Of equals the first, or else the one that stands in the fewest
 * rows. */
static void grow_row(struct builder_state *state, uint8_t *row, size_t used[])
{
	uint8_t parameter = state->order[state->column], best = OPEN;
	size_t most = 0;
	for (uint8_t value = 0; value < levels_of(state, state->column); value++) {
		size_t gain = gain_of(state, row, value);
		bool rarer = best != OPEN && state->even && used[value] < used[best];
		if (!gain || gain < most || (gain == most && !rarer))
			continue;
		row[parameter] = value;
		if (is_possible(state->model, row)) {
			best = value;
			most = gain;
		}
	}
	row[parameter] = best;
	if (best == OPEN)
		return;
	used[best]++;
	strike_out(state, row);
}

static void grow_across(struct builder_state *state)
{
	size_t used[COVERING_LEVELS_MAX] = { 0 };
	for (size_t i = 0; i < state->rows_len && state->owed_left; i++)
		grow_row(state, row_at(state, i), used);
}

/* The values of the combination whose bit is `bit`, as a row that leaves all else open. */
static void combination_at(const struct builder_state *state, const struct group *group, size_t bit,
			   uint8_t row[COVERING_PARAMETERS_MAX])
{
	size_t index = bit - group->first;
	memset(row, OPEN, COVERING_PARAMETERS_MAX);
	row[state->order[state->column]] = (uint8_t)(index % levels_of(state, state->column));
	index /= levels_of(state, state->column);
	for (unsigned i = state->strength - 1; i-- > 0;) {
		uint8_t column = group->columns[i];
		row[state->order[column]] = (uint8_t)(index % levels_of(state, column));
		index /= levels_of(state, column);
	}
}

static bool row_takes(const struct builder_state *state, uint8_t *row, const uint8_t *values)
{
	uint8_t merged[COVERING_PARAMETERS_MAX];
	for (size_t i = 0; i < state->model->parameters_len; i++) {
		if (values[i] != OPEN && row[i] != OPEN && row[i] != values[i])
			return false;
		merged[i] = values[i] != OPEN ? values[i] : row[i];
	}
	if (!is_possible(state->model, merged))
		return false;
	memcpy(row, merged, state->model->parameters_len);
	return true;
}

/* What is still owed goes where values are open, and into new rows. */
static void grow_down(struct builder_state *state)
{
	uint8_t values[COVERING_PARAMETERS_MAX];
	const struct group *group = state->groups;
	for (size_t bit = 0; bit < state->owed_len && state->owed_left; bit++) {
		while (group + 1 < state->groups + state->groups_len && group[1].first <= bit)
			group++;
		if (!state->owed[bit])
			continue;
		combination_at(state, group, bit, values);
		uint8_t *row = NULL;
		for (size_t i = 0; !row && i < state->rows_len; i++)
			if (row_takes(state, row_at(state, i), values))
				row = row_at(state, i);
		if (!row)
			row = row_add(state);
		if (!row)
			return;
		row_takes(state, row, values);
		strike_out(state, row);
	}
}

/* The next choice of `len` from the columns below `limit`, in lexical order. */
static bool choice_next(uint8_t columns[], unsigned len, size_t limit)
{
	for (unsigned i = len; i-- > 0;) {
		if (columns[i] + (len - i) >= limit)
			continue;
		columns[i]++;
		for (unsigned k = i + 1; k < len && k < COVERING_STRENGTH_MAX; k++)
			columns[k] = (uint8_t)(columns[k - 1] + 1);
		return true;
	}
	return false;
}

static size_t choices(size_t from, unsigned len)
{
	size_t out = 1;
	for (unsigned i = 0; i < len; i++)
		out = out * (from - i) / (i + 1);
	return out;
}

static void groups_make(struct builder_state *state)
{
	unsigned others = state->strength - 1;
	uint8_t columns[COVERING_STRENGTH_MAX] = { 0, 1, 2, 3 };
	state->groups_len = 0;
	state->owed_len = 0;
	do {
		struct group *group = &state->groups[state->groups_len++];
		size_t bits = levels_of(state, state->column);
		memcpy(group->columns, columns, sizeof(columns));
		group->first = state->owed_len;
		for (unsigned i = 0; i < others; i++)
			bits *= levels_of(state, columns[i]);
		state->owed_len += bits;
	} while (choice_next(columns, others, state->column));
}

/* What the newest column owes: all its combinations that some row could hold. */
static bool owe(struct builder_state *state)
{
	uint8_t values[COVERING_PARAMETERS_MAX];
	state->groups = arena_array(state->arena, choices(state->column, state->strength - 1),
				    sizeof(*state->groups));
	if (!state->groups)
		return false;
	groups_make(state);
	state->owed = arena_alloc(state->arena, state->owed_len);
	if (!state->owed)
		return false;
	state->owed_left = 0;
	const struct group *group = state->groups;
	for (size_t bit = 0; bit < state->owed_len; bit++) {
		while (group + 1 < state->groups + state->groups_len && group[1].first <= bit)
			group++;
		combination_at(state, group, bit, values);
		state->owed[bit] = is_possible(state->model, values);
		state->owed_left += state->owed[bit];
	}
	return true;
}

static void order_columns(struct builder_state *state)
{
	for (size_t i = 0; i < state->model->parameters_len; i++) {
		size_t at = i;
		for (; at && state->model->levels[state->order[at - 1]] < state->model->levels[i];
		     at--)
			state->order[at] = state->order[at - 1];
		state->order[at] = (uint8_t)i;
	}
}

/* The first columns owe every combination of theirs, which is what growing down does. */
static void build(struct builder_state *state)
{
	size_t width = state->model->parameters_len;
	order_columns(state);
	for (state->column = state->strength - 1; state->column < width; state->column++) {
		if (!owe(state))
			return;
		grow_across(state);
		grow_down(state);
	}
	for (size_t i = 0; i < state->rows_len; i++) {
		bool possible = complete(state->model, row_at(state, i));
		assert(possible);
		(void)possible;
	}
}

enum fault covering_build(struct covering_array *out, const struct covering_model *model,
			  unsigned strength, struct arena *arena)
{
	size_t width = model->parameters_len;
	assert(width && width <= COVERING_PARAMETERS_MAX);
	assert(strength && strength <= COVERING_STRENGTH_MAX);
	struct builder_state states[2] = { { .model = model, .arena = arena } };
	states[0].strength = strength < width ? strength : (unsigned)width;
	states[1] = states[0];
	states[1].even = true;
	/* Now the one way of choosing among equals makes fewer rows, now the other. */
	for (size_t i = 0; i < 2; i++)
		build(&states[i]);
	const struct builder_state *best = &states[states[1].rows_len < states[0].rows_len];
	*out = (struct covering_array){ best->cells, best->rows_len, width };
	return arena->fault;
}

const uint8_t *covering_row(const struct covering_array *array, size_t i)
{
	return array->cells + i * array->parameters_len;
}
