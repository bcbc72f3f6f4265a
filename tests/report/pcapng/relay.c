/* SPDX-License-Identifier: Apache-2.0 */
/*
 * relay OUT KEYLOG TARGET:SHOWN...: accepts one connection for each TARGET, one after the other, on
 * a loopback port that it prints; passes bytes both ways; then writes what it saw, with the secrets
 * in KEYLOG, as the capture OUT, in which the server's port is SHOWN.
 */
#include "report/pcapng.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define WRITES_MAX 4096
#define CHUNK	   65536

struct talk {
	struct pcap_write writes[WRITES_MAX];
	struct pcap_conversation conversation;
};

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static uint64_t now_us(void)
{
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static struct sockaddr_in loopback(uint16_t port)
{
	return (struct sockaddr_in){ .sin_family = AF_INET,
				     .sin_port = htons(port),
				     .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
}

static int listen_somewhere(void)
{
	struct sockaddr_in address = loopback(0);
	socklen_t len = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, len) < 0 || listen(fd, 8) < 0 ||
	    getsockname(fd, (struct sockaddr *)&address, &len) < 0)
		die("listen");
	printf("%d\n", ntohs(address.sin_port));
	fflush(stdout);
	return fd;
}

static int connect_to(uint16_t port)
{
	struct sockaddr_in address = loopback(port);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		die("connect");
	return fd;
}

static void keep(struct talk *talk, bool from_server, const uint8_t *bytes, size_t len)
{
	struct pcap_conversation *conversation = &talk->conversation;
	uint8_t *copy = malloc(len);
	if (!copy || conversation->writes_len == WRITES_MAX)
		die("keep");
	memcpy(copy, bytes, len);
	talk->writes[conversation->writes_len++] = (struct pcap_write){
		.from_server = from_server, .time_us = now_us(), .bytes = span_of(copy, len)
	};
}

/* Moves what there is; false once that side is at its end. */
static bool pass(struct talk *talk, int from, int to, bool from_server)
{
	static uint8_t bytes[CHUNK];
	ssize_t n = read(from, bytes, sizeof(bytes));
	if (n <= 0)
		return false;
	keep(talk, from_server, bytes, (size_t)n);
	return write(to, bytes, (size_t)n) == n;
}

static void converse(struct talk *talk, int client, int server)
{
	for (;;) {
		struct pollfd fds[] = { { .fd = client, .events = POLLIN },
					{ .fd = server, .events = POLLIN } };
		if (poll(fds, 2, 10000) <= 0)
			die("poll");
		if (fds[1].revents && !pass(talk, server, client, true)) {
			talk->conversation.end = PCAP_SERVER_CLOSES;
			return;
		}
		if (fds[0].revents && !pass(talk, client, server, false)) {
			talk->conversation.end = PCAP_CLIENT_CLOSES;
			return;
		}
	}
}

static void relay(struct talk *talk, int listener, uint32_t n, const char *target)
{
	char *shown;
	unsigned long port = strtoul(target, &shown, 10);
	int client = accept(listener, NULL, NULL);
	int server = connect_to((uint16_t)port);
	if (client < 0 || *shown != ':')
		die("accept");
	talk->conversation = (struct pcap_conversation){
		.client = { { 127, 0, 0, 1 }, 4, pcapng_client_port(n) },
		.server = { { 127, 0, 0, 1 }, 4, (uint16_t)strtoul(shown + 1, NULL, 10) },
		.opened_us = now_us(),
		.comment = target,
		.writes = talk->writes,
	};
	converse(talk, client, server);
	talk->conversation.closed_us = now_us();
	close(client);
	close(server);
}

static void read_file(struct text *out, const char *path)
{
	uint8_t bytes[CHUNK];
	size_t n;
	FILE *file = fopen(path, "rb");
	if (!file)
		die(path);
	while ((n = fread(bytes, 1, sizeof(bytes), file)) > 0)
		text_append(out, span_of(bytes, n));
	fclose(file);
}

static void write_file(const char *path, const struct text *text)
{
	FILE *file = fopen(path, "wb");
	if (!file || text->fault != FAULT_NONE ||
	    fwrite(text->at, 1, text->len, file) != text->len || fclose(file) != 0)
		die(path);
}

int main(int argc, char **argv)
{
	static struct talk *talks; /* lives until the end, and so do the bytes in it */
	struct text capture, secrets;
	if (argc < 4)
		return 2;
	size_t len = (size_t)argc - 3;
	talks = calloc(len, sizeof(*talks));
	int listener = listen_somewhere();
	if (!talks)
		die("calloc");
	for (size_t i = 0; i < len; i++)
		relay(&talks[i], listener, (uint32_t)i, argv[3 + i]);
	text_init(&capture);
	text_init(&secrets);
	read_file(&secrets, argv[2]);
	pcapng_begin(&capture, "tlsgauge relay");
	pcapng_secrets(&capture, span_of(secrets.at, secrets.len));
	for (size_t i = 0; i < len; i++)
		pcapng_conversation(&capture, &talks[i].conversation);
	write_file(argv[1], &capture);
	text_release(&capture);
	text_release(&secrets);
	return 0;
}
