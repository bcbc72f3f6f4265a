/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/watch_options.h"

#include <arpa/inet.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/options.h"

#define PID_MAX	     4194304 /* Linux: PID_MAX_LIMIT */
#define SENTENCE_MAX 512

static bool is_blank(const char *text)
{
	return text[strspn(text, " \t\n\r")] == '\0';
}

int watch_options_take(struct watch_options *out, const char *who, const char *exec,
		       const char *pid)
{
	uint64_t number = 0;
	*out = (struct watch_options){ .exec = NULL };
	if (exec && pid)
		return complain(who,
				"'--exec' and '--pid' exclude each other: the server is either "
				"started or running");
	if (exec && is_blank(exec))
		return complain(who, "'--exec' has no command");
	if (pid && number_parse(&number, span_text(pid), 1, PID_MAX) != FAULT_NONE)
		return complain(who, "'--pid %s' is not a number from 1 to %d", pid, PID_MAX);
	if (pid && number == (uint64_t)getpid())
		return complain(who, "'--pid %s' is this very process", pid);
	out->exec = exec;
	out->pid = (pid_t)number;
	return STATUS_PASS;
}

bool watch_options_given(const struct watch_options *options)
{
	return options->exec || options->pid;
}

static bool is_loopback(const struct address *at)
{
	const struct in6_addr *v6 = &at->v6.sin6_addr;
	if (at->any.sa_family == AF_INET)
		return ntohl(at->v4.sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
	return at->any.sa_family == AF_INET6 &&
	       (IN6_IS_ADDR_LOOPBACK(v6) ||
		(IN6_IS_ADDR_V4MAPPED(v6) && v6->s6_addr[12] == IN_LOOPBACKNET));
}

int watch_options_check(const struct watch_options *options, const char *who,
			const struct address *at)
{
	if (!watch_options_given(options) || is_loopback(at))
		return STATUS_PASS;
	return complain(who,
			"'--%s' watches a process of this machine, but %s is no loopback address",
			options->exec ? "exec" : "pid", at->text);
}

int watch_options_begin(const struct watch_options *options, const char *who, struct watch *watch,
			const struct address *at, unsigned timeout_ms)
{
	char why[SENTENCE_MAX];
	enum fault fault =
		options->exec ? watch_exec(watch, options->exec, at, timeout_ms, why, sizeof(why))
			      : watch_pid(watch, options->pid, why, sizeof(why));
	if (fault == FAULT_NONE)
		return STATUS_PASS;
	complain(who, "%s", why);
	return fault == FAULT_INPUT ? STATUS_USAGE : STATUS_FAULT;
}
