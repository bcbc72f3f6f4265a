/* SPDX-License-Identifier: Apache-2.0 */
/*
 * overrun.c - answers each ClientHello on 127.0.0.1:PORT with a bare ServerHello or a fatal alert,
 * one connection after the other, and keeps 16 bytes of a session id that may have 32. What a
 * sanitizer says of that is the real thing: fuzz-process.sh builds it with AddressSanitizer.
 */
#include <arpa/inet.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define RECORD_LEN 5
#define ID_AT	   (RECORD_LEN + 4 + 2 + 32)
#define ID_KEPT	   16
#define ID_MAX	   32
#define HELLO_MIN  (ID_AT + 4)

static uint8_t *keep_session_id(const uint8_t *id, size_t len)
{
	uint8_t *kept = malloc(ID_KEPT);
	if (kept)
		memcpy(kept, id, len);
	return kept;
}

/* Whether the hello has TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256. */
static bool offers(const uint8_t *suites, size_t len)
{
	for (size_t i = 0; i + 1 < len; i += 2)
		if (suites[i] == 0xC0 && suites[i + 1] == 0x2F)
			return true;
	return false;
}

static bool takes(const uint8_t *hello, size_t len)
{
	if (len < HELLO_MIN || hello[0] != 22 || hello[RECORD_LEN] != 1)
		return false;
	if (hello[9] != 3 || hello[10] != 3 || hello[ID_AT] > ID_MAX)
		return false;
	size_t id_len = hello[ID_AT], at = ID_AT + 1 + id_len;
	if (at + 2 > len)
		return false;
	free(keep_session_id(hello + ID_AT + 1, id_len));
	size_t suites = (size_t)(hello[at] << 8 | hello[at + 1]);
	return offers(hello + at + 2, suites < len - at - 2 ? suites : len - at - 2);
}

static void serve(int connection)
{
	static const uint8_t alert[] = { 21, 3, 3, 0, 2, 2, 40 };
	static const uint8_t answer[47] = { 22, 3,  3, 0, 42, 2,	   0,
					    0,	38, 3, 3, 7,  [44] = 0xC0, [45] = 0x2F };
	static uint8_t hello[16384];
	ssize_t len = recv(connection, hello, sizeof(hello), 0);
	if (len > 0 && takes(hello, (size_t)len))
		(void)!write(connection, answer, sizeof(answer));
	else
		(void)!write(connection, alert, sizeof(alert));
	close(connection);
}

int main(int argc, char **argv)
{
	static const int on = 1;
	struct sockaddr_in at = { .sin_family = AF_INET };
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	at.sin_port = htons((uint16_t)(argc > 1 ? strtoul(argv[1], NULL, 10) : 0));
	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(listener, (struct sockaddr *)&at, sizeof(at)) || listen(listener, 128)) {
		perror("overrun");
		return 1;
	}
	for (;;) {
		int connection = accept(listener, NULL, NULL);
		if (connection >= 0)
			serve(connection);
	}
}
