/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "case_world.h"
#include "registry/registry.h"

static void is(const struct finding *finding, enum verdict verdict, enum grade grade,
	       const char *says)
{
	const char *reason = finding->reason ? finding->reason : "";
	cr_assert_eq(finding->verdict, verdict, "%s: %s", verdict_name(finding->verdict), reason);
	cr_assert_eq(finding->grade, grade);
	cr_assert(strstr(reason, says), "%s", reason);
}

static void judges(const char *name, enum verdict verdict, enum grade grade, const char *says)
{
	struct finding finding = world_judge(world_case(name));
	is(&finding, verdict, grade, says);
}

Test(case_judge, the_alert_that_is_asked_for_passes_strictly)
{
	judges("good.one", VERDICT_PASS, GRADE_STRICT, "fatal alert decode_error");
}

Test(case_judge, a_tolerated_answer_passes_with_a_remark)
{
	struct finding finding = world_judge(world_case("close.one"));
	is(&finding, VERDICT_PASS, GRADE_TOLERATED, "tolerated");
	cr_assert_eq(finding.remarks_len, 1);
	cr_assert(strstr(finding.remarks[0], "RFC 5246 7.4.1.2"), "%s", finding.remarks[0]);
}

Test(case_judge, a_reset_is_a_close)
{
	judges("reset.one", VERDICT_PASS, GRADE_TOLERATED, "reset");
}

Test(case_judge, a_failure_names_what_was_sent_and_expected_and_the_rule)
{
	judges("hello.one", VERDICT_FAIL, GRADE_NONE,
	       "sent hello.one; expected fatal alert decode_error (RFC 5246 7.4.1.2), got "
	       "ServerHello TLS1.2 TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
}

Test(case_judge, another_alert_fails)
{
	judges("wrong.one", VERDICT_FAIL, GRADE_NONE, "handshake_failure");
}

Test(case_judge, a_warning_is_no_fatal_alert)
{
	judges("warning.one", VERDICT_FAIL, GRADE_NONE, "warning alert decode_error");
}

Test(case_judge, an_unreadable_alert_is_tolerated_where_one_is_named)
{
	judges("unreadable.one", VERDICT_PASS, GRADE_TOLERATED, "cannot be read");
}

Test(case_judge, an_unreadable_alert_is_strict_where_any_will_do)
{
	struct conformance_case *of = world_case("unreadable.two");
	of->expectations[0].alerts_len = 0;
	struct finding finding = world_judge(of);
	is(&finding, VERDICT_PASS, GRADE_STRICT, "");
}

Test(case_judge, silence_is_inconclusive_unless_it_is_expected)
{
	struct finding silent = world_judge(world_case("silent.one"));
	is(&silent, VERDICT_INCONCLUSIVE, GRADE_NONE, "silence");
	cr_assert_eq(silent.observed.waited_ms, 900);
	struct conformance_case *of = world_case("silent.two");
	world_expect(of, EXPECT_TIMEOUT, 0);
	struct finding finding = world_judge(of);
	is(&finding, VERDICT_PASS, GRADE_STRICT, "silence");
	cr_assert_eq(finding.observed.waited_ms, 300);
}

Test(case_judge, a_step_that_something_else_answered_is_not_applicable)
{
	judges("unmet.one", VERDICT_NOT_APPLICABLE, GRADE_NONE, "came to: a fatal alert");
}

Test(case_judge, a_step_that_met_silence_is_inconclusive)
{
	judges("waiting.one", VERDICT_INCONCLUSIVE, GRADE_NONE, "nothing");
}

Test(case_judge, the_strict_gate_fails_what_is_tolerated)
{
	struct conformance_case *of = world_case("close.gate");
	struct world world = { .accepts = VERSION_BIT(TLS1_2) };
	struct case_options options = world_options(&of, 1);
	options.strict_gate = true;
	struct run_result result = world_run(&world, &options);
	is(&result.findings[0], VERDICT_FAIL, GRADE_NONE, "expected fatal alert decode_error");
}

Test(case_judge, a_rule_below_the_level_only_remarks)
{
	struct conformance_case *of = world_case("hello.should");
	of->citations[0].level = LEVEL_SHOULD;
	struct finding finding = world_judge(of);
	is(&finding, VERDICT_REMARK, GRADE_NONE, "sent hello.should");
	struct world world = { .accepts = VERSION_BIT(TLS1_2) };
	struct case_options options = world_options(&of, 1);
	options.level = LEVEL_SHOULD;
	struct run_result result = world_run(&world, &options);
	is(&result.findings[0], VERDICT_FAIL, GRADE_NONE, "sent hello.should");
}

Test(case_judge, a_silence_that_is_only_tolerated_is_waited_for_longer)
{
	struct conformance_case *of = world_case("silent.tolerated");
	of->expectations[1].kind = EXPECT_TIMEOUT;
	struct finding finding = world_judge(of);
	is(&finding, VERDICT_PASS, GRADE_TOLERATED, "silence");
	cr_assert_eq(finding.observed.waited_ms, 900);
}

Test(case_judge, an_edition_that_is_not_selected_only_remarks)
{
	struct conformance_case *of = world_case("hello.edition");
	of->edition = "RFC 9846";
	struct finding finding = world_judge(of);
	is(&finding, VERDICT_REMARK, GRADE_NONE, "sent");
	struct world world = { .accepts = VERSION_BIT(TLS1_2) };
	struct case_options options = world_options(&of, 1);
	options.editions[options.editions_len++] = "RFC 9846";
	struct run_result result = world_run(&world, &options);
	is(&result.findings[0], VERDICT_FAIL, GRADE_NONE, "sent");
}

/* One case that expects a ServerHello with these facts. */
static struct finding judge_hello(struct conformance_case *of, struct case_answer *facts)
{
	struct world world = { .accepts = VERSION_BIT(TLS1_2), .facts = facts };
	struct case_options options = world_options(&of, 1);
	world_expect(of, EXPECT_SERVER_HELLO, 0);
	facts->server_hello = true;
	return world_run(&world, &options).findings[0];
}

Test(case_judge, a_rule_that_holds_without_a_word_fails_an_expected_hello)
{
	struct case_answer facts = { .broken = "a suite that was not offered (RFC 5246 7.4.1.3)" };
	struct finding finding = judge_hello(world_case("hello.broken"), &facts);
	is(&finding, VERDICT_FAIL, GRADE_NONE, "RFC 5246 7.4.1.3");
}

Test(case_judge, a_hello_of_another_version_is_not_the_one_expected)
{
	struct case_answer facts = { 0 };
	struct conformance_case *of = world_case("hello.version");
	of->expectations[0].version = TLS1_1;
	struct finding finding = judge_hello(of, &facts);
	is(&finding, VERDICT_FAIL, GRADE_NONE, "expected ServerHello TLS1.1");
}

static void fact_judges(struct fact fact, struct case_answer facts, enum verdict verdict,
			const char *says)
{
	struct conformance_case *of = world_case("hello.fact");
	of->facts = &fact;
	of->facts_len = 1;
	struct finding finding = judge_hello(of, &facts);
	is(&finding, verdict, verdict == VERDICT_PASS ? GRADE_STRICT : GRADE_NONE, says);
}

Test(case_judge, facts_hold_or_fail_by_name)
{
	static const uint8_t ems[] = { 0, 23, 0, 0 };
	struct case_answer facts = { .extensions = { ems, sizeof(ems) },
				     .session_id = { ems, 4 },
				     .record_version = 0x0303,
				     .largest_record = 600,
				     .downgrade = 1 };
	struct fact present = { .kind = FACT_EXTENSION, .present = true, .value = 23 };
	struct fact absent = { .kind = FACT_EXTENSION, .value = 23 };
	struct fact suite = { .kind = FACT_SUITE, .codes = { 0x002F }, .codes_len = 1 };
	fact_judges(present, facts, VERDICT_PASS, "");
	fact_judges(absent, facts, VERDICT_FAIL,
		    "assert extension extended_master_secret absent: saw it present");
	fact_judges(suite, facts, VERDICT_FAIL, "assert suite TLS_RSA_WITH_AES_128_CBC_SHA: saw");
	fact_judges((struct fact){ .kind = FACT_SESSION_ID_EMPTY }, facts, VERDICT_FAIL, "4 bytes");
	fact_judges((struct fact){ .kind = FACT_SESSION_ID_FRESH }, facts, VERDICT_PASS, "");
	facts.sent_session_id = facts.session_id;
	fact_judges((struct fact){ .kind = FACT_SESSION_ID_FRESH }, facts, VERDICT_FAIL, "sent");
	absent.in_server_hello = true;
	fact_judges(absent, facts, VERDICT_PASS, "");
	present.in_server_hello = true;
	fact_judges(present, facts, VERDICT_FAIL, "present in server_hello: saw it absent");
	fact_judges((struct fact){ .kind = FACT_RECORD_VERSION, .value = 0x0301 }, facts,
		    VERDICT_FAIL, "0x0303");
	fact_judges((struct fact){ .kind = FACT_FRAGMENTS, .value = 512 }, facts, VERDICT_FAIL,
		    "600");
	fact_judges((struct fact){ .kind = FACT_DOWNGRADE, .value = 0 }, facts, VERDICT_FAIL,
		    "TLS1.1");
	fact_judges((struct fact){ .kind = FACT_CLOSED }, facts, VERDICT_FAIL, "stands");
	fact_judges((struct fact){ .kind = FACT_ALERTS, .value = 1 }, facts, VERDICT_FAIL, "saw 0");
	fact_judges((struct fact){ .kind = FACT_COMPRESSION, .value = 0 }, facts, VERDICT_PASS, "");
	facts.session_id = facts.sent_session_id = span_of(NULL, 0);
	fact_judges((struct fact){ .kind = FACT_SESSION_ID_FRESH }, facts, VERDICT_PASS, "");
}

Test(case_judge, facts_that_cannot_be_seen_are_inconclusive)
{
	struct fact group = { .kind = FACT_GROUP, .codes = { 29 }, .codes_len = 1 };
	struct fact request = { .kind = FACT_CERTIFICATE_REQUEST };
	fact_judges(group, (struct case_answer){ 0 }, VERDICT_INCONCLUSIVE, "cannot be seen");
	fact_judges(request, (struct case_answer){ 0 }, VERDICT_INCONCLUSIVE, "cannot be seen");
	fact_judges(request, (struct case_answer){ .flight_complete = true }, VERDICT_PASS, "");
}

Test(case_judge, what_is_demanded_is_told_in_words)
{
	struct finding finding = world_judge(world_case("good.words"));
	cr_assert_str_eq(finding.demanded, "fatal alert decode_error; tolerated: close");
	cr_assert_str_eq(finding.id, "case/good.words/TLS1.2");
	cr_assert_str_eq(finding.control, "control@TLS1.2");
	cr_assert_eq(finding.kind, FINDING_CASE);
}
