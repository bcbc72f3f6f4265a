/* SPDX-License-Identifier: Apache-2.0 */
#include "live/covering.h"

#include <criterion/criterion.h>

#define ARENA_MAX  ((size_t)64 << 20)
#define LEN(array) (sizeof(array) / sizeof((array)[0]))

struct world {
	struct arena arena;
	struct covering_array array;
	struct covering_model model;
};

static void build(struct world *world, const uint8_t *levels, size_t len, unsigned strength,
		  const struct covering_exclusion *exclusions, size_t exclusions_len)
{
	arena_init(&world->arena, ARENA_MAX);
	world->model = (struct covering_model){ levels, len, exclusions, exclusions_len };
	cr_assert_eq(covering_build(&world->array, &world->model, strength, &world->arena),
		     FAULT_NONE);
	cr_assert_eq(world->array.parameters_len, len);
}

static bool holds(const uint8_t *row, const size_t *at, const uint8_t *values, unsigned strength)
{
	for (unsigned i = 0; i < strength; i++)
		if (row[at[i]] != values[i])
			return false;
	return true;
}

static bool stands_somewhere(const struct covering_array *array, const size_t *at,
			     const uint8_t *values, unsigned strength)
{
	for (size_t i = 0; i < array->rows_len; i++)
		if (holds(covering_row(array, i), at, values, strength))
			return true;
	return false;
}

static bool is_excluded(const struct covering_model *model, const size_t *at, const uint8_t *values,
			unsigned strength)
{
	for (size_t x = 0; x < model->exclusions_len; x++) {
		unsigned hits = 0;
		for (unsigned i = 0; i < strength; i++)
			for (unsigned side = 0; side < 2; side++)
				hits += at[i] == model->exclusions[x].parameters[side] &&
					values[i] == model->exclusions[x].levels[side];
		if (hits == 2)
			return true;
	}
	return false;
}

/* By brute force and by recursion: shares nothing with the builder. Returns how many are missing.
 */
static size_t missing(const struct world *world, unsigned strength, unsigned depth, size_t *at,
		      uint8_t *values)
{
	size_t out = 0;
	if (depth == strength)
		return !is_excluded(&world->model, at, values, strength) &&
		       !stands_somewhere(&world->array, at, values, strength);
	for (size_t i = depth ? at[depth - 1] + 1 : 0; i < world->model.parameters_len; i++) {
		at[depth] = i;
		for (uint8_t value = 0; value < world->model.levels[i]; value++) {
			values[depth] = value;
			out += missing(world, strength, depth + 1, at, values);
		}
	}
	return out;
}

static size_t count_missing(const struct world *world, unsigned strength)
{
	size_t at[COVERING_STRENGTH_MAX];
	uint8_t values[COVERING_STRENGTH_MAX];
	return missing(world, strength, 0, at, values);
}

/* `shape` is pairs of (how many parameters, how many values), ended by a 0. */
static size_t levels_of(uint8_t *out, const unsigned *shape)
{
	size_t len = 0;
	for (; *shape; shape += 2)
		for (unsigned i = 0; i < shape[0]; i++)
			out[len++] = (uint8_t)shape[1];
	return len;
}

/*
 * Bounds: what is published for IPOG (TCAS, 2^7 3^2 4^1 10^2: 100, 400 and 1361 rows; Lei et al.
 * 2007), a row or two more than the least that is known for the small ones (3^4: 9, 3^13: 15), and
 * what is published for IPO and its like for the larger (4^15 3^17 2^29: 34).
 */
static const struct {
	unsigned shape[9], strength;
	size_t most;
} known[] = {
	{ { 10, 2 }, 1, 2 },
	{ { 10, 2 }, 2, 10 },
	{ { 10, 2 }, 3, 24 },
	{ { 4, 3 }, 2, 10 },
	{ { 13, 3 }, 2, 21 },
	{ { 7, 2, 2, 3, 1, 4, 2, 10 }, 2, 100 },
	{ { 7, 2, 2, 3, 1, 4, 2, 10 }, 3, 400 },
	{ { 7, 2, 2, 3, 1, 4, 2, 10 }, 4, 1361 },
	{ { 1, 4, 39, 3, 20, 2 }, 2, 28 },
	{ { 15, 4, 17, 3, 29, 2 }, 2, 34 },
	{ { 5, 5 }, 4, 784 },
	{ { 3, 2, 1, 7, 1, 1 }, 2, 14 },
	{ { 2, 3 }, 3, 9 },
};

Test(covering, every_combination_stands_in_some_row_of_few)
{
	for (size_t i = 0; i < LEN(known); i++) {
		struct world world;
		uint8_t levels[COVERING_PARAMETERS_MAX];
		size_t len = levels_of(levels, known[i].shape);
		unsigned strength = known[i].strength < len ? known[i].strength : (unsigned)len;
		build(&world, levels, len, known[i].strength, NULL, 0);
		cr_expect_eq(count_missing(&world, strength), 0, "model %zu", i);
		cr_expect_leq(world.array.rows_len, known[i].most, "model %zu: %zu rows", i,
			      world.array.rows_len);
		arena_release(&world.arena);
	}
}

static const struct covering_exclusion exclusions[] = {
	{ { 0, 1 }, { 1, 1 } }, { { 0, 2 }, { 2, 1 } }, { { 5, 3 }, { 1, 2 } },
	{ { 7, 6 }, { 0, 2 } }, { { 4, 5 }, { 1, 1 } },
};

Test(covering, what_is_excluded_stands_nowhere_and_all_else_does)
{
	static const uint8_t levels[] = { 3, 2, 2, 4, 2, 2, 3, 2 };
	for (unsigned strength = 1; strength <= 4; strength++) {
		struct world world;
		build(&world, levels, LEN(levels), strength, exclusions, LEN(exclusions));
		cr_expect_eq(count_missing(&world, strength), 0, "strength %u", strength);
		for (size_t i = 0; i < world.array.rows_len; i++)
			cr_expect(covering_admits(&world.model, covering_row(&world.array, i)));
		arena_release(&world.arena);
	}
}

/* Value 1 of the first parameter fits no value of the second: nothing with it is owed, and the rest
 * is. */
Test(covering, what_no_row_could_hold_is_not_owed)
{
	static const uint8_t levels[] = { 2, 2, 3 };
	static const struct covering_exclusion none[] = { { { 0, 1 }, { 1, 0 } },
							  { { 0, 1 }, { 1, 1 } } };
	struct world world;
	build(&world, levels, LEN(levels), 2, none, LEN(none));
	cr_expect_eq(world.array.rows_len, 6);
	for (size_t i = 0; i < world.array.rows_len; i++)
		cr_expect_eq(covering_row(&world.array, i)[0], 0);
	arena_release(&world.arena);
}

Test(covering, the_same_model_gives_the_same_array)
{
	static const uint8_t levels[] = { 2, 5, 3, 3, 2, 4 };
	struct world a, b;
	build(&a, levels, LEN(levels), 3, NULL, 0);
	build(&b, levels, LEN(levels), 3, NULL, 0);
	cr_assert_eq(a.array.rows_len, b.array.rows_len);
	cr_assert_arr_eq(a.array.cells, b.array.cells, a.array.rows_len * LEN(levels));
	arena_release(&a.arena);
	arena_release(&b.arena);
}

Test(covering, an_arena_that_is_too_small_is_said)
{
	static const uint8_t levels[] = { 4, 4, 4, 4, 4, 4, 4, 4, 4, 4 };
	const struct covering_model model = { levels, LEN(levels), NULL, 0 };
	struct covering_array array;
	struct arena arena;
	arena_init(&arena, 4096);
	cr_expect_eq(covering_build(&array, &model, 3, &arena), FAULT_TOO_LARGE);
	arena_release(&arena);
}
