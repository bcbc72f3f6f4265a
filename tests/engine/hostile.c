/* SPDX-License-Identifier: Apache-2.0 */
#include "server.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <unistd.h>

static struct server server;
static struct asker asker;

static struct engine_options patient(unsigned timeout_ms)
{
	return (struct engine_options){
		.address = server.address,
		.timeout_ms = timeout_ms,
		.concurrency = 8,
	};
}

static bool send_some(int fd, struct span bytes)
{
	return send(fd, bytes.at, bytes.len, MSG_NOSIGNAL) > 0;
}

static void say_garbage_for_ever(struct server *s, int fd, unsigned n)
{
	(void)s, (void)n;
	static const uint8_t warnings[] = { 22, 3, 3, 0x40, 0, 11, 1, 0xFF, 0xFF };
	server_read_record(fd);
	send_some(fd, span_of(warnings, sizeof(warnings)));
	static const uint8_t zeroes[65536];
	while (send_some(fd, span_of(zeroes, sizeof(zeroes))))
		;
	close(fd);
}

Test(engine, an_endless_answer_ends_at_a_ceiling)
{
	server_start(&server, say_garbage_for_ever);
	asker_init(&asker, 20, "tls");
	struct engine_options options = patient(20000);
	struct engine_result result = ask(&asker, &options);
	for (uint32_t i = 0; i < asker.len; i++)
		cr_assert_eq(asker.seen[i].outcome, OUTCOME_GARBAGE);
	cr_assert_lt(result.duration_us, 15000000);
}

/* One byte of an endless run of warnings, each time that nothing came for 2 ms. */
static void drip(struct server *s, int fd, unsigned n)
{
	(void)s, (void)n;
	static const uint8_t record[] = { 22, 3, 3, 0x40, 0 };
	struct timeval pause = { .tv_usec = 2000 };
	uint8_t byte;
	server_read_record(fd);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &pause, sizeof(pause));
	for (size_t at = 0; recv(fd, &byte, 1, 0) < 0 && errno == EAGAIN; at++)
		if (!send_some(fd, span_of(at < 5 ? &record[at] : record, 1)))
			break;
	close(fd);
}

Test(engine, a_dripping_answer_does_not_move_the_deadline)
{
	server_start(&server, drip);
	asker_init(&asker, 8, "tls");
	struct engine_options options = patient(100);
	struct engine_result result = ask(&asker, &options);
	for (uint32_t i = 0; i < asker.len; i++)
		cr_assert_eq(asker.seen[i].outcome, OUTCOME_TIMEOUT);
	cr_assert_geq(result.duration_us, 95000);
	cr_assert_lt(result.duration_us, 2000000);
}

static void answer_twenty(struct server *s, int fd, unsigned n)
{
	(void)s;
	uint8_t bytes[64];
	server_read_record(fd);
	if (n < 20)
		server_send(fd, ALERT_40);
	while (n >= 20 && recv(fd, bytes, sizeof(bytes), 0) > 0)
		;
	close(fd);
}

Test(engine, an_endpoint_that_falls_silent_is_asked_on_without_retries)
{
	server_start(&server, answer_twenty);
	asker_init(&asker, 100, "tls");
	struct engine_options options = patient(50);
	options.retries = 2;
	struct engine_result result = ask(&asker, &options);
	unsigned answered = 0;
	for (uint32_t i = 0; i < asker.len; i++)
		answered += asker.seen[i].outcome == OUTCOME_ALERT;
	cr_assert_eq(answered, 20);
	cr_assert_not(result.abandoned);
	cr_assert_lt(result.retries, 60, "%u retries", result.retries);
}

/* A listener that nobody accepts from: once its queue is full, a SYN is not answered any more. */
static void fill_queue(void)
{
	struct sockaddr_in name = { .sin_family = AF_INET,
				    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(name);
	struct addresses addresses;
	char why[64];
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	cr_assert_eq(bind(listener, (struct sockaddr *)&name, len), 0);
	cr_assert_eq(listen(listener, 0), 0);
	getsockname(listener, (struct sockaddr *)&name, &len);
	for (int i = 0; i < 8; i++) {
		int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
		(void)!connect(fd, (struct sockaddr *)&name, len);
	}
	cr_assert_eq(resolve_host(&addresses, "127.0.0.1", ntohs(name.sin_port), NULL, 100, why,
				  sizeof(why)),
		     FAULT_NONE);
	server.address = addresses.items[0];
}

Test(engine, a_connection_request_without_an_answer_is_unreachable_in_time)
{
	fill_queue();
	asker_init(&asker, 1, "tls");
	struct engine_options options = patient(5000);
	options.connect_ms = 80;
	struct engine_result result = ask(&asker, &options);
	cr_assert_eq(asker.seen[0].outcome, OUTCOME_UNREACHABLE);
	cr_assert_not_null(strstr(asker.seen[0].message, ": timed out"));
	cr_assert_geq(result.duration_us, 75000);
	cr_assert_lt(result.duration_us, 2000000);
}
