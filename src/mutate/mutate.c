/* SPDX-License-Identifier: Apache-2.0 */
#include "mutate/mutate.h"

#include <assert.h>

#include "mutate/operation.h"

#define AT_ONCE_MAX    6
#define SKIPPED_ONE_IN 6
#define TRIES_MAX      24

/* One line of the table. */
struct operation {
	const char *name, *text;
	operation_apply *apply;
	unsigned level, weight;
};

static const struct operation operations[] = {
#define X(name, word, level, weight, text) { word, text, operation_##name, MUTATE_##level, weight },
	OPERATION_LIST(X)
#undef X
};
_Static_assert(OPERATIONS_LEN <= MUTATE_OPERATIONS_MAX, "one counter each");

const char *mutate_operation_name(size_t index)
{
	return index < OPERATIONS_LEN ? operations[index].name : NULL;
}

const char *mutate_operation_text(size_t index)
{
	return index < OPERATIONS_LEN ? operations[index].text : NULL;
}

/* A body alone has no messages and records around it. */
static unsigned levels_of(const struct mutator *mutator)
{
	unsigned levels = mutator->levels ? mutator->levels : MUTATE_ALL;
	return mutator->form == MUTATE_BODY ? levels & (MUTATE_HELLOS | MUTATE_PLAIN) : levels;
}

static size_t draw_operation(struct rng *rng, unsigned levels)
{
	uint32_t sum = 0;
	size_t found = OPERATION_bytes;
	for (size_t i = 0; i < OPERATIONS_LEN; i++) {
		if (!(operations[i].level & levels))
			continue;
		sum += operations[i].weight;
		if (rng_below(rng, sum) < operations[i].weight)
			found = i;
	}
	return found;
}

static bool apply(const struct mutator *mutator, struct flight *flight, size_t index)
{
	if (!operations[index].apply(flight) || flight->arena->fault != FAULT_NONE)
		return false;
	if (mutator->applied)
		mutator->applied[index]++;
	return true;
}

/* Those at the levels that were drawn, in the order of the table: what comes later sees what came
 * before. */
static size_t apply_level(const struct mutator *mutator, struct flight *flight,
			  const uint8_t drawn[OPERATIONS_LEN], unsigned levels)
{
	size_t count = 0;
	for (size_t i = 0; i < OPERATIONS_LEN; i++) {
		if (!(operations[i].level & levels))
			continue;
		for (size_t n = 0; n < drawn[i]; n++)
			count += apply(mutator, flight, i);
	}
	return count;
}

/* Returns how many operations found something to change; `parsed` says whether the bytes have
 * parts. */
static size_t apply_all(const struct mutator *mutator, struct flight *flight,
			const uint8_t drawn[OPERATIONS_LEN])
{
	size_t count = apply_level(mutator, flight, drawn, MUTATE_HELLOS | MUTATE_MESSAGES);
	flight_cut(flight);
	return count + apply_level(mutator, flight, drawn, MUTATE_LAYERS);
}

static size_t change_bytes(const struct mutator *mutator, uint8_t *bytes, size_t len, size_t max,
			   uint64_t seed)
{
	mutate_leaf *leaf = mutator->leaf ? mutator->leaf : mutate_bytes;
	if (mutator->applied)
		mutator->applied[OPERATION_bytes]++;
	return leaf(bytes, len, max, seed);
}

/* Copies the inputs before they are overwritten: everything in a flight views them. */
static struct span keep(const struct mutator *mutator, struct span bytes)
{
	return arena_copy(mutator->arena, bytes);
}

static void draw_operations(const struct mutator *mutator, struct rng *rng,
			    uint8_t drawn[OPERATIONS_LEN])
{
	size_t count = 1;
	while (count < AT_ONCE_MAX && rng_below(rng, 2))
		count++;
	for (size_t i = 0; i < count; i++)
		drawn[draw_operation(rng, levels_of(mutator))]++;
}

static size_t change(const struct mutator *mutator, uint8_t *bytes, size_t len, size_t max,
		     uint64_t seed)
{
	struct flight flight;
	size_t count = 0;
	bool plain = false;
	flight_begin(&flight, mutator, seed);
	struct span input = keep(mutator, span_of(bytes, len));
	struct flight fresh = flight;
	for (size_t i = 0; i < TRIES_MAX && count == 0 && !plain; i++) {
		uint8_t drawn[OPERATIONS_LEN] = { 0 };
		struct rng rng = flight.rng;
		flight = fresh;
		flight.rng = rng;
		draw_operations(mutator, &flight.rng, drawn);
		if (!flight_parse(&flight, input))
			break;
		count = apply_all(mutator, &flight, drawn);
		plain = drawn[OPERATION_bytes] > 0;
	}
	if (mutator->arena->fault != FAULT_NONE)
		count = 0;
	if (count)
		len = flight_write(&flight, bytes, max);
	if (plain || count == 0)
		len = change_bytes(mutator, bytes, len, max, rng_u64(&flight.rng));
	return len;
}

size_t mutate_flight(const struct mutator *mutator, uint8_t *bytes, size_t len, size_t max,
		     uint64_t seed)
{
	size_t skip = mutator->skip;
	len = len < max ? len : max;
	/* Now and then what stands before the form, too; and where there is no form. */
	if (len <= skip || (skip && seed % SKIPPED_ONE_IN == 0))
		return change_bytes(mutator, bytes, len, max, seed);
	return skip + change(mutator, bytes + skip, len - skip, max - skip, seed);
}

size_t mutate_by(const struct mutator *mutator, size_t index, uint8_t *bytes, size_t len,
		 size_t max, uint64_t seed)
{
	struct flight flight;
	uint8_t drawn[OPERATIONS_LEN] = { 0 };
	size_t skip = mutator->skip;
	assert(index < OPERATIONS_LEN && len <= max);
	if (len <= skip)
		return 0;
	flight_begin(&flight, mutator, seed);
	if (index == OPERATION_bytes)
		return skip + change_bytes(mutator, bytes + skip, len - skip, max - skip, seed);
	struct span input = keep(mutator, span_of(bytes + skip, len - skip));
	drawn[index] = 1;
	if (!flight_parse(&flight, input) || apply_all(mutator, &flight, drawn) == 0 ||
	    mutator->arena->fault != FAULT_NONE)
		return 0;
	return skip + flight_write(&flight, bytes + skip, max - skip);
}
