/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/exchange.h"

#include "registry/cipher_suite.h"
#include "registry/registry.h"
#include "wire/alert.h"
#include "wire/handshake.h"
#include "wire/record.h"
#include "wire/server_hello.h"
#include "wire/server_key_exchange.h"

#include <criterion/criterion.h>

#define ECDHE_RSA 0xC02F
#define DHE_RSA	  0x0033

static const struct shape shape;

static struct probe probe_of(enum version version, uint32_t suite)
{
	return (struct probe){
		.id = 7,
		.version = version,
		.suites = { suite },
		.suites_len = 1,
		.shape = &shape,
		.upgrade = upgrade_by_name(span_text("tls")),
		.seed = 1,
	};
}

struct talk {
	struct arena arena, keep;
	struct exchange exchange;
};

static void talk_end(struct talk *talk)
{
	arena_release(&talk->arena);
	arena_release(&talk->keep);
}

static void send_all(struct exchange *exchange)
{
	exchange_sent(exchange, exchange_output(exchange).len);
}

/* One whole conversation: everything is sent, `bytes` come in chunks, and then the end. */
static void talk_over(struct talk *talk, const struct probe *probe, struct span bytes, size_t chunk,
		      enum exchange_end end)
{
	arena_init(&talk->arena, PROBE_ARENA_MAX);
	arena_init(&talk->keep, RUN_ARENA_MAX);
	cr_assert_eq(exchange_start(&talk->exchange, probe, &talk->arena, &talk->keep), FAULT_NONE);
	send_all(&talk->exchange);
	while (bytes.len && talk->exchange.phase != EXCHANGE_DONE) {
		size_t n = bytes.len < chunk ? bytes.len : chunk;
		exchange_input(&talk->exchange, span_of(bytes.at, n));
		bytes = span_skip(bytes, n);
		send_all(&talk->exchange);
	}
	exchange_finish(&talk->exchange, end, NULL);
	cr_assert_eq(talk->exchange.phase, EXCHANGE_DONE);
}

typedef void (*expectation)(const struct observation *seen);

static void in_every_chunking(const struct probe *probe, struct span bytes, enum exchange_end end,
			      expectation check)
{
	for (size_t chunk = 1; chunk <= bytes.len + 1; chunk++) {
		static struct talk talk;
		talk_over(&talk, probe, bytes, chunk, end);
		check(&talk.exchange.observation);
		talk_end(&talk);
	}
}

static void put_hello(struct builder *b, uint16_t version, uint16_t suite)
{
	uint8_t random[32] = { 1, 2, 3 };
	struct server_hello hello = {
		.legacy_version = version,
		.random = span_of(random, 32),
		.suite = suite,
		.has_extensions = true,
		.extensions = span_of("\xFF\x01\x00\x01\x00", 5),
	};
	server_hello_encode(b, &hello);
}

static void put_hello13(struct builder *b, bool retry, uint16_t group, const char *cookie)
{
	uint8_t random[32] = { 9 }, extensions[256];
	struct builder e;
	builder_init(&e, extensions, sizeof(extensions), NULL, 0);
	builder_bytes(&e, "versions", span_of("\x00\x2B\x00\x02\x03\x04", 6));
	if (group) {
		builder_u16(&e, "type", EXT_KEY_SHARE);
		struct prefix body = builder_open(&e, "body", 2);
		builder_u16(&e, "group", group);
		if (!retry) {
			builder_u16(&e, "length", 1);
			builder_u8(&e, "share", 4);
		}
		builder_close(&e, body, 0);
	}
	if (cookie) {
		builder_u16(&e, "type", EXT_COOKIE);
		struct prefix body = builder_open(&e, "body", 2);
		struct prefix inner = builder_open(&e, "cookie", 2);
		builder_bytes(&e, "opaque", span_text(cookie));
		builder_close(&e, inner, 0);
		builder_close(&e, body, 0);
	}
	struct server_hello hello = {
		.legacy_version = 0x0303,
		.random = span_of(retry ? server_hello_retry_random : random, 32),
		.suite = 0x1301,
		.has_extensions = true,
		.extensions = builder_view(&e),
	};
	server_hello_encode(b, &hello);
}

static void put_key_exchange(struct builder *b, uint16_t suite)
{
	static const uint8_t prime[128] = { 0x3F, 1 };
	struct server_key_exchange key = {
		.group = GROUP_SECP384R1,
		.ec_public = span_of("\x04", 1),
		.dh_p = span_of(prime, sizeof(prime)),
		.dh_g = span_of("\x02", 1),
		.dh_public = span_of("\x05", 1),
		.signature_scheme = 0x0804,
		.signature = span_of("sig", 3),
	};
	server_key_exchange_encode(b, &key, cipher_suite_by_code(suite), TLS1_2);
}

static void put_certificates(struct builder *b)
{
	struct certificate_list list = {
		.der = { span_of("leaf", 4), span_of("issuer", 6) },
		.len = 2,
	};
	certificate_list_encode(b, &list, false);
}

static void put_record(struct builder *b, uint8_t type, struct span fragment)
{
	struct record record = { .type = type, .version = 0x0303, .fragment = fragment };
	record_encode(b, &record, 0);
}

struct bytes {
	uint8_t messages[1024], records[2048];
	struct builder m, r;
};

static void bytes_init(struct bytes *bytes)
{
	builder_init(&bytes->m, bytes->messages, sizeof(bytes->messages), NULL, 0);
	builder_init(&bytes->r, bytes->records, sizeof(bytes->records), NULL, 0);
}

static struct span bytes_seal(struct bytes *bytes)
{
	if (bytes->m.len)
		put_record(&bytes->r, CONTENT_HANDSHAKE, builder_view(&bytes->m));
	bytes->m.len = 0;
	return builder_view(&bytes->r);
}

static void put_alert(struct bytes *bytes, uint8_t level, uint8_t description)
{
	bytes_seal(bytes);
	uint8_t alert[2] = { level, description };
	put_record(&bytes->r, CONTENT_ALERT, span_of(alert, 2));
}

static void is_server_hello(const struct observation *seen)
{
	cr_assert_eq(seen->outcome, OUTCOME_SERVER_HELLO);
	cr_assert_eq(seen->layer, LAYER_TLS);
	cr_assert_eq(seen->version, TLS1_2);
	cr_assert_eq(seen->version_code, 0x0303);
	cr_assert_eq(seen->suite, ECDHE_RSA);
	cr_assert_eq(seen->server_extensions.len, 5);
	cr_assert_eq(seen->probe, 7);
	cr_assert_not(seen->after_server_hello);
}

Test(exchange, a_server_hello_ends_it)
{
	struct bytes bytes;
	bytes_init(&bytes);
	put_hello(&bytes.m, 0x0303, ECDHE_RSA);
	struct probe probe = probe_of(TLS1_2, ECDHE_RSA);
	in_every_chunking(&probe, bytes_seal(&bytes), EXCHANGE_RST, is_server_hello);
}

Test(exchange, a_fragmented_server_hello_is_the_same)
{
	struct bytes bytes;
	bytes_init(&bytes);
	put_hello(&bytes.m, 0x0303, ECDHE_RSA);
	struct span whole = builder_view(&bytes.m);
	put_record(&bytes.r, CONTENT_HANDSHAKE, span_of(whole.at, 3));
	put_record(&bytes.r, CONTENT_HANDSHAKE, span_skip(whole, 3));
	struct probe probe = probe_of(TLS1_2, ECDHE_RSA);
	in_every_chunking(&probe, builder_view(&bytes.r), EXCHANGE_FIN, is_server_hello);
}

static void is_unknown_version(const struct observation *seen)
{
	cr_assert_eq(seen->outcome, OUTCOME_SERVER_HELLO);
	cr_assert_eq(seen->version, VERSION_NONE);
	cr_assert_eq(seen->version_code, 0x0305);
	cr_assert_eq(seen->suite, 0xABCD);
}

Test(exchange, what_was_not_offered_is_still_a_server_hello)
{
	struct bytes bytes;
	bytes_init(&bytes);
	put_hello(&bytes.m, 0x0305, 0xABCD);
	struct probe probe = probe_of(TLS1_2, ECDHE_RSA);
	in_every_chunking(&probe, bytes_seal(&bytes), EXCHANGE_FIN, is_unknown_version);
}

static void is_not_followed(const struct observation *seen)
{
	cr_assert_eq(seen->outcome, OUTCOME_SERVER_HELLO);
	cr_assert_eq(seen->depth, DEPTH_HELLO);
	cr_assert_not_null(seen->unable);
}

Test(exchange, sslv3_is_followed_to_its_server_hello_only_and_says_so)
{
	struct bytes bytes;
	bytes_init(&bytes);
	put_hello(&bytes.m, 0x0300, 0x0005);
	struct probe probe = probe_of(SSLV3, 0x0005);
	probe.depth = DEPTH_FINISHED;
	in_every_chunking(&probe, bytes_seal(&bytes), EXCHANGE_FIN, is_not_followed);
}

static void is_flight(const struct observation *seen)
{
	is_server_hello(seen);
	cr_assert(seen->flight_complete);
	cr_assert(seen->certificate_requested);
	cr_assert_eq(seen->group, GROUP_SECP384R1);
	cr_assert_eq(seen->signature_scheme, 0x0804);
	cr_assert_eq(seen->certificates->len, 2);
	cr_assert(span_is(seen->certificates->der[0], "leaf"));
	cr_assert(span_is(seen->certificates->der[1], "issuer"));
}

static void put_flight(struct bytes *bytes)
{
	put_hello(&bytes->m, 0x0303, ECDHE_RSA);
	put_certificates(&bytes->m);
	put_key_exchange(&bytes->m, ECDHE_RSA);
	handshake_encode(&bytes->m, HANDSHAKE_CERTIFICATE_REQUEST, span_of("\1\1\0\0\0\0", 6), 0);
}

Test(exchange, a_whole_flight_is_read_to_server_hello_done)
{
	struct bytes bytes;
	bytes_init(&bytes);
	put_flight(&bytes);
	server_hello_done_encode(&bytes.m);
	struct probe probe = probe_of(TLS1_2, ECDHE_RSA);
	probe.whole_flight = true;
	in_every_chunking(&probe, bytes_seal(&bytes), EXCHANGE_RST, is_flight);
}

static void is_dhe(const struct observation *seen)
{
	cr_assert_eq(seen->outcome, OUTCOME_SERVER_HELLO);
	cr_assert_eq(seen->dh_bits, 1022);
	cr_assert_eq(seen->group, 0);
}

Test(exchange, dh_bits_count_from_the_first_set_bit)
{
	struct bytes bytes;
	bytes_init(&bytes);
	put_hello(&bytes.m, 0x0303, DHE_RSA);
	put_key_exchange(&bytes.m, DHE_RSA);
	server_hello_done_encode(&bytes.m);
	struct probe probe = probe_of(TLS1_2, DHE_RSA);
	probe.whole_flight = true;
	in_every_chunking(&probe, bytes_seal(&bytes), EXCHANGE_FIN, is_dhe);
}

static void is_unfinished_flight(const struct observation *seen)
{
	is_server_hello(seen);
	cr_assert_not(seen->flight_complete);
}

Test(exchange, silence_within_a_flight_leaves_the_server_hello_standing)
{
	struct bytes bytes;
	bytes_init(&bytes);
	put_flight(&bytes);
	struct probe probe = probe_of(TLS1_2, ECDHE_RSA);
	probe.whole_flight = true;
	in_every_chunking(&probe, bytes_seal(&bytes), EXCHANGE_TIMEOUT, is_unfinished_flight);
}

static void is_late_alert(const struct observation *seen)
{
	cr_assert_eq(seen->outcome, OUTCOME_ALERT);
	cr_assert_eq(seen->alert, ALERT_INTERNAL_ERROR);
	cr_assert(seen->after_server_hello);
	cr_assert_eq(seen->suite, ECDHE_RSA);
}

static void is_late_close(const struct observation *seen)
{
	cr_assert_eq(seen->outcome, OUTCOME_CLOSE);
	cr_assert_eq(seen->layer, LAYER_TRANSPORT);
	cr_assert(seen->after_server_hello);
}

static void is_late_reset(const struct observation *seen)
{
	cr_assert_eq(seen->outcome, OUTCOME_RESET);
	cr_assert(seen->after_server_hello);
}

Test(exchange, what_follows_a_server_hello_within_the_flight_decides)
{
	struct bytes bytes;
	bytes_init(&bytes);
	put_flight(&bytes);
	struct probe probe = probe_of(TLS1_2, ECDHE_RSA);
	probe.whole_flight = true;
	bytes_seal(&bytes);
	in_every_chunking(&probe, builder_view(&bytes.r), EXCHANGE_FIN, is_late_close);
	in_every_chunking(&probe, builder_view(&bytes.r), EXCHANGE_RST, is_late_reset);
	put_alert(&bytes, ALERT_FATAL, ALERT_INTERNAL_ERROR);
	in_every_chunking(&probe, builder_view(&bytes.r), EXCHANGE_FIN, is_late_alert);
}

static void is_handshake_failure(const struct observation *seen)
{
	cr_assert_eq(seen->outcome, OUTCOME_ALERT);
	cr_assert_eq(seen->layer, LAYER_TLS);
	cr_assert_eq(seen->alert_level, ALERT_FATAL);
	cr_assert_eq(seen->alert, ALERT_HANDSHAKE_FAILURE);
	cr_assert_not(seen->after_server_hello);
}

Test(exchange, a_fatal_alert_is_told)
{
	struct bytes bytes;
	bytes_init(&bytes);
	put_alert(&bytes, ALERT_FATAL, ALERT_HANDSHAKE_FAILURE);
	struct probe probe = probe_of(TLS1_2, ECDHE_RSA);
	in_every_chunking(&probe, builder_view(&bytes.r), EXCHANGE_RST, is_handshake_failure);
}

Test(exchange, a_warning_before_the_server_hello_is_passed_over)
{
	struct bytes bytes;
	bytes_init(&bytes);
	put_alert(&bytes, ALERT_WARNING, 112);
	put_hello(&bytes.m, 0x0303, ECDHE_RSA);
	struct probe probe = probe_of(TLS1_2, ECDHE_RSA);
	in_every_chunking(&probe, bytes_seal(&bytes), EXCHANGE_FIN, is_server_hello);
}

static void is_warning(const struct observation *seen)
{
	cr_assert_eq(seen->outcome, OUTCOME_ALERT);
	cr_assert_eq(seen->alert_level, ALERT_WARNING);
	cr_assert_eq(seen->alert, ALERT_HANDSHAKE_FAILURE);
}

Test(exchange, a_warning_that_is_all_that_came_is_the_answer)
{
	struct bytes bytes;
	bytes_init(&bytes);
	put_alert(&bytes, ALERT_WARNING, ALERT_HANDSHAKE_FAILURE);
	struct probe probe = probe_of(TLS1_2, ECDHE_RSA);
	in_every_chunking(&probe, builder_view(&bytes.r), EXCHANGE_FIN, is_warning);
}

static void is_close(const struct observation *seen)
{
	cr_assert_eq(seen->outcome, OUTCOME_CLOSE);
	cr_assert_eq(seen->layer, LAYER_TRANSPORT);
	cr_assert_not(seen->overload);
}

static void is_reset(const struct observation *seen)
{
	cr_assert_eq(seen->outcome, OUTCOME_RESET);
	cr_assert_not(seen->overload);
}

static void is_timeout(const struct observation *seen)
{
	cr_assert_eq(seen->outcome, OUTCOME_TIMEOUT);
}

Test(exchange, fin_rst_and_silence_are_three_things)
{
	struct probe probe = probe_of(TLS1_2, ECDHE_RSA);
	struct span nothing = span_of(NULL, 0);
	in_every_chunking(&probe, nothing, EXCHANGE_FIN, is_close);
	in_every_chunking(&probe, nothing, EXCHANGE_RST, is_reset);
	in_every_chunking(&probe, nothing, EXCHANGE_TIMEOUT, is_timeout);
}

Test(exchange, an_end_before_the_hello_was_sent_says_nothing_about_it)
{
	static struct talk talk;
	struct probe probe = probe_of(TLS1_2, ECDHE_RSA);
	arena_init(&talk.arena, PROBE_ARENA_MAX);
	arena_init(&talk.keep, RUN_ARENA_MAX);
	cr_assert_eq(exchange_start(&talk.exchange, &probe, &talk.arena, &talk.keep), FAULT_NONE);
	exchange_finish(&talk.exchange, EXCHANGE_FIN, NULL);
	cr_assert_eq(talk.exchange.observation.outcome, OUTCOME_CLOSE);
	cr_assert(talk.exchange.observation.overload);
	talk_end(&talk);
}

static void is_garbage(const struct observation *seen)
{
	cr_assert_eq(seen->outcome, OUTCOME_GARBAGE);
	cr_assert_not_null(seen->message);
}

static void is_http(const struct observation *seen)
{
	is_garbage(seen);
	cr_assert_str_eq(seen->message, "the peer speaks HTTP");
}

Test(exchange, http_is_told_by_name)
{
	struct probe probe = probe_of(TLS1_2, ECDHE_RSA);
	in_every_chunking(&probe, span_text("HTTP/1.1 400 Bad Request\r\n\r\n"), EXCHANGE_FIN,
			  is_http);
	in_every_chunking(&probe, span_text("HTTX"), EXCHANGE_FIN, is_garbage);
	in_every_chunking(&probe, span_text("HT"), EXCHANGE_FIN, is_garbage);
}

Test(exchange, what_is_not_a_flight_is_garbage)
{
	struct probe probe = probe_of(TLS1_2, ECDHE_RSA);
	struct bytes bytes;
	bytes_init(&bytes);
	put_certificates(&bytes.m);
	in_every_chunking(&probe, bytes_seal(&bytes), EXCHANGE_FIN, is_garbage);
	in_every_chunking(&probe, span_text("SSH-2.0-x\r\n"), EXCHANGE_FIN, is_garbage);
	in_every_chunking(&probe, span_of("\x14\x03\x03\x00\x01\x01", 6), EXCHANGE_FIN, is_garbage);
	in_every_chunking(&probe, span_of("\x17\x03\x03\x00\x01x", 6), EXCHANGE_FIN, is_garbage);
	in_every_chunking(&probe, span_of("\x15\x03\x03\x00\x02\x09\x28", 7), EXCHANGE_FIN,
			  is_garbage);
	in_every_chunking(&probe, span_of("\x16\x03\x03\x00\x04\x02\x00\x00\x00", 9), EXCHANGE_FIN,
			  is_garbage);
}

Test(exchange, a_fin_in_the_middle_of_a_record_is_garbage_and_silence_is_a_timeout)
{
	struct probe probe = probe_of(TLS1_2, ECDHE_RSA);
	struct bytes bytes;
	bytes_init(&bytes);
	put_hello(&bytes.m, 0x0303, ECDHE_RSA);
	struct span whole = bytes_seal(&bytes);
	struct span half = span_of(whole.at, whole.len - 1);
	in_every_chunking(&probe, half, EXCHANGE_FIN, is_garbage);
	in_every_chunking(&probe, half, EXCHANGE_RST, is_reset);
	in_every_chunking(&probe, half, EXCHANGE_TIMEOUT, is_timeout);
}

static void is_retried(const struct observation *seen)
{
	cr_assert_eq(seen->outcome, OUTCOME_SERVER_HELLO);
	cr_assert_eq(seen->version, TLS1_3);
	cr_assert_eq(seen->group, GROUP_SECP521R1);
	cr_assert(seen->retried_hello);
}

Test(exchange, a_retry_request_is_followed_up_with_the_share_and_the_cookie)
{
	struct bytes bytes;
	bytes_init(&bytes);
	put_hello13(&bytes.m, true, GROUP_SECP521R1, "crumbs");
	struct span request = bytes_seal(&bytes);
	struct probe probe = probe_of(TLS1_3, 0x1301);
	static struct talk talk;
	talk_over(&talk, &probe, request, request.len, EXCHANGE_TIMEOUT);
	cr_assert_eq(talk.exchange.observation.outcome, OUTCOME_TIMEOUT);
	struct span sent = talk.exchange.sent;
	size_t first = (size_t)(sent.at[3] << 8 | sent.at[4]) + 5;
	struct span second = span_skip(sent, first);
	cr_assert_gt(second.len, 133);
	cr_assert_eq(second.at[2], 3, "a later hello has the record version 0x0303");
	cr_assert_not_null(memmem(second.at, second.len,
				  "\x00\x06"
				  "crumbs",
				  8));
	cr_assert_not_null(memmem(second.at, second.len, "\x00\x19\x00\x85\x04", 5));
	cr_assert(span_equal(span_of(sent.at + 11, 65), span_of(second.at + 11, 65)),
		  "random and session id stay");
	talk_end(&talk);
}

Test(exchange, a_server_hello_after_a_retry_request_is_an_acceptance)
{
	struct bytes bytes;
	bytes_init(&bytes);
	put_hello13(&bytes.m, true, GROUP_SECP521R1, NULL);
	bytes_seal(&bytes);
	put_record(&bytes.r, CONTENT_CHANGE_CIPHER_SPEC, span_of("\x01", 1));
	put_hello13(&bytes.m, false, GROUP_SECP521R1, NULL);
	struct probe probe = probe_of(TLS1_3, 0x1301);
	in_every_chunking(&probe, bytes_seal(&bytes), EXCHANGE_FIN, is_retried);
}

static void is_retry_request(const struct observation *seen)
{
	cr_assert_eq(seen->outcome, OUTCOME_HELLO_RETRY_REQUEST);
	cr_assert_eq(seen->version, TLS1_3);
}

Test(exchange, a_retry_request_that_cannot_be_met_ends_it)
{
	uint16_t groups[] = { 0x0100, 0x11EC, GROUP_X25519, 0 };
	struct probe probe = probe_of(TLS1_3, 0x1301);
	for (size_t i = 0; i < 4; i++) {
		struct bytes bytes;
		bytes_init(&bytes);
		put_hello13(&bytes.m, true, groups[i], NULL);
		in_every_chunking(&probe, bytes_seal(&bytes), EXCHANGE_FIN, is_retry_request);
	}
}

Test(exchange, a_second_retry_request_ends_it)
{
	struct bytes bytes;
	bytes_init(&bytes);
	put_hello13(&bytes.m, true, GROUP_SECP521R1, NULL);
	put_hello13(&bytes.m, true, GROUP_SECP384R1, NULL);
	struct probe probe = probe_of(TLS1_3, 0x1301);
	in_every_chunking(&probe, bytes_seal(&bytes), EXCHANGE_FIN, is_retry_request);
}

Test(exchange, an_endless_peer_meets_a_ceiling)
{
	static uint8_t endless[PEER_BYTES_MAX + 4096];
	for (size_t at = 0; at + 7 <= sizeof(endless); at += 7)
		memcpy(endless + at, "\x15\x03\x03\x00\x02\x01\x70", 7);
	static struct talk talk;
	struct probe probe = probe_of(TLS1_2, ECDHE_RSA);
	talk_over(&talk, &probe, span_of(endless, sizeof(endless)), 1000, EXCHANGE_TIMEOUT);
	is_garbage(&talk.exchange.observation);
	cr_assert_lt(talk.arena.used, PROBE_ARENA_MAX);
	talk_end(&talk);
}

Test(exchange, only_an_acceptance_is_said_farewell_to)
{
	static struct talk talk;
	struct bytes bytes;
	bytes_init(&bytes);
	put_hello(&bytes.m, 0x0303, ECDHE_RSA);
	struct probe probe = probe_of(TLS1_2, ECDHE_RSA);
	talk_over(&talk, &probe, bytes_seal(&bytes), 500, EXCHANGE_FIN);
	cr_assert(span_equal(exchange_farewell(&talk.exchange),
			     span_of("\x15\x03\x03\x00\x02\x02\x5A", 7)));
	talk_end(&talk);
	talk_over(&talk, &probe, span_of(NULL, 0), 1, EXCHANGE_FIN);
	cr_assert_eq(exchange_farewell(&talk.exchange).len, 0);
	talk_end(&talk);
}
