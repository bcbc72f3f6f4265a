/* engine_internal.h - the engine's parts: the schedule above, the connections below. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ENGINE_ENGINE_INTERNAL_H
#define ENGINE_ENGINE_INTERNAL_H

#include "engine/source.h"
#include "transport/poller.h"
#include "transport/tcp.h"

#include <uv.h>

#define READ_BUFFER_LEN 16384

/* One probe under way: in a connection, or waiting for its next attempt. */
struct job {
	struct engine *engine;
	struct job *next; /* of the list that it is in */
	struct probe probe;
	struct arena arena;
	struct exchange exchange;
	struct tape tape;
	uint32_t attempts;
	uint64_t started_us, due_ms;
};

enum connection_state {
	CONNECTION_FREE,
	CONNECTION_CONNECTING,
	CONNECTION_TALKING,
	CONNECTION_LINGERING, /* its job is done; the peer is given time to close first */
};

struct connection {
	struct engine *engine;
	struct job *job;
	uv_timer_t timer;
	int fd;
	enum connection_state state;
	bool watched, writing; /* what the poller was told */
	bool reset;	       /* sending met a RST: what can still be read is read first */
	unsigned sends;	       /* that moved something */
	uint64_t deadline_ms;
	struct connection *next, *previous;
};

struct connection_list {
	struct connection *first, *last;
	size_t len;
};

struct engine {
	uv_loop_t loop;
	struct poller poller;
	uv_poll_t sockets; /* the poller's own descriptor */
	uv_prepare_t prepare;
	uv_timer_t wake;
	uv_signal_t signals[2];
	struct engine_options options;
	const struct engine_source *source;
	struct engine_result *result;
	struct arena *keep;
	struct job *jobs, *free_jobs, *waiting;
	struct connection *connections;
	struct connection_list free_connections, lingering;
	size_t running;
	/* How many may run: halved by overload, grown by one a round of answers. */
	size_t allowed, credit;
	uint64_t started_us, next_start_us, halved_us, progress_ms;
	bool spoke;				   /* the endpoint said something at least once */
	bool starved;				   /* the source waits for an answer */
	bool drained;				   /* the source has no more questions */
	bool stopping;				   /* nothing more is started */
	unsigned failures, unreachables, timeouts; /* final ones, without an answer in between */
	enum outcome given_up;
	const char *why;
	enum fault fault;
	uint8_t buffer[READ_BUFFER_LEN];
};

/* engine_now_us returns microseconds since the run began. */
uint64_t engine_now_us(const struct engine *engine);

/* engine_stop starts nothing more and lets the loop run out; `now` drops what is under way. */
void engine_stop(struct engine *engine, bool now);

/* schedule_pump starts what may be started: called once in every turn of the loop. */
void schedule_pump(struct engine *engine);

/* schedule_concluded takes a job whose exchange is done: delivers it, or puts it up for a retry. */
void schedule_concluded(struct job *job);

/* schedule_exhausted takes a job back for which no socket was to be had. */
void schedule_exhausted(struct job *job, const char *why);

/* connections_init makes twice as many connections as may run: half of them may linger. */
MUST_USE enum fault connections_init(struct engine *engine);

/* connection_take returns a free one, if need be by aborting the one that lingers longest. */
struct connection *connection_take(struct engine *engine);

/* connections_ready serves every socket on which something happened, and waits at most so long for
 * the first; how many there were. */
size_t connections_ready(struct engine *engine, int wait_ms);

/* connection_open connects for a job whose exchange was started, and sends at once. */
void connection_open(struct connection *connection, struct job *job);

/* connection_drop gives up a connection that is in use, with a RST. */
void connection_drop(struct connection *connection);

/* connections_hurry shortens the lingering at the end of a run. */
void connections_hurry(struct engine *engine);

#endif
