/* SPDX-License-Identifier: Apache-2.0 */
#include "watched.h"

#include <criterion/criterion.h>

#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct watch watch;
struct watch_report seen;
char why[512];

static char command[1024];

void limit_time(void)
{
	alarm(60);
}

/* One below the range from which clients are given theirs. */
struct address free_address(void)
{
	struct address at = { .v4 = { .sin_family = AF_INET } };
	srandom((unsigned)getpid());
	at.v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	for (;;) {
		unsigned port = 10240 + (unsigned)(random() % 20000);
		int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
		at.v4.sin_port = htons((uint16_t)port);
		bool bound = bind(fd, &at.any, sizeof(at.v4)) == 0;
		close(fd);
		snprintf(at.text, sizeof(at.text), "127.0.0.1:%u", port);
		if (bound)
			return at;
	}
}

/* The command, in which each '@' is the port. */
const char *at_port(const struct address *at, const char *text)
{
	size_t len = 0;
	for (; *text; text++)
		len += (size_t)snprintf(command + len, sizeof(command) - len,
					*text == '@' ? "%u" : "%c",
					*text == '@' ? ntohs(at->v4.sin_port) : *text);
	return command;
}

struct address start(const char *text)
{
	struct address at = free_address();
	enum fault fault = watch_exec(&watch, at_port(&at, text), &at, 20000, why, sizeof(why));
	cr_assert_eq(fault, FAULT_NONE, "%s", why);
	return at;
}

/* What watch_exec says of a command that is no server. */
const char *refusal(const char *text, unsigned timeout_ms)
{
	struct address at = free_address();
	enum fault fault =
		watch_exec(&watch, at_port(&at, text), &at, timeout_ms, why, sizeof(why));
	cr_assert_eq(fault, FAULT_INPUT);
	return why;
}

/* The server's answer, or "" when it died before; returns when the connection is closed. */
const char *ask(const char *line)
{
	static char answer[128];
	size_t len = 0;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	cr_assert_eq(connect(fd, &watch.at.any, sizeof(watch.at.v4)), 0);
	dprintf(fd, "%s\n", line);
	for (ssize_t n = 1; n > 0 && len < sizeof(answer) - 1; len += (size_t)n) {
		n = read(fd, answer + len, sizeof(answer) - 1 - len);
		n = n < 0 ? 0 : n;
	}
	close(fd);
	answer[len] = '\0';
	if (len && answer[len - 1] == '\n')
		answer[len - 1] = '\0';
	return answer;
}

bool listens(const struct address *at)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool connected = connect(fd, &at->any, sizeof(at->v4)) == 0;
	close(fd);
	return connected;
}

/* A process that was told to die needs a moment. */
void look_until_it_ends(void)
{
	do {
		watch_look(&watch, &seen);
	} while (seen.end.state == WATCH_ALIVE && poll(NULL, 0, 1) == 0);
}

const char *end_of(const struct watch_end *end)
{
	static char out[128];
	struct text text;
	text_init(&text);
	watch_end_put(&text, end);
	snprintf(out, sizeof(out), "%s", text_view(&text));
	text_release(&text);
	return out;
}

const char *tail(size_t max)
{
	static char out[WATCH_OUTPUT_MAX + 1];
	struct text text;
	text_init(&text);
	watch_output_tail(&watch.output, max, &text);
	snprintf(out, sizeof(out), "%s", text_view(&text));
	text_release(&text);
	return out;
}

bool is_there(pid_t pid)
{
	struct watch_process process;
	return watch_process_read(&process, pid) && !process.zombie;
}
