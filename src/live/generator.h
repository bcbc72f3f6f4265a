/* generator.h - the bytes of every probe of a fuzz run, as a function of seed and index. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LIVE_GENERATOR_H
#define LIVE_GENERATOR_H

#include "live/probe_index.h"
#include "mutate/mutate.h"
#include "policy/ruling.h"
#include "probe/probe.h"

/* The longest probe: more than one record may hold. */
#define GENERATED_MAX	     20480

#define GENERATOR_SUITES_MAX 512

/*
 * Hellos are drawn around what the policy says: half of them at versions that it accepts, with
 * single suites, some, or many, accepted and others; then most are mutated (mutate.h). `shape` is
 * what the endpoint is asked with otherwise; `arena` is the mutator's and is cleared by every call.
 */
struct generator {
	uint64_t seed;
	const struct shape *shape;
	const struct upgrade *upgrade;
	struct mutator mutator;
	version_set versions; /* that the policy accepts */
	uint16_t accepted[VERSIONS_LEN][GENERATOR_SUITES_MAX];
	size_t accepted_len[VERSIONS_LEN];
};

/* generator_init asks the policy once; everything lent outlives the generator. `arena` may lend
 * MUTATE_ARENA(GENERATED_MAX). */
void generator_init(struct generator *generator, uint64_t seed, const struct settings *settings,
		    const struct shape *shape, const struct upgrade *upgrade, struct arena *arena);

/* generator_make writes the probe's bytes, records and all, and returns how many: at most
 * GENERATED_MAX, for which there is room. */
size_t generator_make(const struct generator *generator, const struct probe_index *index,
		      uint8_t *out);

/* generator_cut returns where one probe in 64 is cut into two TCP segments; 0 for the others. */
size_t generator_cut(const struct generator *generator, const struct probe_index *index,
		     size_t len);

#endif
