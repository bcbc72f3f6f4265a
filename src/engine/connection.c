/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/engine_internal.h"

#include <assert.h>
#include <stdlib.h>

/*
 * How a connection ends politely and without TIME_WAIT on our side. After a fatal alert of either
 * side the peer closes first, mostly at once; then closing leaves nothing behind. A peer that does
 * not do so within LINGER_MS is sent a RST. Only where nothing told the peer that it is over is our
 * FIN sent first.
 */
#define LINGER_MS      50
#define LINGER_LAST_MS 10

static void list_push(struct connection_list *list, struct connection *connection)
{
	connection->previous = list->last;
	connection->next = NULL;
	if (list->last)
		list->last->next = connection;
	else
		list->first = connection;
	list->last = connection;
	list->len++;
}

static void list_remove(struct connection_list *list, struct connection *connection)
{
	if (connection->previous)
		connection->previous->next = connection->next;
	else
		list->first = connection->next;
	if (connection->next)
		connection->next->previous = connection->previous;
	else
		list->last = connection->previous;
	list->len--;
}

enum fault connections_init(struct engine *engine)
{
	size_t len = 2 * engine->options.concurrency;
	engine->connections = calloc(len, sizeof(*engine->connections));
	if (!engine->connections)
		return FAULT_NO_MEMORY;
	for (size_t i = 0; i < len; i++) {
		struct connection *connection = &engine->connections[i];
		connection->engine = engine;
		connection->fd = -1;
		uv_timer_init(&engine->loop, &connection->timer);
		connection->timer.data = connection;
		list_push(&engine->free_connections, connection);
	}
	return FAULT_NONE;
}

static void close_now(struct connection *connection, bool reset)
{
	struct engine *engine = connection->engine;
	if (connection->state == CONNECTION_LINGERING)
		list_remove(&engine->lingering, connection);
	connection->state = CONNECTION_FREE;
	uv_timer_stop(&connection->timer);
	if (reset)
		tcp_abort(connection->fd);
	else
		tcp_close(connection->fd);
	connection->fd = -1;
	list_push(&engine->free_connections, connection);
}

struct connection *connection_take(struct engine *engine)
{
	if (!engine->free_connections.first && engine->lingering.first)
		close_now(engine->lingering.first, true);
	struct connection *connection = engine->free_connections.first;
	assert(connection); /* at most half of them run */
	list_remove(&engine->free_connections, connection);
	return connection;
}

void connection_drop(struct connection *connection)
{
	connection->job = NULL;
	close_now(connection, true);
}

static void on_timer(uv_timer_t *handle);

static void watch(struct connection *connection, bool writing)
{
	struct poller *poller = &connection->engine->poller;
	if (!connection->watched)
		poller_add(poller, connection->fd, writing, connection);
	else if (connection->writing != writing)
		poller_change(poller, connection->fd, writing, connection);
	connection->watched = true;
	connection->writing = writing;
}

static void set_timer(struct connection *connection, uint64_t delay_ms)
{
	uv_timer_start(&connection->timer, on_timer, delay_ms, 0);
}

static void linger_on(struct connection *connection)
{
	switch (tcp_discard(connection->fd)) {
	case TCP_DONE:
	case TCP_AGAIN:
		return;
	case TCP_FIN:
	case TCP_RST:
	case TCP_SILENT:
	case TCP_UNREACHABLE:
	case TCP_EXHAUSTED:
		close_now(connection, false);
	}
}

/* Most connections send once, and are spared a system call. */
static enum tcp_result say(struct connection *connection, struct span bytes, size_t *sent,
			   int *error)
{
	if (connection->sends == 1)
		tcp_hurry(connection->fd);
	enum tcp_result result = tcp_send(connection->fd, bytes, sent, error);
	connection->sends += result == TCP_DONE;
	return result;
}

static void linger(struct connection *connection, const struct exchange *exchange)
{
	struct span farewell = exchange_farewell(exchange);
	size_t sent;
	int error;
	if (connection->engine->options.abrupt) {
		close_now(connection, true);
		return;
	}
	if (farewell.len)
		(void)say(connection, farewell, &sent, &error);
	else if (exchange->observation.outcome != OUTCOME_ALERT)
		tcp_finish(connection->fd);
	connection->state = CONNECTION_LINGERING;
	list_push(&connection->engine->lingering, connection);
	set_timer(connection, connection->engine->stopping ? LINGER_LAST_MS : LINGER_MS);
	watch(connection, false);
	/* Most servers close right behind their alert: that saves a turn of the loop. */
	linger_on(connection);
}

void connections_hurry(struct engine *engine)
{
	for (struct connection *c = engine->lingering.first; c; c = c->next)
		set_timer(c, LINGER_LAST_MS);
}

/* The connection ended, or nothing more is expected of it. */
static void finish(struct connection *connection, enum exchange_end end, const char *why)
{
	struct job *job = connection->job;
	exchange_finish(&job->exchange, end, why);
	connection->job = NULL;
	close_now(connection, end == EXCHANGE_TIMEOUT || end == EXCHANGE_UNREACHABLE);
	schedule_concluded(job);
}

static void finish_unreachable(struct connection *connection, int error)
{
	char why[160];
	tcp_why(why, sizeof(why), &connection->engine->options.address, error);
	finish(connection, EXCHANGE_UNREACHABLE, why);
}

static void finish_by(struct connection *connection, enum tcp_result result, int error)
{
	bool connecting = connection->state == CONNECTION_CONNECTING;
	switch (result) {
	case TCP_DONE:
	case TCP_AGAIN:
		return;
	case TCP_FIN:
		finish(connection, connection->reset ? EXCHANGE_RST : EXCHANGE_FIN, NULL);
		return;
	case TCP_RST:
		finish(connection, EXCHANGE_RST, NULL);
		return;
	case TCP_SILENT:
		if (connecting)
			finish_unreachable(connection, error);
		else
			finish(connection, EXCHANGE_TIMEOUT, NULL);
		return;
	case TCP_UNREACHABLE:
	case TCP_EXHAUSTED:
		if (connecting)
			finish_unreachable(connection, error);
		else
			finish(connection, EXCHANGE_RST, NULL);
		return;
	}
}

/* The timer of a probe: its deadline, or before it the silence after which SSLv2 half-closes, or
 * what a case waits for. */
static void set_deadline(struct connection *connection)
{
	const struct engine *engine = connection->engine;
	const struct exchange *exchange = &connection->job->exchange;
	uint64_t now = uv_now(&engine->loop);
	uint64_t left = connection->deadline_ms > now ? connection->deadline_ms - now : 0;
	if (connection->job->probe.kind == PROBE_SSLV2 && !exchange->half_close &&
	    left > engine->options.quiet_ms)
		left = engine->options.quiet_ms;
	uint64_t due = exchange_due(exchange);
	if (due < now + left)
		left = due > now ? due - now : 0;
	set_timer(connection, left);
}

static void established(struct connection *connection)
{
	if (connection->state != CONNECTION_CONNECTING)
		return;
	connection->state = CONNECTION_TALKING;
	set_deadline(connection);
}

static void tell_time(struct connection *connection)
{
	exchange_clock(&connection->job->exchange, uv_now(&connection->engine->loop));
}

/* The exchange is done while the connection stands. */
static void part(struct connection *connection)
{
	struct job *job = connection->job;
	connection->job = NULL;
	linger(connection, &job->exchange);
	schedule_concluded(job);
}

/* Each view goes out in one write of its own: a case's segments are seen as such. */
static enum tcp_result send_all(struct connection *connection, int *error)
{
	struct exchange *exchange = &connection->job->exchange;
	for (;;) {
		struct span output = exchange_output(exchange);
		size_t sent = 0;
		if (!output.len)
			return TCP_DONE;
		enum tcp_result result = say(connection, output, &sent, error);
		if (result != TCP_DONE)
			return result;
		established(connection);
		exchange_sent(exchange, sent);
		if (sent < output.len)
			return TCP_AGAIN;
	}
}

static void flush(struct connection *connection)
{
	struct exchange *exchange = &connection->job->exchange;
	int error = 0;
	if (connection->job->probe.raw.cut)
		tell_time(connection);
	enum tcp_result result = send_all(connection, &error);
	/* After a RST or a FIN there may still be bytes to read: reading finds the end. */
	if (result == TCP_RST)
		connection->reset = true;
	if (result == TCP_RST || result == TCP_FIN)
		established(connection);
	else if (result != TCP_DONE && result != TCP_AGAIN) {
		finish_by(connection, result, error);
		return;
	}
	if (exchange->phase == EXCHANGE_DONE) {
		part(connection);
		return;
	}
	/* Who has nothing to say yet learns from this that the connection stands. */
	watch(connection, result == TCP_AGAIN || connection->state == CONNECTION_CONNECTING);
	if (exchange_shut(exchange))
		tcp_finish(connection->fd);
	if (exchange_is_timed(exchange) && connection->state == CONNECTION_TALKING)
		set_deadline(connection);
}

/* A case moves on with time alone: a pause ends, or silence has lasted. */
static void move_on(struct connection *connection)
{
	tell_time(connection);
	if (connection->job->exchange.phase == EXCHANGE_DONE)
		part(connection);
	else
		flush(connection);
}

/* Returns whether the exchange goes on. */
static bool read_on(struct connection *connection)
{
	struct engine *engine = connection->engine;
	struct exchange *exchange = &connection->job->exchange;
	for (;;) {
		size_t want = exchange_want(exchange), got;
		int error;
		assert(want > 0);
		want = want < sizeof(engine->buffer) ? want : sizeof(engine->buffer);
		enum tcp_result result =
			tcp_receive(connection->fd, engine->buffer, want, &got, &error);
		if (result == TCP_AGAIN && connection->reset)
			result = TCP_RST;
		if (result == TCP_AGAIN)
			return true;
		if (result != TCP_DONE) {
			finish_by(connection, result, error);
			return false;
		}
		established(connection);
		tell_time(connection);
		if (exchange->phase != EXCHANGE_DONE)
			exchange_input(exchange, span_of(engine->buffer, got));
		if (exchange->phase == EXCHANGE_DONE) {
			part(connection);
			return false;
		}
		if (got < want)
			return true;
	}
}

/* A socket that can be written to and has nothing to read is connected. */
static void write_on(struct connection *connection)
{
	if (!exchange_output(&connection->job->exchange).len)
		established(connection);
	move_on(connection);
}

size_t connections_ready(struct engine *engine, int wait_ms)
{
	size_t n = poller_take(&engine->poller, wait_ms);
	/* What follows sets timers: libuv's clock stood still meanwhile. */
	if (wait_ms)
		uv_update_time(&engine->loop);
	for (size_t i = 0; i < n; i++) {
		struct connection *connection = engine->poller.ready[i];
		/* Nothing is opened in here, so a free one was closed a moment ago. */
		if (connection->state == CONNECTION_FREE)
			continue;
		if (connection->state == CONNECTION_LINGERING)
			linger_on(connection);
		else if (read_on(connection))
			/* Everything is read first: what came before our hello is extra bytes. */
			write_on(connection);
	}
	return n;
}

static void on_timer(uv_timer_t *handle)
{
	struct connection *connection = handle->data;
	if (connection->state == CONNECTION_LINGERING) {
		close_now(connection, true);
		return;
	}
	if (connection->state == CONNECTION_CONNECTING) {
		finish_unreachable(connection, 0);
		return;
	}
	if (uv_now(&connection->engine->loop) >= connection->deadline_ms) {
		finish(connection, EXCHANGE_TIMEOUT, NULL);
		return;
	}
	if (exchange_quiet(&connection->job->exchange))
		tcp_finish(connection->fd);
	set_deadline(connection);
	if (exchange_is_timed(&connection->job->exchange))
		move_on(connection);
}

void connection_open(struct connection *connection, struct job *job)
{
	struct engine *engine = connection->engine;
	const struct engine_options *options = &engine->options;
	int error;
	enum tcp_result result = tcp_connect(&connection->fd, &options->address, &error);
	if (result != TCP_DONE) {
		char why[160];
		tcp_why(why, sizeof(why), &options->address, error);
		list_push(&engine->free_connections, connection);
		if (result == TCP_EXHAUSTED) {
			schedule_exhausted(job, why);
			return;
		}
		exchange_finish(&job->exchange, EXCHANGE_UNREACHABLE, why);
		schedule_concluded(job);
		return;
	}
	connection->watched = false;
	connection->writing = false;
	connection->reset = false;
	connection->sends = 0;
	connection->job = job;
	connection->state = CONNECTION_CONNECTING;
	connection->deadline_ms = uv_now(&engine->loop) + options->timeout_ms;
	set_timer(connection, options->connect_ms < options->timeout_ms ? options->connect_ms
									: options->timeout_ms);
	flush(connection);
}
