/* SPDX-License-Identifier: Apache-2.0 */
#include "sample.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>

static json_t *parse(struct sample *sample)
{
	json_error_t error;
	const char *text = sample_write(sample, &report_json);
	json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &error);
	cr_assert_not_null(root, "line %d: %s", error.line, error.text);
	return root;
}

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));
	return text ? text : "(absent)";
}

static const json_t *finding_at(const json_t *root, size_t i)
{
	return json_array_get(json_object_get(root, "findings"), i);
}

Test(json, contract_of_a_rejected_suite_is_kept)
{
	struct sample sample;
	sample_init(&sample);
	struct finding *made =
		sample_add(&sample, "TLS_RSA_WITH_AES_128_CBC_SHA", 0x2F, VERDICT_PASS);
	made->proof = PROOF_GROUP;
	made->group_len = 64;
	made->control = "control@TLS1.2 TLS_X";
	json_t *root = parse(&sample);
	const json_t *finding = finding_at(root, 0);
	const json_t *expected = json_object_get(finding, "expected");
	const json_t *observed = json_object_get(finding, "observed");
	cr_assert_str_eq(text_of(root, "schema"), "tlsgauge.report/1");
	cr_assert_str_eq(text_of(finding, "id"), "suite/TLS1.2/TLS_RSA_WITH_AES_128_CBC_SHA");
	cr_assert_str_eq(text_of(finding, "kind"), "suite");
	cr_assert_str_eq(text_of(finding, "version"), "TLS1.2");
	cr_assert_str_eq(text_of(finding, "suite"), "TLS_RSA_WITH_AES_128_CBC_SHA");
	cr_assert_str_eq(text_of(finding, "suite_code"), "0x002F");
	cr_assert_str_eq(text_of(finding, "verdict"), "pass");
	cr_assert_str_eq(text_of(finding, "control"), "control@TLS1.2 TLS_X");
	cr_assert_str_eq(text_of(expected, "outcome"), "reject");
	cr_assert_str_eq(text_of(expected, "ruling"), "reject");
	cr_assert(json_is_false(json_object_get(expected, "inferred")));
	cr_assert_str_eq(text_of(expected, "cite"), "Cipher suite supported");
	cr_assert_str_eq(text_of(observed, "outcome"), "alert");
	cr_assert_str_eq(text_of(observed, "alert"), "handshake_failure");
	cr_assert_str_eq(text_of(observed, "level"), "fatal");
	cr_assert_str_eq(text_of(observed, "proof"), "group");
	cr_assert_eq(json_integer_value(json_object_get(observed, "group_size")), 64);
	cr_assert_str_eq(text_of(observed, "depth"), "hello");
	cr_assert_str_eq(text_of(observed, "layer"), "tls");
	cr_assert_float_eq(json_real_value(json_object_get(observed, "elapsed_ms")), 0.8, 1e-9);
	json_decref(root);
	sample_release(&sample);
}

Test(json, run_names_target_policy_settings_and_effort)
{
	struct sample sample;
	sample_init(&sample);
	json_t *root = parse(&sample);
	const json_t *run = json_object_get(root, "run");
	cr_assert_str_eq(text_of(run, "target"), "postgresql://127.0.0.1:5432");
	cr_assert_str_eq(text_of(run, "policy"), "sample-policy");
	cr_assert_str_eq(text_of(json_object_get(run, "settings"), "minimum_tls_version"),
			 "TLS1_2");
	cr_assert_eq(json_integer_value(json_object_get(run, "connections")), 61);
	cr_assert_eq(json_integer_value(json_object_get(run, "duration_ms")), 412);
	cr_assert_str_eq(text_of(run, "started"), "2026-11-23T10:00:00Z");
	json_decref(root);
	sample_release(&sample);
}

Test(json, every_verdict_is_counted_and_named)
{
	struct sample sample;
	sample_init(&sample);
	for (size_t i = 0; i < VERDICTS_LEN; i++)
		sample_add(&sample, "TLS_NULL_WITH_NULL_NULL", 0, (enum verdict)i);
	json_t *root = parse(&sample);
	const json_t *summary = json_object_get(root, "summary");
	cr_assert_eq(json_object_size(summary), VERDICTS_LEN + 2);
	for (size_t i = 0; i < VERDICTS_LEN; i++) {
		const char *name = verdict_name((enum verdict)i);
		cr_assert_eq(json_integer_value(json_object_get(summary, name)), 1, "%s", name);
		cr_assert_str_eq(text_of(finding_at(root, i), "verdict"), name);
	}
	json_decref(root);
	sample_release(&sample);
}

Test(json, every_outcome_is_written)
{
	struct sample sample;
	sample_init(&sample);
	for (int i = OUTCOME_SERVER_HELLO; i <= OUTCOME_UNREACHABLE; i++) {
		struct finding *made = sample_add(&sample, "TLS_X", 1, VERDICT_INCONCLUSIVE);
		made->observed.outcome = (enum outcome)i;
		made->observed.version = TLS1_2;
		made->observed.suite = 0xC02F;
	}
	json_t *root = parse(&sample);
	for (int i = OUTCOME_SERVER_HELLO; i <= OUTCOME_UNREACHABLE; i++) {
		const json_t *finding = finding_at(root, (size_t)(i - OUTCOME_SERVER_HELLO));
		const json_t *observed = json_object_get(finding, "observed");
		cr_assert_str_eq(text_of(observed, "outcome"), outcome_name((enum outcome)i));
		bool hello = i == OUTCOME_SERVER_HELLO || i == OUTCOME_HELLO_RETRY_REQUEST;
		cr_assert_eq(json_object_get(observed, "suite") != NULL, hello);
		cr_assert_eq(json_object_get(observed, "alert") != NULL, i == OUTCOME_ALERT);
	}
	json_decref(root);
	sample_release(&sample);
}

Test(json, hostile_message_stays_valid_utf8)
{
	struct sample sample;
	struct refusal refusal = {
		.sqlstate = "28000",
		.message = "\"\\\n\x1b[2J \xff\xc0\xaf \xed\xa0\x80 \xf4\x90\x80\x80"
			   " \xe2\x82\xac \xe2\x82"
	};
	sample_init(&sample);
	struct finding *made = sample_add(&sample, "TLS_X", 1, VERDICT_PASS);
	made->observed.outcome = OUTCOME_REFUSED;
	made->observed.refusal = &refusal;
	json_t *root = parse(&sample);
	const json_t *observed = json_object_get(finding_at(root, 0), "observed");
	cr_assert_str_eq(text_of(observed, "sqlstate"), "28000");
	/* One replacement a byte; the euro sign, which is valid, stays. */
#define BAD "\xEF\xBF\xBD"
	cr_assert_str_eq(text_of(observed, "message"),
			 "\"\\\n\x1b[2J " BAD BAD BAD " " BAD BAD BAD " " BAD BAD BAD BAD
			 " \xe2\x82\xac " BAD BAD);
	cr_assert_null(strchr(text_view(&sample.text), 0x1b));
	json_decref(root);
	sample_release(&sample);
}

Test(json, sslv2_kinds_have_six_digits_and_their_own_name)
{
	struct sample sample;
	sample_init(&sample);
	struct finding *made = sample_add(&sample, "X", 0, VERDICT_PASS);
	made->version = SSLV2;
	made->suite = 0x010080;
	snprintf(made->id, FINDING_ID_MAX, "suite/SSLv2/SSL_CK_RC4_128_WITH_MD5");
	json_t *root = parse(&sample);
	cr_assert_str_eq(text_of(finding_at(root, 0), "suite_code"), "0x010080");
	cr_assert_str_eq(text_of(finding_at(root, 0), "suite"), "SSL_CK_RC4_128_WITH_MD5");
	json_decref(root);
	sample_release(&sample);
}

Test(json, conflict_names_both_rows_and_any_outcome)
{
	struct sample sample;
	sample_init(&sample);
	sample_add_version(&sample, TLS1_0, VERDICT_UNJUDGED);
	json_t *root = parse(&sample);
	const json_t *expected = json_object_get(finding_at(root, 0), "expected");
	const json_t *against = json_object_get(expected, "against");
	cr_assert_str_eq(text_of(expected, "ruling"), "conflict");
	cr_assert_str_eq(text_of(expected, "outcome"), "any");
	cr_assert_str_eq(text_of(expected, "cite"), "TLS settings");
	cr_assert_str_eq(text_of(against, "cite"), "Cipher suite supported");
	cr_assert_eq(json_integer_value(json_object_get(json_object_get(against, "row"), "line")),
		     41);
	json_decref(root);
	sample_release(&sample);
}

Test(json, several_runs_add_up_and_findings_say_which)
{
	struct sample a, b;
	sample_init(&a);
	sample_init(&b);
	sample_add(&a, "TLS_A", 1, VERDICT_PASS);
	sample_add(&b, "TLS_A", 1, VERDICT_FAIL);
	struct report_run runs[] = { a.run, b.run };
	a.report = (struct report){ .runs = runs, .runs_len = 2 };
	json_t *root = parse(&a);
	const json_t *second = json_array_get(json_object_get(root, "runs"), 1);
	const json_t *summary = json_object_get(root, "summary");
	cr_assert_eq(json_integer_value(json_object_get(summary, "pass")), 1);
	cr_assert_eq(json_integer_value(json_object_get(summary, "fail")), 1);
	cr_assert_eq(
		json_integer_value(json_object_get(json_object_get(second, "summary"), "fail")), 1);
	cr_assert_eq(json_integer_value(json_object_get(finding_at(root, 0), "run")), 0);
	cr_assert_eq(json_integer_value(json_object_get(finding_at(root, 1), "run")), 1);
	json_decref(root);
	sample_release(&a);
}

Test(json, evidence_is_found_by_probe_and_written_as_hex)
{
	struct sample sample;
	const struct report_evidence evidence[] = {
		{ .probe = 3, .sent = { (const uint8_t *)"\x01", 1 } },
		{ .probe = 7,
		  .started_us = 1500,
		  .ended_us = 2500,
		  .sent = { (const uint8_t *)"\x16\x03", 2 },
		  .received = { (const uint8_t *)"\x15", 1 } },
	};
	sample_init(&sample);
	sample_add(&sample, "TLS_X", 1, VERDICT_PASS);
	sample_add(&sample, "TLS_Y", 2, VERDICT_PASS)->observed.probe = 5;
	sample.run.evidence = evidence;
	sample.run.evidence_len = 2;
	json_t *root = parse(&sample);
	const json_t *finding = finding_at(root, 0);
	cr_assert_str_eq(text_of(finding, "sent"), "1603");
	cr_assert_str_eq(text_of(finding, "received"), "15");
	cr_assert_float_eq(json_real_value(json_object_get(finding, "sent_ms")), 1.5, 1e-9);
	cr_assert_float_eq(json_real_value(json_object_get(finding, "received_ms")), 2.5, 1e-9);
	cr_assert_null(json_object_get(finding_at(root, 1), "sent"));
	json_decref(root);
	sample_release(&sample);
}

Test(json, each_finding_is_one_line)
{
	struct sample sample;
	size_t lines = 0;
	sample_init(&sample);
	for (int i = 0; i < 5; i++)
		sample_add(&sample, "TLS_X", 1, VERDICT_PASS);
	for (const char *at = sample_write(&sample, &report_json); (at = strchr(at, '\n')); at++)
		lines += strncmp(at, "\n  {\"id\": ", 10) == 0;
	cr_assert_eq(lines, 5);
	sample_release(&sample);
}

Test(json, a_case_says_what_its_rule_asks_for)
{
	struct sample sample;
	sample_init(&sample);
	sample_add_case(&sample, VERDICT_PASS, GRADE_TOLERATED);
	sample_add_case(&sample, VERDICT_PASS, GRADE_STRICT);
	sample_add_case(&sample, VERDICT_FAIL, GRADE_NONE);
	json_t *root = parse(&sample);
	const json_t *finding = finding_at(root, 0);
	const json_t *expected = json_object_get(finding, "expected");
	cr_assert_str_eq(text_of(finding, "kind"), "case");
	cr_assert_str_eq(text_of(finding, "grade"), "tolerated");
	cr_assert_str_eq(text_of(finding, "theme"), "hello");
	cr_assert_str_eq(text_of(finding, "cve"), "CVE-2014-0160");
	cr_assert_str_eq(text_of(expected, "outcome"), "alert");
	cr_assert_str_eq(text_of(expected, "alert"), "decode_error");
	cr_assert_str_eq(text_of(expected, "cite"), "RFC 5246 7.4.1.2");
	cr_assert_str_eq(text_of(expected, "level"), "MUST");
	cr_assert_str_eq(text_of(expected, "text"), "fatal alert decode_error; tolerated: close");
	const json_t *tolerated = json_object_get(expected, "tolerated");
	cr_assert_eq(json_array_size(tolerated), 1);
	cr_assert_str_eq(json_string_value(json_array_get(tolerated, 0)), "close");
	cr_assert_null(json_object_get(finding_at(root, 2), "grade"));
	const json_t *summary = json_object_get(root, "summary");
	cr_assert_eq(json_integer_value(json_object_get(summary, "pass")), 2);
	cr_assert_eq(json_integer_value(json_object_get(summary, "strict")), 1);
	cr_assert_eq(json_integer_value(json_object_get(summary, "tolerated")), 1);
	json_decref(root);
	sample_release(&sample);
}

Test(json, a_run_of_cases_only_names_no_policy)
{
	struct sample sample;
	sample_init(&sample);
	sample_without_policy(&sample);
	sample_add_case(&sample, VERDICT_PASS, GRADE_STRICT);
	json_t *root = parse(&sample);
	const json_t *run = json_object_get(root, "run");
	cr_assert_null(json_object_get(run, "policy"));
	cr_assert_null(json_object_get(run, "settings"));
	cr_assert_str_eq(text_of(run, "target"), "postgresql://127.0.0.1:5432");
	json_decref(root);
	sample_release(&sample);
}
