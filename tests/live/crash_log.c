/* SPDX-License-Identifier: Apache-2.0 */
#include "live/crash_log.h"

#include <criterion/criterion.h>

static struct crash_log log_of;

static void print(const char *text)
{
	crash_log_feed(&log_of, span_text(text));
}

#define ASAN_HEAD                                                                                  \
	"=================================================================\n"                      \
	"==4242==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x602000000014 at pc "   \
	"0x55d0 bp 0x7ffc sp 0x7ffb\n"
#define ASAN_FRAMES                                                                                \
	"READ of size 1 at 0x602000000014 thread T0\n"                                             \
	"    #0 0x55d0 in parse_extension /src/server.c:71:9\n"                                    \
	"\n"                                                                                       \
	"0x602000000014 is located 0 bytes to the right of 4-byte region\n"
#define ASAN_SUMMARY                                                                               \
	"SUMMARY: AddressSanitizer: heap-buffer-overflow /src/server.c:71:9 in parse_extension\n"

static const struct {
	const char *line, *kind, *summary;
} heads[] = {
	{ "==1==ERROR: AddressSanitizer: SEGV on unknown address 0x000000000000 (pc 0x1 bp 0x2)",
	  "AddressSanitizer", "AddressSanitizer: SEGV" },
	{ "==77==ERROR: LeakSanitizer: detected memory leaks", "LeakSanitizer",
	  "LeakSanitizer: detected memory leaks" },
	{ "==8==WARNING: MemorySanitizer: use-of-uninitialized-value", "MemorySanitizer",
	  "MemorySanitizer: use-of-uninitialized-value" },
	{ "WARNING: ThreadSanitizer: data race (pid=812)", "ThreadSanitizer",
	  "WARNING: ThreadSanitizer: data race" },
	{ "hello.c:12:9: runtime error: index 4 out of bounds for type 'int [4]'",
	  "UndefinedBehaviorSanitizer",
	  "hello.c:12:9: runtime error: index 4 out of bounds for type 'int [4]'" },
	{ "panic: runtime error: index out of range [5] with length 3", "panic",
	  "panic: runtime error: index out of range [5] with length 3" },
	{ "thread 'main' panicked at src/main.rs:3:5:", "panic",
	  "thread 'main' panicked at src/main.rs:3:5:" },
	{ "==55== Invalid read of size 4", "valgrind", "Invalid read of size 4" },
	{ "*** stack smashing detected ***: terminated", "stack-smashing",
	  "*** stack smashing detected ***: terminated" },
	{ "malloc(): corrupted top size", "malloc", "malloc(): corrupted top size" },
	{ "free(): invalid pointer", "malloc", "free(): invalid pointer" },
	{ "s: t.c:17: parse: Assertion `len > 0' failed.", "assertion",
	  "s: t.c:17: parse: Assertion `len > 0' failed." },
	{ "LOG:  server process (PID 5) was terminated by signal 11: Segmentation fault", "child",
	  "LOG:  server process (PID 5) was terminated by signal 11: Segmentation fault" },
	{ "[alert] 9#9: worker process 31 exited on signal 11", "child",
	  "[alert] 9#9: worker process 31 exited on signal 11" },
};

Test(crash_log, every_kind_of_report_is_known_by_its_first_line)
{
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		crash_log_init(&log_of);
		print("listening\n");
		print(heads[i].line);
		cr_assert_not(log_of.has_report, "%s", heads[i].line);
		print("\r\n");
		cr_assert(log_of.has_report, "%s", heads[i].line);
		cr_expect_str_eq(log_of.report.kind, heads[i].kind);
		cr_expect_str_eq(log_of.report.summary, heads[i].summary);
		cr_expect_eq(log_of.count, 1);
	}
}

Test(crash_log, what_a_healthy_server_prints_is_no_report)
{
	static const char *const lines[] = {
		"LOG:  could not accept SSL connection: no shared cipher",
		"140:error:0A000076:SSL routines::no suitable signature algorithm",
		"ERROR: connection reset by peer",
		"stats: 12 malloc(): calls, 3 free(): calls",
		"all assertions passed; Assertion handling is on",
		"==4242==WARNING: AddressSanitizer failed to allocate 0xffff bytes",
		"runtime error handling is on",
		"child process 12 exited with status 0",
		"=================================================================",
		"",
	};
	crash_log_init(&log_of);
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		print(lines[i]);
		print("\n");
		cr_expect_not(log_of.has_report, "%s", lines[i]);
	}
	cr_expect_eq(log_of.count, 0);
}

Test(crash_log, sanitizers_own_summary_takes_the_place_of_the_first_line)
{
	crash_log_init(&log_of);
	print("ready\n" ASAN_HEAD);
	cr_expect_str_eq(log_of.report.summary, "AddressSanitizer: heap-buffer-overflow");
	cr_expect_not(log_of.report.whole);
	print(ASAN_FRAMES);
	cr_expect_not(log_of.report.whole);
	print(ASAN_SUMMARY "Shadow bytes around the buggy address:\n==4242==ABORTING\n");
	cr_expect(log_of.report.whole);
	cr_expect_str_eq(log_of.report.summary,
			 "AddressSanitizer: heap-buffer-overflow /src/server.c:71:9 in "
			 "parse_extension");
	cr_expect(strstr(log_of.report.text, "#0 0x55d0 in parse_extension"));
	cr_expect_not(strstr(log_of.report.text, "ready"));
	cr_expect_not(strstr(log_of.report.text, "Shadow bytes"));
}

/* AddressSanitizer's summary is about its own memcpy. */
Test(crash_log, a_place_within_the_sanitizer_gives_way_to_its_caller)
{
	crash_log_init(&log_of);
	print("==7==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x6020 at pc 0x1\n"
	      "WRITE of size 17 at 0x6020 thread T0\n"
	      "    #0 0x7f in __interceptor_memcpy ../../../../src/libsanitizer/x.inc:827\n"
	      "    #1 0x55 in keep_session_id /src/server.c:27\n"
	      "    #2 0x55 in takes /src/server.c:52\n"
	      "SUMMARY: AddressSanitizer: heap-buffer-overflow ../../../../src/libsanitizer/"
	      "x.inc:827 in __interceptor_memcpy\n");
	cr_expect_str_eq(log_of.report.summary, "AddressSanitizer: heap-buffer-overflow in "
						"keep_session_id /src/server.c:27");
	/* The next report has callers of its own. */
	crash_log_next(&log_of);
	print("==8==ERROR: AddressSanitizer: stack-buffer-overflow on address 0x6020\n"
	      "    #0 0x7f in __interceptor_memcpy ../../../../src/libsanitizer/x.inc:827\n"
	      "    #1 0x55 in put_name /src/server.c:99\n"
	      "SUMMARY: AddressSanitizer: stack-buffer-overflow ../../../../src/libsanitizer/"
	      "x.inc:827 in __interceptor_memcpy\n");
	cr_expect_str_eq(log_of.report.summary, "AddressSanitizer: stack-buffer-overflow in "
						"put_name /src/server.c:99");
}

Test(crash_log, pieces_of_any_size_make_the_same_report)
{
	static const char whole[] = "ready\n" ASAN_HEAD ASAN_FRAMES ASAN_SUMMARY "more\n";
	static struct crash_report expected;
	crash_log_init(&log_of);
	print(whole);
	expected = log_of.report;
	for (size_t piece = 1; piece < 40; piece++) {
		crash_log_init(&log_of);
		for (size_t at = 0; at < sizeof(whole) - 1; at += piece) {
			size_t left = sizeof(whole) - 1 - at;
			crash_log_feed(&log_of, span_of(whole + at, left < piece ? left : piece));
		}
		cr_assert_str_eq(log_of.report.text, expected.text);
		cr_assert_str_eq(log_of.report.summary, expected.summary);
	}
}

/* UBSan goes on: the first report is kept, with its frames, and the others are counted. */
Test(crash_log, first_report_is_kept_until_the_next_is_asked_for)
{
	crash_log_init(&log_of);
	print("a.c:1:2: runtime error: signed integer overflow\n"
	      "    #0 0x1 in first a.c:1\n"
	      "handshake done\n"
	      "    #0 0x1 in nothing of ours\n"
	      "b.c:3:4: runtime error: shift exponent 40 is too large\n"
	      "    #0 0x2 in second b.c:3\n");
	cr_expect_eq(log_of.count, 2);
	cr_expect(log_of.report.whole);
	cr_expect_str_eq(log_of.report.text, "a.c:1:2: runtime error: signed integer overflow\n"
					     "    #0 0x1 in first a.c:1\n");
	crash_log_next(&log_of);
	print("    #1 0x2 in main b.c:9\n");
	cr_expect_not(log_of.has_report);
	print("c.c:5:6: runtime error: null pointer\n");
	cr_expect_eq(log_of.count, 3);
	cr_expect_str_eq(log_of.report.text, "c.c:5:6: runtime error: null pointer\n");
}

Test(crash_log, report_of_a_process_that_died_in_it_is_as_whole_as_it_gets)
{
	crash_log_init(&log_of);
	print(ASAN_HEAD "READ of size 1");
	crash_log_end(&log_of);
	cr_expect(log_of.report.whole);
	cr_expect(strstr(log_of.report.text, "READ of size 1\n"));
	crash_log_init(&log_of);
	print("free(): invalid size");
	crash_log_end(&log_of);
	cr_expect_str_eq(log_of.report.summary, "free(): invalid size");
}

/* Whatever a server prints is printed by us later on. */
Test(crash_log, texts_are_printable_and_bounded)
{
	crash_log_init(&log_of);
	print("==1==ERROR: AddressSanitizer: \x1b[31mred\x07\xff on address 0x1\n");
	cr_expect_str_eq(log_of.report.summary, "AddressSanitizer: ?[31mred??");
	for (size_t i = 0; i < 4 * CRASH_TEXT_MAX; i++)
		print(i % 700 ? "x\t" : "\n");
	cr_expect_eq(log_of.report.text_len, CRASH_TEXT_MAX - 1);
	cr_expect_eq(strlen(log_of.report.text), CRASH_TEXT_MAX - 1);
	print("\n" ASAN_SUMMARY);
	cr_expect(log_of.report.whole);
	cr_expect(strstr(log_of.report.summary, "parse_extension"));
	crash_log_init(&log_of);
	for (size_t i = 0; i < CRASH_LINE_MAX; i++)
		print("f");
	print(": runtime error: too far to the right\n");
	cr_expect_not(log_of.has_report);
}
