/* SPDX-License-Identifier: Apache-2.0 */
#include <poll.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "cli/watch.h"
#include "transport/tcp.h"

#define TICK_MS		5
#define CONNECT_MS	100
/* How long a parent may take to end that left its server behind: what is found at the first start
 * is not there at the others. */
#define SETTLE_FIRST_MS 500
#define SETTLE_MS	30

static uint64_t now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* A socket that was given the very port that it connects to is connected to itself. */
static bool is_connected(int fd)
{
	struct sockaddr_storage peer = { .ss_family = AF_UNSPEC }, own = peer;
	socklen_t peer_len = sizeof(peer), own_len = sizeof(own);
	return getpeername(fd, (struct sockaddr *)&peer, &peer_len) == 0 &&
	       getsockname(fd, (struct sockaddr *)&own, &own_len) == 0 &&
	       memcmp(&peer, &own, sizeof(peer)) != 0;
}

/* Is somebody there? Nothing is sent, and the connection is closed in order. */
static bool accepts(const struct address *at)
{
	int fd, error;
	if (tcp_connect(&fd, at, &error) != TCP_DONE)
		return false;
	struct pollfd wait = { .fd = fd, .events = POLLOUT };
	bool connected = poll(&wait, 1, CONNECT_MS) == 1 && is_connected(fd);
	tcp_close(fd);
	return connected;
}

/* What became of the command: ": " and its last line, where it printed one. */
static void put_last_line(struct watch *watch, struct text *out)
{
	struct text line;
	text_init(&line);
	watch_output_last_line(&watch->output, &line);
	if (line.len)
		text_join(out, ": ", text_view(&line));
	text_release(&line);
}

static enum fault refuse(struct text *why, char *out, size_t out_len)
{
	snprintf(out, out_len, "'--exec': %s", text_view(why));
	text_release(why);
	return FAULT_INPUT;
}

static enum fault refuse_taken(const struct watch *watch, char *out, size_t out_len)
{
	struct text why;
	text_init(&why);
	if (watch->restarts)
		text_printf(&why,
			    "something still listens at %s after the command was stopped; it must "
			    "stay in the foreground",
			    watch->at.text);
	else
		text_printf(&why,
			    "something listens at %s already; is it the server of an earlier run?",
			    watch->at.text);
	return refuse(&why, out, out_len);
}

/* Most often 0: a server that went into the background. */
static enum fault refuse_ended(struct watch *watch, bool listens, char *out, size_t out_len)
{
	bool ended_well = watch->end.state == WATCH_EXITED && watch->end.number == 0;
	struct text why;
	text_init(&why);
	text_put(&why, "the command ");
	watch_end_put(&why, &watch->end);
	if (listens)
		text_printf(&why, " while something listens at %s", watch->at.text);
	else if (ended_well)
		text_printf(&why, " before anything listened at %s", watch->at.text);
	if (listens || ended_well)
		text_put(&why, "; it must stay in the foreground");
	else
		put_last_line(watch, &why);
	return refuse(&why, out, out_len);
}

static enum fault refuse_silent(struct watch *watch, char *out, size_t out_len)
{
	struct text why;
	text_init(&why);
	text_printf(&why, "nothing listens at %s after %u ms", watch->at.text, watch->timeout_ms);
	put_last_line(watch, &why);
	return refuse(&why, out, out_len);
}

/* The end of a process that is on its way: what it printed last is asked for behind this. */
static bool ends_within(struct watch *watch, uint64_t ms)
{
	uint64_t due = now_ms() + ms;
	while (!watch_has_ended(watch)) {
		if (now_ms() >= due)
			return false;
		poll(NULL, 0, TICK_MS);
	}
	return true;
}

static enum fault wait_until_it_listens(struct watch *watch, char *why, size_t why_len)
{
	uint64_t due = now_ms() + watch->timeout_ms;
	uint64_t settle_ms = watch->restarts ? SETTLE_MS : SETTLE_FIRST_MS;
	for (;;) {
		bool listens = accepts(&watch->at);
		/* A parent that leaves its server behind ends just after. */
		if (listens && !ends_within(watch, settle_ms))
			return FAULT_NONE;
		if (watch_has_ended(watch))
			return refuse_ended(watch, listens || accepts(&watch->at), why, why_len);
		if (now_ms() >= due)
			return refuse_silent(watch, why, why_len);
		poll(NULL, 0, TICK_MS);
	}
}

static enum fault refuse_system(enum fault fault, char *why, size_t why_len)
{
	snprintf(why, why_len, "'--exec': cannot start a process: %s", fault_text(fault));
	return fault;
}

enum fault watch_start(struct watch *watch, char *why, size_t why_len)
{
	int writer;
	if (accepts(&watch->at))
		return refuse_taken(watch, why, why_len);
	enum fault fault = watch_output_open(&watch->output, &writer);
	if (fault != FAULT_NONE)
		return refuse_system(fault, why, why_len);
	watch->end = (struct watch_end){ .state = WATCH_ALIVE };
	fault = watch_spawn(watch, writer);
	close(writer);
	if (fault != FAULT_NONE) {
		watch_output_close(&watch->output);
		watch->end.state = WATCH_GONE;
		return refuse_system(fault, why, why_len);
	}
	fault = wait_until_it_listens(watch, why, why_len);
	if (fault != FAULT_NONE)
		watch_stop(watch);
	return fault;
}
