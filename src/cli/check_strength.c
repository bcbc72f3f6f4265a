/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/check.h"
#include "cli/journal.h"

struct strength *check_strength(struct check_run *run)
{
	const struct check *check = run->check;
	const struct check_options *options = check->options;
	const struct strength_options strength = {
		.strength = (unsigned)options->strength,
		.upgrade = check->target.upgrade,
		.shape = { .server_name = check_server_name(check),
			   .alpn = check->target.upgrade->alpn },
		.user = options->user,
		.database = options->database,
		.seed = options->seed,
		.only = options->only,
		.shard = options->shard,
		.shards = options->shards,
	};
	return strength_new(&run->arena, &run->settings, &strength);
}

static enum prover_step next(void *context, struct probe *out)
{
	struct check_run *run = context;
	enum prover_step step = strength_next(run->strength, out);
	/* Evidence is looked up by the probe's number, which is one in the whole run. */
	out->id += run->probes;
	return step;
}

static void deliver(void *context, const struct probe *probe, const struct observation *observation)
{
	struct check_run *run = context;
	strength_deliver(run->strength, probe, observation);
}

static void progress(void *context, size_t *answered, size_t *planned)
{
	struct check_run *run = context;
	strength_progress(run->strength, answered, planned);
}

enum fault check_strength_ask(struct check_run *run, const struct engine_options *options)
{
	const struct engine_source source = {
		.context = run,
		.next = next,
		.deliver = deliver,
		.progress = progress,
	};
	struct engine_result result;
	size_t cases = 0, planned;
	if (run->cases)
		case_prover_progress(run->cases, &cases, &planned);
	run->probes += (uint32_t)cases;
	run->asks_strength = true;
	enum fault fault = journal_ask(&result, run, &source, options);
	check_run_add(run, &result);
	return fault;
}
