/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/journal_file.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define DIGITS	16
#define CHUNK	65536
#define SYNC_MS 1000

enum fault journal_file_open(struct journal_file *file, const char *path, char *why, size_t why_len)
{
	struct stat info;
	*file = (struct journal_file){ .fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC,
						  0600) };
	if (file->fd < 0) {
		snprintf(why, why_len, "cannot write '%s': %s", path, strerror(errno));
		return FAULT_INPUT;
	}
	if (fstat(file->fd, &info) != 0 || !S_ISREG(info.st_mode))
		snprintf(why, why_len, "cannot write '%s': it is no regular file", path);
	else if (flock(file->fd, LOCK_EX | LOCK_NB) != 0)
		snprintf(why, why_len, "'%s' is the journal of a run that is under way", path);
	else
		return FAULT_NONE;
	close(file->fd);
	file->fd = -1;
	return FAULT_INPUT;
}

static struct timespec in_a_while(void)
{
	struct timespec due;
	clock_gettime(CLOCK_REALTIME, &due);
	due.tv_sec += SYNC_MS / 1000;
	return due;
}

/* A disk takes its time, and the clock of the probes must not wait for it. */
static void *sync_now_and_then(void *context)
{
	struct journal_file *file = context;
	pthread_mutex_lock(&file->mutex);
	while (!file->stopping) {
		struct timespec due = in_a_while();
		pthread_cond_timedwait(&file->wake, &file->mutex, &due);
		bool written = file->written;
		file->written = false;
		pthread_mutex_unlock(&file->mutex);
		if (written)
			(void)fdatasync(file->fd);
		pthread_mutex_lock(&file->mutex);
	}
	pthread_mutex_unlock(&file->mutex);
	return NULL;
}

void journal_file_begin(struct journal_file *file)
{
	sigset_t all, before;
	pthread_mutex_init(&file->mutex, NULL);
	pthread_cond_init(&file->wake, NULL);
	/* Signals are the main thread's. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	file->syncing = pthread_create(&file->thread, NULL, sync_now_and_then, file) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void journal_file_cut(struct journal_file *file, uint64_t offset)
{
	if (ftruncate(file->fd, (off_t)offset) != 0)
		file->failed = true;
}

static bool write_all(int fd, const char *at, size_t len)
{
	while (len) {
		ssize_t n = write(fd, at, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		at += n;
		len -= (size_t)n;
	}
	return true;
}

void journal_file_write(struct journal_file *file, struct span line)
{
	file->line.len = 0;
	text_printf(&file->line, "%016llx ",
		    (unsigned long long)fingerprint_bytes(FINGERPRINT_BEGIN, line));
	text_append(&file->line, line);
	text_append(&file->line, span_text("\n"));
	if (file->failed)
		return;
	if (file->line.fault != FAULT_NONE ||
	    !write_all(file->fd, text_view(&file->line), file->line.len)) {
		file->failed = true;
		return;
	}
	if (!file->syncing)
		return;
	pthread_mutex_lock(&file->mutex);
	file->written = true;
	pthread_mutex_unlock(&file->mutex);
}

bool journal_file_close(struct journal_file *file)
{
	if (file->syncing) {
		pthread_mutex_lock(&file->mutex);
		file->stopping = true;
		pthread_cond_signal(&file->wake);
		pthread_mutex_unlock(&file->mutex);
		pthread_join(file->thread, NULL);
		pthread_mutex_destroy(&file->mutex);
		pthread_cond_destroy(&file->wake);
	}
	bool written = !file->failed && fdatasync(file->fd) == 0;
	close(file->fd);
	text_release(&file->line);
	file->fd = -1;
	file->syncing = false;
	return written;
}

void journal_reader_init(struct journal_reader *reader, int fd, uint64_t offset, unsigned number)
{
	*reader = (struct journal_reader){ .fd = fd, .next = offset, .number = number };
	text_init(&reader->text);
}

void journal_reader_release(struct journal_reader *reader)
{
	text_release(&reader->text);
}

/* Adds bytes of the file; false at its end. */
static bool read_more(struct journal_reader *reader)
{
	char chunk[CHUNK];
	size_t kept = reader->text.len - reader->at;
	if (reader->at && kept)
		memmove(reader->text.at, reader->text.at + reader->at, kept);
	reader->text.len = kept;
	reader->at = 0;
	ssize_t n = pread(reader->fd, chunk, sizeof(chunk), (off_t)(reader->next + kept));
	if (n <= 0)
		return false;
	text_append(&reader->text, span_of(chunk, (size_t)n));
	return reader->text.fault == FAULT_NONE;
}

bool journal_line_check(struct span line, struct span *out)
{
	char digits[DIGITS + 1];
	*out = span_skip(line, DIGITS + 1);
	if (line.len <= DIGITS || line.at[DIGITS] != ' ')
		return false;
	snprintf(digits, sizeof(digits), "%016llx",
		 (unsigned long long)fingerprint_bytes(FINGERPRINT_BEGIN, *out));
	return memcmp(digits, line.at, DIGITS) == 0;
}

/* Takes `len` characters as the line, and `end` behind it. */
static void take(struct journal_reader *reader, size_t len, size_t end, struct span *line)
{
	*line = span_of(reader->text.at + reader->at, len);
	reader->from = reader->next;
	reader->next += len + end;
	reader->at += len + end;
	reader->number++;
}

enum journal_line journal_reader_next(struct journal_reader *reader, struct span *line)
{
	for (;;) {
		size_t left = reader->text.len - reader->at;
		const char *at = left ? reader->text.at + reader->at : NULL;
		const char *end = left ? memchr(at, '\n', left) : NULL;
		if (end) {
			take(reader, (size_t)(end - at), 1, line);
			return journal_line_check(*line, line) ? JOURNAL_LINE : JOURNAL_LINE_BAD;
		}
		if (left <= JOURNAL_LINE_MAX && read_more(reader))
			continue;
		left = reader->text.len - reader->at;
		if (!left)
			return JOURNAL_LINE_NONE;
		take(reader, left, 0, line);
		return JOURNAL_LINE_BAD;
	}
}
