/* SPDX-License-Identifier: Apache-2.0 */
#include "transport/resolve.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdio.h>
#include <time.h>

static struct addresses found;
static char why[160];

static enum fault resolve(const char *host, const char *resolver, unsigned timeout_ms)
{
	return resolve_host(&found, host, 5432, resolver, timeout_ms, why, sizeof(why));
}

static void expect_one(const char *host, const char *text)
{
	cr_assert_eq(resolve(host, NULL, 1000), FAULT_NONE, "%s", host);
	cr_assert_eq(found.len, 1);
	cr_assert_str_eq(found.items[0].text, text);
}

Test(resolve, literals_need_no_server)
{
	expect_one("127.0.0.1", "127.0.0.1:5432");
	expect_one("192.0.2.7", "192.0.2.7:5432");
	expect_one("::1", "[::1]:5432");
	expect_one("[::1]", "[::1]:5432");
	expect_one("2001:db8::5", "[2001:db8::5]:5432");
}

Test(resolve, a_literal_has_family_and_port)
{
	cr_assert_eq(resolve("::1", NULL, 1000), FAULT_NONE);
	cr_assert_eq(found.items[0].any.sa_family, AF_INET6);
	cr_assert_eq(ntohs(found.items[0].v6.sin6_port), 5432);
	cr_assert_eq(resolve("127.0.0.1", NULL, 1000), FAULT_NONE);
	cr_assert_eq(ntohs(found.items[0].v4.sin_port), 5432);
	cr_assert_eq(ntohl(found.items[0].v4.sin_addr.s_addr), INADDR_LOOPBACK);
}

Test(resolve, localhost_needs_no_file)
{
	cr_assert_eq(resolve("localhost", "127.0.0.1:1", 1000), FAULT_NONE);
	cr_assert_eq(found.len, 2);
	cr_assert_str_eq(found.items[0].text, "127.0.0.1:5432");
	cr_assert_str_eq(found.items[1].text, "[::1]:5432");
}

/* A name server of one socket: `answers` A records a question, none of AAAA; or silence. */
struct name_server {
	char text[32];
	int fd;
	unsigned answers;
};

static size_t put_answer(uint8_t *packet, size_t at, uint8_t last)
{
	const uint8_t record[] = { 0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, last };
	memcpy(packet + at, record, sizeof(record));
	return at + sizeof(record);
}

static void *answer_names(void *context)
{
	const struct name_server *server = context;
	for (;;) {
		uint8_t packet[512];
		struct sockaddr_in from;
		socklen_t len = sizeof(from);
		ssize_t n = recvfrom(server->fd, packet, 300, 0, (struct sockaddr *)&from, &len);
		if (n < 17)
			return NULL;
		size_t at = 12;
		while (packet[at])
			at += (size_t)packet[at] + 1;
		bool is_a = packet[at + 2] == 1;
		at += 5;
		packet[2] = 0x81;
		packet[3] = 0x80;
		memset(packet + 6, 0, 6);
		packet[7] = is_a ? (uint8_t)server->answers : 0;
		for (unsigned i = 0; is_a && i < server->answers; i++)
			at = put_answer(packet, at, (uint8_t)(i + 1));
		sendto(server->fd, packet, at, 0, (struct sockaddr *)&from, len);
	}
}

static void name_server_start(struct name_server *server, unsigned answers, bool silent)
{
	struct sockaddr_in name = { .sin_family = AF_INET,
				    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(name);
	server->answers = answers;
	server->fd = socket(AF_INET, SOCK_DGRAM, 0);
	cr_assert_eq(bind(server->fd, (struct sockaddr *)&name, len), 0);
	getsockname(server->fd, (struct sockaddr *)&name, &len);
	snprintf(server->text, sizeof(server->text), "127.0.0.1:%u", ntohs(name.sin_port));
	pthread_t thread;
	if (!silent)
		cr_assert_eq(pthread_create(&thread, NULL, answer_names, server), 0);
}

Test(resolve, every_address_of_a_name_is_found)
{
	static struct name_server server;
	name_server_start(&server, 3, false);
	cr_assert_eq(resolve("db.test.example", server.text, 3000), FAULT_NONE, "%s", why);
	cr_assert_eq(found.len, 3);
	bool seen[3] = { false };
	for (size_t i = 0; i < found.len; i++)
		for (unsigned last = 1; last <= 3; last++) {
			char text[32];
			snprintf(text, sizeof(text), "192.0.2.%u:5432", last);
			seen[last - 1] |= strcmp(found.items[i].text, text) == 0;
		}
	cr_assert(seen[0] && seen[1] && seen[2]);
}

Test(resolve, more_addresses_than_there_is_room_for_are_cut)
{
	static struct name_server server;
	name_server_start(&server, ADDRESSES_MAX + 4, false);
	cr_assert_eq(resolve("db.test.example", server.text, 3000), FAULT_NONE, "%s", why);
	cr_assert_eq(found.len, ADDRESSES_MAX);
}

Test(resolve, a_name_without_an_address_is_told_in_one_sentence)
{
	static struct name_server server;
	name_server_start(&server, 0, false);
	cr_assert_eq(resolve("db.test.example", server.text, 3000), FAULT_NOT_FOUND);
	cr_assert_str_eq(why, "cannot resolve 'db.test.example': the name has no address");
}

static double seconds(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

Test(resolve, a_silent_name_server_costs_the_deadline)
{
	static struct name_server server;
	name_server_start(&server, 0, true);
	double start = seconds();
	cr_assert_eq(resolve("db.test.example", server.text, 300), FAULT_NOT_FOUND);
	cr_assert_str_eq(why, "cannot resolve 'db.test.example': no answer in time");
	cr_assert_lt(seconds() - start, 2.0);
}

Test(resolve, a_name_server_that_is_no_address_is_told)
{
	cr_assert_eq(resolve("db.test.example", "not an address", 300), FAULT_NOT_FOUND);
	cr_assert_not_null(strstr(why, "name server"));
}
