/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/tape.h"

#include <criterion/criterion.h>

static const struct shape shape;

static struct probe probe_of(uint32_t id)
{
	return (struct probe){
		.id = id,
		.version = TLS1_2,
		.suites = { 0xC02F },
		.suites_len = 1,
		.shape = &shape,
		.upgrade = upgrade_by_name(span_text("postgresql")),
		.seed = 1,
	};
}

struct talk {
	struct arena arena, keep;
	struct exchange exchange;
	struct probe probe;
	struct tape tape;
	uint64_t sent;
};

static void talk_begin(struct talk *talk, uint32_t id)
{
	*talk = (struct talk){ .probe = probe_of(id) };
	arena_init(&talk->arena, PROBE_ARENA_MAX);
	arena_init(&talk->keep, RUN_ARENA_MAX);
	tape_clear(&talk->tape);
	cr_assert_eq(exchange_start(&talk->exchange, &talk->probe, &talk->arena, &talk->keep),
		     FAULT_NONE);
}

static void talk_end(struct talk *talk)
{
	exchange_release(&talk->exchange);
	tape_release(&talk->tape);
	arena_release(&talk->arena);
	arena_release(&talk->keep);
}

static void send_all(struct exchange *exchange)
{
	exchange_sent(exchange, exchange_output(exchange).len);
}

/* An SSLRequest that is granted, a hello, and an alert in two pieces. */
static void talk_to_alert(struct talk *talk)
{
	talk_begin(talk, 7);
	talk->exchange.tape = &talk->tape;
	send_all(&talk->exchange);
	exchange_input(&talk->exchange, span_text("S"));
	send_all(&talk->exchange);
	exchange_input(&talk->exchange, span_of("\x15\x03\x03", 3));
	exchange_input(&talk->exchange, span_of("\x00\x02\x02\x28", 4));
	cr_assert_eq(talk->exchange.phase, EXCHANGE_DONE);
}

static enum fault play(struct talk *talk, uint32_t id, const char *text)
{
	talk_begin(talk, id);
	return tape_play(&talk->exchange, span_text(text), &talk->sent);
}

Test(tape, played_again_it_sends_and_sees_the_same)
{
	struct talk first, again;
	talk_to_alert(&first);
	cr_assert_eq(play(&again, 7, text_view(&first.tape.text)), FAULT_NONE);
	cr_assert_eq(again.sent, first.tape.sent);
	cr_assert_eq(observation_fingerprint(&again.exchange.observation),
		     observation_fingerprint(&first.exchange.observation));
	cr_assert_eq(again.exchange.observation.alert, 40);
	cr_assert(span_equal(again.exchange.sent, first.exchange.sent));
	cr_assert(
		span_equal(exchange_received(&again.exchange), exchange_received(&first.exchange)));
	talk_end(&first);
	talk_end(&again);
}

Test(tape, another_probe_sends_something_else)
{
	struct talk first, again;
	talk_to_alert(&first);
	cr_assert_eq(play(&again, 8, text_view(&first.tape.text)), FAULT_NONE);
	cr_assert_neq(again.sent, first.tape.sent);
	cr_assert_neq(probe_fingerprint(&again.probe), probe_fingerprint(&first.probe));
	talk_end(&first);
	talk_end(&again);
}

Test(tape, end_is_played_with_its_reason)
{
	struct talk first, again;
	talk_begin(&first, 7);
	first.exchange.tape = &first.tape;
	exchange_finish(&first.exchange, EXCHANGE_UNREACHABLE, "cannot connect");
	cr_assert_eq(play(&again, 7, text_view(&first.tape.text)), FAULT_NONE);
	cr_assert_eq(again.exchange.observation.outcome, OUTCOME_UNREACHABLE);
	cr_assert_str_eq(again.exchange.observation.message, "cannot connect");
	talk_end(&first);
	talk_end(&again);
}

Test(tape, damaged_one_is_refused_and_nothing_is_done_that_an_exchange_forbids)
{
	static const char *const damaged[] = {
		"",
		" s8", /* it does not come to an end */
		" s9", /* more than there is to send */
		" s-1",
		" s18446744073709551616",
		" s8 i5",
		" s8 i",
		" s8 i5358585858", /* more than is wanted */
		" s8 i4e i4e",	   /* past the end */
		" s8 i4e f0",
		" s8 i53 q", /* no half-close of a TLS hello */
		" s8 x",
		" c99999999999999999999",
		" f4",
		" f",
		" f3:6",
		" f0 f0",
		" s8 f0 z",
	};
	for (size_t i = 0; i < sizeof(damaged) / sizeof(damaged[0]); i++) {
		struct talk talk;
		cr_expect_eq(play(&talk, 7, damaged[i]), FAULT_MALFORMED, "'%s'", damaged[i]);
		talk_end(&talk);
	}
}

Test(tape, too_long_for_a_tape_is_said)
{
	struct talk talk;
	uint8_t bytes[1024] = { 0 };
	talk_begin(&talk, 7);
	for (size_t i = 0; i < TAPE_LEN_MAX / sizeof(bytes); i++)
		tape_input(&talk.tape, span_of(bytes, sizeof(bytes)));
	cr_assert(talk.tape.full);
	cr_assert_leq(talk.tape.text.len, TAPE_LEN_MAX);
	talk_end(&talk);
}

Test(tape, fingerprint_of_an_observation_is_of_all_that_is_judged)
{
	const struct observation seen = { .outcome = OUTCOME_ALERT, .alert = 40 };
	struct observation other[] = { seen, seen, seen, seen, seen };
	other[0].alert = 70;
	other[1].depth = DEPTH_SESSION;
	other[2].broken = "a rule";
	other[3].extra_bytes = true;
	other[4].server_extensions = span_of("\x00", 1);
	for (size_t i = 0; i < 5; i++)
		cr_expect_neq(observation_fingerprint(&seen), observation_fingerprint(&other[i]),
			      "%zu", i);
}
