/* covering.h - arrays of rows in which every combination of any few parameters stands somewhere. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LIVE_COVERING_H
#define LIVE_COVERING_H

#include "base/arena.h"

#define COVERING_PARAMETERS_MAX 64
#define COVERING_LEVELS_MAX	16
#define COVERING_STRENGTH_MAX	4

/* Two values of different parameters that no row may hold together. */
struct covering_exclusion {
	uint8_t parameters[2], levels[2];
};

/* `levels` says how many values each parameter has, from 1; a value counts from 0. */
struct covering_model {
	const uint8_t *levels;
	size_t parameters_len;
	const struct covering_exclusion *exclusions;
	size_t exclusions_len;
};

/* Rows of one value a parameter, one row after the other. */
struct covering_array {
	uint8_t *cells;
	size_t rows_len, parameters_len;
};

/*
 * covering_build makes an array of the strength t, at most COVERING_STRENGTH_MAX, by IPOG (Lei,
 * Kacker, Kuhn, Okun, Lawrence: "IPOG: A General Strategy for T-Way Software Testing", 2007): every
 * combination of values of any t parameters stands in some row, but for those that no row could
 * hold. The same model gives the same array. What a combination leaves open is a parameter's first
 * value wherever it may be. Faults: NO_MEMORY, TOO_LARGE of the arena.
 */
MUST_USE enum fault covering_build(struct covering_array *out, const struct covering_model *model,
				   unsigned strength, struct arena *arena);

/* covering_row views row `i`: `parameters_len` values. */
const uint8_t *covering_row(const struct covering_array *array, size_t i);

/* covering_admits says whether a row holds no excluded pair. */
bool covering_admits(const struct covering_model *model, const uint8_t *row);

#endif
