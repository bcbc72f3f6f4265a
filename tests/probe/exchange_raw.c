/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/exchange.h"

#include <criterion/criterion.h>

/* ServerHello TLS 1.2, no extensions; the suite stands at SUITE_AT. */
#define SUITE_AT 44
static uint8_t server_hello[5 + 4 + 38] = {
	0x16, 3, 3, 0, 42, 2, 0, 0, 38, 3, 3, [SUITE_AT] = 0xC0, [SUITE_AT + 1] = 0x2F,
};
static const uint8_t alert[] = { 0x15, 3, 3, 0, 2, 2, 70 };

/* A hello of TLS 1.2 with 0xC02F alone, in one record. */
static const uint8_t hello[5 + 4 + 41] = {
	0x16, 3, 1,	   0,	     45,       1,	    0,		 0,	   41,
	3,    3, [43] = 0, [44] = 0, [45] = 2, [46] = 0xC0, [47] = 0x2F, [48] = 1, [49] = 0,
};

struct talk {
	struct probe probe;
	struct arena arena, keep;
	struct exchange exchange;
};

static void start(struct talk *talk, struct raw_bytes raw, const char *scheme)
{
	talk->probe = (struct probe){
		.id = 1,
		.kind = PROBE_RAW,
		.version = VERSION_NONE,
		.raw = raw,
		.upgrade = upgrade_by_name(span_text(scheme)),
	};
	arena_init(&talk->arena, PROBE_ARENA_MAX);
	arena_init(&talk->keep, RUN_ARENA_MAX);
	cr_assert_eq(exchange_start(&talk->exchange, &talk->probe, &talk->arena, &talk->keep),
		     FAULT_NONE);
}

static void end(struct talk *talk)
{
	exchange_release(&talk->exchange);
	arena_release(&talk->arena);
	arena_release(&talk->keep);
}

static struct raw_bytes raw_of_hello(void)
{
	return (struct raw_bytes){
		.bytes = span_of(hello, sizeof(hello)),
		.hello = span_of(hello + 5, sizeof(hello) - 5),
	};
}

static void send_all(struct exchange *exchange)
{
	exchange_sent(exchange, exchange_output(exchange).len);
}

Test(exchange_raw, bytes_go_out_as_they_are_after_the_upgrade)
{
	struct talk talk;
	struct raw_bytes raw = raw_of_hello();
	start(&talk, raw, "postgresql");
	cr_assert_eq(exchange_output(&talk.exchange).len, 8);
	send_all(&talk.exchange);
	exchange_input(&talk.exchange, span_of("S", 1));
	cr_assert(span_equal(exchange_output(&talk.exchange), raw.bytes));
	send_all(&talk.exchange);
	cr_assert_eq(exchange_output(&talk.exchange).len, 0);
	exchange_input(&talk.exchange, span_of(alert, sizeof(alert)));
	cr_assert_eq(talk.exchange.observation.outcome, OUTCOME_ALERT);
	cr_assert_eq(talk.exchange.observation.alert, 70);
	end(&talk);
}

/* A warning, and the ServerHello in two pieces: with what stands behind it that is not read. */
Test(exchange_raw, the_records_of_an_answer_are_counted)
{
	static const uint8_t warning[] = { 0x15, 3, 3, 0, 2, 1, 112 };
	static const uint8_t rest[] = { 0x16, 3, 3, 0, 4 };
	uint8_t half[5 + 38];
	struct talk talk;
	memcpy(half, server_hello, sizeof(half));
	half[4] = 38;
	start(&talk, raw_of_hello(), "tls");
	send_all(&talk.exchange);
	exchange_input(&talk.exchange, span_of(warning, sizeof(warning)));
	exchange_input(&talk.exchange, span_of(half, sizeof(half)));
	exchange_input(&talk.exchange, span_of(rest, sizeof(rest)));
	exchange_input(&talk.exchange, span_of(server_hello + sizeof(half), 4));
	exchange_input(&talk.exchange, span_of(warning, sizeof(warning)));
	cr_assert_eq(talk.exchange.observation.outcome, OUTCOME_SERVER_HELLO);
	cr_assert_eq(talk.exchange.observation.records, 3);
	end(&talk);
}

Test(exchange_raw, a_server_hello_is_held_against_the_hello)
{
	struct talk talk;
	start(&talk, raw_of_hello(), "tls");
	send_all(&talk.exchange);
	exchange_input(&talk.exchange, span_of(server_hello, sizeof(server_hello)));
	cr_assert_eq(talk.exchange.observation.outcome, OUTCOME_SERVER_HELLO);
	cr_assert_eq(talk.exchange.observation.violation, VIOLATION_NONE);
	end(&talk);

	server_hello[SUITE_AT + 1] = 0x30;
	start(&talk, raw_of_hello(), "tls");
	send_all(&talk.exchange);
	exchange_input(&talk.exchange, span_of(server_hello, sizeof(server_hello)));
	cr_assert_eq(talk.exchange.observation.outcome, OUTCOME_SERVER_HELLO);
	cr_assert_eq(talk.exchange.observation.violation, VIOLATION_SUITE_NOT_OFFERED);
	cr_assert_not_null(talk.exchange.observation.broken);
	end(&talk);
}

static void answer(struct talk *talk, struct raw_bytes raw, struct span bytes)
{
	start(talk, raw, "tls");
	send_all(&talk->exchange);
	exchange_input(&talk->exchange, bytes);
}

Test(exchange_raw, the_record_of_a_server_hello_has_its_version)
{
	struct talk talk;
	server_hello[2] = 0;
	answer(&talk, raw_of_hello(), span_of(server_hello, sizeof(server_hello)));
	cr_assert_eq(talk.exchange.observation.outcome, OUTCOME_SERVER_HELLO);
	cr_assert_eq(talk.exchange.observation.violation, VIOLATION_MALFORMED_RECORD);
	end(&talk);
	/* What is wrong inside comes first. */
	server_hello[SUITE_AT + 1] = 0x30;
	answer(&talk, raw_of_hello(), span_of(server_hello, sizeof(server_hello)));
	cr_assert_eq(talk.exchange.observation.violation, VIOLATION_SUITE_NOT_OFFERED);
	end(&talk);
}

/* A ServerHello with a session id of eight bytes, and hellos with one of four. */
Test(exchange_raw, a_session_id_does_not_go_on_behind_the_one_sent)
{
	uint8_t sent[sizeof(hello) + 4] = { 0 }, got[sizeof(server_hello) + 8] = { 0 };
	struct talk talk;
	struct raw_bytes raw = { .bytes = span_of(sent, sizeof(sent)) };
	memcpy(sent, hello, 44);
	memcpy(sent + 43,
	       "\x04"
	       "abcd",
	       5);
	memcpy(sent + 48, hello + 44, sizeof(hello) - 44);
	sent[4] += 4;
	sent[8] += 4;
	raw.hello = span_of(sent + 5, sizeof(sent) - 5);
	memcpy(got, server_hello, 44);
	memcpy(got + 43,
	       "\x08"
	       "abcdefgh",
	       9);
	memcpy(got + 52, server_hello + 44, sizeof(server_hello) - 44);
	got[4] += 8;
	got[8] += 8;
	answer(&talk, raw, span_of(got, sizeof(got)));
	cr_assert_eq(talk.exchange.observation.outcome, OUTCOME_SERVER_HELLO);
	cr_assert_eq(talk.exchange.observation.violation, VIOLATION_SESSION_ID_NOT_ECHOED);
	end(&talk);
	got[47] = 'D';
	answer(&talk, raw, span_of(got, sizeof(got)));
	cr_assert_eq(talk.exchange.observation.violation, VIOLATION_NONE);
	end(&talk);
}

Test(exchange_raw, a_server_hello_that_cannot_be_decoded_is_a_violation)
{
	struct talk talk;
	server_hello[43] = 1;
	answer(&talk, raw_of_hello(), span_of(server_hello, sizeof(server_hello)));
	cr_assert_eq(talk.exchange.observation.outcome, OUTCOME_GARBAGE);
	cr_assert_eq(talk.exchange.observation.violation, VIOLATION_MALFORMED_MESSAGE);
	end(&talk);
}

Test(exchange_raw, a_fatal_alert_is_the_last)
{
	static const uint8_t twice[] = { 0x15, 3, 3, 0, 2, 2, 70, 0x15, 3, 3, 0, 2, 2, 80 };
	static const uint8_t closing[] = { 0x15, 3, 3, 0, 2, 2, 70, 0x15, 3, 3, 0, 2, 1, 0 };
	struct talk talk;
	answer(&talk, raw_of_hello(), span_of(twice, sizeof(twice)));
	cr_assert_eq(talk.exchange.observation.alert, 70);
	cr_assert(talk.exchange.observation.alerts_twice);
	end(&talk);
	answer(&talk, raw_of_hello(), span_of(closing, sizeof(closing)));
	cr_assert_eq(talk.exchange.observation.alert, 70);
	cr_assert_not(talk.exchange.observation.alerts_twice);
	end(&talk);
}

Test(exchange_raw, the_first_segment_goes_alone)
{
	struct talk talk;
	struct raw_bytes raw = raw_of_hello();
	raw.cut = 7;
	start(&talk, raw, "tls");
	cr_assert(exchange_is_timed(&talk.exchange));
	exchange_clock(&talk.exchange, 1000);
	cr_assert_eq(exchange_output(&talk.exchange).len, 7);
	send_all(&talk.exchange);
	cr_assert_eq(exchange_output(&talk.exchange).len, 0);
	uint64_t due = exchange_due(&talk.exchange);
	cr_assert_gt(due, 1000);
	exchange_clock(&talk.exchange, due - 1);
	cr_assert_eq(exchange_output(&talk.exchange).len, 0);
	exchange_clock(&talk.exchange, due);
	cr_assert_eq(exchange_output(&talk.exchange).len, sizeof(hello) - 7);
	cr_assert_eq(exchange_due(&talk.exchange), UINT64_MAX);
	end(&talk);
}

Test(exchange_raw, our_side_ends_once_behind_the_last_byte)
{
	struct talk talk;
	struct raw_bytes raw = raw_of_hello();
	raw.shut = true;
	start(&talk, raw, "tls");
	cr_assert_not(exchange_shut(&talk.exchange));
	send_all(&talk.exchange);
	cr_assert(exchange_shut(&talk.exchange));
	cr_assert_not(exchange_shut(&talk.exchange));
	exchange_finish(&talk.exchange, EXCHANGE_FIN, NULL);
	cr_assert_eq(talk.exchange.observation.outcome, OUTCOME_CLOSE);
	end(&talk);
}

Test(exchange_raw, an_sslv2_hello_is_answered_in_its_own_framing)
{
	static const uint8_t sslv2[] = { 0x80, 0x2e, 1, 0, 2, 0, 3, 0, 0, 0, 16 };
	static const uint8_t error[] = { 0x80, 3, 0, 0, 1 };
	struct talk talk;
	start(&talk, (struct raw_bytes){ .bytes = span_of(sslv2, sizeof(sslv2)) }, "tls");
	send_all(&talk.exchange);
	exchange_input(&talk.exchange, span_of(error, sizeof(error)));
	cr_assert_eq(talk.exchange.observation.outcome, OUTCOME_CLOSE);
	end(&talk);
}
