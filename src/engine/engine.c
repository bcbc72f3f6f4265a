/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/engine_internal.h"

#include <assert.h>
#include <signal.h>
#include <stdlib.h>

#define CONNECT_MS_DEFAULT 3000
#define TIMEOUT_MS_DEFAULT 5000
#define QUIET_MS_DEFAULT   250

#define DIRECT_MS	   10
#define DIRECT_ROUNDS	   8

uint64_t engine_now_us(const struct engine *engine)
{
	return uv_hrtime() / 1000 - engine->started_us;
}

static unsigned or_default(unsigned value, unsigned otherwise)
{
	return value ? value : otherwise;
}

static struct engine_options with_defaults(const struct engine_options *options)
{
	struct engine_options out = *options;
	out.connect_ms = or_default(out.connect_ms, CONNECT_MS_DEFAULT);
	out.timeout_ms = or_default(out.timeout_ms, TIMEOUT_MS_DEFAULT);
	out.quiet_ms = or_default(out.quiet_ms, QUIET_MS_DEFAULT);
	out.concurrency = or_default(out.concurrency, ENGINE_CONCURRENCY_DEFAULT);
	if (out.concurrency > CONCURRENCY_MAX)
		out.concurrency = CONCURRENCY_MAX;
	return out;
}

static void on_prepare(uv_prepare_t *handle)
{
	schedule_pump(handle->data);
}

/* How long nothing of the loop's own is due. */
static int idle_ms(struct engine *engine)
{
	uv_update_time(&engine->loop);
	int due = uv_backend_timeout(&engine->loop);
	return due < 0 || due > DIRECT_MS ? DIRECT_MS : due;
}

/*
 * Through libuv an answer takes two waits, for its set and for ours inside it. While answers keep
 * coming ours is waited for alone; timers, signals and all else get their turn in between.
 */
static void on_sockets(uv_poll_t *handle, int status, int events)
{
	struct engine *engine = handle->data;
	(void)status, (void)events;
	size_t ready = connections_ready(engine, 0);
	for (unsigned round = 0; ready && round < DIRECT_ROUNDS; round++) {
		schedule_pump(engine);
		int wait = engine->stopping || !engine->running ? 0 : idle_ms(engine);
		if (!wait)
			return;
		ready = connections_ready(engine, wait);
	}
}

static void on_signal(uv_signal_t *handle, int number)
{
	struct engine *engine = handle->data;
	(void)number;
	engine->result->interrupted = true;
	engine_stop(engine, true);
}

static void close_handle(uv_handle_t *handle)
{
	if (!uv_is_closing(handle))
		uv_close(handle, NULL);
}

void engine_stop(struct engine *engine, bool now)
{
	if (!engine->stopping) {
		close_handle((uv_handle_t *)&engine->prepare);
		close_handle((uv_handle_t *)&engine->wake);
		close_handle((uv_handle_t *)&engine->signals[0]);
		close_handle((uv_handle_t *)&engine->signals[1]);
	}
	engine->stopping = true;
	connections_hurry(engine);
	for (size_t i = 0; now && i < 2 * (size_t)engine->options.concurrency; i++) {
		struct connection *connection = &engine->connections[i];
		if (connection->state != CONNECTION_FREE)
			connection_drop(connection);
	}
}

static enum fault jobs_init(struct engine *engine)
{
	engine->jobs = calloc(engine->options.concurrency, sizeof(*engine->jobs));
	if (!engine->jobs)
		return FAULT_NO_MEMORY;
	for (size_t i = 0; i < engine->options.concurrency; i++) {
		struct job *job = &engine->jobs[i];
		job->engine = engine;
		arena_init(&job->arena, PROBE_ARENA_MAX);
		job->next = engine->free_jobs;
		engine->free_jobs = job;
	}
	return FAULT_NONE;
}

/* The second signal of a kind finds its default action in place, and ends the process. */
static void handles_init(struct engine *engine)
{
	static const int numbers[] = { SIGINT, SIGTERM };
	uv_prepare_init(&engine->loop, &engine->prepare);
	engine->prepare.data = engine;
	uv_prepare_start(&engine->prepare, on_prepare);
	uv_timer_init(&engine->loop, &engine->wake);
	uv_poll_init(&engine->loop, &engine->sockets, engine->poller.fd);
	engine->sockets.data = engine;
	uv_poll_start(&engine->sockets, UV_READABLE, on_sockets);
	uv_unref((uv_handle_t *)&engine->sockets);
	for (size_t i = 0; i < 2; i++) {
		uv_signal_init(&engine->loop, &engine->signals[i]);
		engine->signals[i].data = engine;
		uv_signal_start_oneshot(&engine->signals[i], on_signal, numbers[i]);
	}
}

/* The connections' timers keep the loop alive, not the descriptor that they share. */
static void run_loop(struct engine *engine)
{
	uv_run(&engine->loop, UV_RUN_DEFAULT);
	close_handle((uv_handle_t *)&engine->sockets);
	for (size_t i = 0; i < 2 * (size_t)engine->options.concurrency; i++)
		close_handle((uv_handle_t *)&engine->connections[i].timer);
	uv_run(&engine->loop, UV_RUN_DEFAULT);
}

static enum fault run(struct engine *engine)
{
	if (uv_loop_init(&engine->loop) != 0)
		return FAULT_IO;
	enum fault fault = poller_init(&engine->poller);
	if (fault == FAULT_NONE)
		fault = jobs_init(engine);
	if (fault == FAULT_NONE)
		fault = connections_init(engine);
	if (fault == FAULT_NONE) {
		handles_init(engine);
		run_loop(engine);
		fault = engine->fault;
	}
	for (size_t i = 0; engine->jobs && i < engine->options.concurrency; i++) {
		exchange_release(&engine->jobs[i].exchange);
		tape_release(&engine->jobs[i].tape);
		arena_release(&engine->jobs[i].arena);
	}
	poller_release(&engine->poller);
	int status = uv_loop_close(&engine->loop);
	assert(status == 0);
	(void)status;
	return fault;
}

enum fault engine_drive(struct engine_result *out, const struct engine_source *source,
			struct arena *keep, const struct engine_options *options)
{
	*out = (struct engine_result){ .connections = 0 };
	struct engine *engine = calloc(1, sizeof(*engine));
	if (!engine)
		return FAULT_NO_MEMORY;
	engine->options = with_defaults(options);
	engine->source = source;
	engine->result = out;
	engine->keep = keep;
	engine->allowed = engine->options.concurrency;
	engine->started_us = uv_hrtime() / 1000 - options->elapsed_us;
	enum fault fault = run(engine);
	out->duration_us = engine_now_us(engine);
	free(engine->connections);
	free(engine->jobs);
	free(engine);
	return fault;
}
