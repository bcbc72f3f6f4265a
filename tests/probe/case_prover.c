/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>

#include "case_world.h"
#include "probe/case_prover_internal.h"

#define MANY 120

static struct conformance_case *many[MANY];

/* One in four is answered by a close, one in eight by a ServerHello, the rest as they should. */
static void make_many(void)
{
	static char names[MANY][32];
	for (size_t i = 0; i < MANY; i++) {
		const char *word = i % 4 == 1 ? "close" : i % 8 == 4 ? "hello" : "good";
		snprintf(names[i], sizeof(names[i]), "%s.n%zu", word, i);
		many[i] = world_case(names[i]);
	}
}

static const char *find_note(const struct run_result *result, const char *words)
{
	for (size_t i = 0; i < result->notes_len; i++)
		if (strstr(result->notes[i], words))
			return result->notes[i];
	return NULL;
}

Test(case_prover, an_orderly_endpoint_is_judged_with_few_controls)
{
	struct world world = { .accepts = VERSION_BIT(TLS1_2) };
	make_many();
	struct case_options options = world_options(many, MANY);
	struct run_result result = world_run(&world, &options);
	cr_assert_eq(result.findings_len, MANY);
	cr_assert_eq(result.counts[VERDICT_PASS], 105);
	cr_assert_eq(result.counts[VERDICT_FAIL], 15);
	/* One for 32, one behind each of the 15 that were asked again, and those of the start. */
	cr_assert_leq(world.controls, MANY / 32 + 15 + 6, "%u controls", world.controls);
	cr_assert_eq(result.controls, world.controls);
	cr_assert_eq(run_exit_status(&result), 1);
}

Test(case_prover, a_conforming_endpoint_is_asked_each_case_once)
{
	struct world world = { .accepts = VERSION_BIT(TLS1_2) };
	struct conformance_case *cases[64];
	for (size_t i = 0; i < 64; i++)
		cases[i] = world_case("good.same");
	struct case_options options = world_options(cases, 64);
	struct run_result result = world_run(&world, &options);
	cr_assert_eq(result.counts[VERDICT_PASS], 64);
	/* The silent one of the beginning is none of them. */
	cr_assert_eq(world.cases, 64 + 1);
	cr_assert_leq(world.controls, 5, "%u controls", world.controls);
}

Test(case_prover, an_endpoint_that_refuses_everything_passes_nothing)
{
	struct world world = { .refuses = true };
	make_many();
	struct case_options options = world_options(many, MANY);
	struct run_result result = world_run(&world, &options);
	cr_assert_eq(result.counts[VERDICT_INCONCLUSIVE], MANY);
	cr_assert_eq(world.cases, 0);
	cr_assert_leq(world.asked, 4);
	cr_assert(find_note(&result, "accepts no base hello"));
	cr_assert_eq(run_exit_status(&result), 3);
}

Test(case_prover, a_mute_endpoint_passes_nothing)
{
	struct world world = { .mute = true };
	struct conformance_case *of = world_case("silent.mute");
	world_expect(of, EXPECT_TIMEOUT, 0);
	struct case_options options = world_options(&of, 1);
	struct run_result result = world_run(&world, &options);
	cr_assert_eq(result.counts[VERDICT_INCONCLUSIVE], 1);
	cr_assert_eq(world.cases, 0);
	cr_assert_not(result.reached);
}

Test(case_prover, a_version_that_is_not_accepted_is_not_applicable)
{
	struct world world = { .accepts = VERSION_BIT(TLS1_2) };
	struct conformance_case *of = world_case("good.old");
	of->versions = VERSION_BIT(TLS1_0) | VERSION_BIT(TLS1_2);
	struct case_options options = world_options(&of, 1);
	struct run_result result = world_run(&world, &options);
	const struct finding *old = world_finding(&result, "case/good.old/TLS1.0");
	cr_assert_eq(old->verdict, VERDICT_NOT_APPLICABLE);
	cr_assert_str_eq(old->reason,
			 "the endpoint does not accept the base hello at TLS1.0: fatal "
			 "alert protocol_version");
	cr_assert_eq(world_finding(&result, "case/good.old/TLS1.2")->verdict, VERDICT_PASS);
}

Test(case_prover, a_case_without_versions_goes_where_tls_is_accepted)
{
	struct world world = { .accepts = VERSION_BIT(TLS1_3) | VERSION_BIT(TLS1_0) };
	struct conformance_case *of = world_case("good.anywhere");
	of->versions = 0;
	struct case_options options = world_options(&of, 1);
	struct run_result result = world_run(&world, &options);
	const struct finding *finding = world_finding(&result, "case/good.anywhere");
	cr_assert_eq(finding->verdict, VERDICT_PASS);
	cr_assert_eq(finding->version, TLS1_3);
}

Test(case_prover, the_case_that_brings_it_down_is_named)
{
	make_many();
	for (size_t i = 0; i < MANY; i += 7) {
		struct world world = { .accepts = VERSION_BIT(TLS1_2),
				       .killer = many[i]->name,
				       .away = 3 };
		char id[CASE_ID_MAX];
		struct case_options options = world_options(many, MANY);
		struct run_result result = world_run(&world, &options);
		snprintf(id, sizeof(id), "case/%s/TLS1.2", many[i]->name);
		const struct finding *finding = world_finding(&result, id);
		cr_assert_eq(finding->verdict, VERDICT_FAIL, "%s: %s", id, finding->reason);
		cr_assert(strstr(finding->reason, "the endpoint stopped answering after this case"),
			  "%s", finding->reason);
		cr_assert(find_note(&result, id), "%s is not named", id);
		cr_assert_eq(result.counts[VERDICT_INCONCLUSIVE], 0);
	}
}

Test(case_prover, an_endpoint_that_dies_for_good_leaves_the_rest_open)
{
	make_many();
	struct world world = { .accepts = VERSION_BIT(TLS1_2), .killer = many[70]->name };
	struct case_options options = world_options(many, MANY);
	struct run_result result = world_run(&world, &options);
	cr_assert(find_note(&result, many[70]->name));
	cr_assert_eq(world_finding(&result, "case/good.n119/TLS1.2")->verdict,
		     VERDICT_INCONCLUSIVE);
	/* The reset that killed it would be tolerated from an endpoint that lives. */
	cr_assert_eq(world_finding(&result, "case/good.n70/TLS1.2")->verdict, VERDICT_INCONCLUSIVE);
}

Test(case_prover, a_death_at_any_moment_gives_no_false_verdict)
{
	make_many();
	for (uint32_t after = 1; after < MANY + 40; after++) {
		struct world world = { .accepts = VERSION_BIT(TLS1_2), .dies_after = after };
		struct case_options options = world_options(many, MANY);
		struct run_result result = world_run(&world, &options);
		for (size_t i = 0; i < MANY; i++) {
			const struct finding *finding = &result.findings[i];
			bool good = many[i]->name[0] != 'h';
			if (finding->verdict == VERDICT_PASS)
				cr_assert(good && finding->observed.probe, "%s", finding->id);
			if (finding->verdict == VERDICT_FAIL)
				cr_assert_not(good, "%s: %s", finding->id, finding->reason);
		}
		cr_assert_neq(run_exit_status(&result), 0, "dead after %u", after);
	}
}

Test(case_prover, a_rejection_after_the_last_control_does_not_pass)
{
	struct conformance_case *of = world_case("good.last");
	struct world world = { .accepts = VERSION_BIT(TLS1_2), .dies_after = 4 };
	struct case_options options = world_options(&of, 1);
	struct run_result result = world_run(&world, &options);
	cr_assert_eq(world.cases, 2);
	cr_assert_eq(result.findings[0].verdict, VERDICT_INCONCLUSIVE);
	cr_assert(strstr(result.findings[0].reason, "no control succeeded after it"), "%s",
		  result.findings[0].reason);
}

Test(case_prover, one_slow_control_makes_no_silence_long_and_no_endpoint_serial)
{
	struct conformance_case *cases[8];
	for (size_t i = 0; i < 8; i++) {
		cases[i] = world_case("silent.slow");
		world_expect(cases[i], EXPECT_TIMEOUT, 0);
	}
	for (uint32_t slow = 1; slow < 6; slow++) {
		struct world world = { .accepts = VERSION_BIT(TLS1_2), .slow = slow };
		struct case_options options = world_options(cases, 8);
		struct run_result result = world_run(&world, &options);
		cr_assert_eq(result.counts[VERDICT_PASS], 8);
		cr_assert_gt(world.flying_most, 4, "serial, with question %u slow", slow);
		if (slow > 1)
			cr_assert_eq(result.findings[0].observed.waited_ms, 300, "%u: %s", slow,
				     result.findings[0].reason);
	}
}

static void answers_but_breaks(struct world *world, const char *rule)
{
	struct conformance_case *cases[] = { world_case("hello.due"), world_case("good.refusal") };
	world_expect(cases[0], EXPECT_SERVER_HELLO, 0);
	struct case_options options = world_options(cases, 2);
	struct run_result result = world_run(world, &options);
	cr_assert_eq(result.findings[0].verdict, VERDICT_FAIL, "%s", result.findings[0].reason);
	cr_assert(strstr(result.findings[0].reason, rule), "%s", result.findings[0].reason);
	cr_assert_eq(result.findings[1].verdict, VERDICT_INCONCLUSIVE);
	cr_assert_eq(run_exit_status(&result), 1);
	cr_assert_leq(world->asked, 8, "it is given up soon");
}

Test(case_prover, an_endpoint_whose_every_hello_breaks_a_rule_fails_what_expects_one)
{
	struct world lower = { .accepts = VERSION_BIT(TLS1_2), .answers_with = TLS1_1 };
	answers_but_breaks(&lower, "TLS1.1");
	struct world silent = { .accepts = VERSION_BIT(TLS1_2), .stops_short = true };
	answers_but_breaks(&silent, "RFC 5246 7.4.5");
}

Test(case_prover, a_serial_endpoint_is_asked_one_by_one)
{
	struct conformance_case *cases[24];
	for (size_t i = 0; i < 24; i++) {
		cases[i] = world_case(i % 4 ? "good.serial" : "silent.serial");
		if (i % 4 == 0)
			world_expect(cases[i], EXPECT_TIMEOUT, 0);
	}
	struct world world = { .accepts = VERSION_BIT(TLS1_2), .serial = true };
	struct case_options options = world_options(cases, 24);
	struct run_result result = world_run(&world, &options);
	cr_assert_eq(result.counts[VERDICT_PASS], 24);
	cr_assert_eq(world.flying_most, 2, "only the silence and its control are in flight");
	cr_assert(find_note(&result, "one connection at a time"));
}

Test(case_prover, answers_that_differ_are_inconclusive)
{
	struct conformance_case *of = world_case("flaky.one");
	struct finding finding = world_judge(of);
	cr_assert_eq(finding.verdict, VERDICT_INCONCLUSIVE);
	cr_assert(strstr(finding.reason, "answers differ: ServerHello TLS1.2"), "%s",
		  finding.reason);
	cr_assert(strstr(finding.reason, "; then fatal alert handshake_failure"), "%s",
		  finding.reason);
}

Test(case_prover, what_was_cut_off_among_others_is_judged_by_two_answers_of_its_own)
{
	struct conformance_case *of = world_case("cut.once");
	world_expect(of, EXPECT_ALERT, 50);
	struct finding finding = world_judge(of);
	cr_assert_eq(finding.verdict, VERDICT_PASS, "%s", finding.reason);
	cr_assert(strstr(finding.remarks[0], "cut off when it was asked among others"));
}

Test(case_prover, what_is_cut_off_again_and_again_is_inconclusive)
{
	struct conformance_case *of = world_case("wavering.one");
	world_expect(of, EXPECT_ALERT, 50);
	cr_assert_eq(world_judge(of).verdict, VERDICT_INCONCLUSIVE);
}

Test(case_prover, repetition_asks_as_often_as_told)
{
	struct conformance_case *of = world_case("good.repeat");
	struct world world = { .accepts = VERSION_BIT(TLS1_2) };
	struct case_options options = world_options(&of, 1);
	options.repeat = 5;
	struct run_result result = world_run(&world, &options);
	cr_assert_eq(result.counts[VERDICT_PASS], 1);
	cr_assert_eq(world.cases, 5 + 1);
}

static struct need needs(const struct conformance_case *feature, bool absent)
{
	return (struct need){
		.absent = absent, .version = VERSION_NONE, .name = feature->name, .feature = feature
	};
}

Test(case_prover, features_decide_what_makes_sense)
{
	struct conformance_case *has = world_case("good.feature");
	struct conformance_case *lacks = world_case("wrong.feature");
	struct conformance_case *quiet = world_case("silent.feature");
	struct conformance_case *cases[4];
	struct need list[] = { needs(has, false), needs(lacks, false), needs(lacks, true),
			       needs(quiet, false) };
	static const char *const names[] = { "good.a", "good.b", "good.c", "good.d" };
	has->is_feature = lacks->is_feature = quiet->is_feature = true;
	for (size_t i = 0; i < 4; i++) {
		cases[i] = world_case(names[i]);
		cases[i]->needs = &list[i];
		cases[i]->needs_len = 1;
	}
	struct world world = { .accepts = VERSION_BIT(TLS1_2) };
	struct case_options options = world_options(cases, 4);
	struct run_result result = world_run(&world, &options);
	cr_assert_eq(result.findings_len, 4);
	cr_assert_eq(result.findings[0].verdict, VERDICT_PASS);
	cr_assert_eq(result.findings[1].verdict, VERDICT_NOT_APPLICABLE);
	cr_assert(strstr(result.findings[1].reason, "'wrong.feature'"), "%s",
		  result.findings[1].reason);
	cr_assert_eq(result.findings[2].verdict, VERDICT_PASS);
	cr_assert_eq(result.findings[3].verdict, VERDICT_INCONCLUSIVE);
}

Test(case_prover, needed_versions_decide_as_well)
{
	struct conformance_case *cases[] = { world_case("good.with"), world_case("good.without") };
	struct need with = { .version = TLS1_3 }, without = { .version = TLS1_3, .absent = true };
	cases[0]->needs = &with;
	cases[1]->needs = &without;
	cases[0]->needs_len = cases[1]->needs_len = 1;
	struct world world = { .accepts = VERSION_BIT(TLS1_2) };
	struct case_options options = world_options(cases, 2);
	struct run_result result = world_run(&world, &options);
	cr_assert_eq(result.findings[0].verdict, VERDICT_NOT_APPLICABLE);
	cr_assert_eq(result.findings[1].verdict, VERDICT_PASS);
}

Test(case_prover, a_case_over_another_scheme_is_not_applicable)
{
	struct conformance_case *of = world_case("good.over");
	of->over = "postgresql";
	struct finding finding = world_judge(of);
	cr_assert_eq(finding.verdict, VERDICT_NOT_APPLICABLE);
	cr_assert(strstr(finding.reason, "'postgresql'"), "%s", finding.reason);
}

Test(case_prover, patterns_and_shards_choose_by_id)
{
	size_t found = 0;
	make_many();
	struct case_options options = world_options(many, MANY);
	for (unsigned shard = 1; shard <= 3; shard++) {
		struct world world = { .accepts = VERSION_BIT(TLS1_2) };
		options.shard = shard;
		options.shards = 3;
		found += world_run(&world, &options).findings_len;
	}
	cr_assert_eq(found, MANY);
	options.shards = 0;
	options.only = "case/good.n*0/*";
	struct world world = { .accepts = VERSION_BIT(TLS1_2) };
	cr_assert_eq(world_run(&world, &options).findings_len, 9);
}

Test(case_prover, what_cannot_be_reached_is_inconclusive)
{
	struct conformance_case *of = world_case("good.nobody");
	struct world world = { .accepts = VERSION_BIT(TLS1_2), .dead = true };
	struct case_options options = world_options(&of, 1);
	struct run_result result = world_run(&world, &options);
	cr_assert_eq(result.counts[VERDICT_INCONCLUSIVE], 1);
	cr_assert_eq(run_exit_status(&result), 3);
}

Test(case_prover, a_control_may_break_a_rule_behind_its_hello)
{
	struct case_answer facts = { .server_hello = true, .broken = "a rule (RFC 5246 7.3)" };
	struct observation seen = { .outcome = OUTCOME_GARBAGE,
				    .version = TLS1_2,
				    .answer = &facts };
	cr_assert(case_control_succeeded(&seen, TLS1_2));
	cr_assert_not(case_control_succeeded(&seen, TLS1_1));
	facts.server_hello = false;
	facts.broken = NULL;
	cr_assert_not(case_control_succeeded(&seen, TLS1_2));
}
