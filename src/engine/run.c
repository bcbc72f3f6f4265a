/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/source.h"

static enum prover_step next(void *context, struct probe *out)
{
	return prover_next(context, out);
}

static void deliver(void *context, const struct probe *probe, const struct observation *observation)
{
	prover_deliver(context, probe, observation);
}

static void progress(void *context, size_t *answered, size_t *planned)
{
	prover_progress(context, answered, planned);
}

struct engine_source engine_source_of(struct prover *prover)
{
	return (struct engine_source){
		.context = prover,
		.next = next,
		.deliver = deliver,
		.progress = progress,
	};
}

enum fault engine_run(struct engine_result *out, struct prover *prover, struct arena *keep,
		      const struct engine_options *options)
{
	struct engine_source source = engine_source_of(prover);
	return engine_drive(out, &source, keep, options);
}
