/* SPDX-License-Identifier: Apache-2.0 */
#include "base/rng.h"

#include <assert.h>

void rng_init(struct rng *rng, uint64_t seed, uint64_t stream)
{
	rng->state = seed;
	rng->state = rng_u64(rng) ^ stream;
	rng_u64(rng);
}

uint64_t rng_u64(struct rng *rng)
{
	uint64_t z = rng->state += 0x9E3779B97F4A7C15u;
	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
	z = (z ^ z >> 27) * 0x94D049BB133111EBu;
	return z ^ z >> 31;
}

uint32_t rng_below(struct rng *rng, uint32_t bound)
{
	assert(bound > 0);
	return (uint32_t)((rng_u64(rng) >> 32) * bound >> 32);
}

void rng_fill(struct rng *rng, uint8_t *out, size_t len)
{
	for (size_t i = 0; i < len; i++)
		out[i] = (uint8_t)(rng_u64(rng) >> 24);
}
