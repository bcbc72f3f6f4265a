/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The floor: the least that a client can do. One prebuilt hello per TCP connection, closed at the
 * first answer, with nothing decoded, no deadline and no retry.
 *
 * bare_client PORT HELLO-FILE CONNECTIONS CONCURRENCY
 */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static uint8_t hello[8192];
static size_t hello_len;
static int poller;
static unsigned long alerts, hellos, others;

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static void open_one(const struct sockaddr_in *to)
{
	static const int on = 1;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	if (fd < 0)
		fail("socket");
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (connect(fd, (const struct sockaddr *)to, sizeof(*to)) != 0 && errno != EINPROGRESS)
		fail("connect");
	struct epoll_event event = { .events = EPOLLOUT, .data.fd = fd };
	if (epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event) != 0)
		fail("epoll_ctl");
}

static void close_one(int fd)
{
	static const struct linger now = { .l_onoff = 1 };
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	close(fd);
}

/* Returns whether the connection is over. */
static int serve_one(const struct epoll_event *event)
{
	int fd = event->data.fd;
	if (event->events & EPOLLOUT) {
		struct epoll_event next = { .events = EPOLLIN, .data.fd = fd };
		if (send(fd, hello, hello_len, MSG_NOSIGNAL) != (ssize_t)hello_len)
			fail("send");
		epoll_ctl(poller, EPOLL_CTL_MOD, fd, &next);
		return 0;
	}
	uint8_t answer[16384];
	ssize_t n = recv(fd, answer, sizeof(answer), 0);
	if (n < 0 && errno == EAGAIN)
		return 0;
	if (n > 0 && answer[0] == 21)
		alerts++;
	else if (n > 0 && answer[0] == 22)
		hellos++;
	else
		others++;
	close_one(fd);
	return 1;
}

static double seconds(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double cpu_seconds(void)
{
	struct rusage u;
	getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
	       (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static void run(const struct sockaddr_in *to, unsigned long connections, unsigned long concurrency)
{
	struct epoll_event events[64];
	unsigned long started = 0, done = 0;
	while (started < connections && started < concurrency) {
		open_one(to);
		started++;
	}
	while (done < connections) {
		int n = epoll_wait(poller, events, 64, 5000);
		if (n <= 0)
			fail("epoll_wait");
		for (int i = 0; i < n; i++) {
			if (!serve_one(&events[i]))
				continue;
			done++;
			if (started < connections) {
				open_one(to);
				started++;
			}
		}
	}
}

int main(int argc, char **argv)
{
	if (argc != 5) {
		fprintf(stderr, "usage: bare_client PORT HELLO-FILE CONNECTIONS CONCURRENCY\n");
		return 2;
	}
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons((uint16_t)strtoul(argv[1], NULL, 10)),
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	FILE *file = fopen(argv[2], "rb");
	if (!file)
		fail(argv[2]);
	hello_len = fread(hello, 1, sizeof(hello), file);
	fclose(file);
	unsigned long connections = strtoul(argv[3], NULL, 10);
	poller = epoll_create1(0);
	double start = seconds();
	run(&to, connections, strtoul(argv[4], NULL, 10));
	double wall = seconds() - start;
	printf("bare connections=%lu rate=%.0f cpu_us=%.1f hellos=%lu alerts=%lu others=%lu\n",
	       connections, (double)connections / wall, cpu_seconds() * 1e6 / (double)connections,
	       hellos, alerts, others);
	return 0;
}
