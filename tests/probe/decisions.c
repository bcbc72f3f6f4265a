/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <string.h>

#include "simulation.h"

/*
 * "How rulings meet", where an endpoint and not a document is spoken of, and the decisions that
 * concern verdicts.
 */

#define RSA_GCM "suite/TLS1.2/TLS_RSA_WITH_AES_128_GCM_SHA256"

static const struct finding *find(const struct run_result *result, const char *id)
{
	const struct finding *finding = simulation_finding(result, id);
	cr_assert_not_null(finding, "%s is not reported", id);
	return finding;
}

static bool remarks(const struct finding *finding, const char *words)
{
	for (size_t i = 0; i < finding->remarks_len; i++)
		if (strstr(finding->remarks[i], words))
			return true;
	return false;
}

static bool accepts_five(const struct simulation *simulation, enum version version, uint32_t suite)
{
	return accepts_four(simulation, version, suite) || (version == TLS1_2 && suite == 0x009C);
}

static bool accepts_one(const struct simulation *simulation, enum version version, uint32_t suite)
{
	(void)simulation;
	return version == TLS1_2 && suite == 0x009C;
}

static bool accepts_nothing(const struct simulation *simulation, enum version version,
			    uint32_t suite)
{
	(void)simulation, (void)version, (void)suite;
	return false;
}

Test(rule_1, another_version_in_the_answer_is_credited_to_its_cell_and_noted)
{
	struct simulation s = { .accepts = accepts_four, .answers_with = TLS1_1 };
	struct run_result result = simulation_judge(&s, NULL);
	const struct finding *asked =
		find(&result, "suite/TLS1.2/TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384");
	cr_assert_eq(asked->verdict, VERDICT_FAIL, "%s", asked->reason);
	cr_assert(remarks(asked, "other_version: answered TLS1.1"));
	cr_assert_not(remarks(asked, "protocol violation"), "a lower version may be answered");
	const struct finding *answered =
		find(&result, "suite/TLS1.1/TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
	cr_assert_eq(answered->verdict, VERDICT_FAIL, "%s", answered->reason);
	cr_assert_eq(find(&result, "version/TLS1.1")->verdict, VERDICT_FAIL);
}

Test(rule_1, tls12_answer_to_a_tls13_only_hello_is_a_protocol_violation)
{
	struct simulation s = { .accepts = accepts_four, .answers_with = TLS1_2 };
	struct run_result result = simulation_judge(&s, NULL);
	const struct finding *only = find(&result, "suite/TLS1.3/TLS_AES_128_GCM_SHA256");
	cr_assert(remarks(only, "protocol violation"));
	cr_assert(remarks(find(&result, "suite/TLS1.0/TLS_RSA_WITH_AES_128_CBC_SHA"),
			  "protocol violation"),
		  "a version above the one offered");
}

Test(rule_1, suite_that_was_not_offered_settles_no_cell_of_those_that_were)
{
	struct simulation s = { .accepts = accepts_four, .answers_with = TLS1_2 };
	struct run_result result = simulation_judge(&s, NULL);
	cr_assert_eq(find(&result, RSA_GCM)->verdict, VERDICT_INCONCLUSIVE);
	/* One that must be accepted was not, twice. */
	cr_assert_eq(find(&result, "suite/TLS1.2/TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384")->verdict,
		     VERDICT_FAIL);
}

Test(decision_exit, answers_that_break_a_rule_fail_what_must_be_accepted)
{
	struct simulation s = { .accepts = accepts_four, .garbles = true };
	struct run_result result = simulation_judge(&s, NULL);
	const struct finding *wanted =
		find(&result, "suite/TLS1.2/TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384");
	cr_assert_eq(wanted->verdict, VERDICT_FAIL, "%s", wanted->reason);
	cr_assert(strstr(wanted->reason, "breaks a rule"), "%s", wanted->reason);
	cr_assert_eq(find(&result, "version/TLS1.2")->verdict, VERDICT_FAIL);
	cr_assert_eq(find(&result, RSA_GCM)->verdict, VERDICT_INCONCLUSIVE);
	cr_assert_eq(run_exit_status(&result), 1);
}

Test(decision_exit, answers_that_end_in_the_middle_fail_nothing)
{
	struct simulation s = { .accepts = accepts_four, .garbles = true, .cuts_off = true };
	struct run_result result = simulation_judge(&s, NULL);
	cr_assert_eq(result.counts[VERDICT_FAIL], 0);
	cr_assert_eq(run_exit_status(&result), 3);
}

Test(rule_2, version_is_rejected_only_when_each_of_its_groups_is)
{
	struct simulation five = { .accepts = accepts_five },
			  nothing = { .accepts = accepts_nothing };
	struct run_result result = simulation_judge(&five, NULL);
	cr_assert_eq(find(&result, "version/TLS1.2")->verdict, VERDICT_PASS);
	cr_assert_eq(find(&result, "version/TLS1.1")->verdict, VERDICT_PASS);
	result = simulation_judge(&nothing, NULL);
	cr_assert_eq(find(&result, "version/TLS1.2")->verdict, VERDICT_FAIL);
}

Test(rule_5, sslv2_kind_is_accepted_only_when_the_server_hello_lists_it)
{
	static const uint8_t rc4[] = { 0x01, 0x00, 0x80 };
	struct simulation s = { .accepts = accepts_four,
				.sslv2_kinds = { .at = rc4, .len = sizeof(rc4) } };
	struct run_result result = simulation_judge(&s, NULL);
	cr_assert_eq(find(&result, "suite/SSLv2/SSL_CK_RC4_128_WITH_MD5")->verdict, VERDICT_FAIL);
	const struct finding *other = find(&result, "suite/SSLv2/SSL_CK_DES_64_CBC_WITH_MD5");
	cr_assert_eq(other->verdict, VERDICT_PASS, "%s", other->reason);
	cr_assert_not(remarks(other, "other_version"), "SSLv2 selects nothing");
	cr_assert_eq(find(&result, "version/SSLv2")->verdict, VERDICT_FAIL);
}

Test(rule_6, signals_and_grease_are_never_cells_of_a_report)
{
	struct simulation s = { .accepts = accepts_four };
	struct run_result result = simulation_judge(&s, NULL);
	for (size_t i = 0; i < result.findings_len; i++) {
		const struct finding *finding = &result.findings[i];
		bool grease = finding->version != SSLV2 && (finding->suite & 0x0F0F) == 0x0A0A &&
			      finding->suite >> 8 == (finding->suite & 0xFF);
		cr_assert(!finding->has_suite || finding->version == SSLV2 ||
				  (finding->suite != 0x00FF && finding->suite != 0x5600 && !grease),
			  "%s", finding->id);
	}
}

Test(section_10, unregistered_suite_is_written_as_its_number)
{
	struct simulation s = { .accepts = accepts_four };
	struct run_result result = simulation_judge(&s, NULL);
	cr_assert_eq(find(&result, "suite/TLS1.2/0xFF85")->verdict, VERDICT_PASS);
}

Test(section_10, cells_without_a_successful_control_are_inconclusive_and_accept_cells_fail)
{
	struct simulation s = { .accepts = accepts_nothing };
	struct run_result result = simulation_judge(&s, NULL);
	cr_assert_eq(find(&result, RSA_GCM)->verdict, VERDICT_INCONCLUSIVE);
	cr_assert_eq(find(&result, "suite/TLS1.2/TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256")->verdict,
		     VERDICT_FAIL);
}

Test(section_10, mismatch_of_an_inferred_cell_is_a_pass_with_a_remark)
{
	struct simulation s = { .accepts = accepts_five };
	struct run_result result = simulation_judge_under(
		&s, "policy inferred\nover postgresql\ntable suite\n"
		    "\tTLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 accept\n\t* reject?\n");
	const struct finding *finding = find(&result, RSA_GCM);
	cr_assert_eq(finding->verdict, VERDICT_PASS, "%s", finding->reason);
	cr_assert(remarks(finding, "differs from what the document implies"));
}

Test(section_10, mismatch_of_a_should_cell_is_a_pass_with_a_remark)
{
	struct simulation s = { .accepts = accepts_five };
	struct run_result result = simulation_judge_under(
		&s, "policy advice\nover postgresql\ntable suite\n"
		    "\tTLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 accept\n\t* should-not\n");
	const struct finding *finding = find(&result, RSA_GCM);
	cr_assert_eq(finding->verdict, VERDICT_PASS, "%s", finding->reason);
	cr_assert(remarks(finding, "differs from what the document advises"));
}

Test(section_10, conflicts_and_silent_cells_are_unjudged)
{
	struct simulation s = { .accepts = accepts_four };
	struct run_result result = simulation_judge_under(
		&s, "policy conflict\nover postgresql\ntable version\n\tTLS1.1 accept\n"
		    "\tTLS1.2 accept\ntable suite\n\t* at TLS1.1 reject\n");
	cr_assert_eq(find(&result, "version/TLS1.1")->verdict, VERDICT_UNJUDGED);
	cr_assert_eq(find(&result, "version/TLS1.1")->expected.kind, RULING_CONFLICT);
	cr_assert_eq(find(&result, RSA_GCM)->verdict, VERDICT_UNJUDGED);
}

Test(section_10, names_and_roots_are_judged_only_when_one_was_given)
{
	struct simulation s = { .accepts = accepts_four };
	struct run_result result = simulation_judge_under(
		&s, "policy roots\nover postgresql\ntable certificate\n\thost_name accept\n"
		    "\troot \"Some Root\" accept\n");
	const struct finding *name = find(&result, "certificate/hostname");
	cr_assert_eq(name->verdict, VERDICT_UNJUDGED);
	cr_assert(strstr(name->reason, "no name was given"), "%s", name->reason);
	const struct finding *root = find(&result, "certificate/root");
	cr_assert_eq(root->verdict, VERDICT_UNJUDGED);
	cr_assert(strstr(root->reason, "--ca"), "%s", root->reason);
}

/* Section 5: answers that differ are inconsistent, with the split. */
Test(section_5, repetitions_that_differ_are_inconsistent_with_the_split)
{
	for (uint64_t seed = 1; seed <= 40; seed++) {
		struct simulation s = { .accepts = accepts_four,
					.backend = accepts_five,
					.seed = seed };
		struct prover_options options = { .exhaustive = seed % 2 == 0,
						  .repeat = 12,
						  .audits = 4 };
		struct run_result result = simulation_judge(&s, &options);
		const struct finding *finding = find(&result, RSA_GCM);
		cr_assert_eq(finding->verdict, VERDICT_INCONCLUSIVE, "seed %u: %s", (unsigned)seed,
			     finding->reason);
		cr_assert(remarks(finding, " of 12 answers: "), "seed %u: %s", (unsigned)seed,
			  finding->remarks_len ? finding->remarks[0] : "no remark");
	}
}

Test(rule_2, rejected_version_shows_the_answer_that_came_furthest)
{
	struct simulation s = { .accepts = accepts_one, .aborts_with = 0x009C };
	struct prover_options options = { .depth = DEPTH_FINISHED, .audits = 4 };
	struct run_result result = simulation_judge(&s, &options);
	cr_assert(find(&result, "version/TLS1.2")->observed.after_server_hello);
}
