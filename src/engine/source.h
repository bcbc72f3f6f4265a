/* source.h - where the engine's questions come from and its answers go: a prover, or a test. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ENGINE_SOURCE_H
#define ENGINE_SOURCE_H

#include "engine/engine.h"

/*
 * `next` hands out probes as prover_next does; after WAIT it is called again once an answer was
 * delivered. `deliver` takes the final answer to each. `progress` may be NULL.
 */
struct engine_source {
	void *context;
	enum prover_step (*next)(void *context, struct probe *out);
	void (*deliver)(void *context, const struct probe *probe,
			const struct observation *observation);
	void (*progress)(void *context, size_t *answered, size_t *planned);
};

/* engine_source_of views a prover as a source. */
struct engine_source engine_source_of(struct prover *prover);

/* engine_drive is engine_run for any source. Faults: IO, NO_MEMORY, TOO_LARGE. */
MUST_USE enum fault engine_drive(struct engine_result *out, const struct engine_source *source,
				 struct arena *keep, const struct engine_options *options);

#endif
