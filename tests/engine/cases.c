/* SPDX-License-Identifier: Apache-2.0 */
#include "case/catalogue.h"
#include "probe/case_answer.h"
#include "server.h"

#include <criterion/criterion.h>
#include <linux/tcp.h>
#include <time.h>
#include <unistd.h>

static struct server server;
static struct asker asker;
static struct arena library;
static struct diags diags;
static struct catalogue catalogue;
static struct conduct conduct;

/* One stanza, asked `len` times, with 150 ms of silence for silence. */
static struct engine_result ask_case(uint32_t len, const char *text)
{
	struct engine_options options = {
		.address = server.address,
		.timeout_ms = 5000,
		.concurrency = 8,
		.retries = 2,
	};
	arena_release(&library);
	arena_init(&library, POLICY_ARENA_MAX);
	diags_init(&diags, &library);
	catalogue_init(&catalogue, &library, &diags);
	cr_assert_eq(catalogue_read(&catalogue, "test.case", span_text(text)), FAULT_NONE);
	conduct = (struct conduct){
		.of = catalogue.cases[0],
		.setting = { .version = TLS1_2, .seed = 1 },
		.quiet_ms = 150,
	};
	asker_init(&asker, len, "tls");
	asker.probe.kind = PROBE_CASE;
	asker.probe.conduct = &conduct;
	return ask(&asker, &options);
}

#define STANZA "case test.it\n  cite \"RFC 5246 7\" MUST\n  why \"a test\"\n"

static uint64_t now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static unsigned segments_of(int fd)
{
	struct tcp_info info;
	socklen_t len = sizeof(info);
	cr_assert_eq(getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len), 0);
	return info.tcpi_data_segs_in;
}

static struct {
	atomic_uint segments, pause_ms, end, after_end;
} watched;

/* Counts the segments of the first three bytes, times the pause, and answers behind our FIN. */
static void watch(struct server *s, int fd, unsigned n)
{
	(void)s, (void)n;
	uint8_t bytes[64];
	cr_assert_eq(server_read(fd, bytes, 3), 3);
	uint64_t before = now_ms();
	watched.segments = segments_of(fd);
	cr_assert_eq(server_read(fd, bytes, 4), 4);
	watched.pause_ms = (unsigned)(now_ms() - before);
	watched.end = server_read(fd, bytes, 1) == 0;
	server_send(fd, ALERT_40);
	close(fd);
}

Test(engine, a_case_is_played_in_segments_with_its_pause_and_its_end)
{
	server_start(&server, watch);
	struct engine_result result =
		ask_case(1, STANZA "  send bytes { 160301 } in segments of 1\n"
				   "  send bytes { 00040102 } after 80\n  shut\n  expect alert\n");
	cr_assert_eq(asker.seen[0].outcome, OUTCOME_ALERT);
	cr_assert_eq(asker.seen[0].alert, 40);
	cr_assert_eq(asker.seen[0].answer->steps_done, 3);
	cr_assert_eq(watched.segments, 3);
	cr_assert_geq(watched.pause_ms, 70);
	cr_assert_lt(watched.pause_ms, 2000);
	cr_assert(watched.end, "our side was ended");
	cr_assert_eq(result.connections, 1);
}

static void say_nothing(struct server *s, int fd, unsigned n)
{
	(void)s, (void)n;
	uint8_t bytes[64];
	while (recv(fd, bytes, sizeof(bytes), 0) > 0)
		;
	close(fd);
}

Test(engine, the_silence_of_a_case_is_neither_retried_nor_held_against_the_endpoint)
{
	server_start(&server, say_nothing);
	struct engine_result result = ask_case(40, STANZA "  send client_hello\n  expect alert\n");
	for (uint32_t i = 0; i < asker.len; i++) {
		cr_assert_eq(asker.seen[i].outcome, OUTCOME_TIMEOUT);
		cr_assert_eq(asker.seen[i].attempts, 1);
	}
	cr_assert_not(result.abandoned);
	cr_assert_eq(result.connections, 40);
	cr_assert_geq(result.duration_us, 5 * 150000);
	cr_assert_lt(result.duration_us, 4000000);
}

static void say_first(struct server *s, int fd, unsigned n)
{
	server_send(fd, span_text("220 hello"));
	say_nothing(s, fd, n);
}

Test(engine, a_case_that_only_listens_learns_that_it_is_connected)
{
	server_start(&server, say_nothing);
	struct engine_result result =
		ask_case(1, STANZA "  send bytes { 01 } after 30\n  expect timeout\n");
	cr_assert_eq(asker.seen[0].outcome, OUTCOME_TIMEOUT);
	cr_assert_null(asker.seen[0].answer->unmet);
	cr_assert_lt(result.duration_us, 2000000);
	server_start(&server, say_first);
	ask_case(1, STANZA "  await bytes 3\n  send bytes { 01 }\n  expect timeout\n");
	cr_assert_eq(asker.seen[0].answer->steps_done, 2);
}
