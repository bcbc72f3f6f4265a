/* SPDX-License-Identifier: Apache-2.0 */
#include "watched.h"

#include <criterion/criterion.h>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

TestSuite(watch, .init = limit_time);

Test(watch, server_is_started_and_stopped)
{
	struct address at = start(SERVER " @");
	pid_t pid = watch.pid, guard = watch.guard;
	watch_look(&watch, &seen);
	cr_expect_str_eq(end_of(&seen.end), "is alive");
	cr_expect_not(seen.has_crash);
	cr_expect_str_eq(ask("say good morning|"), "done");
	cr_expect_str_eq(tail(64), "good morning\n");
	cr_expect(listens(&at));
	watch_stop(&watch);
	cr_expect_not(listens(&at));
	cr_expect_not(is_there(pid));
	cr_expect_not(is_there(guard));
	cr_expect_eq(waitpid(-1, NULL, WNOHANG), -1, "a child is left");
	watch_look(&watch, &seen);
	cr_expect_str_eq(end_of(&seen.end), "was killed by SIGTERM");
	cr_expect_str_eq(tail(64), "good morning\n");
	watch_stop(&watch);
	cr_expect_eq(watch_memory(&watch), 0);
}

Test(watch, server_gets_nothing_of_ours)
{
	sigset_t blocked;
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGUSR1);
	sigprocmask(SIG_BLOCK, &blocked, NULL);
	signal(SIGHUP, SIG_IGN);
	signal(SIGCHLD, SIG_IGN);
	unsetenv("ASAN_OPTIONS");
	start(SERVER " @");
	cr_expect_str_eq(ask("masks"), "0000000000000000 0000000000000000");
	cr_expect_str_eq(ask("input"), "b''");
	cr_expect_not_null(strstr(ask("variable ASAN_OPTIONS"), "quarantine_size_mb=16"));
	ask("exit 4");
	look_until_it_ends();
	cr_expect_str_eq(end_of(&seen.end), "ended with status 4");
	watch_stop(&watch);
	setenv("ASAN_OPTIONS", "exitcode=99", 1);
	cr_assert_eq(watch_restart(&watch, why, sizeof(why)), FAULT_NONE, "%s", why);
	cr_expect_str_eq(ask("variable ASAN_OPTIONS"), "exitcode=99");
	watch_stop(&watch);
}

Test(watch, exit_status_is_seen)
{
	start(SERVER " @");
	cr_expect_str_eq(ask("exit 3"), "");
	look_until_it_ends();
	cr_expect_str_eq(end_of(&seen.end), "ended with status 3");
	watch_stop(&watch);
	watch_look(&watch, &seen);
	cr_expect_str_eq(end_of(&seen.end), "ended with status 3");
}

Test(watch, signal_is_seen_by_its_name)
{
	start("exec " SERVER " @");
	ask("kill 11");
	look_until_it_ends();
	cr_expect_str_eq(end_of(&seen.end), "was killed by SIGSEGV");
	watch_stop(&watch);
}

/* The shell lives until its last command ends, and can only say 128 + 11. */
Test(watch, signal_is_seen_through_a_shell)
{
	start("true; " SERVER " @; exit $?");
	ask("kill 11");
	look_until_it_ends();
	cr_expect_str_eq(end_of(&seen.end), "was killed by SIGSEGV");
	watch_stop(&watch);
	start("exec " SERVER " @");
	ask("exit 139");
	look_until_it_ends();
	cr_expect_str_eq(end_of(&seen.end), "ended with status 139");
	watch_stop(&watch);
}

Test(watch, report_on_standard_error_is_found_with_the_end)
{
	start("exec " SERVER " @");
	ask("say ==7==ERROR: AddressSanitizer: heap-use-after-free on address 0x6020|"
	    "    #0 0x1 in parse a.c:1|");
	watch_look(&watch, &seen);
	cr_expect_eq(seen.end.state, WATCH_ALIVE);
	cr_expect(seen.has_crash);
	cr_expect_not(seen.crash.whole);
	ask("say SUMMARY: AddressSanitizer: heap-use-after-free a.c:1 in parse|");
	ask("exit 1");
	look_until_it_ends();
	cr_expect(seen.crash.whole);
	cr_expect_str_eq(seen.crash.kind, "AddressSanitizer");
	cr_expect_str_eq(seen.crash.summary,
			 "AddressSanitizer: heap-use-after-free a.c:1 in parse");
	cr_expect_not_null(strstr(seen.crash.text, "#0 0x1 in parse"));
	watch_stop(&watch);
}

Test(watch, child_that_dies_under_a_living_parent_is_told_of)
{
	start("exec " SERVER " @");
	cr_expect_str_eq(ask("child s: a.c:9: parse: Assertion `len' failed.|"), "done");
	watch_look(&watch, &seen);
	cr_expect_eq(seen.end.state, WATCH_ALIVE);
	cr_expect(seen.has_crash);
	cr_expect_str_eq(seen.crash.summary, "s: a.c:9: parse: Assertion `len' failed.");
	watch_next_crash(&watch);
	watch_look(&watch, &seen);
	cr_expect_not(seen.has_crash);
	ask("say a.c:1:2: runtime error: shift|");
	watch_look(&watch, &seen);
	cr_expect_eq(seen.crashes, 2);
	cr_expect_str_eq(seen.crash.summary, "a.c:1:2: runtime error: shift");
	watch_stop(&watch);
}

Test(watch, restart_begins_anew)
{
	struct address at = start("exec " SERVER " @");
	pid_t first = watch.pid;
	ask("say free(): invalid pointer|");
	ask("kill 6");
	look_until_it_ends();
	cr_expect_str_eq(end_of(&seen.end), "was killed by SIGABRT");
	cr_expect(seen.has_crash);
	cr_assert_eq(watch_restart(&watch, why, sizeof(why)), FAULT_NONE, "%s", why);
	watch_look(&watch, &seen);
	cr_expect_eq(seen.end.state, WATCH_ALIVE);
	cr_expect_not(seen.has_crash);
	cr_expect_eq(seen.crashes, 0);
	cr_expect_str_eq(tail(64), "");
	cr_expect_neq(watch.pid, first);
	cr_expect_eq(watch.restarts, 1);
	/* Of one that lives, too. */
	cr_assert_eq(watch_restart(&watch, why, sizeof(why)), FAULT_NONE, "%s", why);
	cr_expect(listens(&at));
	watch_stop(&watch);
	cr_expect_not(listens(&at));
}

Test(watch, server_that_is_deaf_to_signals_is_killed)
{
	struct address at = start("exec " SERVER " @");
	ask("deaf");
	pid_t lingerer = (pid_t)strtol(ask("linger"), NULL, 10);
	cr_expect(is_there(lingerer));
	watch.grace_ms = 50;
	watch_stop(&watch);
	watch_look(&watch, &seen);
	cr_expect_str_eq(end_of(&seen.end), "was killed by SIGKILL");
	cr_expect_not(is_there(lingerer), "a descendant in a session of its own is left");
	cr_expect_not(listens(&at));
}

/* Nobody looks meanwhile: the server must get on, and the report before the flood is not lost. */
Test(watch, flood_blocks_no_server_and_hides_no_report)
{
	start("exec " SERVER " @");
	cr_expect_str_eq(ask("say malloc(): corrupted top size|"), "done");
	cr_expect_str_eq(ask("flood 50"), "done");
	ask("say the end|");
	ask("exit 0");
	look_until_it_ends();
	cr_expect_str_eq(seen.crash.summary, "malloc(): corrupted top size");
	cr_expect_eq(seen.crashes, 1);
	cr_expect_eq(watch.output.total, 29 + (50 << 20) + 8);
	cr_expect_leq(strlen(tail(SIZE_MAX)), WATCH_OUTPUT_MAX);
	cr_expect_geq(strlen(tail(SIZE_MAX)), WATCH_OUTPUT_MAX - 128);
	cr_expect_str_eq(tail(10), "the end\n");
	watch_stop(&watch);
}

/* The thread that reads never runs out of work; who looks gets what it reads nevertheless. */
Test(watch, look_comes_through_in_an_endless_flood)
{
	start("yes & exec " SERVER " @");
	ask("say |a.c:1:2: runtime error: shift|");
	for (size_t i = 0; i < 10; i++)
		watch_look(&watch, &seen);
	cr_expect_eq(seen.end.state, WATCH_ALIVE);
	while (!seen.has_crash)
		watch_look(&watch, &seen);
	cr_expect_str_eq(seen.crash.summary, "a.c:1:2: runtime error: shift");
	watch_stop(&watch);
	cr_expect_eq(waitpid(-1, NULL, WNOHANG), -1);
}

Test(watch, memory_of_the_server_and_its_children_is_measured)
{
	start("true; " SERVER " @; true");
	uint64_t before = watch_memory(&watch);
	cr_expect_gt(before, 1 << 20);
	ask("grow 33554432");
	uint64_t grown = watch_memory(&watch);
	cr_expect_geq(grown, before + (30 << 20));
	cr_expect_leq(grown, before + (40 << 20));
	/* Twice as many processes share the same pages, and Pss counts those once. */
	ask("linger");
	watch.memory = WATCH_MEMORY_RSS;
	cr_expect_geq(watch_memory(&watch), grown + (30 << 20));
	watch.grace_ms = 50;
	watch_stop(&watch);
}

static void die_with_a_server(int number, int told)
{
	struct address at = free_address();
	signal(number, SIG_DFL);
	if (watch_exec(&watch, at_port(&at, "true; " SERVER " @; true"), &at, 20000, why,
		       sizeof(why)) != FAULT_NONE)
		_exit(1);
	if (write(told, &at, sizeof(at)) != sizeof(at))
		_exit(1);
	raise(number);
	_exit(2);
}

/* SIGINT as Ctrl-C sends it: only we get it. */
Test(watch, server_does_not_outlive_us)
{
	static const int numbers[] = { SIGINT, SIGKILL };
	for (size_t i = 0; i < 2; i++) {
		int ends[2], status;
		struct address at;
		cr_assert_eq(pipe2(ends, O_CLOEXEC), 0);
		pid_t pid = fork();
		if (pid == 0)
			die_with_a_server(numbers[i], ends[1]);
		close(ends[1]);
		cr_assert_eq(read(ends[0], &at, sizeof(at)), (ssize_t)sizeof(at));
		cr_assert_eq(waitpid(pid, &status, 0), pid);
		cr_expect(WIFSIGNALED(status) && WTERMSIG(status) == numbers[i]);
		while (listens(&at))
			poll(NULL, 0, 5);
		close(ends[0]);
	}
}

Test(watch, process_of_somebody_else_is_watched_and_left_alone)
{
	pid_t pid = fork();
	if (pid == 0) {
		for (;;)
			pause();
	}
	cr_assert_eq(watch_pid(&watch, pid, why, sizeof(why)), FAULT_NONE, "%s", why);
	watch_look(&watch, &seen);
	cr_expect_eq(seen.end.state, WATCH_ALIVE);
	cr_expect_not(seen.has_crash);
	cr_expect_gt(watch_memory(&watch), 0);
	watch_stop(&watch);
	cr_expect(is_there(pid));
	cr_assert_eq(watch_pid(&watch, pid, why, sizeof(why)), FAULT_NONE, "%s", why);
	kill(pid, SIGKILL);
	look_until_it_ends();
	cr_expect_str_eq(end_of(&seen.end), "is gone");
	cr_expect_eq(watch_memory(&watch), 0);
	watch_stop(&watch);
	/* Until its parent asks, a zombie keeps the number. */
	cr_expect_eq(watch_pid(&watch, pid, why, sizeof(why)), FAULT_INPUT);
	waitpid(pid, NULL, 0);
	cr_expect_eq(watch_pid(&watch, pid, why, sizeof(why)), FAULT_INPUT);
	cr_expect_not_null(strstr(why, "'--pid': there is no process "));
}

/* Another process that gets the number is not the one that was watched. */
Test(watch, number_that_is_used_anew_is_another_process)
{
	cr_assert_eq(watch_pid(&watch, getppid(), why, sizeof(why)), FAULT_NONE, "%s", why);
	watch.birth--;
	watch_look(&watch, &seen);
	cr_expect_eq(seen.end.state, WATCH_GONE);
	watch_stop(&watch);
}

/* Of the processes under watch; the shell is another. */
static pid_t process_named(const char *name)
{
	struct watch_processes processes;
	pid_t out = 0;
	cr_assert_eq(watch_processes_of(&processes, watch.pid), FAULT_NONE);
	for (size_t i = 0; i < processes.len; i++)
		if (strcmp(processes.items[i].name, name) == 0)
			out = processes.items[i].pid;
	watch_processes_release(&processes);
	return out;
}

Test(watch, openssl_that_is_killed_is_seen)
{
	start("OPENSSL_CONF=/dev/null openssl s_server -accept 127.0.0.1:@ -nocert -psk 00 -quiet "
	      "-www");
	watch_look(&watch, &seen);
	cr_expect_eq(seen.end.state, WATCH_ALIVE);
	cr_expect_gt(watch_memory(&watch), 1 << 20);
	pid_t pid = process_named("openssl");
	cr_assert_gt(pid, 0);
	kill(pid, SIGKILL);
	look_until_it_ends();
	cr_expect_str_eq(end_of(&seen.end), "was killed by SIGKILL");
	cr_assert_eq(watch_restart(&watch, why, sizeof(why)), FAULT_NONE, "%s", why);
	watch_stop(&watch);
}
