/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/limits.h"
#include "cli/command.h"
#include "cli/policy_source.h"

#define WORDS_MAX 8

/* The command's own words, each in memory that it may change. */
static int serve(const char *const *words)
{
	char copies[WORDS_MAX][128], *argv[WORDS_MAX + 1] = { 0 };
	int argc = 0;
	for (; words[argc]; argc++) {
		snprintf(copies[argc], sizeof copies[argc], "%s", words[argc]);
		argv[argc] = copies[argc];
	}
	return command_serve(argc, argv);
}

#define SERVE(...) serve((const char *const[]){ "tlsgauge serve", __VA_ARGS__, NULL })

Test(serve, what_cannot_be_meant_is_usage)
{
	cr_expect_eq(SERVE("--policy", "no-such-policy"), STATUS_USAGE);
	cr_expect_eq(SERVE("--policy", "./no-such-file.policy"), STATUS_USAGE);
	cr_expect_eq(SERVE("--set", "minimum_tls_version=TLS1_9"), STATUS_USAGE);
	cr_expect_eq(SERVE("--set", "minimum_tls_version"), STATUS_USAGE);
	cr_expect_eq(SERVE("--set", "cloud=China", "--set", "cloud=Public"), STATUS_USAGE);
	cr_expect_eq(SERVE("--listen", "127.0.0.1:65536"), STATUS_USAGE);
	cr_expect_eq(SERVE("--listen", "256.1.1.1"), STATUS_USAGE);
	cr_expect_eq(SERVE("--listen", "[::1"), STATUS_USAGE);
	cr_expect_eq(SERVE("--listen", ""), STATUS_USAGE);
	cr_expect_eq(SERVE("--over", "smtp"), STATUS_USAGE);
	cr_expect_eq(SERVE("--version-refusal", "shout"), STATUS_USAGE);
	cr_expect_eq(SERVE("--version-refusal", "error", "--over", "tls"), STATUS_USAGE);
	cr_expect_eq(SERVE("--name", ""), STATUS_USAGE);
	cr_expect_eq(SERVE("--ca-out", "no/such/folder/ca.pem"), STATUS_USAGE);
	cr_expect_eq(SERVE("stray"), STATUS_USAGE);
}

Test(serve, says_where_it_listens_and_ends_with_a_signal)
{
	int lines[2], status;
	cr_assert_eq(pipe(lines), 0);
	pid_t pid = fork();
	if (pid == 0) {
		dup2(lines[1], 1);
		_exit(SERVE("--listen", "[::1]:0", "--over", "tls"));
	}
	close(lines[1]);
	FILE *said = fdopen(lines[0], "r");
	char line[128] = "";
	unsigned port = 0;
	cr_assert(fgets(line, sizeof line, said));
	cr_expect_eq(sscanf(line, "listening on tls://[::1]:%u\n", &port), 1, "%s", line);
	cr_expect_gt(port, 0);
	kill(pid, SIGTERM);
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	cr_expect(WIFEXITED(status) && WEXITSTATUS(status) == STATUS_PASS);
	fclose(said);
}

Test(policy_source, built_in_policy_goes_by_its_name)
{
	struct arena arena;
	struct policy policy;
	arena_init(&arena, POLICY_ARENA_MAX);
	cr_assert_eq(policy_load(&policy, &arena, "azure-postgresql-single-server"), FAULT_NONE);
	cr_expect_str_eq(policy.over, "postgresql");
	struct settings settings;
	settings_init(&settings, &policy, date_today());
	char good[] = "minimum_tls_version=TLS1_2", bad[] = "minimum_tls_version=9";
	char *assignments[] = { good, bad };
	cr_expect_eq(settings_apply(&settings, assignments, 1), FAULT_NONE);
	cr_expect_eq(policy_version(&settings, TLS1_1).kind, RULING_REJECT);
	cr_expect_eq(settings_apply(&settings, assignments, 2), FAULT_USAGE);
	arena_release(&arena);
}

Test(policy_source, unknown_name_is_usage_and_an_unreadable_file_is_input)
{
	struct arena arena;
	struct policy policy;
	arena_init(&arena, POLICY_ARENA_MAX);
	cr_expect_eq(policy_load(&policy, &arena, "no-such-policy"), FAULT_USAGE);
	cr_expect_eq(policy_load(&policy, &arena, "no/such/file"), FAULT_INPUT);
	cr_expect_eq(policy_load(&policy, &arena, "."), FAULT_INPUT);
	cr_expect_eq(policy_load(&policy, &arena, TESTS_DIR "/cli/serve.c"), FAULT_INPUT);
	arena_release(&arena);
}
