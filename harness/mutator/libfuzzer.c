/* SPDX-License-Identifier: Apache-2.0 */
#include "mutate/mutate.h"
#include "unseen.h"

UNSEEN_BEGIN

/* libFuzzer's own mutation knows the dictionary and what was compared; one in so many is only that.
 */
#define ENGINE_ONE_IN 4

/* Engines other than libFuzzer may have none. */
size_t LLVMFuzzerMutate(uint8_t *bytes, size_t len, size_t max) __attribute__((weak));
size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t len, size_t max, unsigned seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t a_len, const uint8_t *b, size_t b_len,
				 uint8_t *out, size_t max, unsigned seed);

/* The engine draws from a generator of its own, which -seed sets. */
static size_t engine_leaf(uint8_t *bytes, size_t len, size_t cap, uint64_t seed)
{
	(void)seed;
	return LLVMFuzzerMutate(bytes, len, cap);
}

static const struct mutator *mutator_over(size_t max)
{
	static struct arena arena;
	static struct mutator mutator = { .arena = &arena,
					  .form = MUTATOR_FORM,
					  .skip = MUTATOR_SKIP };
	mutator.leaf = LLVMFuzzerMutate ? engine_leaf : NULL;
	arena.limit = MUTATE_ARENA(max);
	return &mutator;
}

size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t len, size_t max, unsigned seed)
{
	if (LLVMFuzzerMutate && seed % ENGINE_ONE_IN == 0)
		return LLVMFuzzerMutate(bytes, len, max);
	return mutate_flight(mutator_over(max), bytes, len, max, seed / ENGINE_ONE_IN);
}

size_t LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t a_len, const uint8_t *b, size_t b_len,
				 uint8_t *out, size_t max, unsigned seed)
{
	return mutate_cross(mutator_over(max), span_of(a, a_len), span_of(b, b_len), out, max,
			    seed);
}

UNSEEN_END
