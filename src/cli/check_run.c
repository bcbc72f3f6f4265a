/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "cli/check.h"
#include "cli/journal.h"
#include "cli/progress.h"

#define BUILTIN_NAME "localhost"

void check_run_init(struct check *check, struct check_run *run, const struct settings *settings)
{
	*run = (struct check_run){ .check = check, .settings = *settings };
	run->settings.strict = check->options->strict;
	arena_init(&run->arena, RUN_ARENA_MAX);
	target_print(run->target, &check->target);
}

/* The name that the certificate is to be for. */
static const char *verify_name(const struct check *check)
{
	if (check->options->sni && *check->options->sni)
		return check->options->sni;
	if (!check->has_target)
		return BUILTIN_NAME;
	return check->target.literal ? NULL : check->target.host;
}

const char *check_server_name(const struct check *check)
{
	bool none = check->options->sni && !*check->options->sni;
	return none ? NULL : verify_name(check);
}

static struct prover *make_prover(struct check_run *run)
{
	const struct check *check = run->check;
	const struct check_options *options = check->options;
	const struct prover_options prover = {
		.upgrade = check->target.upgrade,
		.shape = { .server_name = check_server_name(check),
			   .alpn = check->target.upgrade->alpn },
		.user = options->user,
		.database = options->database,
		.exhaustive = options->exhaustive,
		.all_code_points = options->all_code_points,
		.strict = options->strict,
		.repeat = (unsigned)options->repeat,
		.audits = (unsigned)options->audits,
		.seed = options->seed,
		.only = options->only,
		.shard = options->shard,
		.shards = options->shards,
		.trust = check->trust,
		.verify_name = verify_name(check),
		.supports = check->has_target ? NULL : endpoint_supports,
		.depth = check->depth,
		.credentials = &check->credentials,
		.gateway = options->gateway,
	};
	return prover_new(&run->arena, &run->settings, &prover);
}

enum fault check_run_plan(struct check_run *run)
{
	const struct check *check = run->check;
	if (check->proves_policy) {
		run->prover = make_prover(run);
		if (!run->prover)
			return run->arena.fault;
	}
	if (check->cases.len) {
		run->cases = check_cases_prover(run);
		if (!run->cases)
			return run->arena.fault;
	}
	if (check->options->strength && check->proves_policy) {
		run->strength = check_strength(run);
		if (!run->strength)
			return run->arena.fault;
	}
	return FAULT_NONE;
}

enum fault check_run_judge(struct check_run *run)
{
	enum fault fault = FAULT_NONE;
	if (run->prover)
		fault = prover_judge(run->prover, &run->result);
	if (fault == FAULT_NONE && run->cases)
		fault = case_prover_judge(run->cases, &run->result);
	if (fault == FAULT_NONE && run->strength)
		fault = strength_judge(run->strength, &run->result);
	return fault;
}

static void stamp(struct check_run *run)
{
	struct tm utc;
	time_t now = time(NULL);
	gmtime_r(&now, &utc);
	strftime(run->started, sizeof(run->started), "%Y-%m-%dT%H:%M:%SZ", &utc);
}

static void keep_evidence(struct check_run *run, const struct engine_attempt *attempt)
{
	struct report_evidence *grown = arena_grow(&run->arena, run->evidence, run->evidence_len,
						   &run->evidence_cap, sizeof(*run->evidence));
	if (!grown)
		return;
	run->evidence = grown;
	run->evidence[run->evidence_len++] = (struct report_evidence){
		.probe = attempt->probe->id,
		.started_us = attempt->observation->started_us,
		.ended_us = attempt->observation->ended_us,
		.sent = arena_copy(&run->arena, attempt->sent),
		.received = arena_copy(&run->arena, attempt->received),
	};
}

void check_run_recalled(struct check_run *run, const struct engine_attempt *attempt)
{
	const struct observation *seen = attempt->observation;
	if (!run->unreachable && seen->outcome == OUTCOME_UNREACHABLE && seen->message)
		run->unreachable = arena_text(&run->arena, span_text(seen->message));
	if (run->check->options->evidence && attempt->final && !run->samples)
		keep_evidence(run, attempt);
	if (run->check->wiretap)
		wiretap_attempt(run->check->wiretap, run, attempt);
}

static void on_attempt(void *context, const struct engine_attempt *attempt)
{
	struct check_run *run = context;
	check_run_recalled(run, attempt);
	if (run->check->journal && !run->samples)
		journal_attempt(run->check->journal, run, attempt);
	if (run->check->options->verbose)
		progress_attempt(attempt);
}

static void on_progress(void *context, size_t answered, size_t planned)
{
	progress_show(context, answered, planned);
}

static int compare_evidence(const void *left, const void *right)
{
	const struct report_evidence *a = left, *b = right;
	return a->probe < b->probe ? -1 : a->probe > b->probe;
}

unsigned check_run_concurrency(const struct check_run *run)
{
	size_t polite = run->check->target.upgrade->concurrency;
	if (run->check->options->concurrency)
		return (unsigned)run->check->options->concurrency;
	return polite ? (unsigned)polite : ENGINE_CONCURRENCY_DEFAULT;
}

static void engine_options(struct engine_options *out, struct check_run *run)
{
	const struct check *check = run->check;
	const struct check_options *options = check->options;
	*out = (struct engine_options){
		.address = run->address,
		.timeout_ms = (unsigned)options->timeout_ms,
		.connect_ms = (unsigned)options->timeout_ms,
		.retries = (unsigned)options->retries,
		.concurrency = check_run_concurrency(run),
		.rate = (unsigned)options->rate,
		.context = run,
		.on_attempt = on_attempt,
		.on_progress = on_progress,
	};
}

static enum fault judge(struct check_run *run)
{
	enum fault fault = check_run_judge(run);
	run->result.connections = run->engine.connections;
	run->result.retries = run->engine.retries;
	run->result.interrupted = run->engine.interrupted;
	if (fault == FAULT_NONE)
		check_sslmode(run);
	if (run->evidence_len)
		qsort(run->evidence, run->evidence_len, sizeof(*run->evidence), compare_evidence);
	if (run->engine.interrupted)
		check_run_note(run, "interrupted: what was not known by then is inconclusive");
	if (run->paused)
		check_run_note(run, "the endpoint did not answer when the run was to go on; the "
				    "journal keeps what was known by then");
	if (!run->result.reached && run->unreachable)
		check_run_note(run, run->unreachable);
	else if (run->engine.abandoned)
		check_run_note(run, "the endpoint stopped answering and was given up");
	return fault != FAULT_NONE ? fault : run->arena.fault;
}

static bool is_over(const struct check_run *run)
{
	return run->engine.interrupted || run->engine.abandoned || run->changed || run->paused;
}

static enum fault ask(struct check_run *run)
{
	struct engine_options options;
	enum fault fault = FAULT_NONE;
	size_t answered = 0, planned = 0;
	engine_options(&options, run);
	if (run->prover) {
		struct engine_source source = engine_source_of(run->prover);
		fault = journal_ask(&run->engine, run, &source, &options);
		prover_progress(run->prover, &answered, &planned);
		run->probes = (uint32_t)answered;
	}
	if (fault == FAULT_NONE && run->cases && !is_over(run))
		fault = check_cases_ask(run, &options);
	if (fault == FAULT_NONE && run->strength && !is_over(run))
		fault = check_strength_ask(run, &options);
	progress_clear(run);
	return fault;
}

/* Nothing that is known of the endpoint that was is said of the one that is. */
static enum fault ask_anew(struct check_run *run)
{
	run->changed = run->asks_cases = run->asks_strength = false;
	run->recalled = run->damaged = run->probes = 0;
	run->evidence_len = 0;
	run->unreachable = NULL;
	run->engine = (struct engine_result){ .connections = run->engine.connections };
	stamp(run);
	journal_run_anew(run->check->journal, run);
	enum fault fault = check_run_plan(run);
	return fault != FAULT_NONE ? fault : ask(run);
}

static void tell_recalled(struct check_run *run, const char *began)
{
	size_t answered = 0, planned, cases = 0, hellos = 0;
	if (run->prover)
		prover_progress(run->prover, &answered, &planned);
	if (run->cases)
		case_prover_progress(run->cases, &cases, &planned);
	if (run->strength)
		strength_progress(run->strength, &hellos, &planned);
	if (!run->recalled && !run->damaged)
		return;
	run->resumed = arena_printf(&run->arena, "%u of %zu answers come from the journal of %s",
				    run->recalled, answered + cases + hellos, began);
	if (run->damaged && run->resumed)
		run->resumed = arena_printf(&run->arena,
					    "%s; what it holds from line %u on could not be played "
					    "again, and was asked again",
					    run->resumed, run->damaged);
}

static enum fault ask_with_journal(struct check_run *run)
{
	journal_run(run->check->journal, run);
	enum fault fault = ask(run);
	if (fault == FAULT_NONE && run->changed)
		fault = ask_anew(run);
	else if (fault == FAULT_NONE)
		tell_recalled(run, run->started);
	if (fault == FAULT_NONE)
		journal_run_done(run->check->journal, run);
	return fault;
}

enum fault check_run(struct check_run *run)
{
	stamp(run);
	enum fault fault = check_run_plan(run);
	if (fault == FAULT_NONE)
		fault = run->check->journal ? ask_with_journal(run) : ask(run);
	return fault != FAULT_NONE ? fault : judge(run);
}

enum fault check_run_unasked(struct check_run *run, const char *why)
{
	stamp(run);
	run->unreachable = arena_text(&run->arena, span_text(why));
	enum fault fault = check_run_plan(run);
	if (fault == FAULT_NONE)
		fault = judge(run);
	for (size_t i = 0; i < run->result.findings_len; i++) {
		struct finding *finding = &run->result.findings[i];
		if (finding->observed.outcome != OUTCOME_NONE)
			continue;
		finding->observed.outcome = OUTCOME_UNREACHABLE;
		finding->observed.layer = LAYER_TRANSPORT;
		finding->observed.message = run->unreachable;
		if (finding->verdict == VERDICT_INCONCLUSIVE)
			finding->reason = run->unreachable;
	}
	return fault;
}

void check_run_add(struct check_run *run, const struct engine_result *part)
{
	run->engine.connections += part->connections;
	run->engine.retries += part->retries;
	run->engine.duration_us += part->duration_us;
	run->engine.interrupted = run->engine.interrupted || part->interrupted;
	run->engine.abandoned = run->engine.abandoned || part->abandoned;
}

void check_run_note(struct check_run *run, const char *note)
{
	struct run_result *result = &run->result;
	const char **notes = arena_array(&run->arena, result->notes_len + 1, sizeof(*notes));
	if (!notes)
		return;
	if (result->notes_len)
		memcpy(notes, result->notes, result->notes_len * sizeof(*notes));
	notes[result->notes_len++] = note;
	result->notes = notes;
}

void check_run_count(struct check_run *run)
{
	struct run_result *result = &run->result;
	memset(result->counts, 0, sizeof(result->counts));
	for (size_t i = 0; i < result->findings_len; i++)
		result->counts[result->findings[i].verdict]++;
}
