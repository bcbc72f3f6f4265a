/* SPDX-License-Identifier: Apache-2.0 */
#include "live/crash_log.h"

#include <stdio.h>

/*
 * How a report begins. `starts`: at the beginning of a line, behind it nothing else would be safe
 * to take. `block`: lines follow, whatever they look like, until the sanitizer's summary; behind
 * the others, those that are indented or numbered as frames are.
 */
static const struct beginning {
	const char *text, *kind;
	bool starts, block;
} beginnings[] = {
	{ "ERROR: AddressSanitizer", "AddressSanitizer", false, true },
	{ "ERROR: HWAddressSanitizer", "HWAddressSanitizer", false, true },
	{ "ERROR: LeakSanitizer", "LeakSanitizer", false, true },
	{ "WARNING: MemorySanitizer: ", "MemorySanitizer", false, true },
	{ "ERROR: MemorySanitizer", "MemorySanitizer", false, true },
	{ "WARNING: ThreadSanitizer: ", "ThreadSanitizer", false, true },
	{ "ERROR: ThreadSanitizer", "ThreadSanitizer", false, true },
	{ "ERROR: UndefinedBehaviorSanitizer", "UndefinedBehaviorSanitizer", false, true },
	/* Go prints the same of a panic: "panic: runtime error: index out of range". */
	{ "panic: runtime error: ", "panic", false, false },
	{ ": runtime error: ", "UndefinedBehaviorSanitizer", false, false },
	{ "' panicked at ", "panic", false, false }, /* Rust */

	/* valgrind, behind the number of the process */
	{ "== Invalid read of size ", "valgrind", false, false },
	{ "== Invalid write of size ", "valgrind", false, false },
	{ "== Invalid free() ", "valgrind", false, false },
	{ "depends on uninitialised value(s)", "valgrind", false, false },

	/* glibc: malloc/malloc.c, debug/fortify_fail.c, assert/assert.c */
	{ "*** stack smashing detected ***", "stack-smashing", false, false },
	{ "*** buffer overflow detected ***", "buffer-overflow", false, false },
	{ "malloc(): ", "malloc", true, false },
	{ "malloc_consolidate(): ", "malloc", true, false },
	{ "calloc(): ", "malloc", true, false },
	{ "realloc(): ", "malloc", true, false },
	{ "free(): ", "malloc", true, false },
	{ "munmap_chunk(): ", "malloc", true, false },
	{ "double free or corruption", "malloc", true, false },
	{ "corrupted size vs. prev_size", "malloc", true, false },
	{ "corrupted double-linked list", "malloc", true, false },
	{ "terminate called after throwing", "exception", true, false }, /* libstdc++ */
	{ "OpenSSL internal error", "assertion", false, false },

	/* servers that say what became of a child: PostgreSQL, nginx, Apache */
	{ "TRAP: failed Assert", "assertion", false, false },
	{ "was terminated by signal ", "child", false, false },
	{ " exited on signal ", "child", false, false },
	{ " exit signal ", "child", false, false },
};

static struct span line_of(const struct crash_log *log)
{
	return span_of(log->line, log->line_len);
}

static bool holds(struct span line, const char *text)
{
	return memmem(line.at, line.len, text, strlen(text)) != NULL;
}

static bool begins_with(struct span line, const char *text)
{
	size_t len = strlen(text);
	return line.len >= len && memcmp(line.at, text, len) == 0;
}

/* assert() has no fixed beginning: "server: tls.c:17: parse: Assertion `len > 0' failed." */
static bool is_assertion(struct span line)
{
	return holds(line, ": Assertion `") && holds(line, "' failed");
}

#define BEGINNINGS (sizeof(beginnings) / sizeof(beginnings[0]))
_Static_assert(BEGINNINGS <= CRASH_BEGINNINGS_MAX, "crash_log.h has room for every beginning");

/* Which characters there are, by their lower six bits. */
static uint64_t characters_of(struct span text)
{
	uint64_t out = 0;
	for (size_t i = 0; i < text.len; i++)
		out |= UINT64_C(1) << (text.at[i] & 63);
	return out;
}

/* A server may print a million lines a second: most lack a character of every beginning. */
static const struct beginning *beginning_of(const struct crash_log *log, struct span line)
{
	static const struct beginning assertion = { "", "assertion", false, false };
	uint64_t absent = ~characters_of(line);
	for (size_t i = 0; i < BEGINNINGS; i++) {
		const struct beginning *b = &beginnings[i];
		if (log->characters[i] & absent)
			continue;
		if (b->starts ? begins_with(line, b->text) : holds(line, b->text))
			return b;
	}
	return is_assertion(line) ? &assertion : NULL;
}

static char printable(uint8_t c)
{
	return c >= 0x20 && c < 0x7F ? (char)c : '?';
}

/* "==123==ERROR: AddressSanitizer: ..." and "==123== Invalid read" without what is in front. */
static struct span without_process(struct span line)
{
	static const char *const words[] = { "ERROR: ", "WARNING: " };
	size_t digits = 2;
	if (!begins_with(line, "=="))
		return line;
	while (digits < line.len && line.at[digits] >= '0' && line.at[digits] <= '9')
		digits++;
	line = span_skip(line, digits + 2);
	while (line.len && line.at[0] == ' ')
		line = span_skip(line, 1);
	for (size_t i = 0; i < 2; i++)
		if (begins_with(line, words[i]))
			return span_skip(line, strlen(words[i]));
	return line;
}

/* Addresses differ from run to run, and behind them is nothing that the frames do not say. */
static struct span without_addresses(struct span line)
{
	static const char *const ends[] = { " on address 0x", " on unknown address", " (pc 0x",
					    " at pc 0x", " (pid=" };
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		const uint8_t *end = memmem(line.at, line.len, ends[i], strlen(ends[i]));
		if (end)
			line.len = (size_t)(end - line.at);
	}
	return line;
}

static void summarize(struct crash_report *report, struct span line)
{
	size_t len = line.len < CRASH_SUMMARY_MAX ? line.len : CRASH_SUMMARY_MAX - 1;
	for (size_t i = 0; i < len; i++)
		report->summary[i] = printable(line.at[i]);
	report->summary[len] = '\0';
}

static void keep_line(struct crash_log *log)
{
	struct crash_report *report = &log->report;
	if (log->passes)
		return;
	for (size_t i = 0; i < log->line_len && report->text_len < CRASH_TEXT_MAX - 2; i++) {
		uint8_t c = (uint8_t)log->line[i];
		report->text[report->text_len++] = c == '\t' ? '\t' : printable(c);
	}
	if (report->text_len < CRASH_TEXT_MAX - 1)
		report->text[report->text_len++] = '\n';
	report->text[report->text_len] = '\0';
}

static void close_report(struct crash_log *log)
{
	if (log->open && !log->passes)
		log->report.whole = true;
	log->open = false;
}

static void begin(struct crash_log *log, const struct beginning *beginning)
{
	close_report(log);
	log->count++;
	log->open = true;
	log->is_block = beginning->block;
	log->passes = log->has_report;
	if (log->passes)
		return;
	log->has_report = true;
	*log->caller = '\0';
	log->report = (struct crash_report){ .kind = beginning->kind, .whole = !beginning->block };
	summarize(&log->report, without_addresses(without_process(line_of(log))));
	keep_line(log);
}

/* "    #1 0x55d0 in parse /src/server.c:71:9": what is behind the address. */
static struct span frame_of(struct span line)
{
	static const char in[] = " in ";
	const uint8_t *at = memmem(line.at, line.len, in, sizeof(in) - 1);
	while (line.len && line.at[0] == ' ')
		line = span_skip(line, 1);
	if (!line.len || line.at[0] != '#' || !at)
		return span_of(NULL, 0);
	at += sizeof(in) - 1;
	return span_of(at, (size_t)(line.at + line.len - at));
}

static bool is_sanitizers(struct span text)
{
	return holds(text, "__interceptor_") || holds(text, "libsanitizer") ||
	       holds(text, "compiler-rt") || holds(text, "__asan_") ||
	       holds(text, "sanitizer_common");
}

static void note_caller(struct crash_log *log, struct span line)
{
	struct span frame = frame_of(line);
	if (*log->caller || !frame.len || is_sanitizers(frame))
		return;
	size_t len = frame.len < sizeof(log->caller) ? frame.len : sizeof(log->caller) - 1;
	for (size_t i = 0; i < len; i++)
		log->caller[i] = printable(frame.at[i]);
	log->caller[len] = '\0';
}

/* "AddressSanitizer: heap-buffer-overflow in parse /src/server.c:71" for a place within memcpy. */
static void summarize_end(struct crash_log *log, struct span summary)
{
	struct crash_report *report = &log->report;
	char what[64];
	size_t len = 0, blanks = 0;
	summarize(report, summary);
	if (!*log->caller || !is_sanitizers(summary))
		return;
	while (len < summary.len && len < sizeof(what) - 1) {
		blanks += summary.at[len] == ' ';
		if (blanks == 2)
			break;
		what[len] = printable(summary.at[len]);
		len++;
	}
	what[len] = '\0';
	int max = CRASH_SUMMARY_MAX - (int)sizeof(what) - 8;
	snprintf(report->summary, sizeof(report->summary), "%s in %.*s", what, max, log->caller);
}

/* In a report that has a summary of its own, that is the last line of interest. */
static void go_on_block(struct crash_log *log)
{
	static const char summary[] = "SUMMARY: ";
	struct span line = line_of(log);
	keep_line(log);
	note_caller(log, line);
	if (begins_with(line, summary) && !log->passes)
		summarize_end(log, span_skip(line, sizeof(summary) - 1));
	if (begins_with(line, summary) || holds(line, "==ABORTING"))
		close_report(log);
}

static void go_on_frames(struct crash_log *log)
{
	struct span line = line_of(log);
	bool is_frame = line.len && (line.at[0] == ' ' || line.at[0] == '\t' || line.at[0] == '#' ||
				     begins_with(line, "==") || begins_with(line, "SUMMARY: ") ||
				     begins_with(line, "goroutine "));
	if (is_frame)
		keep_line(log);
	else
		close_report(log);
}

static void end_line(struct crash_log *log)
{
	while (log->line_len && log->line[log->line_len - 1] == '\r')
		log->line_len--;
	const struct beginning *beginning = beginning_of(log, line_of(log));
	if (beginning)
		begin(log, beginning);
	else if (log->open && log->is_block)
		go_on_block(log);
	else if (log->open)
		go_on_frames(log);
	log->line_len = 0;
}

void crash_log_init(struct crash_log *log)
{
	*log = (struct crash_log){ .line_len = 0 };
	for (size_t i = 0; i < BEGINNINGS; i++)
		log->characters[i] = characters_of(span_text(beginnings[i].text));
}

void crash_log_feed(struct crash_log *log, struct span bytes)
{
	while (bytes.len) {
		const uint8_t *end = memchr(bytes.at, '\n', bytes.len);
		size_t len = end ? (size_t)(end - bytes.at) : bytes.len;
		size_t room = CRASH_LINE_MAX - log->line_len;
		size_t kept = len < room ? len : room;
		memcpy(log->line + log->line_len, bytes.at, kept);
		log->line_len += kept;
		if (end)
			end_line(log);
		bytes = span_skip(bytes, end ? len + 1 : len);
	}
}

void crash_log_end(struct crash_log *log)
{
	if (log->line_len)
		end_line(log);
	close_report(log);
}

void crash_log_next(struct crash_log *log)
{
	log->has_report = false;
}
