/* rng.h - a seeded generator: the same seed gives the same bytes on every machine. Not for keys. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_RNG_H
#define BASE_RNG_H

#include "base/span.h"

/* splitmix64 (Steele, Lea, Flood 2014). */
struct rng {
	uint64_t state;
};

/* rng_init seeds the generator; `stream` tells independent uses of one seed apart. */
void rng_init(struct rng *rng, uint64_t seed, uint64_t stream);

/* rng_u64 returns the next 64 bits. */
uint64_t rng_u64(struct rng *rng);

/* rng_below returns a number from 0 to `bound` - 1; `bound` is not 0. */
uint32_t rng_below(struct rng *rng, uint32_t bound);

/* rng_fill writes `len` bytes. */
void rng_fill(struct rng *rng, uint8_t *out, size_t len);

#endif
