/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/exchange.h"
#include "wire/sslv2.h"

#include <criterion/criterion.h>

static const struct shape shape;

static struct probe probe_of(enum probe_kind kind, const char *upgrade)
{
	return (struct probe){
		.id = 3,
		.kind = kind,
		.version = kind == PROBE_SSLV2 ? SSLV2 : TLS1_2,
		.suites = { kind == PROBE_SSLV2 ? 0x010080 : 0xC02F },
		.suites_len = 1,
		.shape = &shape,
		.upgrade = upgrade_by_name(span_text(upgrade)),
	};
}

static struct arena arena, keep;
static struct exchange exchange;

static void start(const struct probe *probe)
{
	arena_init(&arena, PROBE_ARENA_MAX);
	arena_init(&keep, RUN_ARENA_MAX);
	cr_assert_eq(exchange_start(&exchange, probe, &arena, &keep), FAULT_NONE);
}

static void end(void)
{
	arena_release(&arena);
	arena_release(&keep);
}

static void send_all(void)
{
	exchange_sent(&exchange, exchange_output(&exchange).len);
}

static void come(struct span bytes)
{
	exchange_input(&exchange, bytes);
}

Test(exchange, the_hello_appears_only_after_the_answer_to_the_ssl_request)
{
	struct probe probe = probe_of(PROBE_HELLO, "postgresql");
	start(&probe);
	cr_assert_eq(exchange_output(&exchange).len, 8);
	send_all();
	cr_assert_eq(exchange_output(&exchange).len, 0);
	cr_assert_eq(exchange_want(&exchange), 1);
	come(span_text("S"));
	cr_assert_eq(exchange_output(&exchange).at[0], 0x16);
	send_all();
	cr_assert_eq(exchange_want(&exchange), 16384);
	come(span_of("\x15\x03\x03\x00\x02\x02\x28", 7));
	cr_assert_eq(exchange.observation.outcome, OUTCOME_ALERT);
	cr_assert_not(exchange.observation.extra_bytes);
	cr_assert(span_equal(exchange_received(&exchange),
			     span_of("S\x15\x03\x03\x00\x02\x02\x28", 8)));
	cr_assert_eq(exchange.sent.at[7], 0x2F);
	cr_assert_eq(exchange.sent.at[8], 0x16);
	end();
}

Test(exchange, bytes_before_the_hello_was_sent_are_extra_and_not_tls)
{
	struct probe probe = probe_of(PROBE_HELLO, "postgresql");
	start(&probe);
	send_all();
	come(span_text("S"));
	come(span_of("\x15\x03\x03\x00\x02\x02\x28", 7));
	cr_assert_eq(exchange.phase, EXCHANGE_TLS);
	send_all();
	exchange_finish(&exchange, EXCHANGE_FIN, NULL);
	cr_assert_eq(exchange.observation.outcome, OUTCOME_CLOSE);
	cr_assert(exchange.observation.extra_bytes);
	end();
}

Test(exchange, n_is_refused_in_clear)
{
	struct probe probe = probe_of(PROBE_HELLO, "postgresql");
	start(&probe);
	send_all();
	come(span_text("N"));
	cr_assert_eq(exchange.observation.outcome, OUTCOME_REFUSED);
	cr_assert_eq(exchange.observation.layer, LAYER_PLAINTEXT);
	cr_assert_str_eq(exchange.observation.refusal->message, "N");
	cr_assert_eq(exchange_output(&exchange).len, 0);
	end();
}

Test(exchange, too_many_clients_is_overload_with_its_message)
{
	struct probe probe = probe_of(PROBE_HELLO, "postgresql");
	start(&probe);
	send_all();
	come(span_of("E\0\0\0\x0F"
		     "C53300\0Mx\0\0",
		     16));
	cr_assert_eq(exchange.observation.outcome, OUTCOME_REFUSED);
	cr_assert(exchange.observation.overload);
	cr_assert_str_eq(exchange.observation.refusal->sqlstate, "53300");
	cr_assert_str_eq(exchange.observation.message, "x");
	end();
}

Test(exchange, a_close_instead_of_an_answer_to_the_ssl_request_says_nothing_about_tls)
{
	struct probe probe = probe_of(PROBE_HELLO, "postgresql");
	start(&probe);
	send_all();
	exchange_finish(&exchange, EXCHANGE_FIN, NULL);
	cr_assert_eq(exchange.observation.outcome, OUTCOME_CLOSE);
	cr_assert(exchange.observation.overload);
	end();
}

Test(exchange, half_an_error_and_a_close_is_garbage)
{
	struct probe probe = probe_of(PROBE_HELLO, "postgresql");
	start(&probe);
	send_all();
	come(span_of("E\0\0\0", 4));
	exchange_finish(&exchange, EXCHANGE_FIN, NULL);
	cr_assert_eq(exchange.observation.outcome, OUTCOME_GARBAGE);
	cr_assert_eq(exchange.observation.layer, LAYER_PLAINTEXT);
	end();
}

Test(exchange, a_plaintext_session_that_is_let_in_is_plaintext)
{
	struct probe probe = probe_of(PROBE_PLAINTEXT, "postgresql");
	start(&probe);
	cr_assert_eq(exchange.phase, EXCHANGE_PLAIN);
	send_all();
	come(span_of("R\0\0\0\x08\0\0\0\0", 9));
	cr_assert_eq(exchange.observation.outcome, OUTCOME_PLAINTEXT);
	cr_assert_null(exchange.observation.refusal);
	end();
}

Test(exchange, a_close_instead_of_a_plaintext_session_is_a_rejection_of_it)
{
	struct probe probe = probe_of(PROBE_PLAINTEXT, "postgresql");
	start(&probe);
	send_all();
	exchange_finish(&exchange, EXCHANGE_FIN, NULL);
	cr_assert(observation_is_rejection(&exchange.observation));
	end();
}

Test(exchange, an_unreachable_peer_is_told_in_one_sentence)
{
	struct probe probe = probe_of(PROBE_HELLO, "tls");
	start(&probe);
	char why[] = "cannot connect to 'x': connection refused";
	exchange_finish(&exchange, EXCHANGE_UNREACHABLE, why);
	why[0] = 'X';
	cr_assert_eq(exchange.observation.outcome, OUTCOME_UNREACHABLE);
	cr_assert_str_eq(exchange.observation.message, "cannot connect to 'x': connection refused");
	end();
}

static void lists_kinds(struct span bytes, size_t chunk)
{
	struct probe probe = probe_of(PROBE_SSLV2, "tls");
	start(&probe);
	send_all();
	for (; bytes.len; bytes = span_skip(bytes, chunk))
		come(span_of(bytes.at, bytes.len < chunk ? bytes.len : chunk));
	cr_assert_eq(exchange.observation.outcome, OUTCOME_SERVER_HELLO);
	cr_assert_eq(exchange.observation.version, SSLV2);
	cr_assert(span_equal(exchange.observation.kinds, span_of("\1\0\x80\7\0\xC0", 6)));
	cr_assert_eq(exchange_farewell(&exchange).len, 0);
	end();
}

Test(exchange, an_sslv2_server_hello_lists_its_kinds)
{
	uint8_t bytes[128];
	struct builder b;
	builder_init(&b, bytes, sizeof(bytes), NULL, 0);
	struct sslv2_server_hello hello = {
		.version = 2,
		.certificate = span_of("der", 3),
		.kinds = span_of("\1\0\x80\7\0\xC0", 6),
		.connection_id = span_of("0123456789abcdef", 16),
	};
	sslv2_server_hello_encode(&b, &hello);
	for (size_t chunk = 1; chunk <= b.len; chunk++)
		lists_kinds(builder_view(&b), chunk);
}

Test(exchange, an_sslv2_error_is_a_rejection_with_its_code)
{
	struct probe probe = probe_of(PROBE_SSLV2, "tls");
	start(&probe);
	send_all();
	come(span_of("\x80\x03\x00\x00\x01", 5));
	cr_assert(observation_is_rejection(&exchange.observation));
	cr_assert_str_eq(exchange.observation.message, "SSLv2 ERROR 0x0001");
	end();
}

Test(exchange, a_tls_alert_rejects_an_sslv2_hello)
{
	struct probe probe = probe_of(PROBE_SSLV2, "tls");
	start(&probe);
	send_all();
	come(span_of("\x15\x03\x01\x00\x02\x02\x46", 7));
	cr_assert_eq(exchange.observation.outcome, OUTCOME_ALERT);
	cr_assert_eq(exchange.observation.alert, 70);
	end();
}

Test(exchange, silence_makes_an_sslv2_probe_half_close_once)
{
	struct probe probe = probe_of(PROBE_SSLV2, "tls");
	start(&probe);
	cr_assert_not(exchange_quiet(&exchange), "not before the hello was sent");
	send_all();
	cr_assert(exchange_quiet(&exchange));
	cr_assert(exchange.half_close);
	cr_assert_not(exchange_quiet(&exchange));
	exchange_finish(&exchange, EXCHANGE_FIN, NULL);
	cr_assert_eq(exchange.observation.outcome, OUTCOME_CLOSE);
	end();
}

Test(exchange, silence_does_not_half_close_a_tls_probe)
{
	struct probe probe = probe_of(PROBE_HELLO, "tls");
	start(&probe);
	send_all();
	cr_assert_not(exchange_quiet(&exchange));
	end();
}
