/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A server that is faster than any of TLS, and whose every answer tells which bytes it was given:
 * answering_stub.h. The first hello of all is the control: it is always answered with a
 * ServerHello.
 *
 * answering_stub PORT
 */
#include "bench/answering_stub.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define HELLO_MAX  65536
#define BACKLOG	   512
#define PATIENCE_S 2

/* TLS 1.2, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, no extensions. */
static void put_server_hello(int fd)
{
	static const uint8_t head[] = { 0x16, 3, 3, 0, 42, 2, 0, 0, 38, 3, 3 };
	static const uint8_t tail[] = { 0, 0xC0, 0x2F, 0 };
	uint8_t out[sizeof(head) + 32 + sizeof(tail)] = { 0 };
	memcpy(out, head, sizeof(head));
	memcpy(out + sizeof(head) + 32, tail, sizeof(tail));
	send(fd, out, sizeof(out), MSG_NOSIGNAL);
}

static void put_answer(int fd, struct stub_answer answer)
{
	static const struct linger now = { .l_onoff = 1 };
	const uint8_t alert[] = { 0x15, 3, 3, 0, 2, 2, answer.alert };
	switch (answer.end) {
	case STUB_ALERT:
		send(fd, alert, sizeof(alert), MSG_NOSIGNAL);
		return;
	case STUB_CLOSE:
		return;
	case STUB_RESET:
		setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	}
}

/* The client writes a hello, or its first segment, at once, and on loopback that is read at once.
 */
static void serve(int listener)
{
	static const struct timeval patience = { .tv_sec = PATIENCE_S };
	static uint8_t hello[HELLO_MAX];
	uint64_t control = 0;
	for (;;) {
		int fd = accept(listener, NULL, NULL);
		if (fd < 0)
			continue;
		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
		ssize_t len = recv(fd, hello, sizeof(hello), 0);
		uint64_t print = fingerprint_bytes(FINGERPRINT_BEGIN,
						   span_of(hello, len > 0 ? (size_t)len : 0));
		control = control ? control : print;
		if (print == control)
			put_server_hello(fd);
		else
			put_answer(fd, stub_answer(print));
		close(fd);
	}
}

int main(int argc, char **argv)
{
	struct sockaddr_in name = { .sin_family = AF_INET,
				    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	static const int on = 1;
	if (argc != 2) {
		fprintf(stderr, "usage: answering_stub PORT\n");
		return 2;
	}
	name.sin_port = htons((uint16_t)strtoul(argv[1], NULL, 10));
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(listener, (struct sockaddr *)&name, sizeof(name)) != 0 ||
	    listen(listener, BACKLOG) != 0) {
		perror("bind");
		return 3;
	}
	serve(listener);
	return 0;
}
