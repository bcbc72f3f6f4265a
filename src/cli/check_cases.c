/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/check.h"
#include "cli/journal.h"

int check_cases_load(struct check *check)
{
	const struct check_options *options = check->options;
	if (!options->cases_len)
		return STATUS_PASS;
	enum fault fault = catalogue_load(&check->cases, &check->arena, options->who,
					  options->cases, options->cases_len);
	return fault == FAULT_NONE ? STATUS_PASS : STATUS_USAGE;
}

static bool supports_version(enum version version)
{
	for (uint32_t suite = 0; suite <= UINT16_MAX; suite++)
		if (endpoint_supports(version, (uint16_t)suite))
			return true;
	return false;
}

struct case_prover *check_cases_prover(struct check_run *run)
{
	const struct check *check = run->check;
	const struct check_options *options = check->options;
	struct case_options cases = {
		.upgrade = check->target.upgrade,
		.cases = check->cases.at,
		.cases_len = check->cases.len,
		.server_name = check_server_name(check),
		.alpn = check->target.upgrade->alpn,
		.user = options->user,
		.database = options->database,
		.credentials = &check->credentials,
		.seed = options->seed,
		.only = options->only,
		.shard = options->shard,
		.shards = options->shards,
		.repeat = (unsigned)options->repeat,
		.quiet_ms = check->quiet_ms,
		.timeout_ms = (unsigned)options->timeout_ms,
		.concurrency = check_run_concurrency(run),
		.strict_gate = options->strict_gate,
		.level = options->level,
		.editions_len = options->editions_len,
		.supports_version = check->has_target ? NULL : supports_version,
	};
	memcpy(cases.editions, options->editions, sizeof(cases.editions));
	return case_prover_new(&run->arena, &cases);
}

static enum prover_step next(void *context, struct probe *out)
{
	struct check_run *run = context;
	enum prover_step step = case_prover_next(run->cases, out);
	/* Evidence is looked up by the probe's number, which is one in the whole run. */
	out->id += run->probes;
	return step;
}

static void deliver(void *context, const struct probe *probe, const struct observation *observation)
{
	struct check_run *run = context;
	case_prover_deliver(run->cases, probe, observation);
}

static void progress(void *context, size_t *answered, size_t *planned)
{
	struct check_run *run = context;
	case_prover_progress(run->cases, answered, planned);
}

enum fault check_cases_ask(struct check_run *run, const struct engine_options *options)
{
	const struct engine_source source = {
		.context = run,
		.next = next,
		.deliver = deliver,
		.progress = progress,
	};
	struct engine_result result;
	run->asks_cases = true;
	enum fault fault = journal_ask(&result, run, &source, options);
	check_run_add(run, &result);
	return fault;
}
