/* SPDX-License-Identifier: Apache-2.0 */
#include "stage.h"

#include "registry/registry.h"
#include "wire/server_hello.h"

#include <criterion/criterion.h>

#define seen   (stage.exchange.observation)
#define answer (seen.answer)

static struct stage stage;
static struct words words;

static bool is_done(void)
{
	return stage.exchange.phase == EXCHANGE_DONE;
}

static struct span refusal(void)
{
	words_init(&words);
	say_alert(&words, 2, 50);
	return words_said(&words);
}

static bool forgets_session_id;

static struct span retry_request(uint16_t group)
{
	uint8_t extensions[] = { 0, 0x2B, 0, 2, 3, 4, 0, 0x33, 0, 2, 0, 0 };
	extensions[10] = (uint8_t)(group >> 8);
	extensions[11] = (uint8_t)group;
	struct server_hello hello = {
		.legacy_version = 0x0303,
		.random = span_of(server_hello_retry_random, 32),
		.session_id = span_of(stage.sent + 44, forgets_session_id ? 0 : 32),
		.suite = 0x1301,
		.has_extensions = true,
		.extensions = span_of(extensions, sizeof(extensions)),
	};
	words_init(&words);
	server_hello_encode(&words.m, &hello);
	return words_said(&words);
}

Test(performance_retry, a_retry_request_that_a_case_does_not_speak_of_is_followed_up)
{
	stage_open(&stage, TLS1_3, "  send client_hello\n  expect alert");
	size_t first = stage.sent_len;
	stage_hear(&stage, retry_request(0x0017), 1);
	cr_assert_gt(stage.sent_len, first + 100, "a second hello");
	cr_assert_not(is_done());
	stage_hear(&stage, retry_request(0x0018), 0);
	stage_wait(&stage, STAGE_QUIET_MS);
	cr_assert_eq(seen.outcome, OUTCOME_HELLO_RETRY_REQUEST);
	cr_assert(seen.retried_hello);
	cr_assert_str_eq(answer->broken, "a second HelloRetryRequest: after the second hello "
					 "(RFC 8446 4.1.4)");
	stage_close(&stage);
}

Test(performance_retry, a_rule_that_a_retry_request_breaks_is_not_what_comes_behind_it)
{
	forgets_session_id = true;
	stage_open(&stage, TLS1_3, "  send client_hello\n  expect alert");
	stage_hear(&stage, retry_request(0x0017), 0);
	stage_hear(&stage, refusal(), 0);
	cr_assert_eq(seen.outcome, OUTCOME_ALERT);
	cr_assert_null(answer->broken, "%s", answer->broken);
	cr_assert(strstr(answer->broken_before, "session id"), "%s", answer->broken_before);
	stage_close(&stage);
	stage_open(&stage, TLS1_3, "  send client_hello\n  expect hello_retry_request");
	stage_hear(&stage, retry_request(0x0017), 0);
	cr_assert_not_null(answer->broken, "here it is the answer");
	stage_close(&stage);
	forgets_session_id = false;
}

Test(performance_retry, a_retry_request_that_is_expected_is_the_answer)
{
	stage_open(&stage, TLS1_3, "  send client_hello\n  expect hello_retry_request secp256r1");
	size_t first = stage.sent_len;
	stage_hear(&stage, retry_request(0x0017), 0);
	cr_assert(is_done());
	cr_assert_eq(seen.outcome, OUTCOME_HELLO_RETRY_REQUEST);
	cr_assert_eq(seen.group, 0x0017);
	cr_assert_null(answer->broken, "%s", answer->broken);
	cr_assert_eq(stage.sent_len, first);
	stage_close(&stage);
}

Test(performance_retry, a_retry_request_to_a_case_about_shares_is_the_answer)
{
	stage_open(&stage, TLS1_3, "  send client_hello { key_share { 0000 } }\n  expect alert");
	size_t first = stage.sent_len;
	stage_hear(&stage, retry_request(0x0017), 0);
	stage_wait(&stage, STAGE_QUIET_MS);
	cr_assert_eq(seen.outcome, OUTCOME_HELLO_RETRY_REQUEST);
	cr_assert_eq(stage.sent_len, first);
	stage_close(&stage);
}
