/* journal_file.h - a file of checked lines that survives being killed: written line by line, read
 * line by line. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_JOURNAL_FILE_H
#define CLI_JOURNAL_FILE_H

#include "base/text.h"
#include "probe/tape.h"

#include <pthread.h>

/* What one line may be long: a whole tape, and what stands before it. */
#define JOURNAL_LINE_MAX (TAPE_LEN_MAX + 4096)

/*
 * A line is the fingerprint of what follows it, 16 digits, a blank, and that; so a line of which
 * the end never reached the disk is known as such. Each goes out in one write; a thread of the
 * file's own brings the bytes to the disk, once a second at most.
 */
struct journal_file {
	int fd;
	struct text line;
	bool failed; /* a write failed: nothing was written after it */
	pthread_t thread;
	bool syncing, written, stopping; /* the last two under `mutex` */
	pthread_mutex_t mutex;
	pthread_cond_t wake;
};

/* journal_file_open opens or makes the file, for this process alone. Fault: INPUT, with the reason
 * in `why`. */
MUST_USE enum fault journal_file_open(struct journal_file *file, const char *path, char *why,
				      size_t why_len);

/* journal_file_begin starts the thread; without it nothing is brought to the disk early. */
void journal_file_begin(struct journal_file *file);

/* journal_file_cut drops what stands from `offset` on. */
void journal_file_cut(struct journal_file *file, uint64_t offset);

/* journal_file_write adds a line, which holds no line end. */
void journal_file_write(struct journal_file *file, struct span line);

/* journal_file_close returns whether everything could be written. */
bool journal_file_close(struct journal_file *file);

/* A line that is not whole, or not what was written, is BAD. */
enum journal_line { JOURNAL_LINE, JOURNAL_LINE_BAD, JOURNAL_LINE_NONE };

/* One way through the file; it holds one line at a time. */
struct journal_reader {
	int fd;
	uint64_t from, next; /* where the line begins, and the one behind it */
	unsigned number;     /* of the line, from 1 */
	struct text text;
	size_t at; /* of `text`, where the next line begins */
};

/* journal_reader_init begins at the line `number` + 1, which begins at `offset`. */
void journal_reader_init(struct journal_reader *reader, int fd, uint64_t offset, unsigned number);

/* journal_reader_next views the next line, without its fingerprint, until the next call. */
enum journal_line journal_reader_next(struct journal_reader *reader, struct span *line);

void journal_reader_release(struct journal_reader *reader);

/* journal_line_check returns what stands behind the fingerprint of a line, or nothing. */
bool journal_line_check(struct span line, struct span *out);

#endif
