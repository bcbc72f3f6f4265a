/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/observation.h"

#include <criterion/criterion.h>

static void expect_phrase(struct observation observation, const char *phrase)
{
	char text[256];
	observation_describe(text, sizeof(text), &observation);
	cr_assert_str_eq(text, phrase);
}

Test(observation, outcomes_have_the_words_of_the_contract)
{
	static const char *const words[] = { "none",	"server_hello", "hello_retry_request",
					     "alert",	"close",	"reset",
					     "refused", "plaintext",	"timeout",
					     "garbage", "unreachable" };
	for (int i = 0; i <= OUTCOME_UNREACHABLE; i++)
		cr_assert_str_eq(outcome_name((enum outcome)i), words[i]);
	cr_assert_str_eq(layer_name(LAYER_TRANSPORT), "transport");
}

Test(observation, overload_is_neither_answer_nor_rejection)
{
	struct observation observation = { .outcome = OUTCOME_REFUSED };
	cr_assert(observation_is_answer(&observation));
	cr_assert(observation_is_rejection(&observation));
	observation.overload = true;
	cr_assert_not(observation_is_answer(&observation));
	cr_assert_not(observation_is_rejection(&observation));
}

Test(observation, silence_and_absence_are_neither_answer_nor_rejection)
{
	enum outcome outcomes[] = { OUTCOME_NONE, OUTCOME_TIMEOUT, OUTCOME_UNREACHABLE };
	for (size_t i = 0; i < 3; i++) {
		struct observation observation = { .outcome = outcomes[i] };
		cr_assert_not(observation_is_answer(&observation));
		cr_assert_not(observation_is_rejection(&observation));
	}
}

Test(observation, garbage_is_an_answer_but_no_rejection)
{
	struct observation observation = { .outcome = OUTCOME_GARBAGE };
	cr_assert(observation_is_answer(&observation));
	cr_assert_not(observation_is_rejection(&observation));
}

Test(observation, a_class_is_outcome_layer_alert_version_suite_and_sqlstate)
{
	struct refusal refusal = { .sqlstate = "28000" }, other = { .sqlstate = "53300" };
	struct observation base = { .outcome = OUTCOME_REFUSED, .refusal = &refusal };
	struct observation same = base;
	same.started_us = 77;
	cr_assert(observation_same_class(&base, &same));
	struct observation changed[6] = { base, base, base, base, base, base };
	changed[0].outcome = OUTCOME_CLOSE;
	changed[1].layer = LAYER_TLS;
	changed[2].alert = 40;
	changed[3].version_code = 0x0303;
	changed[4].suite = 0x2F;
	changed[5].refusal = &other;
	for (size_t i = 0; i < 6; i++)
		cr_assert_not(observation_same_class(&base, &changed[i]), "change %zu", i);
}

Test(observation, phrases_name_what_came)
{
	expect_phrase(
		(struct observation){ .outcome = OUTCOME_ALERT, .alert_level = 2, .alert = 40 },
		"fatal alert handshake_failure");
	expect_phrase((struct observation){ .outcome = OUTCOME_ALERT,
					    .alert_level = 1,
					    .alert = 201,
					    .after_server_hello = true },
		      "warning alert 201 after a ServerHello");
	expect_phrase((struct observation){ .outcome = OUTCOME_SERVER_HELLO,
					    .version = TLS1_2,
					    .version_code = 0x0303,
					    .suite = 0xC02F },
		      "ServerHello TLS1.2 TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
	expect_phrase((struct observation){ .outcome = OUTCOME_SERVER_HELLO,
					    .version = VERSION_NONE,
					    .version_code = 0x0305,
					    .suite = 0xFFC0 },
		      "ServerHello version 0x0305 0xFFC0");
	expect_phrase((struct observation){ .outcome = OUTCOME_GARBAGE, .message = "spoke HTTP" },
		      "not understood: spoke HTTP");
	struct refusal refusal = { .sqlstate = "28000", .message = "no" };
	expect_phrase((struct observation){ .outcome = OUTCOME_REFUSED, .refusal = &refusal },
		      "refused: 28000 no");
}
