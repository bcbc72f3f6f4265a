/* random.h - the seeded generator in the shape in which mbedTLS asks for one. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CRYPTO_RANDOM_H
#define CRYPTO_RANDOM_H

#include "base/rng.h"

/* random_bytes fills `out` from the `struct rng` at `rng`; it never fails. */
static inline int random_bytes(void *rng, unsigned char *out, size_t len)
{
	rng_fill(rng, out, len);
	return 0;
}

#endif
