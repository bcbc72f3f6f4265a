/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/rng.h"
#include "mutate/mutate.h"

#define STREAM_AFL   0xAF
#define CROSS_ONE_IN 8

/* What AFL++ looks up by name in AFL_CUSTOM_MUTATOR_LIBRARY. */
void *afl_custom_init(void *afl, unsigned seed);
size_t afl_custom_fuzz(void *state, uint8_t *bytes, size_t len, uint8_t **out, uint8_t *other,
		       size_t other_len, size_t max);
void afl_custom_deinit(void *state);

struct state {
	struct arena arena;
	struct mutator mutator;
	struct rng rng;
	uint8_t *out;
	size_t out_cap;
};

void *afl_custom_init(void *afl, unsigned seed)
{
	(void)afl;
	struct state *state = calloc(1, sizeof(*state));
	if (!state)
		return NULL;
	state->mutator = (struct mutator){ .arena = &state->arena,
					   .form = MUTATOR_FORM,
					   .skip = MUTATOR_SKIP };
	rng_init(&state->rng, seed, STREAM_AFL);
	return state;
}

static bool make_room(struct state *state, size_t max)
{
	state->arena.limit = MUTATE_ARENA(max);
	if (max <= state->out_cap)
		return true;
	uint8_t *out = realloc(state->out, max);
	if (!out)
		return false;
	state->out = out;
	state->out_cap = max;
	return true;
}

size_t afl_custom_fuzz(void *opaque, uint8_t *bytes, size_t len, uint8_t **out, uint8_t *other,
		       size_t other_len, size_t max)
{
	struct state *state = opaque;
	*out = bytes;
	if (!make_room(state, max))
		return len;
	*out = state->out;
	uint64_t seed = rng_u64(&state->rng);
	if (other && rng_below(&state->rng, CROSS_ONE_IN) == 0)
		return mutate_cross(&state->mutator, span_of(bytes, len), span_of(other, other_len),
				    state->out, max, seed);
	len = len < max ? len : max;
	if (len)
		memcpy(state->out, bytes, len);
	return mutate_flight(&state->mutator, state->out, len, max, seed);
}

void afl_custom_deinit(void *opaque)
{
	struct state *state = opaque;
	arena_release(&state->arena);
	free(state->out);
	free(state);
}
