/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/watch_options.h"

#include <criterion/criterion.h>

#include <criterion/redirect.h>
#include <stdio.h>
#include <unistd.h>

#include "cli/command.h"

static struct watch_options options;

static int take(const char *exec, const char *pid)
{
	return watch_options_take(&options, "t", exec, pid);
}

static struct address literal(const char *host)
{
	char why[256];
	struct addresses out;
	cr_assert_eq(resolve_host(&out, host, 5433, NULL, 1000, why, sizeof(why)), FAULT_NONE);
	return out.items[0];
}

Test(watch_options, what_was_given_is_taken)
{
	cr_expect_eq(take(NULL, NULL), STATUS_PASS);
	cr_expect_not(watch_options_given(&options));
	cr_expect_eq(take("./server -p 1", NULL), STATUS_PASS);
	cr_expect_str_eq(options.exec, "./server -p 1");
	cr_expect(watch_options_given(&options));
	cr_expect_eq(take(NULL, "4194304"), STATUS_PASS);
	cr_expect_eq(options.pid, 4194304);
	cr_expect(watch_options_given(&options));
}

Test(watch_options, what_cannot_be_meant_gets_one_sentence, .init = cr_redirect_stderr)
{
	char own[32];
	snprintf(own, sizeof(own), "%ld", (long)getpid());
	cr_expect_eq(take("./server", "17"), STATUS_USAGE);
	cr_expect_eq(take(" \t", NULL), STATUS_USAGE);
	cr_expect_eq(take(NULL, "0"), STATUS_USAGE);
	cr_expect_eq(take(NULL, "-1"), STATUS_USAGE);
	cr_expect_eq(take(NULL, "4294967297"), STATUS_USAGE);
	cr_expect_eq(take(NULL, "nginx"), STATUS_USAGE);
	cr_expect_eq(take(NULL, own), STATUS_USAGE);
	fflush(stderr);
	char expected[1024];
	snprintf(expected, sizeof(expected),
		 "t: '--exec' and '--pid' exclude each other: the server is either started or "
		 "running\n"
		 "t: '--exec' has no command\n"
		 "t: '--pid 0' is not a number from 1 to 4194304\n"
		 "t: '--pid -1' is not a number from 1 to 4194304\n"
		 "t: '--pid 4294967297' is not a number from 1 to 4194304\n"
		 "t: '--pid nginx' is not a number from 1 to 4194304\n"
		 "t: '--pid %s' is this very process\n",
		 own);
	cr_expect_stderr_eq_str(expected);
}

Test(watch_options, only_loopback_is_watched, .init = cr_redirect_stderr)
{
	static const struct {
		const char *host;
		int status;
	} all[] = {
		{ "127.0.0.1", STATUS_PASS },
		{ "127.8.9.10", STATUS_PASS },
		{ "::1", STATUS_PASS },
		{ "::ffff:127.0.0.1", STATUS_PASS },
		{ "10.0.0.1", STATUS_USAGE },
		{ "128.0.0.1", STATUS_USAGE },
		{ "::ffff:10.0.0.1", STATUS_USAGE },
		{ "2001:db8::1", STATUS_USAGE },
		{ "::2", STATUS_USAGE },
	};
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		struct address at = literal(all[i].host);
		cr_assert_eq(take(NULL, NULL), STATUS_PASS);
		cr_expect_eq(watch_options_check(&options, "t", &at), STATUS_PASS);
		cr_assert_eq(take("./server", NULL), STATUS_PASS);
		cr_expect_eq(watch_options_check(&options, "t", &at), all[i].status, "%s",
			     all[i].host);
		cr_assert_eq(take(NULL, "17"), STATUS_PASS);
		cr_expect_eq(watch_options_check(&options, "t", &at), all[i].status);
	}
}

Test(watch_options, beginning_says_what_is_wrong_with_the_status_of_usage,
     .init = cr_redirect_stderr)
{
	static struct watch watch;
	struct address at = literal("127.0.0.1");
	cr_assert_eq(take(NULL, "4194304"), STATUS_PASS);
	cr_expect_eq(watch_options_begin(&options, "t", &watch, &at, 1000), STATUS_USAGE);
	fflush(stderr);
	cr_expect_stderr_eq_str("t: '--pid': there is no process 4194304\n");
}
