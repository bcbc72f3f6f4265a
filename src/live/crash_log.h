/* crash_log.h - reports of crashes in what a server prints: sanitizers, the C library, run-times.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LIVE_CRASH_LOG_H
#define LIVE_CRASH_LOG_H

#include "base/span.h"

#define CRASH_LINE_MAX	     512 /* of a line, what is behind is dropped */
#define CRASH_SUMMARY_MAX    256
#define CRASH_TEXT_MAX	     8192
#define CRASH_BEGINNINGS_MAX 40

/*
 * A report as the server printed it. Both texts are terminated, and hold nothing but printable
 * ASCII, in `text` with line ends and tabs; any other byte has become '?'.
 * `summary` is one line: of sanitizers what they call their summary, with the place in the source
 * and without addresses, as soon as it was printed; before that, and of everybody else, the line
 * that begins the report, without the number of the process. A summary that names memcpy and the
 * like, as the sanitizer has them, is given the place that called it.
 * `text` is all of it, frames included, cut at CRASH_TEXT_MAX - 1.
 * `whole`: what matters was printed. Of a process that dies slowly, the rest may come later.
 */
struct crash_report {
	const char *kind; /* "AddressSanitizer", "assertion" ...: for ids; not owned */
	bool whole;
	char summary[CRASH_SUMMARY_MAX];
	char text[CRASH_TEXT_MAX];
	size_t text_len;
};

/* Bytes in, the first report out. Everything is bounded; nothing is allocated. */
struct crash_log {
	char line[CRASH_LINE_MAX];
	size_t line_len;
	uint64_t count; /* reports that were begun since crash_log_init */
	bool has_report, open, is_block;
	bool passes;			/* the report under way is not the one that is kept */
	char caller[CRASH_SUMMARY_MAX]; /* the first frame that is not the sanitizer's own, or "" */
	struct crash_report report;
	uint64_t characters[CRASH_BEGINNINGS_MAX]; /* of each text that begins a report */
};

/* crash_log_init begins with an empty output. */
void crash_log_init(struct crash_log *log);

/* crash_log_feed takes the next bytes of the output, in pieces of any size. */
void crash_log_feed(struct crash_log *log, struct span bytes);

/* crash_log_end takes a last line that has no line end; a report under way is as whole as it gets.
 * More may be fed, when others go on printing. */
void crash_log_end(struct crash_log *log);

/* crash_log_next forgets the report, so that the next one that begins is kept. */
void crash_log_next(struct crash_log *log);

#endif
