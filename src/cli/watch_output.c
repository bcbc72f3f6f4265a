/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/watch_output.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define PIPE_BYTES     (1 << 20)
#define CHUNK	       65536
#define CHUNKS_OF_PIPE (PIPE_BYTES / CHUNK + 1) /* whatever is in the pipe now */
#define LAST_LINE_MAX  200

static void keep(struct watch_output *output, struct span bytes)
{
	crash_log_feed(&output->crashes, bytes);
	for (size_t left = bytes.len; left;) {
		size_t at = output->total % WATCH_OUTPUT_MAX;
		size_t room = WATCH_OUTPUT_MAX - at, n = left < room ? left : room;
		memcpy(output->ring + at, bytes.at + (bytes.len - left), n);
		output->total += n;
		left -= n;
	}
}

/* Reads until nothing is there, but not for ever; false at the end of the output. */
static bool drain(struct watch_output *output, size_t chunks)
{
	char chunk[CHUNK];
	for (size_t i = 0; i < chunks; i++) {
		ssize_t n = read(output->fd, chunk, sizeof(chunk));
		if (n == 0)
			return false;
		if (n < 0)
			break;
		keep(output, span_of(chunk, (size_t)n));
	}
	return true;
}

static void *read_on(void *context)
{
	struct watch_output *output = context;
	struct pollfd fds[] = { { .fd = output->wake, .events = POLLIN },
				{ .fd = output->fd, .events = POLLIN } };
	for (bool more = true; more;) {
		if (poll(fds, 2, -1) < 0)
			continue;
		if (fds[0].revents)
			break;
		pthread_mutex_lock(&output->mutex);
		while (atomic_load(&output->wanted))
			pthread_cond_wait(&output->handed_back, &output->mutex);
		more = drain(output, 1);
		pthread_mutex_unlock(&output->mutex);
	}
	return NULL;
}

static bool begin(struct watch_output *output)
{
	sigset_t all, before;
	/* Signals are the main thread's. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	output->running = pthread_create(&output->thread, NULL, read_on, output) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return output->running;
}

void watch_output_init(struct watch_output *output)
{
	output->fd = output->wake = -1;
	output->running = false;
	atomic_init(&output->wanted, false);
	output->total = 0;
	crash_log_init(&output->crashes);
}

/* Only our end does not block: the server's end is a description of its own. */
enum fault watch_output_open(struct watch_output *output, int *writer)
{
	int ends[2] = { -1, -1 };
	watch_output_init(output);
	output->wake = eventfd(0, EFD_CLOEXEC);
	if (output->wake < 0)
		return FAULT_IO;
	pthread_mutex_init(&output->mutex, NULL);
	pthread_cond_init(&output->handed_back, NULL);
	if (pipe2(ends, O_CLOEXEC) == 0 && fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0) {
		/* Where a user has no such room left, a small pipe does as well. */
		(void)fcntl(ends[0], F_SETPIPE_SZ, PIPE_BYTES);
		output->fd = ends[0];
		if (begin(output)) {
			*writer = ends[1];
			return FAULT_NONE;
		}
	}
	for (size_t i = 0; i < 2; i++)
		if (ends[i] >= 0)
			close(ends[i]);
	close(output->wake);
	pthread_cond_destroy(&output->handed_back);
	pthread_mutex_destroy(&output->mutex);
	return FAULT_IO;
}

void watch_output_close(struct watch_output *output)
{
	uint64_t one = 1;
	if (!output->running)
		return;
	ssize_t written = write(output->wake, &one, sizeof(one));
	(void)written;
	pthread_join(output->thread, NULL);
	output->running = false;
	(void)drain(output, CHUNKS_OF_PIPE);
	close(output->fd);
	close(output->wake);
	pthread_cond_destroy(&output->handed_back);
	pthread_mutex_destroy(&output->mutex);
}

static void lock(struct watch_output *output)
{
	if (!output->running)
		return;
	atomic_store(&output->wanted, true);
	pthread_mutex_lock(&output->mutex);
}

/* The thread may not have come to what was printed just now. */
static void lock_and_drain(struct watch_output *output)
{
	lock(output);
	if (output->running)
		(void)drain(output, CHUNKS_OF_PIPE);
}

static void unlock(struct watch_output *output)
{
	if (!output->running)
		return;
	atomic_store(&output->wanted, false);
	pthread_cond_signal(&output->handed_back);
	pthread_mutex_unlock(&output->mutex);
}

uint64_t watch_output_crash(struct watch_output *output, bool ended, bool *has_report,
			    struct crash_report *out)
{
	lock_and_drain(output);
	if (ended)
		crash_log_end(&output->crashes);
	uint64_t count = output->crashes.count;
	*has_report = output->crashes.has_report;
	if (*has_report)
		*out = output->crashes.report;
	unlock(output);
	return count;
}

void watch_output_next(struct watch_output *output)
{
	lock(output);
	crash_log_next(&output->crashes);
	unlock(output);
}

/* Byte `at` of the output, which must be one that is kept. */
static char byte_at(const struct watch_output *output, uint64_t at)
{
	return output->ring[at % WATCH_OUTPUT_MAX];
}

static void put(const struct watch_output *output, uint64_t from, uint64_t to, struct text *out)
{
	for (; from < to; from++) {
		char c = byte_at(output, from);
		bool plain = (c >= 0x20 && c < 0x7F) || c == '\n' || c == '\t';
		text_put_char(out, plain ? c : '?');
	}
}

void watch_output_tail(struct watch_output *output, size_t max, struct text *out)
{
	lock_and_drain(output);
	uint64_t kept = output->total < WATCH_OUTPUT_MAX ? output->total : WATCH_OUTPUT_MAX;
	uint64_t from = output->total - (kept < max ? kept : max), line = from;
	/* The beginning of a line that was cut off says little. */
	while (from && line < output->total && byte_at(output, line) != '\n')
		line++;
	if (from && line + 1 < output->total)
		from = line + 1;
	put(output, from, output->total, out);
	unlock(output);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

void watch_output_last_line(struct watch_output *output, struct text *out)
{
	lock_and_drain(output);
	uint64_t kept = output->total < WATCH_OUTPUT_MAX ? output->total : WATCH_OUTPUT_MAX;
	uint64_t oldest = output->total - kept, end = output->total;
	while (end > oldest && is_blank(byte_at(output, end - 1)))
		end--;
	uint64_t from = end;
	while (from > oldest && byte_at(output, from - 1) != '\n')
		from--;
	put(output, from, end - from > LAST_LINE_MAX ? from + LAST_LINE_MAX : end, out);
	unlock(output);
}
