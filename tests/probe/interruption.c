/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/interruption.h"

#include <criterion/criterion.h>

#include "case_world.h"
#include "probe/case_prover_internal.h"
#include "probe/prover_internal.h"

#define CASES	   12
#define BROKEN_OFF 5

static struct arena arena;

static void begin(void)
{
	arena_init(&arena, RUN_ARENA_MAX);
}

static void end(void)
{
	arena_release(&arena);
}

TestSuite(interruption, .init = begin, .fini = end);

Test(interruption, control_after_it_closes_what_was_rejected_before)
{
	struct prover prover = { .arena = &arena };
	struct observation seen = { .started_us = 0, .ended_us = 10 };
	window_note(&prover, &seen, true);
	seen = (struct observation){ .started_us = 20, .ended_us = 30 };
	cr_assert_not(window_covers(&prover, &seen));
	const struct interruption interruption = { .at_us = 40,
						   .controls = { { TLS1_2, 41, 50 } },
						   .len = 1 };
	prover_interrupted(&prover, &interruption);
	cr_assert(window_covers(&prover, &seen));
}

Test(interruption, without_a_control_it_closes_nothing)
{
	struct prover prover = { .arena = &arena };
	struct observation seen = { .started_us = 0, .ended_us = 10 };
	window_note(&prover, &seen, true);
	seen = (struct observation){ .started_us = 20, .ended_us = 30 };
	const struct interruption interruption = { .at_us = 40 };
	prover_interrupted(&prover, &interruption);
	cr_assert_not(window_covers(&prover, &seen));
}

/* An endpoint in good order, one question at a time. */
struct series {
	struct case_prover *prover;
	uint64_t now_us;
	unsigned cases;
	bool interrupted;
};

static struct observation answer(const struct probe *probe)
{
	static struct case_answer whole = { .server_hello = true, .flight_complete = true };
	if (!probe->conduct->is_control)
		return (struct observation){ .outcome = OUTCOME_ALERT,
					     .layer = LAYER_TLS,
					     .version = VERSION_NONE,
					     .alert_level = 2,
					     .alert = 50 };
	return (struct observation){ .outcome = OUTCOME_SERVER_HELLO,
				     .layer = LAYER_TLS,
				     .version = TLS1_2,
				     .version_code = 0x0303,
				     .suite = 0xC02F,
				     .answer = &whole };
}

static void interrupt(struct series *series)
{
	const struct interruption interruption = {
		.at_us = series->now_us + 1,
		.controls = { { TLS1_2, series->now_us + 2, series->now_us + 3 } },
		.len = 1,
	};
	series->now_us += 10;
	series->interrupted = true;
	case_prover_interrupted(series->prover, &interruption);
}

static void run(struct series *series, unsigned broken_off)
{
	struct probe probe;
	while (case_prover_next(series->prover, &probe) == PROVER_PROBE) {
		struct observation seen = answer(&probe);
		seen.started_us = series->now_us + 1;
		seen.ended_us = series->now_us += 10;
		series->cases += !probe.conduct->is_control;
		case_prover_deliver(series->prover, &probe, &seen);
		if (series->cases == broken_off && !series->interrupted)
			interrupt(series);
	}
}

static unsigned asked(unsigned broken_off, struct run_result *result)
{
	struct conformance_case *cases[CASES];
	for (size_t i = 0; i < CASES; i++)
		cases[i] = world_case("good.one");
	struct case_options options = world_options(cases, CASES);
	options.concurrency = 1;
	struct series series = { .prover = case_prover_new(&arena, &options) };
	run(&series, broken_off);
	*result = (struct run_result){ .reached = false };
	cr_assert_eq(case_prover_judge(series.prover, result), FAULT_NONE);
	return series.cases;
}

/* Whoever brought the endpoint down may be among them, and somebody may have started it again. */
Test(interruption, cases_without_a_control_before_it_are_asked_again)
{
	struct run_result result;
	cr_assert_eq(asked(0, &result), CASES);
	cr_assert_eq(asked(BROKEN_OFF, &result), CASES + BROKEN_OFF);
	cr_assert_eq(result.counts[VERDICT_PASS], CASES);
}

Test(interruption, only_what_a_prover_knows_to_be_accepted_is_a_control)
{
	struct probe probe = {
		.kind = PROBE_HELLO, .version = TLS1_2, .suites = { 0xC02F }, .suites_len = 1
	};
	struct observation seen = { .outcome = OUTCOME_SERVER_HELLO,
				    .version = TLS1_2,
				    .suite = 0xC02F };
	cr_assert(prover_is_success(&probe, &seen));
	seen.suite = 0xC030;
	cr_assert_not(prover_is_success(&probe, &seen));
	seen.suite = 0xC02F;
	seen.version = TLS1_1;
	cr_assert_not(prover_is_success(&probe, &seen));
	seen.version = TLS1_2;
	seen.broken = "a rule";
	cr_assert_not(prover_is_success(&probe, &seen));
	seen = (struct observation){ .outcome = OUTCOME_ALERT, .version = VERSION_NONE };
	cr_assert_not(prover_is_success(&probe, &seen));
}

#define MANY   40
#define KILLER 17

/* How many answers came in a run that is killed after each of `kills`: the culprit is named, and
 * nothing else is left open by it. */
static uint32_t find_culprit(struct conformance_case **cases, const uint32_t kills[KILLS_MAX],
			     uint32_t away)
{
	struct world world = { .accepts = VERSION_BIT(TLS1_2), .killer = "killer", .away = away };
	memcpy(world.kills, kills, sizeof(world.kills));
	struct case_options options = world_options(cases, MANY);
	struct run_result result = world_run(&world, &options);
	const struct finding *culprit = world_finding(&result, "case/killer/TLS1.2");
	cr_assert_eq(culprit->verdict, VERDICT_FAIL, "killed after %u, %u and %u: %s", kills[0],
		     kills[1], kills[2], culprit->reason);
	cr_assert_eq(result.counts[VERDICT_PASS], MANY - 1, "killed after %u, %u and %u", kills[0],
		     kills[1], kills[2]);
	return world.heard;
}

/* At every answer, the search for the culprit included; again while it goes on; and once more. */
Test(interruption, culprit_is_found_however_often_the_run_is_killed)
{
	struct conformance_case *cases[MANY];
	for (size_t i = 0; i < MANY; i++)
		cases[i] = world_case(i == KILLER ? "killer" : arena_printf(&arena, "good.%zu", i));
	for (uint32_t away = 1; away < 12; away += 5) {
		uint32_t kills[KILLS_MAX] = { 0 };
		uint32_t whole = find_culprit(cases, kills, away);
		for (uint32_t first = 1; first < whole; first++) {
			kills[0] = first, kills[1] = kills[2] = 0;
			uint32_t heard = find_culprit(cases, kills, away);
			for (kills[1] = first + 1; kills[1] < heard; kills[1] += 10)
				for (kills[2] = kills[1] + 2; kills[2] < heard; kills[2] += 10)
					find_culprit(cases, kills, away);
		}
	}
}
