/* SPDX-License-Identifier: Apache-2.0 */
#include "base/rng.h"
#include "engine/engine_internal.h"

#include <assert.h>

#define PAUSE_FIRST_MS	    50
#define PAUSE_MAX_MS	    2000
#define EXHAUSTED_PAUSE_MS  20
#define OVERLOAD_RETRIES    4 /* more than after a failure: the endpoint asked for patience */
#define RATE_BURST_US	    50000
#define PROGRESS_MS	    50

/*
 * When to stop asking: an endpoint that never said anything is given up after so many probes that
 * failed for good, one after the other. One that has spoken before is asked on, without retries
 * while it fails.
 */
#define GIVE_UP_UNREACHABLE 8
#define GIVE_UP_SILENT	    3
#define IMPATIENT_AFTER	    8

static uint64_t now_ms(const struct engine *engine)
{
	return uv_now(&engine->loop);
}

static void tell_progress(struct engine *engine)
{
	const struct engine_source *source = engine->source;
	uint64_t now = now_ms(engine);
	if (!engine->options.on_progress || !source->progress ||
	    (engine->progress_ms && now < engine->progress_ms + PROGRESS_MS))
		return;
	size_t answered = 0, planned = 0;
	engine->progress_ms = now;
	source->progress(source->context, &answered, &planned);
	engine->options.on_progress(engine->options.context, answered, planned);
}

static void job_free(struct job *job)
{
	exchange_release(&job->exchange);
	arena_clear(&job->arena);
	job->next = job->engine->free_jobs;
	job->engine->free_jobs = job;
}

static void deliver(struct engine *engine, const struct probe *probe,
		    const struct observation *observation)
{
	engine->source->deliver(engine->source->context, probe, observation);
	engine->starved = false;
	tell_progress(engine);
}

/* Refusals of attempts that were under way at the last halving came of the old concurrency. */
static void note_overload(struct engine *engine, const struct observation *seen)
{
	engine->credit = 0;
	if (seen->started_us <= engine->halved_us)
		return;
	engine->halved_us = engine_now_us(engine);
	if (engine->allowed > 1)
		engine->allowed /= 2;
}

static void note_answer(struct engine *engine)
{
	engine->failures = 0;
	if (engine->allowed < engine->options.concurrency && ++engine->credit >= engine->allowed) {
		engine->credit = 0;
		engine->allowed++;
	}
}

/* The silence of a case is an answer like any other: whoever asked it knows what it is worth. */
static bool is_silence_of_case(const struct observation *seen)
{
	return seen->answer && seen->outcome == OUTCOME_TIMEOUT;
}

static bool is_failure(const struct observation *seen)
{
	if (is_silence_of_case(seen))
		return false;
	return seen->outcome == OUTCOME_TIMEOUT || seen->outcome == OUTCOME_UNREACHABLE;
}

static bool is_word(const struct observation *seen)
{
	return !is_failure(seen) && !is_silence_of_case(seen);
}

static void note(struct engine *engine, const struct observation *seen)
{
	engine->spoke = engine->spoke || is_word(seen);
	if (seen->overload)
		note_overload(engine, seen);
	else if (is_word(seen))
		note_answer(engine);
}

static bool may_retry(const struct engine *engine, const struct job *job)
{
	const struct observation *seen = &job->exchange.observation;
	unsigned retries = engine->options.retries;
	if (engine->given_up != OUTCOME_NONE || (!is_failure(seen) && !seen->overload))
		return false;
	if (seen->overload && retries)
		retries += OVERLOAD_RETRIES;
	else if (engine->failures >= IMPATIENT_AFTER && !job->probe.patient)
		retries = 0;
	return job->attempts <= retries;
}

/* A failure that stands: enough of them, and nothing else ever, end the asking. */
static void note_final(struct engine *engine, const struct observation *seen)
{
	if (!is_failure(seen))
		return;
	engine->failures++;
	if (seen->outcome == OUTCOME_UNREACHABLE)
		engine->unreachables++;
	else
		engine->timeouts++;
	if (engine->spoke || engine->given_up != OUTCOME_NONE)
		return;
	if (engine->unreachables >= GIVE_UP_UNREACHABLE || engine->timeouts >= GIVE_UP_SILENT) {
		engine->given_up = seen->outcome;
		engine->why = seen->message;
		engine->result->abandoned = true;
	}
}

static void put_to_wait(struct job *job, uint64_t pause_ms)
{
	struct engine *engine = job->engine;
	exchange_release(&job->exchange);
	arena_clear(&job->arena);
	job->due_ms = now_ms(engine) + pause_ms;
	job->next = engine->waiting;
	engine->waiting = job;
}

/* Doubles with every attempt; the seed scatters it, so that retries do not come in a burst. */
static uint64_t pause_of(const struct job *job)
{
	uint64_t pause = PAUSE_FIRST_MS;
	struct rng rng;
	for (uint32_t i = 1; i < job->attempts && pause < PAUSE_MAX_MS; i++)
		pause *= 2;
	rng_init(&rng, job->probe.seed ^ job->attempts, job->probe.id);
	return pause / 2 + rng_below(&rng, (uint32_t)pause);
}

void schedule_concluded(struct job *job)
{
	struct engine *engine = job->engine;
	struct observation *seen = &job->exchange.observation;
	assert(job->exchange.phase == EXCHANGE_DONE);
	engine->running--;
	seen->attempts = job->attempts;
	seen->started_us = job->started_us;
	seen->ended_us = engine_now_us(engine);
	note(engine, seen);
	bool final = !may_retry(engine, job);
	if (engine->options.on_attempt) {
		struct engine_attempt attempt = {
			.probe = &job->probe,
			.observation = seen,
			.sent = job->exchange.sent,
			.received = exchange_received(&job->exchange),
			.turns = job->exchange.turns,
			.turns_len = job->exchange.turns_len,
			.final = final,
			.tape = job->exchange.tape,
		};
		engine->options.on_attempt(engine->options.context, &attempt);
	}
	if (engine->keep->fault != FAULT_NONE) {
		engine->fault = engine->keep->fault;
		engine_stop(engine, true);
		job_free(job);
		return;
	}
	if (!final) {
		engine->result->retries++;
		put_to_wait(job, pause_of(job));
		return;
	}
	note_final(engine, seen);
	deliver(engine, &job->probe, seen);
	job_free(job);
}

void schedule_exhausted(struct job *job, const char *why)
{
	struct engine *engine = job->engine;
	bool lingering = engine->lingering.len > 0;
	if (engine->running > 1 || lingering) {
		engine->running--;
		engine->allowed = engine->running ? engine->running : 1;
		engine->result->connections--;
		job->attempts--;
		put_to_wait(job, EXHAUSTED_PAUSE_MS);
		return;
	}
	exchange_finish(&job->exchange, EXCHANGE_UNREACHABLE, why);
	schedule_concluded(job);
}

static struct job *take_due(struct engine *engine)
{
	uint64_t now = now_ms(engine);
	for (struct job **at = &engine->waiting; *at; at = &(*at)->next) {
		struct job *job = *at;
		if (job->due_ms <= now) {
			*at = job->next;
			return job;
		}
	}
	return NULL;
}

static bool ask_source(struct engine *engine, struct probe *out)
{
	if (engine->starved || engine->drained)
		return false;
	switch (engine->source->next(engine->source->context, out)) {
	case PROVER_PROBE:
		return true;
	case PROVER_WAIT:
		engine->starved = true;
		return false;
	case PROVER_DONE:
		engine->drained = true;
		return false;
	}
	return false;
}

static struct job *take_new(struct engine *engine)
{
	struct job *job = engine->free_jobs;
	if (!job || !ask_source(engine, &job->probe))
		return NULL;
	engine->free_jobs = job->next;
	job->attempts = 0;
	return job;
}

/* A token bucket: `rate` a second, with RATE_BURST_US of credit. */
static bool rate_admits(const struct engine *engine)
{
	return !engine->options.rate ||
	       engine->next_start_us <= engine_now_us(engine) + RATE_BURST_US;
}

static void rate_take(struct engine *engine)
{
	if (!engine->options.rate)
		return;
	uint64_t now = engine_now_us(engine);
	if (engine->next_start_us < now)
		engine->next_start_us = now;
	engine->next_start_us += 1000000 / engine->options.rate;
}

static void start(struct job *job, struct connection *connection)
{
	struct engine *engine = job->engine;
	rate_take(engine);
	engine->running++;
	engine->result->connections++;
	job->attempts++;
	job->started_us = engine_now_us(engine);
	job->arena.limit = job->probe.kind == PROBE_CASE ? CASE_PROBE_ARENA_MAX : PROBE_ARENA_MAX;
	enum fault fault = exchange_start(&job->exchange, &job->probe, &job->arena, engine->keep);
	if (fault != FAULT_NONE) {
		engine->fault = fault;
		engine_stop(engine, true);
		return;
	}
	tape_clear(&job->tape);
	job->exchange.tape = engine->options.taped ? &job->tape : NULL;
	connection_open(connection, job);
}

/* After a first silence that stood, those under way decide whether it is worth asking on. */
static bool awaits_first_word(const struct engine *engine)
{
	return !engine->spoke && engine->timeouts && (engine->running || engine->waiting);
}

static bool start_one(struct engine *engine)
{
	if (engine->running >= engine->allowed || !rate_admits(engine))
		return false;
	struct job *job = take_due(engine);
	if (!job && !awaits_first_word(engine))
		job = take_new(engine);
	if (!job)
		return false;
	start(job, connection_take(engine));
	return !engine->stopping;
}

static void deliver_given_up(struct engine *engine, const struct probe *probe, uint32_t attempts)
{
	struct observation seen = {
		.outcome = engine->given_up,
		.layer = LAYER_TRANSPORT,
		.version = VERSION_NONE,
		.message = engine->why,
		.started_us = engine_now_us(engine),
		.ended_us = engine_now_us(engine),
		.attempts = attempts,
		.probe = probe->id,
	};
	deliver(engine, probe, &seen);
}

/* Answers everything that is left with the failure that made us give up. */
static void give_up(struct engine *engine)
{
	struct probe probe;
	while (engine->waiting) {
		struct job *job = engine->waiting;
		engine->waiting = job->next;
		deliver_given_up(engine, &job->probe, job->attempts);
		job_free(job);
	}
	while (ask_source(engine, &probe))
		deliver_given_up(engine, &probe, 0);
}

static void on_wake(uv_timer_t *handle)
{
	(void)handle; /* the pump runs in this turn of the loop */
}

/* Sleeps until the next retry or token is due; anything else that happens wakes the loop itself. */
static void set_wake(struct engine *engine)
{
	uint64_t now = now_ms(engine), due = UINT64_MAX;
	for (const struct job *job = engine->waiting; job; job = job->next)
		due = job->due_ms < due ? job->due_ms : due;
	if (!rate_admits(engine)) {
		uint64_t wait_us = engine->next_start_us - RATE_BURST_US - engine_now_us(engine);
		uint64_t token = now + wait_us / 1000 + 1;
		due = token < due ? token : due;
	}
	if (due == UINT64_MAX || engine->running >= engine->allowed)
		uv_timer_stop(&engine->wake);
	else
		uv_timer_start(&engine->wake, on_wake, due > now ? due - now : 0, 0);
}

void schedule_pump(struct engine *engine)
{
	if (engine->stopping)
		return;
	while (engine->given_up == OUTCOME_NONE && start_one(engine))
		;
	if (engine->given_up != OUTCOME_NONE)
		give_up(engine);
	if (engine->stopping)
		return;
	if (engine->running == 0 && !engine->waiting && engine->drained) {
		engine_stop(engine, false);
		return;
	}
	/* A source that waits for an answer while none is under way would wait for ever. */
	assert(!engine->starved || engine->running || engine->waiting);
	set_wake(engine);
}
