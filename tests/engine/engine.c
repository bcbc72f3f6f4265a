/* SPDX-License-Identifier: Apache-2.0 */
#include "server.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

static struct server server;
static struct asker asker;

static struct engine_options quick(void)
{
	return (struct engine_options){
		.address = server.address,
		.connect_ms = 2000,
		.timeout_ms = 5000,
		.concurrency = 8,
	};
}

static void expect_all(enum outcome outcome)
{
	for (uint32_t i = 0; i < asker.len; i++)
		cr_assert_eq(asker.seen[i].outcome, outcome, "probe %u: %s", i + 1,
			     outcome_name(asker.seen[i].outcome));
}

static void answer_alert(struct server *s, int fd, unsigned n)
{
	(void)s, (void)n;
	server_read_record(fd);
	server_send(fd, ALERT_40);
	close(fd);
}

static void read_then_close(struct server *s, int fd, unsigned n)
{
	(void)s, (void)n;
	server_read_record(fd);
	close(fd);
}

static void read_then_abort(struct server *s, int fd, unsigned n)
{
	(void)s, (void)n;
	server_read_record(fd);
	server_abort(fd);
}

static void alert_then_abort(struct server *s, int fd, unsigned n)
{
	(void)s, (void)n;
	server_read_record(fd);
	server_send(fd, ALERT_40);
	server_abort(fd);
}

/* Says nothing until the peer is gone. */
static void stay_silent(struct server *s, int fd, unsigned n)
{
	(void)s, (void)n;
	uint8_t bytes[64];
	while (recv(fd, bytes, sizeof(bytes), 0) > 0)
		;
	close(fd);
}

static void say_half(struct server *s, int fd, unsigned n)
{
	server_read_record(fd);
	server_send(fd, span_of(ALERT_40.at, 4));
	stay_silent(s, fd, n);
}

static void say_byte_by_byte(struct server *s, int fd, unsigned n)
{
	(void)s, (void)n;
	struct span alert = ALERT_40;
	server_read_record(fd);
	for (; alert.len; alert = span_skip(alert, 1))
		server_send(fd, span_of(alert.at, 1));
	close(fd);
}

static void alert_and_never_close(struct server *s, int fd, unsigned n)
{
	server_read_record(fd);
	server_send(fd, ALERT_40);
	stay_silent(s, fd, n);
}

static void expect_outcome(void (*serve)(struct server *, int, unsigned), enum outcome outcome)
{
	server_start(&server, serve);
	asker_init(&asker, 100, "tls");
	struct engine_options options = quick();
	struct engine_result result = ask(&asker, &options);
	expect_all(outcome);
	cr_assert_eq(result.connections, 100);
	cr_assert_eq(result.retries, 0);
}

Test(engine, an_alert_is_an_alert)
{
	expect_outcome(answer_alert, OUTCOME_ALERT);
	cr_assert_eq(asker.seen[7].alert, 40);
	cr_assert_eq(asker.seen[7].attempts, 1);
	cr_assert_geq(asker.seen[7].ended_us, asker.seen[7].started_us);
}

Test(engine, a_fin_after_the_hello_is_a_close)
{
	expect_outcome(read_then_close, OUTCOME_CLOSE);
}

Test(engine, a_rst_after_the_hello_is_a_reset)
{
	expect_outcome(read_then_abort, OUTCOME_RESET);
}

Test(engine, what_came_before_a_rst_is_read)
{
	expect_outcome(alert_then_abort, OUTCOME_ALERT);
}

Test(engine, an_answer_byte_by_byte_is_an_answer)
{
	expect_outcome(say_byte_by_byte, OUTCOME_ALERT);
}

Test(engine, a_peer_that_never_closes_holds_up_nothing)
{
	expect_outcome(alert_and_never_close, OUTCOME_ALERT);
}

static atomic_uint finished, resets;

/* Ends its side, and sees how the peer ends its own. */
static void alert_and_watch_the_end(struct server *s, int fd, unsigned n)
{
	(void)s, (void)n;
	uint8_t byte;
	server_read_record(fd);
	server_send(fd, ALERT_40);
	shutdown(fd, SHUT_WR);
	if (recv(fd, &byte, 1, 0) == 0)
		atomic_fetch_add(&finished, 1);
	else
		atomic_fetch_add(&resets, 1);
	close(fd);
}

/* Returns once the server has seen the end of every connection. */
static void ask_and_watch_the_ends(bool abrupt)
{
	server_start(&server, alert_and_watch_the_end);
	asker_init(&asker, 100, "tls");
	struct engine_options options = quick();
	options.abrupt = abrupt;
	ask(&asker, &options);
	expect_all(OUTCOME_ALERT);
	while (atomic_load(&finished) + atomic_load(&resets) < 100)
		sched_yield();
}

/* All of them, but where the server was kept from its processor for longer than we linger. */
Test(engine, an_answered_connection_is_closed_politely)
{
	ask_and_watch_the_ends(false);
	cr_assert_gt(atomic_load(&finished), 0);
}

Test(engine, an_abrupt_engine_resets_what_is_answered)
{
	ask_and_watch_the_ends(true);
	cr_assert_eq(atomic_load(&resets), 100);
}

Test(engine, half_an_answer_and_silence_is_a_timeout)
{
	server_start(&server, say_half);
	asker_init(&asker, 2, "tls");
	struct engine_options options = quick();
	options.timeout_ms = 60;
	struct engine_result result = ask(&asker, &options);
	expect_all(OUTCOME_TIMEOUT);
	cr_assert_str_eq(asker.seen[0].message, "in the middle of a record");
	cr_assert_geq(result.duration_us, 55000);
	cr_assert_lt(result.duration_us, 2000000);
}

Test(engine, a_silent_endpoint_costs_its_deadline_a_few_times_and_not_a_minute)
{
	server_start(&server, stay_silent);
	asker_init(&asker, 2000, "tls");
	struct engine_options options = quick();
	options.timeout_ms = 100;
	options.retries = 2;
	struct engine_result result = ask(&asker, &options);
	expect_all(OUTCOME_TIMEOUT);
	cr_assert(result.abandoned);
	cr_assert_geq(result.duration_us, 300000);
	cr_assert_lt(result.duration_us, 3000000);
	cr_assert_leq(result.connections, 3 * 8);
}

Test(engine, a_closed_port_is_unreachable_and_given_up)
{
	server_start(&server, answer_alert);
	shutdown(server.listener, SHUT_RDWR);
	close(server.listener);
	asker_init(&asker, 1000, "tls");
	struct engine_options options = quick();
	options.retries = 1;
	struct engine_result result = ask(&asker, &options);
	expect_all(OUTCOME_UNREACHABLE);
	cr_assert(result.abandoned);
	cr_assert_not_null(strstr(asker.seen[0].message, "connection refused"));
	cr_assert_not_null(strstr(asker.seen[999].message, "connection refused"));
	cr_assert_eq(asker.seen[0].attempts, 2);
	cr_assert_eq(asker.seen[999].attempts, 0);
	cr_assert_lt(result.duration_us, 3000000);
}

#define TOO_MANY_CLIENTS                                                                           \
	span_of("E\0\0\0\x0F"                                                                      \
		"C53300\0Mx\0\0",                                                                  \
		16)

/* Every 20th connection is refused in a way that says nothing; the others are answered. */
static void refuse_some(struct server *s, int fd, unsigned n)
{
	uint8_t request[8];
	server_read(fd, request, 8);
	if (n % 20 == 0) {
		server_send(fd, TOO_MANY_CLIENTS);
		close(fd);
		return;
	}
	server_send(fd, span_of("S", 1));
	answer_alert(s, fd, n);
}

Test(engine, overload_is_retried_to_an_answer)
{
	server_start(&server, refuse_some);
	asker_init(&asker, 300, "postgresql");
	struct engine_options options = quick();
	options.retries = 2;
	struct engine_result result = ask(&asker, &options);
	expect_all(OUTCOME_ALERT);
	cr_assert_geq(result.retries, 300 / 20);
	cr_assert_eq(result.connections, 300 + result.retries);
}

Test(engine, overload_stands_when_nothing_may_be_retried)
{
	server_start(&server, refuse_some);
	asker_init(&asker, 1, "postgresql");
	struct engine_options options = quick();
	ask(&asker, &options);
	cr_assert_eq(asker.seen[0].outcome, OUTCOME_REFUSED);
	cr_assert(asker.seen[0].overload);
	cr_assert_str_eq(asker.seen[0].refusal->sqlstate, "53300");
}

/* A server that has room for three, each for 20 ms. */
static void crowd(struct server *s, int fd, unsigned n)
{
	struct timeval while_busy = { .tv_usec = 20000 };
	bool full = atomic_load(&s->open) > 3;
	uint8_t request[8];
	server_read(fd, request, 8);
	if (full) {
		server_send(fd, TOO_MANY_CLIENTS);
		close(fd);
		return;
	}
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &while_busy, sizeof(while_busy));
	cr_assert_eq(recv(fd, request, 1, 0), -1);
	while_busy.tv_usec = 0;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &while_busy, sizeof(while_busy));
	server_send(fd, span_of("S", 1));
	answer_alert(s, fd, n);
}

Test(engine, a_crowded_server_is_asked_by_fewer_at_a_time)
{
	server_start(&server, crowd);
	asker_init(&asker, 100, "postgresql");
	struct engine_options options = quick();
	options.concurrency = 32;
	options.retries = 2;
	struct engine_result result = ask(&asker, &options);
	unsigned answered = 0;
	for (uint32_t i = 0; i < asker.len; i++)
		answered += asker.seen[i].outcome == OUTCOME_ALERT;
	cr_assert_eq(answered, 100);
	cr_assert_lt(result.retries, 90, "%u retries", result.retries);
}

static void ask_for_ssl_alone(struct server *s, int fd, unsigned n)
{
	uint8_t bytes[64];
	cr_assert_eq(server_read(fd, bytes, 8), 8);
	cr_assert_eq(recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT), -1, "nothing came with it");
	server_send(fd, span_of("S", 1));
	answer_alert(s, fd, n);
}

Test(engine, ssl_request_and_hello_are_never_in_one_write)
{
	server_start(&server, ask_for_ssl_alone);
	asker_init(&asker, 200, "postgresql");
	struct engine_options options = quick();
	ask(&asker, &options);
	expect_all(OUTCOME_ALERT);
	cr_assert_not(asker.seen[0].extra_bytes);
}

static void say_too_much(struct server *s, int fd, unsigned n)
{
	uint8_t bytes[8];
	server_read(fd, bytes, 8);
	server_send(fd, span_text("Sextra"));
	answer_alert(s, fd, n);
}

Test(engine, bytes_behind_s_are_told_every_time)
{
	server_start(&server, say_too_much);
	asker_init(&asker, 200, "postgresql");
	struct engine_options options = quick();
	ask(&asker, &options);
	expect_all(OUTCOME_ALERT);
	for (uint32_t i = 0; i < asker.len; i++)
		cr_assert(asker.seen[i].extra_bytes);
}

/* What a server without SSLv2 does: it waits for more, and closes at the end of input. */
static void wait_for_the_end(struct server *s, int fd, unsigned n)
{
	stay_silent(s, fd, n);
}

Test(engine, an_sslv2_hello_that_meets_silence_is_half_closed_and_rejected)
{
	server_start(&server, wait_for_the_end);
	asker_init(&asker, 3, "tls");
	asker.probe.kind = PROBE_SSLV2;
	asker.probe.version = SSLV2;
	struct engine_options options = quick();
	options.quiet_ms = 30;
	struct engine_result result = ask(&asker, &options);
	expect_all(OUTCOME_CLOSE);
	cr_assert_geq(result.duration_us, 25000);
	cr_assert_lt(result.duration_us, 2500000);
}

Test(engine, a_rate_is_kept)
{
	server_start(&server, answer_alert);
	asker_init(&asker, 60, "tls");
	struct engine_options options = quick();
	options.rate = 200;
	struct engine_result result = ask(&asker, &options);
	expect_all(OUTCOME_ALERT);
	cr_assert_geq(result.duration_us, 235000);
}

Test(engine, a_source_that_waits_is_asked_again_after_each_answer)
{
	server_start(&server, answer_alert);
	asker_init(&asker, 50, "tls");
	asker.together = 1;
	struct engine_options options = quick();
	ask(&asker, &options);
	expect_all(OUTCOME_ALERT);
	cr_assert_eq(asker.most_together, 1);
}

Test(engine, no_more_than_the_concurrency_runs_at_a_time)
{
	server_start(&server, answer_alert);
	asker_init(&asker, 300, "tls");
	struct engine_options options = quick();
	options.concurrency = 5;
	ask(&asker, &options);
	cr_assert_eq(asker.most_together, 5);
}

static void interrupt_after_ten(struct asker *a)
{
	if (a->answered == 10)
		raise(SIGINT);
}

Test(engine, an_interrupt_ends_the_asking_and_keeps_what_is_known)
{
	server_start(&server, answer_alert);
	asker_init(&asker, 4000, "tls");
	asker.on_answer = interrupt_after_ten;
	struct engine_options options = quick();
	struct engine_result result = ask(&asker, &options);
	cr_assert(result.interrupted);
	cr_assert_geq(asker.answered, 10);
	cr_assert_lt(asker.answered, 200);
}

Test(engine, it_runs_several_times_in_a_process)
{
	server_start(&server, answer_alert);
	for (int i = 0; i < 5; i++) {
		asker_init(&asker, 20, "tls");
		struct engine_options options = quick();
		ask(&asker, &options);
		expect_all(OUTCOME_ALERT);
	}
}

Test(engine, few_descriptors_make_it_slower_and_not_wrong)
{
	server_start_apart(&server, answer_alert);
	asker_init(&asker, 500, "tls");
	struct engine_options options = quick();
	options.concurrency = 200;
	int probe = dup(0);
	struct rlimit limit = { (rlim_t)probe + 40, (rlim_t)probe + 40 };
	close(probe);
	cr_assert_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
	ask(&asker, &options);
	expect_all(OUTCOME_ALERT);
}

static unsigned open_descriptors(void)
{
	unsigned n = 0;
	DIR *folder = opendir("/proc/self/fd");
	while (readdir(folder))
		n++;
	closedir(folder);
	return n;
}

static void note_descriptors(void *context, const struct engine_attempt *attempt)
{
	unsigned *most = context, now = open_descriptors();
	(void)attempt;
	*most = now > *most ? now : *most;
}

Test(engine, at_most_two_sockets_are_open_for_each_that_may_run)
{
	server_start_apart(&server, alert_and_never_close);
	asker_init(&asker, 200, "tls");
	unsigned before = open_descriptors(), most = 0;
	struct engine_options options = quick();
	options.context = &most;
	options.on_attempt = note_descriptors;
	ask(&asker, &options);
	expect_all(OUTCOME_ALERT);
	cr_assert_gt(most, before + 8);
	cr_assert_leq(most, before + 2 * 8 + 10, "and a few of the event loop: %u", most - before);
}

struct attempts {
	unsigned all, final;
	size_t sent, received;
};

static void count_attempt(void *context, const struct engine_attempt *attempt)
{
	struct attempts *count = context;
	count->all++;
	count->final += attempt->final;
	count->sent += attempt->sent.len;
	count->received += attempt->received.len;
}

static void count_progress(void *context, size_t answered, size_t planned)
{
	cr_assert_leq(answered, planned);
	(void)context;
}

Test(engine, every_attempt_is_shown_with_its_bytes)
{
	server_start(&server, answer_alert);
	asker_init(&asker, 10, "tls");
	struct attempts count = { .all = 0 };
	struct engine_options options = quick();
	options.context = &count;
	options.on_attempt = count_attempt;
	options.on_progress = count_progress;
	ask(&asker, &options);
	cr_assert_eq(count.all, 10);
	cr_assert_eq(count.final, 10);
	cr_assert_eq(count.received, 70);
	cr_assert_gt(count.sent, 2000);
}
