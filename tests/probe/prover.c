/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/prover.h"

#include <criterion/criterion.h>

#include "registry/cipher_suite.h"
#include "simulation.h"

static const char extra_suite[] = "suite/TLS1.2/TLS_RSA_WITH_AES_128_CBC_SHA";
static const char missing_suite[] = "suite/TLS1.2/TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384";

static bool accepts_one_more(const struct simulation *s, enum version version, uint32_t suite)
{
	return accepts_four(s, version, suite) || (version == TLS1_2 && suite == 0x002F);
}

static bool accepts_three(const struct simulation *s, enum version version, uint32_t suite)
{
	return accepts_four(s, version, suite) && suite != 0xC028;
}

static bool accepts_tls11(const struct simulation *s, enum version version, uint32_t suite)
{
	return accepts_four(s, version, suite) || (version == TLS1_1 && suite == 0xC013);
}

static bool accepts_none(const struct simulation *s, enum version version, uint32_t suite)
{
	(void)s;
	(void)version;
	(void)suite;
	return false;
}

/* Everything registered with an RSA certificate, in every version in which it exists. */
static bool accepts_rsa(const struct simulation *s, enum version version, uint32_t code)
{
	(void)s;
	const struct cipher_suite *suite = cipher_suite_by_code((uint16_t)code);
	return suite && suite->registered && suite->auth == AUTH_RSA &&
	       cipher_suite_in(suite, version);
}

/* A random table that depends on the seed: about one pair in twelve, and the four. */
static bool accepts_random(const struct simulation *s, enum version version, uint32_t suite)
{
	struct rng rng;
	const struct cipher_suite *known = cipher_suite_by_code((uint16_t)suite);
	rng_init(&rng, s->seed, (uint64_t)version << 32 | suite);
	bool exists = known && version != SSLV2 && cipher_suite_in(known, version);
	return accepts_four(s, version, suite) || (exists && rng_below(&rng, 12) == 0);
}

/* The ids that fail, in order, separated by blanks. */
static void assert_fails(const struct run_result *result, const char *first, const char *second)
{
	size_t expected = (first ? 1u : 0u) + (second ? 1u : 0u);
	cr_assert_eq(result->counts[VERDICT_FAIL], expected, "%zu findings fail",
		     result->counts[VERDICT_FAIL]);
	for (int i = 0; i < 2; i++) {
		const char *id = i ? second : first;
		if (id)
			cr_assert_eq(simulation_finding(result, id)->verdict, VERDICT_FAIL, "%s",
				     id);
	}
}

Test(group_proof, conforming_endpoint_passes_every_cell_in_few_connections)
{
	struct simulation s = { .accepts = accepts_four };
	struct run_result result = simulation_judge(&s, NULL);
	cr_assert_eq(result.counts[VERDICT_FAIL], 0);
	cr_assert_eq(result.counts[VERDICT_INCONCLUSIVE], 0);
	cr_assert_gt(result.counts[VERDICT_PASS], 950, "%zu pass", result.counts[VERDICT_PASS]);
	cr_assert_leq(s.asked, 40, "%u connections", s.asked);
	cr_assert_eq(run_exit_status(&result), 0);
}

Test(group_proof, one_suite_too_many_is_named_and_nothing_else)
{
	struct simulation s = { .accepts = accepts_one_more };
	struct run_result result = simulation_judge(&s, NULL);
	assert_fails(&result, extra_suite, NULL);
	cr_assert_eq(result.counts[VERDICT_INCONCLUSIVE], 0);
	cr_assert_eq(simulation_finding(&result, extra_suite)->proof, PROOF_SINGLE);
	cr_assert_eq(run_exit_status(&result), 1);
}

Test(group_proof, a_missing_suite_is_named_and_nothing_else)
{
	struct simulation s = { .accepts = accepts_three };
	struct run_result result = simulation_judge(&s, NULL);
	assert_fails(&result, missing_suite, NULL);
	cr_assert_eq(result.counts[VERDICT_INCONCLUSIVE], 0);
}

Test(group_proof, an_old_version_fails_with_its_suite)
{
	struct simulation s = { .accepts = accepts_tls11 };
	struct run_result result = simulation_judge(&s, NULL);
	assert_fails(&result, "version/TLS1.1", "suite/TLS1.1/TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA");
}

Test(group_proof, agrees_with_single_probes_on_random_tables)
{
	for (uint64_t seed = 1; seed <= 6; seed++) {
		struct simulation group = { .accepts = accepts_random, .seed = seed };
		struct simulation single = group;
		group.prefers_reverse = seed % 2;
		struct prover_options exhaustive = { .exhaustive = true };
		struct run_result a = simulation_judge(&group, NULL);
		struct run_result b = simulation_judge(&single, &exhaustive);
		cr_assert_eq(a.findings_len, b.findings_len);
		for (size_t i = 0; i < a.findings_len; i++) {
			cr_assert_str_eq(a.findings[i].id, b.findings[i].id);
			cr_assert_eq(a.findings[i].verdict, b.findings[i].verdict, "%s: %s, %s",
				     a.findings[i].id, a.findings[i].reason, b.findings[i].reason);
		}
	}
}

Test(group_proof, hellos_that_are_too_long_are_split_to_the_truth)
{
	struct simulation s = { .accepts = accepts_one_more, .suites_max = 20 };
	struct run_result result = simulation_judge(&s, NULL);
	assert_fails(&result, extra_suite, NULL);
	cr_assert_eq(result.counts[VERDICT_INCONCLUSIVE], 0);
}

Test(group_proof, a_suite_that_spoils_its_neighbours_hides_nothing)
{
	struct simulation s = { .accepts = accepts_one_more, .prefers_and_aborts = true };
	struct run_result result = simulation_judge(&s, NULL);
	assert_fails(&result, extra_suite, NULL);
	cr_assert_eq(result.counts[VERDICT_INCONCLUSIVE], 0);
}

Test(group_proof, silent_closes_count_when_the_negative_control_looks_the_same)
{
	struct simulation s = { .accepts = accepts_four, .closes_silently = true };
	struct run_result result = simulation_judge(&s, NULL);
	cr_assert_eq(run_exit_status(&result), 0);
	cr_assert_gt(result.counts[VERDICT_PASS], 950, "%zu pass", result.counts[VERDICT_PASS]);
}

/* No cell that the endpoint would accept passes as rejected. */
static void assert_no_false_pass(const struct simulation *s, const struct run_result *result)
{
	for (size_t i = 0; i < result->findings_len; i++) {
		const struct finding *f = &result->findings[i];
		bool wrong = f->verdict == VERDICT_PASS && f->has_suite && f->version != SSLV2 &&
			     f->expected.kind == RULING_REJECT &&
			     s->accepts(s, f->version, f->suite);
		cr_assert_not(wrong, "%s passes; down from probe %u to probe %u", f->id,
			      s->dies_after, s->revives_after);
	}
}

/* An endpoint that accepts far too much goes down at every possible moment, for good or for a
 * while. */
static void goes_down_anywhere(struct simulation how, bool exhaustive, uint32_t outage)
{
	struct prover_options options = { .exhaustive = exhaustive, .audits = 4 };
	struct simulation alive = how;
	simulation_judge(&alive, &options);
	for (uint32_t n = 1; n < alive.asked; n += exhaustive ? 97 : 7) {
		struct simulation s = how;
		s.dies_after = n;
		s.revives_after = outage ? n + outage : 0;
		struct run_result result = simulation_judge(&s, &options);
		assert_no_false_pass(&s, &result);
	}
}

static void dies_anywhere(enum outcome death, bool exhaustive)
{
	struct simulation how = { .accepts = accepts_rsa, .death = death };
	goes_down_anywhere(how, exhaustive, 0);
}

Test(no_false_pass, endpoint_that_is_down_for_a_while)
{
	struct simulation how = { .accepts = accepts_rsa, .death = OUTCOME_CLOSE };
	goes_down_anywhere(how, false, 5);
	goes_down_anywhere(how, false, 40);
	goes_down_anywhere(how, true, 40);
}

Test(no_false_pass, outage_that_looks_like_every_rejection)
{
	struct simulation how = { .accepts = accepts_rsa,
				  .death = OUTCOME_CLOSE,
				  .closes_silently = true };
	goes_down_anywhere(how, false, 5);
	goes_down_anywhere(how, true, 200);
}

Test(no_false_pass, endpoint_that_comes_up_late)
{
	for (uint32_t n = 1; n < 60; n++) {
		struct simulation s = { .accepts = accepts_rsa,
					.closes_silently = true,
					.death = OUTCOME_CLOSE,
					.revives_after = n };
		struct run_result result = simulation_judge(&s, NULL);
		assert_no_false_pass(&s, &result);
	}
}

Test(no_false_pass, suite_that_makes_the_endpoint_close_hides_no_neighbour)
{
	struct simulation s = { .accepts = accepts_one_more,
				.poison = 0x0035,
				.poisoned = OUTCOME_CLOSE };
	struct run_result result = simulation_judge(&s, NULL);
	assert_fails(&result, extra_suite, NULL);
	cr_assert_eq(result.counts[VERDICT_INCONCLUSIVE], 0);
}

Test(audits, a_group_whose_member_is_accepted_singly_turns_to_single_probes)
{
	struct simulation s = { .accepts = accepts_rsa,
				.prefers_reverse = true,
				.poison = 0x0035,
				.poisoned = OUTCOME_ALERT };
	struct prover_options without = { .audits = 0 }, with = { .audits = 200 };
	size_t found = simulation_judge(&s, &without).counts[VERDICT_FAIL];
	struct run_result audited = simulation_judge(&s, &with);
	cr_assert_gt(audited.counts[VERDICT_FAIL], found + 20, "%zu, without audits %zu",
		     audited.counts[VERDICT_FAIL], found);
}

Test(controls, plaintext_is_no_control_for_what_tls_rejects)
{
	struct simulation s = { .accepts = accepts_none, .plaintext_accepted = true };
	struct run_result result = simulation_judge(&s, NULL);
	cr_assert_eq(simulation_finding(&result, extra_suite)->verdict, VERDICT_INCONCLUSIVE);
}

Test(no_false_pass, endpoint_that_closes_from_some_moment_on)
{
	dies_anywhere(OUTCOME_CLOSE, false);
}

Test(no_false_pass, endpoint_that_resets_from_some_moment_on)
{
	dies_anywhere(OUTCOME_RESET, false);
}

Test(no_false_pass, endpoint_that_closes_from_some_moment_on_in_an_exhaustive_run)
{
	dies_anywhere(OUTCOME_CLOSE, true);
}

Test(no_false_pass, conforming_endpoint_that_dies_is_never_a_success)
{
	struct simulation alive = { .accepts = accepts_four };
	simulation_judge(&alive, NULL);
	for (uint32_t n = 1; n < alive.asked; n++) {
		struct simulation s = { .accepts = accepts_four,
					.dies_after = n,
					.death = OUTCOME_CLOSE };
		struct run_result result = simulation_judge(&s, NULL);
		cr_assert_neq(run_exit_status(&result), 0, "died after %u of %u", n, alive.asked);
	}
}

Test(no_false_pass, endpoint_that_was_never_there)
{
	struct simulation s = { .accepts = accepts_four, .refuses_percent = 100 };
	struct run_result result = simulation_judge(&s, NULL);
	cr_assert_eq(result.counts[VERDICT_PASS], 0);
	cr_assert_eq(result.counts[VERDICT_FAIL], 0);
	cr_assert_eq(run_exit_status(&result), 3);
}

Test(no_false_pass, silent_endpoint_is_inconclusive_and_asked_little)
{
	struct simulation s = { .accepts = accepts_four, .silent = true };
	struct run_result result = simulation_judge(&s, NULL);
	cr_assert_eq(result.counts[VERDICT_PASS], 0);
	cr_assert_eq(run_exit_status(&result), 3);
	cr_assert_leq(s.asked, 80, "%u probes", s.asked);
}

Test(no_false_pass, lost_connections_leave_cells_inconclusive)
{
	struct simulation s = { .accepts = accepts_four, .refuses_percent = 5, .seed = 3 };
	struct run_result result = simulation_judge(&s, NULL);
	cr_assert_eq(result.counts[VERDICT_FAIL], 0);
	for (size_t i = 0; i < result.findings_len; i++)
		cr_assert_neq(result.findings[i].observed.outcome == OUTCOME_UNREACHABLE &&
				      result.findings[i].verdict == VERDICT_PASS,
			      true);
}

Test(exit_status, endpoint_that_accepts_nothing_fails_accept_cells_and_leaves_reject_cells_open)
{
	struct simulation s = { .accepts = accepts_none };
	struct run_result result = simulation_judge(&s, NULL);
	cr_assert_eq(simulation_finding(&result, missing_suite)->verdict, VERDICT_FAIL);
	cr_assert_eq(simulation_finding(&result, extra_suite)->verdict, VERDICT_INCONCLUSIVE);
	cr_assert_eq(run_exit_status(&result), 1);
}

Test(controls, where_only_plaintext_is_let_in_a_startup_is_the_control)
{
	struct simulation s = { .accepts = accepts_none,
				.plaintext_only = true,
				.plaintext_accepted = true };
	struct run_result result = simulation_judge(&s, NULL);
	cr_assert_eq(simulation_finding(&result, extra_suite)->verdict, VERDICT_PASS);
	cr_assert_eq(simulation_finding(&result, missing_suite)->verdict, VERDICT_FAIL);
	cr_assert_eq(simulation_finding(&result, "plaintext")->verdict, VERDICT_FAIL);
}

Test(repeat, two_backends_behind_one_address_are_inconsistent)
{
	struct simulation s = { .accepts = accepts_four, .backend = accepts_one_more, .seed = 5 };
	struct prover_options options = { .exhaustive = true, .repeat = 12 };
	struct run_result result = simulation_judge(&s, &options);
	const struct finding *finding = simulation_finding(&result, extra_suite);
	cr_assert_eq(finding->verdict, VERDICT_INCONCLUSIVE, "%s", finding->reason);
	cr_assert_gt(finding->remarks_len, 0);
}

Test(only, a_glob_asks_for_its_cells_and_for_controls)
{
	struct simulation s = { .accepts = accepts_one_more };
	struct prover_options options = { .only = "suite/TLS1.2/TLS_RSA_WITH_AES_*" };
	struct run_result result = simulation_judge(&s, &options);
	assert_fails(&result, extra_suite, NULL);
	cr_assert_null(simulation_finding(&result, "version/TLS1.2"));
	cr_assert_leq(s.asked, 12, "%u probes", s.asked);
}

Test(shard, shards_cover_every_id_once)
{
	size_t total = 0;
	for (unsigned i = 1; i <= 3; i++) {
		struct simulation s = { .accepts = accepts_four };
		struct prover_options options = { .shard = i, .shards = 3 };
		total += simulation_judge(&s, &options).findings_len;
	}
	struct simulation whole = { .accepts = accepts_four };
	cr_assert_eq(total, simulation_judge(&whole, NULL).findings_len);
}

static const char conditional_policy[] = "policy  conditional\n"
					 "title   \"Rows with a condition\"\n"
					 "source  \"a test\" 2026-01-01\n"
					 "over    tls\n"
					 "table   version cite \"versions\"\n"
					 "        TLS1.2  accept\n"
					 "        *       reject\n"
					 "table   suite cite \"suites\"\n"
					 "        TLS_ECDHE_RSA_* may\n"
					 "        TLS_ECDHE_ECDSA_* reject if certificate ecdsa\n"
					 "        TLS_ECDHE_ECDSA_* may\n"
					 "        * reject\n";

static bool accepts_ecdsa(const struct simulation *s, enum version version, uint32_t suite)
{
	return accepts_four(s, version, suite) || (version == TLS1_2 && suite == 0xC02B);
}

Test(conditions, what_the_accepted_cells_show_decides_conditional_rows)
{
	struct simulation with = { .accepts = accepts_ecdsa },
			  without = { .accepts = accepts_four };
	const char *id = "suite/TLS1.2/TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256";
	struct run_result shown = simulation_judge_under(&with, conditional_policy);
	cr_assert_eq(simulation_finding(&shown, id)->verdict, VERDICT_FAIL);
	struct run_result hidden = simulation_judge_under(&without, conditional_policy);
	cr_assert_eq(simulation_finding(&hidden, id)->verdict, VERDICT_PASS);
}

Test(depth, finished_finds_an_endpoint_that_hello_would_have_passed)
{
	struct simulation s = { .accepts = accepts_four, .breaks = true }, again = s;
	struct prover_options hello = { .depth = DEPTH_HELLO },
			      finished = { .depth = DEPTH_FINISHED };
	struct run_result shallow = simulation_judge(&s, &hello);
	cr_assert_eq(run_exit_status(&shallow), 0);
	struct run_result deep = simulation_judge(&again, &finished);
	cr_assert_eq(run_exit_status(&deep), 1);
	cr_assert_eq(simulation_finding(&deep, missing_suite)->verdict, VERDICT_FAIL);
}

Test(depth, suite_that_is_named_and_then_aborted_hides_no_neighbour)
{
	struct simulation s = { .accepts = accepts_rsa, .aborts_with = 0x0035 };
	struct prover_options finished = { .depth = DEPTH_FINISHED };
	struct run_result result = simulation_judge(&s, &finished);
	cr_assert_eq(simulation_finding(&result, extra_suite)->verdict, VERDICT_FAIL);
	cr_assert_eq(
		simulation_finding(&result, "suite/TLS1.2/TLS_RSA_WITH_AES_256_CBC_SHA")->verdict,
		VERDICT_PASS);
}

/* What this reference endpoint has is TLS 1.1 and nothing else. */
static bool supports_old(enum version version, uint16_t suite)
{
	(void)suite;
	return version == TLS1_1;
}

Test(decisions, what_the_reference_endpoint_cannot_do_is_not_applicable)
{
	struct simulation s = { .accepts = accepts_none };
	struct prover_options options = { .supports = supports_old };
	struct run_result result = simulation_judge(&s, &options);
	cr_assert_eq(result.counts[VERDICT_FAIL], 0);
	cr_assert_eq(result.counts[VERDICT_INCONCLUSIVE], 0);
	cr_assert_eq(simulation_finding(&result, missing_suite)->verdict, VERDICT_NOT_APPLICABLE);
}
