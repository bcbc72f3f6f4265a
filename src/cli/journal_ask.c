/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/journal_internal.h"

/* What was handed out before the interruption and not answered comes first. */
static enum prover_step next(void *context, struct probe *out)
{
	struct journal_recall *recall = context;
	if (recall->waiting_at < recall->waiting_len) {
		*out = recall->waiting[recall->waiting_at++];
		return PROVER_PROBE;
	}
	enum prover_step step = recall->source->next(recall->source->context, out);
	recall->journal->handed += step == PROVER_PROBE;
	return step;
}

static void deliver(void *context, const struct probe *probe, const struct observation *seen)
{
	const struct journal_recall *recall = context;
	recall->source->deliver(recall->source->context, probe, seen);
}

static void progress(void *context, size_t *answered, size_t *planned)
{
	const struct journal_recall *recall = context;
	recall->source->progress(recall->source->context, answered, planned);
}

static enum fault ask_rest(struct journal_recall *recall, struct engine_result *out,
			   const struct engine_options *options)
{
	struct engine_result asked;
	struct engine_options rest = *options;
	const struct engine_source source = {
		.context = recall, .next = next, .deliver = deliver, .progress = progress
	};
	rest.elapsed_us = recall->elapsed_us;
	rest.taped = true;
	enum fault fault = engine_drive(&asked, &source, &recall->run->arena, &rest);
	asked.connections += out->connections;
	asked.retries += out->retries;
	*out = asked;
	return fault;
}

/* A run that was over needs no second look: its answers stand by themselves. */
static bool needs_look(const struct journal_recall *recall)
{
	const struct journal_entry *entry = recall->journal->entry;
	return recall->answers > 0 && !entry->done;
}

enum fault journal_ask(struct engine_result *out, struct check_run *run,
		       const struct engine_source *source, const struct engine_options *options)
{
	struct journal *journal = run->check->journal;
	*out = (struct engine_result){ .connections = 0 };
	if (!journal)
		return engine_drive(out, source, &run->arena, options);
	struct journal_recall *recall = arena_alloc(&run->arena, sizeof(*recall));
	if (!recall)
		return run->arena.fault;
	recall->journal = journal;
	recall->run = run;
	recall->source = source;
	recall->part = journal_part_of(run);
	journal->handed = 0;
	rng_init(&recall->rng, run->check->options->seed, 0);
	enum fault fault = journal_recall(recall);
	run->recalled += recall->answers;
	if (recall->damaged)
		run->damaged = recall->damaged;
	if (fault == FAULT_NONE && needs_look(recall))
		fault = journal_resample(recall, out, options);
	if (fault != FAULT_NONE || out->interrupted || run->changed || run->paused)
		return fault;
	return ask_rest(recall, out, options);
}
