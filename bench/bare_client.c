/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The floor: the least that a client can do. One prebuilt hello per TCP connection, closed at the
 * first answer, with nothing decoded, no deadline and no retry.
 *
 * bare_client PORT HELLO-FILE CONNECTIONS CONCURRENCY [postgresql|framed]
 *
 * HELLO-FILE holds TLS records, one hello each; they are sent in turn, from the first again after
 * the last. With `postgresql`, SSLRequest is sent and its one byte read before the hello. With
 * `framed`, HELLO-FILE holds any bytes: two for the length of a hello, then the hello.
 */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define RECORD_HEADER_LEN 5
#define FRAME_HEADER_LEN  2
#define ALERT		  21
#define HANDSHAKE	  22

enum waiting_for { CONNECT, UPGRADE, ANSWER };

static uint8_t file_bytes[64 << 20];
static size_t file_len, file_at;
static int poller;
static bool upgrades, framed;
static unsigned long alerts, hellos, others;

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

/* What is waited for travels in the event, above the descriptor. */
static void watch(int operation, int fd, enum waiting_for what)
{
	struct epoll_event event = { .events = what == CONNECT ? EPOLLOUT : EPOLLIN,
				     .data.u64 = (uint64_t)what << 32 | (uint32_t)fd };
	if (epoll_ctl(poller, operation, fd, &event) != 0)
		fail("epoll_ctl");
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
	watch(EPOLL_CTL_ADD, fd, CONNECT);
}

static void close_one(int fd)
{
	static const struct linger now = { .l_onoff = 1 };
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	close(fd);
}

static void send_all(int fd, const void *bytes, size_t len)
{
	if (send(fd, bytes, len, MSG_NOSIGNAL) != (ssize_t)len)
		fail("send");
}

/* The length stands at the end of a frame's header, and at that of a record's. */
static size_t header_len(void)
{
	return framed ? FRAME_HEADER_LEN : RECORD_HEADER_LEN;
}

static size_t item_len(size_t at)
{
	size_t body = at + header_len();
	if (body > file_len)
		return 0;
	size_t len = header_len() + (size_t)(file_bytes[body - 2] << 8 | file_bytes[body - 1]);
	return len <= file_len - at ? len : 0;
}

static void send_hello(int fd)
{
	size_t len = item_len(file_at), skipped = framed ? FRAME_HEADER_LEN : 0;
	send_all(fd, file_bytes + file_at + skipped, len - skipped);
	file_at = (file_at + len) % file_len;
}

static void count(const uint8_t *answer, ssize_t len)
{
	if (len > 0 && answer[0] == ALERT)
		alerts++;
	else if (len > 0 && answer[0] == HANDSHAKE)
		hellos++;
	else
		others++;
}

/* Returns whether the connection is over. */
static bool serve_one(const struct epoll_event *event)
{
	static const uint8_t ssl_request[] = { 0, 0, 0, 8, 4, 210, 22, 47 };
	int fd = (int)(uint32_t)event->data.u64;
	enum waiting_for what = (enum waiting_for)(event->data.u64 >> 32);
	if (what == CONNECT) {
		if (upgrades)
			send_all(fd, ssl_request, sizeof(ssl_request));
		else
			send_hello(fd);
		watch(EPOLL_CTL_MOD, fd, upgrades ? UPGRADE : ANSWER);
		return false;
	}
	uint8_t answer[16384];
	ssize_t n = recv(fd, answer, what == UPGRADE ? 1 : sizeof(answer), 0);
	if (n < 0 && errno == EAGAIN)
		return false;
	if (what == UPGRADE && n == 1 && answer[0] == 'S') {
		send_hello(fd);
		watch(EPOLL_CTL_MOD, fd, ANSWER);
		return false;
	}
	count(answer, n);
	close_one(fd);
	return true;
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

static bool read_hellos(const char *path)
{
	FILE *file = fopen(path, "rb");
	if (!file)
		fail(path);
	file_len = fread(file_bytes, 1, sizeof(file_bytes), file);
	bool whole = file_len > 0 && fgetc(file) == EOF;
	fclose(file);
	for (size_t at = 0; whole && at < file_len; at += item_len(at))
		whole = item_len(at) > 0;
	return whole;
}

int main(int argc, char **argv)
{
	upgrades = argc == 6 && strcmp(argv[5], "postgresql") == 0;
	framed = argc == 6 && strcmp(argv[5], "framed") == 0;
	if (argc != 5 && !upgrades && !framed) {
		fprintf(stderr, "usage: bare_client PORT HELLO-FILE CONNECTIONS CONCURRENCY "
				"[postgresql|framed]\n");
		return 2;
	}
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons((uint16_t)strtoul(argv[1], NULL, 10)),
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	if (!read_hellos(argv[2])) {
		fprintf(stderr, "'%s' does not hold %s\n", argv[2],
			framed ? "framed hellos" : "TLS records");
		return 2;
	}
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
