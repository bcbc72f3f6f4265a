/* SPDX-License-Identifier: Apache-2.0 */
#include "case_world.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#include "probe/interruption.h"
#include "registry/registry.h"

#define CASES_MAX  256
#define FLYING_MAX 64
#define QUICK_US   1000
#define SLOW_US	   250000

static struct arena arena;

struct conformance_case *world_case(const char *name)
{
	static struct conformance_case cases[CASES_MAX];
	static struct expectation expectations[CASES_MAX][2];
	static struct citation citations[CASES_MAX];
	static size_t used;
	size_t i = used++;
	cr_assert_lt(i, CASES_MAX);
	citations[i] = (struct citation){ .text = "RFC 5246 7.4.1.2", .level = LEVEL_MUST };
	expectations[i][0] = (struct expectation){
		.kind = EXPECT_ALERT, .version = VERSION_NONE, .alerts = { 50 }, .alerts_len = 1
	};
	expectations[i][1] = (struct expectation){ .kind = EXPECT_CLOSE,
						   .version = VERSION_NONE,
						   .tolerated = true };
	cases[i] = (struct conformance_case){
		.name = name,
		.theme = "test",
		.why = "because",
		.citations = &citations[i],
		.citations_len = 1,
		.versions = VERSION_BIT(TLS1_2),
		.expectations = expectations[i],
		.expectations_len = 2,
	};
	return &cases[i];
}

void world_expect(struct conformance_case *of, enum expected_kind kind, uint8_t alert)
{
	of->expectations_len = 1;
	of->expectations[0].kind = kind;
	of->expectations[0].alerts[0] = alert;
	of->expectations[0].alerts_len = kind == EXPECT_ALERT || kind == EXPECT_WARNING;
}

struct case_options world_options(struct conformance_case **cases, size_t len)
{
	return (struct case_options){
		.upgrade = upgrade_by_name(span_text("tls")),
		.cases = (const struct conformance_case *const *)cases,
		.cases_len = len,
		.seed = 1,
		.timeout_ms = 5000,
		.concurrency = 8,
	};
}

static struct observation alert(uint8_t level, uint8_t description)
{
	return (struct observation){ .outcome = OUTCOME_ALERT,
				     .layer = LAYER_TLS,
				     .version = VERSION_NONE,
				     .alert_level = level,
				     .alert = description };
}

static struct observation hello(const struct world *world, enum version version)
{
	return (struct observation){ .outcome = OUTCOME_SERVER_HELLO,
				     .layer = LAYER_TLS,
				     .version = version,
				     .version_code = version_code(version),
				     .suite = 0xC02F,
				     .answer = world->facts };
}

static struct observation end(enum outcome outcome)
{
	return (struct observation){ .outcome = outcome,
				     .layer = LAYER_TRANSPORT,
				     .version = VERSION_NONE };
}

static struct observation unmet(bool silence)
{
	static struct case_answer something = { .unmet = "a fatal alert" };
	static struct case_answer nothing = { .unmet = "nothing", .unmet_silence = true };
	struct observation out = silence ? end(OUTCOME_TIMEOUT) : alert(2, 40);
	out.answer = silence ? &nothing : &something;
	return out;
}

static bool begins(const char *name, const char *word)
{
	return strncmp(name, word, strlen(word)) == 0;
}

/* The first word of a case's name says how the endpoint answers it. */
static struct observation answer_case(struct world *world, const char *name, enum version version)
{
	world->cases++;
	if (begins(name, "hello."))
		return hello(world, version);
	if (begins(name, "close."))
		return end(OUTCOME_CLOSE);
	if (begins(name, "reset."))
		return end(OUTCOME_RESET);
	if (begins(name, "silent.") || begins(name, "silence"))
		return end(OUTCOME_TIMEOUT);
	if (begins(name, "wrong."))
		return alert(2, 40);
	if (begins(name, "warning."))
		return alert(1, 50);
	if (begins(name, "unreadable."))
		return alert(0, 255);
	if (begins(name, "flaky."))
		return world->cases % 2 ? alert(2, 40) : hello(world, version);
	/* The first probe of all was the silent one; the second is the first try. */
	if (begins(name, "cut."))
		return world->cases <= 2 ? end(OUTCOME_RESET) : alert(2, 50);
	if (begins(name, "wavering."))
		return world->cases % 2 ? alert(2, 50) : end(OUTCOME_RESET);
	if (begins(name, "unmet."))
		return unmet(false);
	if (begins(name, "waiting."))
		return unmet(true);
	return alert(2, 50);
}

static struct observation answer_control(const struct world *world, enum version version)
{
	static struct case_answer whole = { .server_hello = true, .flight_complete = true };
	static struct case_answer part = { .server_hello = true };
	bool accepted = world->accepts & VERSION_BIT(version);
	struct observation out = accepted ? hello(world, version) : alert(2, 70);
	if (accepted && world->answers_with != SSLV2)
		out = hello(world, world->answers_with);
	if (accepted)
		out.answer = world->stops_short ? &part : &whole;
	return out;
}

static struct observation answer(struct world *world, const struct probe *probe)
{
	const struct conduct *conduct = probe->conduct;
	enum version version = conduct->setting.version;
	world->asked++;
	world->controls += conduct->is_control;
	if (world->dies_after && world->asked > world->dies_after)
		world->dead = true;
	if (world->dead && world->away && world->missed++ == world->away) {
		world->dead = false;
		world->missed = 0;
	}
	if (world->dead)
		return end(OUTCOME_UNREACHABLE);
	if (world->mute)
		return end(OUTCOME_TIMEOUT);
	if (world->refuses)
		return alert(2, 40);
	if (conduct->is_control)
		return answer_control(world, version);
	if (world->killer && strcmp(world->killer, conduct->of->name) == 0) {
		world->dead = true;
		return end(OUTCOME_RESET);
	}
	return answer_case(world, conduct->of->name, version);
}

struct flight {
	struct probe probe;
	struct observation seen;
};

static void launch(struct world *world, struct flight *flight)
{
	uint64_t quiet_us = (uint64_t)flight->probe.conduct->quiet_ms * 1000;
	uint64_t served_us =
		world->serial && world->free_us > world->now_us ? world->free_us : world->now_us;
	flight->seen = answer(world, &flight->probe);
	flight->seen.probe = flight->probe.id;
	flight->seen.started_us = world->now_us;
	uint64_t took = flight->seen.outcome == OUTCOME_TIMEOUT ? quiet_us
			: world->asked == world->slow		? SLOW_US
								: QUICK_US;
	flight->seen.ended_us = served_us + took;
	if (flight->seen.ended_us > world->now_us + quiet_us) {
		flight->seen = end(OUTCOME_TIMEOUT);
		flight->seen.started_us = world->now_us;
		flight->seen.ended_us = world->now_us + quiet_us;
	}
	world->free_us = flight->seen.ended_us;
	world->now_us++;
}

static size_t first_to_land(const struct flight *flying, size_t len)
{
	size_t first = 0;
	for (size_t i = 1; i < len; i++)
		if (flying[i].seen.ended_us < flying[first].seen.ended_us)
			first = i;
	return first;
}

/*
 * The run is killed, and goes on: what is in flight was sent, and nobody hears what comes of it.
 * Meanwhile somebody has started the endpoint again.
 */
static void kill_run(struct world *world, struct case_prover *prover, struct flight *flying,
		     size_t len)
{
	world->killed++;
	world->dead = false;
	world->missed = 0;
	struct interruption interruption = { .at_us = world->now_us += QUICK_US };
	for (enum version v = SSLV3; v < VERSIONS_LEN; v++) {
		if (!(world->accepts & VERSION_BIT(v)))
			continue;
		world->now_us += QUICK_US;
		interruption.controls[interruption.len++] = (struct interruption_control){
			.version = v,
			.started_us = world->now_us - QUICK_US / 2,
			.ended_us = world->now_us,
		};
	}
	case_prover_interrupted(prover, &interruption);
	for (size_t i = 0; i < len; i++)
		launch(world, &flying[i]);
}

static bool is_killed(const struct world *world)
{
	return world->killed < KILLS_MAX && world->heard == world->kills[world->killed];
}

struct run_result world_run(struct world *world, const struct case_options *options)
{
	struct flight flying[FLYING_MAX];
	struct run_result result = { 0 };
	size_t len = 0;
	arena_release(&arena);
	arena_init(&arena, RUN_ARENA_MAX);
	struct case_prover *prover = case_prover_new(&arena, options);
	cr_assert_not_null(prover);
	for (uint32_t i = 0;; i++) {
		enum prover_step step = PROVER_WAIT;
		cr_assert_lt(i, 100000, "the prover does not come to an end");
		while (len < options->concurrency && len < FLYING_MAX) {
			step = case_prover_next(prover, &flying[len].probe);
			if (step != PROVER_PROBE)
				break;
			launch(world, &flying[len++]);
		}
		world->flying_most = len > world->flying_most ? (uint32_t)len : world->flying_most;
		if (!len)
			break;
		size_t pick = first_to_land(flying, len);
		struct flight landed = flying[pick];
		flying[pick] = flying[--len];
		if (landed.seen.ended_us > world->now_us)
			world->now_us = landed.seen.ended_us;
		case_prover_deliver(prover, &landed.probe, &landed.seen);
		world->heard++;
		if (is_killed(world))
			kill_run(world, prover, flying, len);
	}
	cr_assert_eq(case_prover_judge(prover, &result), FAULT_NONE);
	return result;
}

struct finding world_judge(struct conformance_case *of)
{
	struct world world = { .accepts = VERSION_BIT(TLS1_2) };
	struct case_options options = world_options(&of, 1);
	struct run_result result = world_run(&world, &options);
	cr_assert_eq(result.findings_len, 1);
	return result.findings[0];
}

const struct finding *world_finding(const struct run_result *result, const char *id)
{
	for (size_t i = 0; i < result->findings_len; i++)
		if (strcmp(result->findings[i].id, id) == 0)
			return &result->findings[i];
	cr_assert_fail("no finding '%s'", id);
	return NULL;
}
