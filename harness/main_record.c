/* SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/text.h"
#include "rig_handshake.h"

#define QUIET_MS 300

const size_t harness_memory_max = SIZE_MAX;

void harness_run(struct span input)
{
	(void)input;
}

static int dial(uint16_t port)
{
	struct sockaddr_in server = { .sin_family = AF_INET,
				      .sin_port = htons(port),
				      .sin_addr = { htonl(INADDR_LOOPBACK) } };
	struct timeval quiet = { .tv_usec = QUIET_MS * 1000 };
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &quiet, sizeof(quiet)) ||
	    connect(fd, (const struct sockaddr *)&server, sizeof(server)))
		return -1;
	return fd;
}

static bool say(int fd, struct span bytes)
{
	return !bytes.len || write(fd, bytes.at, bytes.len) == (ssize_t)bytes.len;
}

static void converse(struct rig_handshake *rig, int fd, struct text *heard)
{
	uint8_t bytes[RECORD_CIPHERTEXT_MAX];
	bool good = say(fd, span_of(rig->records[0], rig->first_len));
	while (good) {
		bool retried = rig->second.len > 0;
		ssize_t n = read(fd, bytes, sizeof(bytes));
		if (n <= 0)
			return;
		text_append(heard, span_of(bytes, (size_t)n));
		rig_handshake_hear(rig, span_of(bytes, (size_t)n));
		if (!retried && rig->second.len)
			good = say(fd, span_of(rig->records[1], rig->second_len));
		struct span out = handshake_output(rig->client);
		good = good && say(fd, out);
		handshake_sent(rig->client, out.len);
	}
}

/* main_record KIND PORT: what a server on this machine answers to the hello of that kind, as a seed
 * of fuzz_handshake; how it ended goes to standard error. */
int main(int argc, char **argv)
{
	static struct rig_handshake rig;
	struct text heard;
	if (argc != 3)
		return 2;
	uint8_t head[] = { (uint8_t)strtoul(argv[1], NULL, 10), 0xFF };
	int fd = dial((uint16_t)strtoul(argv[2], NULL, 10));
	if (fd < 0)
		return 1;
	text_init(&heard);
	text_append(&heard, span_of(head, sizeof(head)));
	rig_handshake_init(&rig, harness_arena(0, PROBE_ARENA_MAX), head[0], false);
	converse(&rig, fd, &heard);
	fprintf(stderr, "phase %d, %s, %s\n", (int)rig.facts->phase,
		violation_name(rig.facts->violation), rig.facts->detail);
	fwrite(heard.at, 1, heard.len, stdout);
	rig_handshake_release(&rig);
	text_release(&heard);
	close(fd);
	return 0;
}
