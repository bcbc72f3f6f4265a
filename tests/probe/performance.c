/* SPDX-License-Identifier: Apache-2.0 */
#include "stage.h"

#include "registry/registry.h"
#include "wire/server_hello.h"

#include <criterion/criterion.h>

#define RSA_AES128 0x002F

#define seen	   (stage.exchange.observation)
#define answer	   (seen.answer)

static struct stage stage;
static struct words words;

static bool is_done(void)
{
	return stage.exchange.phase == EXCHANGE_DONE;
}

/* A flight of RSA key exchange: the certificate is not looked at. */
static struct span flight(void)
{
	words_init(&words);
	say_hello(&words, 0x0303, RSA_AES128);
	say_done(&words);
	return words_said(&words);
}

static struct span alert(uint8_t level, uint8_t description)
{
	words_init(&words);
	say_alert(&words, level, description);
	return words_said(&words);
}

Test(performance, the_control_is_the_base_hello_in_one_record)
{
	stage_open(&stage, TLS1_2, NULL);
	cr_assert_eq(stage.segments_len, 1);
	cr_assert_eq(stage.sent_len, 129);
	cr_assert_eq(memcmp(stage.sent, "\x16\x03\x01\x00\x7C\x01\x00\x00\x78\x03\x03", 11), 0);
	stage_hear(&stage, flight(), 1);
	cr_assert(is_done());
	cr_assert_eq(seen.outcome, OUTCOME_SERVER_HELLO);
	cr_assert(answer->flight_complete);
	cr_assert_eq(answer->record_version, 0x0303);
	cr_assert_null(answer->broken, "%s", answer->broken);
	stage_close(&stage);
}

Test(performance, a_control_waits_for_the_end_of_the_flight)
{
	stage_open(&stage, TLS1_2, NULL);
	words_init(&words);
	say_hello(&words, 0x0303, RSA_AES128);
	stage_hear(&stage, words_said(&words), 0);
	cr_assert_not(is_done());
	stage_hear(&stage, alert(2, 80), 0);
	cr_assert(is_done());
	cr_assert_eq(seen.outcome, OUTCOME_ALERT);
	cr_assert(seen.after_server_hello);
	stage_close(&stage);
}

Test(performance, an_expected_alert_ends_it_in_every_chunking)
{
	for (size_t chunk = 1; chunk < 9; chunk++) {
		stage_open(&stage, TLS1_2, "  send client_hello\n  expect alert decode_error");
		stage_hear(&stage, alert(2, 50), chunk);
		cr_assert(is_done());
		cr_assert_eq(seen.outcome, OUTCOME_ALERT);
		cr_assert_eq(seen.alert, 50);
		cr_assert_eq(answer->steps_done, 1);
		stage_close(&stage);
	}
}

Test(performance, silence_is_told_after_quiet_ms_and_not_before)
{
	stage_open(&stage, TLS1_2, "  send client_hello\n  expect alert decode_error");
	stage_wait(&stage, STAGE_QUIET_MS - 1);
	cr_assert_not(is_done());
	cr_assert_eq(exchange_due(&stage.exchange), stage.now_ms + 1);
	stage_wait(&stage, 1);
	cr_assert(is_done());
	cr_assert_eq(seen.outcome, OUTCOME_TIMEOUT);
	stage_close(&stage);
}

Test(performance, every_byte_that_comes_puts_silence_off)
{
	stage_open(&stage, TLS1_2, "  send client_hello\n  expect close");
	stage_wait(&stage, STAGE_QUIET_MS - 1);
	stage_hear(&stage, span_of("\x15", 1), 0);
	stage_wait(&stage, STAGE_QUIET_MS - 1);
	cr_assert_not(is_done());
	stage_wait(&stage, 1);
	cr_assert_eq(seen.outcome, OUTCOME_TIMEOUT);
	cr_assert_str_eq(seen.message, "in the middle of a record");
	stage_close(&stage);
}

Test(performance, a_server_hello_where_an_alert_is_due_is_read_on_from)
{
	stage_open(&stage, TLS1_2, "  send client_hello -1\n  expect alert decode_error");
	stage_hear(&stage, flight(), 0);
	cr_assert_not(is_done(), "a byte of the hello is left");
	stage_hear(&stage, alert(2, 50), 0);
	cr_assert(is_done());
	cr_assert_eq(seen.outcome, OUTCOME_ALERT);
	cr_assert(seen.after_server_hello);
	stage_close(&stage);
}

Test(performance, a_server_hello_that_nothing_follows_is_the_answer)
{
	stage_open(&stage, TLS1_2, "  send client_hello\n  expect alert decode_error");
	stage_hear(&stage, flight(), 0);
	cr_assert(is_done(), "a server that has said everything waits for us");
	cr_assert_eq(seen.outcome, OUTCOME_SERVER_HELLO);
	cr_assert(answer->flight_complete);
	stage_close(&stage);
}

Test(performance, an_expected_server_hello_ends_it_with_its_flight)
{
	stage_open(&stage, TLS1_2, "  send client_hello\n  expect server_hello");
	stage_hear(&stage, flight(), 0);
	cr_assert(is_done());
	cr_assert_eq(seen.outcome, OUTCOME_SERVER_HELLO);
	stage_close(&stage);
}

Test(performance, alerts_are_counted_until_the_end_where_their_number_matters)
{
	stage_open(&stage, TLS1_2,
		   "  send client_hello\n  expect alert decode_error\n  assert alerts 2");
	stage_hear(&stage, alert(2, 50), 0);
	cr_assert_not(is_done());
	stage_hear(&stage, alert(2, 40), 0);
	stage_end(&stage, EXCHANGE_FIN);
	cr_assert_eq(seen.alert, 50);
	cr_assert_eq(answer->alerts, 2);
	cr_assert(answer->closed);
	stage_close(&stage);
}

Test(performance, a_warning_is_the_answer_when_the_end_or_silence_follows)
{
	stage_open(&stage, TLS1_2, "  send client_hello\n  expect warning close_notify");
	stage_hear(&stage, alert(1, 0), 0);
	cr_assert_not(is_done());
	stage_end(&stage, EXCHANGE_FIN);
	cr_assert_eq(seen.outcome, OUTCOME_ALERT);
	cr_assert_eq(seen.alert_level, ALERT_WARNING);
	cr_assert_eq(seen.alert, ALERT_CLOSE_NOTIFY);
	stage_close(&stage);
}

Test(performance, a_warning_before_the_server_hello_is_counted_and_no_more)
{
	stage_open(&stage, TLS1_2, "  send client_hello\n  expect server_hello");
	stage_hear(&stage, alert(1, 112), 0);
	stage_hear(&stage, flight(), 0);
	cr_assert_eq(seen.outcome, OUTCOME_SERVER_HELLO);
	cr_assert_eq(answer->alerts, 1);
	stage_close(&stage);
}

Test(performance, ends_are_told_apart)
{
	static const enum exchange_end ends[] = { EXCHANGE_FIN, EXCHANGE_RST };
	for (size_t i = 0; i < 2; i++) {
		stage_open(&stage, TLS1_2, "  send client_hello\n  expect alert");
		stage_end(&stage, ends[i]);
		cr_assert_eq(seen.outcome, i ? OUTCOME_RESET : OUTCOME_CLOSE);
		cr_assert_eq(answer->closed, !i);
		cr_assert_eq(answer->reset, i == 1);
		cr_assert_not(seen.overload);
		stage_close(&stage);
	}
}

Test(performance, a_pause_is_kept_and_segments_are_cut)
{
	stage_open(&stage, TLS1_2,
		   "  send bytes { 160301 } in segments of 2\n"
		   "  send bytes { 00 01 02 03 } in segments split 1 2 after 50\n  expect timeout");
	cr_assert_eq(stage.sent_len, 3);
	cr_assert_eq(stage.segments_len, 2);
	cr_assert_eq(exchange_due(&stage.exchange), stage.now_ms + 50);
	stage_wait(&stage, 49);
	cr_assert_eq(stage.sent_len, 3);
	stage_wait(&stage, 1);
	cr_assert_eq(stage.sent_len, 7);
	cr_assert_eq(stage.segments_len, 5);
	cr_assert_eq(stage.segments[2], 1);
	cr_assert_eq(stage.segments[3], 2);
	cr_assert_eq(stage.segments[4], 1);
	stage_close(&stage);
}

Test(performance, withheld_bytes_are_not_sent)
{
	stage_open(&stage, TLS1_2, "  send client_hello withhold 5\n  expect timeout");
	cr_assert_eq(stage.sent_len, 124);
	stage_close(&stage);
}

Test(performance, an_answer_in_a_pause_ends_the_case)
{
	stage_open(&stage, TLS1_2,
		   "  send client_hello\n  send client_hello after 50\n  expect alert");
	stage_hear(&stage, alert(2, 40), 0);
	cr_assert(is_done());
	cr_assert_eq(seen.outcome, OUTCOME_ALERT);
	cr_assert_eq(answer->steps_done, 1);
	stage_close(&stage);
}

Test(performance, what_was_awaited_is_no_answer)
{
	stage_open(&stage, TLS1_2,
		   "  send client_hello\n  await server_hello_done\n"
		   "  send bytes { 15 0303 0002 02 5a }\n  expect timeout");
	stage_hear(&stage, flight(), 1);
	cr_assert_eq(stage.sent_len, 129 + 7);
	cr_assert_not(is_done());
	stage_wait(&stage, STAGE_QUIET_MS);
	cr_assert_eq(seen.outcome, OUTCOME_TIMEOUT);
	cr_assert(answer->server_hello);
	cr_assert_null(answer->unmet);
	cr_assert_eq(answer->steps_done, 3);
	stage_close(&stage);
}

Test(performance, what_comes_instead_of_what_is_awaited_is_named)
{
	stage_open(
		&stage, TLS1_2,
		"  send client_hello\n  await server_hello\n  send client_hello\n  expect alert");
	stage_hear(&stage, alert(2, 40), 0);
	cr_assert(is_done());
	cr_assert_str_eq(answer->unmet, "fatal alert handshake_failure");
	cr_assert_not(answer->unmet_silence);
	cr_assert_eq(answer->steps_done, 1);
	stage_close(&stage);
}

Test(performance, an_await_that_meets_silence_says_so)
{
	stage_open(
		&stage, TLS1_2,
		"  send client_hello\n  await server_hello\n  send client_hello\n  expect alert");
	stage_wait(&stage, STAGE_QUIET_MS);
	cr_assert_not(is_done(), "more patience than at the end");
	stage_wait(&stage, STAGE_QUIET_MS * 3);
	cr_assert(is_done());
	cr_assert(answer->unmet_silence);
	cr_assert_eq(seen.outcome, OUTCOME_TIMEOUT);
	stage_close(&stage);
}

Test(performance, our_side_is_ended_once_when_everything_is_sent)
{
	stage_open(&stage, TLS1_2, "  send client_hello\n  shut\n  expect close");
	cr_assert(exchange_shut(&stage.exchange));
	cr_assert_not(exchange_shut(&stage.exchange));
	cr_assert_not(is_done());
	stage_end(&stage, EXCHANGE_FIN);
	cr_assert_eq(seen.outcome, OUTCOME_CLOSE);
	stage_close(&stage);
}

Test(performance, http_is_bytes_in_clear)
{
	stage_open(&stage, TLS1_2, "  send bytes { \"GET / HTTP/1.0\" }\n  expect alert");
	stage_hear(&stage, span_text("HTTP/1.0 400 Bad Request"), 3);
	cr_assert_not(is_done());
	stage_end(&stage, EXCHANGE_FIN);
	cr_assert_eq(seen.outcome, OUTCOME_PLAINTEXT);
	cr_assert(span_is(answer->clear, "HTTP/1.0 400 Bad Request"));
	stage_close(&stage);
}

Test(performance, expected_bytes_in_clear_end_it)
{
	stage_open_over(&stage, TLS1_2, "postgresql",
			"  over postgresql\n  send bytes { 00000008 04d2162f }\n"
			"  expect bytes { \"S\" }");
	cr_assert_eq(stage.sent_len, 8);
	stage_hear(&stage, span_text("S"), 0);
	cr_assert(is_done());
	cr_assert_eq(seen.outcome, OUTCOME_PLAINTEXT);
	stage_close(&stage);
}

Test(performance, the_records_begin_where_a_case_over_a_scheme_sends_its_hello)
{
	stage_open_over(&stage, TLS1_2, "postgresql",
			"  over postgresql\n  send bytes { 00000008 04d2162f }\n  await bytes 1\n"
			"  send client_hello\n  expect server_hello");
	stage_hear(&stage, span_text("S"), 0);
	cr_assert_eq(stage.sent_len, 8 + 129);
	stage_hear(&stage, flight(), 1);
	cr_assert(is_done());
	cr_assert_eq(seen.outcome, OUTCOME_SERVER_HELLO);
	stage_close(&stage);
}

Test(performance, a_hello_that_does_not_wait_for_assent_is_answered_behind_it)
{
	stage_open_over(&stage, TLS1_2, "postgresql",
			"  over postgresql\n  send bytes { 00000008 04d2162f }, client_hello\n"
			"  expect server_hello");
	stage_hear(&stage, span_text("S"), 0);
	stage_hear(&stage, flight(), 1);
	cr_assert_eq(seen.outcome, OUTCOME_SERVER_HELLO);
	stage_close(&stage);
}

Test(performance, without_over_the_upgrade_comes_first)
{
	stage_open_over(&stage, TLS1_2, "postgresql", "  send client_hello\n  expect server_hello");
	cr_assert_eq(stage.sent_len, 8);
	stage.now_ms += 10000;
	stage_hear(&stage, span_text("S"), 0);
	cr_assert_eq(stage.sent_len, 8 + 129);
	cr_assert_not(is_done(), "silence counts from the hello");
	stage_hear(&stage, flight(), 1);
	cr_assert_eq(seen.outcome, OUTCOME_SERVER_HELLO);
	stage_close(&stage);
}

Test(performance, a_suite_that_was_not_offered_breaks_a_rule)
{
	stage_open(&stage, TLS1_2, "  send client_hello\n  expect server_hello");
	words_init(&words);
	say_hello(&words, 0x0303, 0xC0FF);
	say_done(&words);
	stage_hear(&stage, words_said(&words), 0);
	cr_assert_str_eq(answer->broken, "the suite was not offered: 0xC0FF (RFC 5246 7.4.1.3)");
	stage_close(&stage);
}

static struct span hello_13(uint16_t group)
{
	static const uint8_t random[32] = { 9 };
	uint8_t extensions[] = { 0, 0x2B, 0, 2, 3, 4, 0, 0x33, 0, 5, 0, 0, 0, 1, 4 };
	extensions[10] = (uint8_t)(group >> 8);
	extensions[11] = (uint8_t)group;
	struct server_hello hello = {
		.legacy_version = 0x0303,
		.random = span_of(random, 32),
		.session_id = span_of(stage.sent + 44, 32),
		.suite = 0x1301,
		.has_extensions = true,
		.extensions = span_of(extensions, sizeof(extensions)),
	};
	words_init(&words);
	server_hello_encode(&words.m, &hello);
	return words_said(&words);
}

Test(performance, a_short_record_before_the_end_is_an_alert_that_cannot_be_read)
{
	static const uint8_t sealed[19] = { 1 };
	stage_open(&stage, TLS1_3, "  send client_hello\n  expect alert");
	stage_hear(&stage, hello_13(0x0017), 0);
	say_record(&words, CONTENT_APPLICATION_DATA, span_of(sealed, sizeof(sealed)));
	words.r.at += words.r.len - sizeof(sealed) - 5;
	stage_hear(&stage, span_of(words.r.at, sizeof(sealed) + 5), 0);
	cr_assert_not(is_done());
	stage_end(&stage, EXCHANGE_FIN);
	cr_assert(answer->opaque);
	cr_assert_eq(seen.outcome, OUTCOME_ALERT);
	cr_assert_eq(seen.alert_level, 0);
	cr_assert_eq(seen.alert, 255);
	cr_assert_not_null(answer->broken, "the share was not offered");
	stage_close(&stage);
}

Test(performance, a_message_that_cannot_be_made_is_told_and_not_sent)
{
	stage_open(&stage, TLS1_2, "  send client_hello\n  send finished\n  expect alert");
	cr_assert(is_done());
	cr_assert_eq(stage.sent_len, 129);
	cr_assert_not_null(answer->unmet);
	stage_close(&stage);
}

Test(performance, the_end_of_the_probes_time_leaves_steps_undone)
{
	stage_open(&stage, TLS1_2,
		   "  send client_hello\n  send client_hello after 50\n  expect alert");
	stage_end(&stage, EXCHANGE_TIMEOUT);
	cr_assert_not_null(answer->unmet);
	cr_assert_eq(answer->steps_done, 1);
	stage_close(&stage);
}

Test(performance, an_alert_in_a_record_of_an_odd_version_is_an_alert)
{
	for (size_t chunk = 1; chunk < 8; chunk++) {
		stage_open(&stage, TLS1_2, "  send client_hello\n  expect alert protocol_version");
		stage_hear(&stage, span_of("\x15\x00\x02\x00\x02\x02\x46", 7), chunk);
		cr_assert(is_done());
		cr_assert_eq(seen.outcome, OUTCOME_ALERT);
		cr_assert_eq(seen.alert, ALERT_PROTOCOL_VERSION);
		cr_assert_eq(answer->record_version, 0x0002);
		stage_close(&stage);
	}
}

Test(performance, a_step_of_no_bytes_is_no_overload)
{
	stage_open(&stage, TLS1_2, "  send bytes { }\n  shut\n  expect close");
	cr_assert(exchange_shut(&stage.exchange));
	stage_end(&stage, EXCHANGE_FIN);
	cr_assert_eq(seen.outcome, OUTCOME_CLOSE);
	cr_assert_not(seen.overload);
	stage_close(&stage);
}

Test(performance, an_end_before_anything_was_sent_is_overload)
{
	stage_open(&stage, TLS1_2, "  send client_hello\n  expect close");
	exchange_release(&stage.exchange);
	cr_assert_eq(exchange_start(&stage.exchange, &stage.probe, &stage.arena, &stage.keep),
		     FAULT_NONE);
	stage_end(&stage, EXCHANGE_RST);
	cr_assert(seen.overload);
	stage_close(&stage);
}

Test(performance, a_protocol_of_a_malformed_list_was_offered)
{
	static const uint8_t alpn[] = { 0, 16, 0, 5, 0, 3, 2, 'h', '2' };
	struct server_hello hello = {
		.legacy_version = 0x0303,
		.random = span_of(stage.sent, 32),
		.suite = RSA_AES128,
		.has_extensions = true,
		.extensions = span_of(alpn, sizeof(alpn)),
	};
	stage_open(&stage, TLS1_2,
		   "  send client_hello { application_layer_protocol_negotiation {"
		   " 0004 02 \"h2\" 00 } }\n  expect alert");
	words_init(&words);
	server_hello_encode(&words.m, &hello);
	stage_hear(&stage, words_said(&words), 0);
	cr_assert_null(answer->broken, "%s", answer->broken);
	stage_close(&stage);
}

Test(performance, behind_an_expected_warning_silence_is_short)
{
	stage_open(&stage, TLS1_2,
		   "  send client_hello\n  expect warning unrecognized_name\n  allow close");
	stage_hear(&stage, alert(1, 112), 0);
	cr_assert_not(is_done());
	stage_wait(&stage, STAGE_QUIET_MS / 6);
	cr_assert(is_done());
	cr_assert_eq(seen.outcome, OUTCOME_ALERT);
	stage_close(&stage);
	stage_open(&stage, TLS1_2, "  send client_hello\n  expect close");
	stage_hear(&stage, alert(1, 112), 0);
	stage_wait(&stage, STAGE_QUIET_MS - 1);
	cr_assert_not(is_done());
	stage_close(&stage);
}

Test(performance, a_flight_before_the_last_step_shortens_nothing)
{
	stage_open(&stage, TLS1_2,
		   "  send client_hello\n  send alert warning user_canceled after 20\n"
		   "  expect close");
	stage_hear(&stage, flight(), 0);
	stage_wait(&stage, 20);
	stage_wait(&stage, STAGE_QUIET_MS - 1);
	cr_assert_not(is_done());
	stage_wait(&stage, 1);
	cr_assert(is_done());
	stage_close(&stage);
}

Test(performance, behind_the_assent_an_alert_is_an_alert)
{
	for (size_t chunk = 0; chunk < 8; chunk++) {
		stage_open_over(&stage, TLS1_2, "postgresql",
				"  over postgresql\n  send bytes { 00000008 04d2162f }\n"
				"  await bytes 1\n  send bytes { 00000008 }\n  expect alert");
		stage_hear(&stage, span_text("S"), 0);
		stage_hear(&stage, alert(2, 10), chunk);
		cr_assert(is_done());
		cr_assert_eq(seen.outcome, OUTCOME_ALERT);
		cr_assert_eq(seen.alert, 10);
		stage_close(&stage);
	}
}

Test(performance, text_behind_the_assent_is_text)
{
	stage_open_over(&stage, TLS1_2, "postgresql",
			"  over postgresql\n  send bytes { 00000008 04d2162f }\n  await bytes 1\n"
			"  send bytes { 00000008 }\n  expect alert");
	stage_hear(&stage, span_text("SERROR"), 0);
	stage_wait(&stage, STAGE_QUIET_MS);
	cr_assert_eq(seen.outcome, OUTCOME_PLAINTEXT);
	cr_assert_eq(answer->clear.len, 5);
	stage_close(&stage);
}

Test(performance, the_version_asked_for_is_the_one_expected)
{
	stage_open(&stage, TLS1_1, "  send client_hello\n  expect server_hello");
	stage_hear(&stage, flight(), 0);
	cr_assert_eq(seen.outcome, OUTCOME_SERVER_HELLO);
	cr_assert_eq(seen.version, TLS1_2);
	cr_assert_not_null(answer->broken);
	stage_close(&stage);
}

Test(performance, an_expected_server_hello_is_not_believed_before_its_flight_ends)
{
	stage_open(&stage, TLS1_2, "  send client_hello\n  expect server_hello");
	words_init(&words);
	say_hello(&words, 0x0303, RSA_AES128);
	stage_hear(&stage, words_said(&words), 0);
	cr_assert_not(is_done());
	stage_end(&stage, EXCHANGE_RST);
	cr_assert_eq(seen.outcome, OUTCOME_RESET);
	cr_assert(seen.after_server_hello);
	stage_close(&stage);
}
