/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/journal_internal.h"
#include "tool.h"

#include <criterion/criterion.h>
#include <criterion/redirect.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char path[64];

static void make(void)
{
	snprintf(path, sizeof(path), "journal.XXXXXX");
	int fd = mkstemp(path);
	cr_assert_geq(fd, 0);
	close(fd);
}

static void drop(void)
{
	unlink(path);
}

static off_t size(void)
{
	struct stat info;
	cr_assert_eq(stat(path, &info), 0);
	return info.st_size;
}

static void add(const char *text, size_t len)
{
	int fd = open(path, O_WRONLY | O_APPEND);
	cr_assert_eq(write(fd, text, len), (ssize_t)len);
	close(fd);
}

static void add_line(const char *line)
{
	struct journal_file file;
	char why[256];
	cr_assert_eq(journal_file_open(&file, path, why, sizeof(why)), FAULT_NONE);
	journal_file_write(&file, span_text(line));
	cr_assert(journal_file_close(&file));
}

/* Nothing listens on this port of the loopback network. */
#define CHECK(...)                                                                                 \
	TOOL_RUN("tlsgauge", "check", "tls://127.9.9.9:9", "--policy",                             \
		 "azure-postgresql-single-"                                                        \
		 "server",                                                                         \
		 "--quiet", "--retries", "0", "--journal", path, __VA_ARGS__)

/* A run that was begun, and not ended: its last line, "end", is taken away, and "done" with it. */
static void begin_run(void)
{
	struct journal_reader reader;
	struct span line;
	cr_redirect_stdout();
	cr_redirect_stderr();
	cr_assert_eq(CHECK("--seed", "5"), STATUS_INCONCLUSIVE);
	int fd = open(path, O_RDWR);
	uint64_t end = 0;
	journal_reader_init(&reader, fd, 0, 0);
	while (journal_reader_next(&reader, &line) == JOURNAL_LINE)
		if (span_is(line, "done"))
			end = reader.from;
	journal_reader_release(&reader);
	cr_assert_gt(end, 0);
	cr_assert_eq(ftruncate(fd, (off_t)end), 0);
	close(fd);
}

Test(journal_file, lines_are_read_as_they_were_written, .init = make, .fini = drop)
{
	struct journal_reader reader;
	struct span line;
	add_line("one");
	add_line("two words");
	int fd = open(path, O_RDONLY);
	journal_reader_init(&reader, fd, 0, 0);
	cr_assert_eq(journal_reader_next(&reader, &line), JOURNAL_LINE);
	cr_assert(span_is(line, "one"));
	cr_assert_eq(journal_reader_next(&reader, &line), JOURNAL_LINE);
	cr_assert(span_is(line, "two words"));
	cr_assert_eq(reader.number, 2);
	cr_assert_eq(reader.next, (uint64_t)size());
	cr_assert_eq(journal_reader_next(&reader, &line), JOURNAL_LINE_NONE);
	journal_reader_release(&reader);
	close(fd);
}

Test(journal_file, torn_line_is_known_as_such, .init = make, .fini = drop)
{
	struct span line;
	add_line("the line that is torn");
	off_t whole = size();
	for (off_t len = whole - 1; len > 0; len--) {
		struct journal_reader reader;
		cr_assert_eq(truncate(path, len), 0);
		int fd = open(path, O_RDONLY);
		journal_reader_init(&reader, fd, 0, 0);
		cr_expect_eq(journal_reader_next(&reader, &line), JOURNAL_LINE_BAD, "%ld",
			     (long)len);
		journal_reader_release(&reader);
		close(fd);
	}
}

Test(journal_file, changed_byte_is_known_as_such)
{
	struct span rest;
	char line[] = "af63dc4c8601ec8c a";
	cr_assert(journal_line_check(span_text(line), &rest));
	cr_assert(span_is(rest, "a"));
	for (size_t i = 0; i < sizeof(line) - 1; i++) {
		line[i] ^= 1;
		cr_expect_not(journal_line_check(span_text(line), &rest), "%zu", i);
		line[i] ^= 1;
	}
}

Test(journal_file, line_without_end_costs_no_more_than_the_longest_line, .init = make, .fini = drop)
{
	struct journal_reader reader;
	struct span line;
	int fd = open(path, O_RDWR);
	cr_assert_eq(ftruncate(fd, (off_t)4 * JOURNAL_LINE_MAX), 0);
	journal_reader_init(&reader, fd, 0, 0);
	cr_assert_eq(journal_reader_next(&reader, &line), JOURNAL_LINE_BAD);
	cr_assert_leq(line.len, JOURNAL_LINE_MAX + 65536);
	journal_reader_release(&reader);
	close(fd);
}

Test(journal_file, two_runs_do_not_share_one, .init = make, .fini = drop)
{
	struct journal_file first, second;
	char why[256];
	cr_assert_eq(journal_file_open(&first, path, why, sizeof(why)), FAULT_NONE);
	cr_assert_eq(journal_file_open(&second, path, why, sizeof(why)), FAULT_INPUT);
	cr_assert(strstr(why, "under way"));
	cr_assert(journal_file_close(&first));
}

Test(journal_record, answer_is_read_as_it_was_put)
{
	struct text text;
	struct journal_record read;
	const struct journal_record record = {
		.part = JOURNAL_STRENGTH,
		.handed = 12,
		.probe = 7,
		.asked = UINT64_MAX,
		.attempts = 2,
		.started_us = 5,
		.ended_us = 9,
		.seen = 1,
		.sent = 0xABCDEF,
		.tape = span_text(" s8 i53"),
	};
	text_init(&text);
	journal_put_answer(&text, &record);
	journal_record_read(&read, span_of(text.at, text.len));
	cr_assert_eq(read.kind, JOURNAL_ANSWER);
	cr_assert_eq(read.part, JOURNAL_STRENGTH);
	cr_assert_eq(read.handed, 12);
	cr_assert_eq(read.probe, 7);
	cr_assert_eq(read.asked, UINT64_MAX);
	cr_assert_eq(read.ended_us, 9);
	cr_assert_eq(read.sent, 0xABCDEF);
	cr_assert(span_is(read.tape, "s8 i53"));
	text_release(&text);
}

Test(journal_record, interruption_is_read_as_it_was_put)
{
	struct text text;
	struct journal_record read;
	struct journal_record record = { .handed = 3, .interruption = { .at_us = 10, .len = 2 } };
	record.interruption.controls[0] = (struct interruption_control){ TLS1_2, 11, 12 };
	record.interruption.controls[1] = (struct interruption_control){ VERSION_NONE, 13, 14 };
	text_init(&text);
	journal_put_interruption(&text, &record);
	journal_record_read(&read, span_of(text.at, text.len));
	cr_assert_eq(read.kind, JOURNAL_INTERRUPTION);
	cr_assert_eq(read.interruption.at_us, 10);
	cr_assert_eq(read.interruption.len, 2);
	cr_assert_eq(read.interruption.controls[0].version, TLS1_2);
	cr_assert_eq(read.interruption.controls[1].version, VERSION_NONE);
	cr_assert_eq(read.interruption.controls[1].ended_us, 14);
	text_release(&text);
}

Test(journal_record, damaged_ones_are_unknown)
{
	static const char *const lines[] = {
		"",
		"answers",
		"answer",
		"answer policy 1 1 ff 1 1 1 ff",
		"answer other 1 1 ff 1 1 1 ff ff s8",
		"answer policy -1 1 ff 1 1 1 ff ff s8",
		"answer policy 1 1 ff 1 9 1 ff ff s8", /* it ended before it began */
		"answer policy 1 1 10000000000000000 1 1 1 ff ff s8",
		"answer policy 1 1 ff 1 1 18446744073709551615 ff ff s8",
		"interruption policy 1",
		"interruption policy 1 1 9:1:1",
		"interruption policy 1 1 4:1",
		"interruption policy 1 1 4:1:1 4:1:1 4:1:1 4:1:1 4:1:1 4:1:1 4:1:1 4:1:1",
		"run 0 anew now",
		"run 0 later now 127.0.0.1:1",
		"run x anew now 127.0.0.1:1",
		"run 0 anew 2026-11-29T18:10:54.000000000Z 127.0.0.1:1",
		"begin 2026-11-29T18:10:54.000000000Z",
	};
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct journal_record record;
		journal_record_read(&record, span_text(lines[i]));
		cr_expect_eq(record.kind, JOURNAL_UNKNOWN, "'%s'", lines[i]);
	}
}

Test(journal, same_run_goes_on_and_another_is_refused, .init = make, .fini = drop)
{
	begin_run();
	off_t before = size();
	cr_assert_eq(CHECK("--seed", "6"), STATUS_USAGE);
	cr_assert_eq(CHECK("--seed", "5", "--exhaustive"), STATUS_USAGE);
	cr_assert_eq(CHECK("--seed", "5", "--set", "minimum_tls_version=TLS1_1"), STATUS_USAGE);
	cr_assert_eq(CHECK("--seed", "5", "--cases", "grease"), STATUS_USAGE);
	cr_assert_eq(size(), before);
	cr_assert_eq(CHECK("--seed", "5", "--rate", "100"), STATUS_INCONCLUSIVE);
	cr_assert_gt(size(), before);
}

Test(journal, complete_one_is_begun_anew_by_any_run, .init = make, .fini = drop)
{
	begin_run();
	add_line("end");
	cr_assert_eq(CHECK("--seed", "6"), STATUS_INCONCLUSIVE);
}

Test(journal, torn_end_is_dropped, .init = make, .fini = drop)
{
	begin_run();
	add("0123", 4);
	cr_assert_eq(CHECK("--seed", "6"), STATUS_USAGE);
	add("\0\0\0\0\n\0\0\0", 8);
	cr_assert_eq(CHECK("--seed", "5"), STATUS_INCONCLUSIVE);
}

Test(journal, damage_before_the_end_is_refused, .init = make, .fini = drop)
{
	begin_run();
	add("0123\n", 5);
	add_line("end");
	off_t before = size();
	cr_assert_eq(CHECK("--seed", "5"), STATUS_USAGE);
	cr_assert_eq(size(), before);
}

Test(journal, good_line_of_no_meaning_is_refused, .init = make, .fini = drop)
{
	begin_run();
	add_line("answer policy 1");
	cr_assert_eq(CHECK("--seed", "5"), STATUS_USAGE);
}

Test(journal, file_that_is_none_stays_as_it_is, .init = make, .fini = drop)
{
	cr_redirect_stderr();
	add("my letters\n", 11);
	cr_assert_eq(CHECK("--seed", "5"), STATUS_USAGE);
	cr_assert_eq(size(), 11);
}

Test(journal, head_that_was_torn_is_begun_anew, .init = make, .fini = drop)
{
	begin_run();
	for (off_t len = 300; len >= 0; len -= 50) {
		cr_assert_eq(truncate(path, len), 0);
		cr_expect_eq(CHECK("--seed", "6"), STATUS_INCONCLUSIVE, "%ld", (long)len);
	}
}

Test(journal, needs_something_to_keep)
{
	cr_redirect_stderr();
	cr_assert_eq(TOOL_RUN("tlsgauge", "check", "--journal", "j"), STATUS_USAGE);
	cr_assert_eq(TOOL_RUN("tlsgauge", "check", "--self-test", "--journal", "j"), STATUS_USAGE);
	cr_assert_eq(TOOL_RUN("tlsgauge", "check", "tls://127.0.0.1", "--policy",
			      "azure-postgresql-single-server", "--dry-run", "--journal", "j"),
		     STATUS_USAGE);
	cr_assert_eq(access("j", F_OK), -1);
}
