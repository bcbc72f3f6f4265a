/* watch_output.h - what a server prints: read at once, kept within bounds. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_WATCH_OUTPUT_H
#define CLI_WATCH_OUTPUT_H

#include <pthread.h>
#include <stdatomic.h>

#include "base/text.h"
#include "live/crash_log.h"

#define WATCH_OUTPUT_MAX 65536

/*
 * A pipe, and a thread that does nothing but read it. A server that waits for somebody to read its
 * output looks like one that hangs, and the one who drives it may be busy for seconds; a file would
 * never block, but a flood would fill the disk before anybody looked. So the memory is bounded, the
 * disk is not touched, and a report is found when it is printed.
 */
struct watch_output {
	int fd, wake; /* our end of the pipe; an eventfd that ends the thread */
	pthread_t thread;
	bool running;
	pthread_mutex_t mutex;
	pthread_cond_t handed_back;
	atomic_bool wanted; /* by the caller: in a flood the thread would have it again at once */
	/* The rest is of both threads, under `mutex`. */
	char ring[WATCH_OUTPUT_MAX]; /* the last bytes; byte n of the output is at n % MAX */
	uint64_t total;
	struct crash_log crashes;
};

/* watch_output_init begins with nothing, and nobody to read from. */
void watch_output_init(struct watch_output *output);

/*
 * watch_output_open makes the pipe, of which `*writer` (closed on exec) is the server's end, and
 * begins to read an output anew. The caller closes `*writer` when the server has it. Does not move
 * while it is open. Fault: IO; then nothing is left open.
 */
MUST_USE enum fault watch_output_open(struct watch_output *output, int *writer);

/* watch_output_close ends the thread. What was kept stays, and may still be asked for. */
void watch_output_close(struct watch_output *output);

/*
 * watch_output_crash reads everything that was printed before it was called, and copies the report
 * that is kept, where there is one; returns how many were begun. `ended`: the server is dead, and a
 * report under way will not go on.
 */
uint64_t watch_output_crash(struct watch_output *output, bool ended, bool *has_report,
			    struct crash_report *out);

/* watch_output_next forgets that report. */
void watch_output_next(struct watch_output *output);

/* watch_output_tail appends the last `max` bytes of the output, from the beginning of a line where
 * one begins in them; a byte that is not printable ASCII, line end or tab is '?'. */
void watch_output_tail(struct watch_output *output, size_t max, struct text *out);

/* watch_output_last_line appends the last line that holds more than blanks, cut at 200 characters,
 * or nothing. */
void watch_output_last_line(struct watch_output *output, struct text *out);

#endif
