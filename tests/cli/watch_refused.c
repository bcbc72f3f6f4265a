/* SPDX-License-Identifier: Apache-2.0 */
#include "watched.h"

#include <criterion/criterion.h>

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

TestSuite(watch_refused, .init = limit_time);

Test(watch_refused, command_that_never_listens_is_refused)
{
	const char *said = refusal("echo busy; exec sleep 60", 200);
	cr_expect_not_null(strstr(said, "'--exec': nothing listens at 127.0.0.1:"), "%s", said);
	cr_expect_not_null(strstr(said, " after 200 ms: busy"), "%s", said);
	cr_expect_eq(watch.pid, 0);
	watch_look(&watch, &seen);
	cr_expect_str_eq(end_of(&seen.end), "was killed by SIGTERM");
	cr_expect_eq(waitpid(-1, NULL, WNOHANG), -1, "a child is left");
}

Test(watch_refused, command_that_ends_first_is_refused_with_its_last_line)
{
	cr_expect_str_eq(
		refusal("echo early; printf 'no \\033such file\\n \\n' >&2; exit 3", 20000),
		"'--exec': the command ended with status 3: no ?such file");
	watch_look(&watch, &seen);
	cr_expect_str_eq(end_of(&seen.end), "ended with status 3");
	cr_expect_str_eq(refusal("kill -9 $$", 20000),
			 "'--exec': the command was killed by SIGKILL");
	const char *said = refusal("no-such-command-at-all", 20000);
	cr_expect_not_null(strstr(said, "'--exec': the command ended with status 127: "), "%s",
			   said);
	cr_expect_not_null(strstr(said, "not found"), "%s", said);
}

Test(watch_refused, command_that_leaves_the_foreground_is_refused)
{
	const char *said = refusal(SERVER " @ daemon", 20000);
	cr_expect_not_null(strstr(said, "'--exec': the command ended with status 0 while something "
					"listens at 127.0.0.1:"),
			   "%s", said);
	cr_expect_not_null(strstr(said, "; it must stay in the foreground"), "%s", said);
	cr_expect_not(listens(&watch.at), "what it left in its group is left");
	said = refusal(SERVER " @ &", 20000);
	cr_expect_not_null(strstr(said, "ended with status 0 before anything listened at"), "%s",
			   said);
	cr_expect_not_null(strstr(said, "; it must stay in the foreground"), "%s", said);
}

Test(watch_refused, port_that_is_taken_is_refused)
{
	struct address at = free_address();
	char expected[256];
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	cr_assert_eq(bind(fd, &at.any, sizeof(at.v4)), 0);
	cr_assert_eq(listen(fd, 8), 0);
	snprintf(expected, sizeof(expected),
		 "'--exec': something listens at %s already; is it the server of an earlier run?",
		 at.text);
	cr_expect_eq(watch_exec(&watch, "exit 9", &at, 20000, why, sizeof(why)), FAULT_INPUT);
	cr_expect_str_eq(why, expected);
	watch_look(&watch, &seen);
	cr_expect_str_eq(end_of(&seen.end), "is gone");
	watch_stop(&watch);
	close(fd);
}
