/* SPDX-License-Identifier: Apache-2.0 */
#include "sample.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#define HOSTILE                                                                                    \
	"</script></style><img src=x onerror=alert(1)>\" ' & \x1b[31m\xC3\xA4\xE2\x80\xAE\xFF\n"
#define ESCAPED                                                                                    \
	"&lt;/script&gt;&lt;/style&gt;&lt;img src=x onerror=alert(1)&gt;&quot; &#39; &amp; "       \
	"\\x1b[31m\xC3\xA4\\xe2\\x80\\xae\\xff\\x0a"

static void expect_has(const char *page, const char *piece)
{
	cr_expect(strstr(page, piece), "'%s' is missing", piece);
}

static size_t count(const char *page, const char *piece)
{
	size_t found = 0;
	for (const char *at = page; (at = strstr(at, piece)); at += strlen(piece))
		found++;
	return found;
}

Test(html, a_finding_says_everything)
{
	struct sample sample;
	sample_init(&sample);
	struct finding *finding = sample_add(&sample, "TLS_A", 0x2F, VERDICT_FAIL);
	finding->proof = PROOF_GROUP;
	finding->group_len = 64;
	finding->control = "control@TLS1.2 TLS_X";
	finding->remarks[finding->remarks_len++] = "new since the baseline";
	const char *page = sample_write(&sample, &report_html);
	expect_has(page, "<b class=\"v fail\">fail</b> 1 cell does not conform");
	expect_has(page, "(exit status 1)");
	expect_has(page, "<details class=\"f fail\" id=\"r1f1\" data-kind=\"suite\" open>");
	expect_has(page, "<code>suite/TLS1.2/TLS_A</code> because the sample says so</summary>");
	expect_has(page, "<dt>Expected</dt><dd>reject <a "
			 "href=\"#r1p1\">policies/sample.policy:41</a>: <code>* reject</code>, "
			 "\xE2\x80\x9C"
			 "Cipher suite supported\xE2\x80\x9D</dd>");
	expect_has(page, "<dt>Observed</dt><dd>fatal alert handshake_failure, proven in a group of "
			 "64; 1 attempt, 0.8 ms</dd>");
	expect_has(page, "<dt>Control</dt><dd>control@TLS1.2 TLS_X</dd>");
	expect_has(page, "<dt>Hello</dt><dd>no-sni,groups,sigalgs</dd>");
	expect_has(page, "<dt>Remark</dt><dd>new since the baseline</dd>");
	expect_has(page, "<tr id=\"r1p1\"><th scope=\"row\"><code>* reject</code>");
	expect_has(page, "<a class=\"fail\" href=\"#r1f1\">fail suite/TLS1.2/TLS_A</a>");
	sample_release(&sample);
}

Test(html, a_run_says_what_was_asked_of_whom)
{
	struct sample sample;
	const char *notes[] = { "an address refused" };
	sample_init(&sample);
	sample.result.notes = notes;
	sample.result.notes_len = 1;
	const char *page = sample_write(&sample, &report_html);
	expect_has(page, "<dt>Target</dt><dd>postgresql://127.0.0.1:5432</dd>");
	expect_has(page, "<dt>Policy</dt><dd>sample-policy</dd>");
	expect_has(page, "The sample&#39;s document\xE2\x80\x9D of 2022-06-24</dd>");
	expect_has(page, "<code>minimum_tls_version=TLS1_2</code> </dd>");
	expect_has(page, "<dt>Contradictions</dt><dd>reported, not judged</dd>");
	expect_has(page, "<dt>Started</dt><dd>2026-11-23T10:00:00Z</dd>");
	expect_has(page, "61 connections, 0 retries, 412 ms, seed 1");
	expect_has(page, "<b>Note:</b> an address refused");
	expect_has(page, "Nothing was asked.");
	sample.result.settings.strict = true;
	expect_has(sample_write(&sample, &report_html), "reject beats accept (strict)");
	sample_release(&sample);
}

/* The row of a suite has a cell a version; what is accepted or deviates stands before the rest. */
Test(html, the_matrix_folds_what_is_usual)
{
	struct sample sample;
	sample_init(&sample);
	sample_add_version(&sample, TLS1_2, VERDICT_UNJUDGED);
	sample_add(&sample, "TLS_USUAL", 0x01, VERDICT_PASS);
	sample_add(&sample, "TLS_BAD", 0x02, VERDICT_FAIL);
	struct finding *old = sample_add(&sample, "TLS_BAD", 0x02, VERDICT_PASS);
	old->version = TLS1_0;
	const char *page = sample_write(&sample, &report_html);
	const char *bad = strstr(page, "<tr><th scope=\"row\">TLS_<wbr>BAD</th><td></td><td></td>"
				       "<td class=\"pass\"><a href=\"#r1f4\"><b>pass</b> reject");
	const char *fold = strstr(page, "<summary>1 more suite is accepted nowhere and does not "
					"deviate</summary>");
	const char *usual = strstr(page, "<tr><th scope=\"row\">TLS_<wbr>USUAL</th>");
	cr_assert(bad && fold && usual);
	cr_expect(bad < fold && fold < usual);
	expect_has(bad,
		   "<td class=\"fail\"><a href=\"#r1f3\"><b>fail</b> reject \xE2\x86\x92 alert "
		   "handshake_failure</a></td>");
	expect_has(page, "<td class=\"unjudged\"><a href=\"#r1f1\"><b>unjudged</b> conflict "
			 "\xE2\x86\x92 accepted</a></td>");
	expect_has(page, "<td>0 of 2</td>");
	cr_expect_eq(count(page, "TLS_<wbr>"), 2);
	sample_release(&sample);
}

Test(html, a_contradiction_shows_both_rows)
{
	struct sample sample;
	sample_init(&sample);
	sample_add_version(&sample, TLS1_1, VERDICT_UNJUDGED);
	const char *page = sample_write(&sample, &report_html);
	expect_has(page,
		   "<dd>conflict <a href=\"#r1p1\">policies/sample.policy:14</a>: <code>TLS1_0 ");
	expect_has(page, "<dt>Against it</dt><dd>reject <a "
			 "href=\"#r1p2\">policies/sample.policy:41</a>");
	sample_release(&sample);
}

Test(html, a_case_says_its_rule_and_its_bug)
{
	struct sample sample;
	sample_init(&sample);
	sample_without_policy(&sample);
	sample_add_case(&sample, VERDICT_FAIL, GRADE_NONE);
	sample_add_case(&sample, VERDICT_PASS, GRADE_TOLERATED);
	const char *page = sample_write(&sample, &report_html);
	expect_has(page, "<dt>Expected</dt><dd>fatal alert decode_error; tolerated: close</dd>");
	expect_has(page, "<dt>Rule</dt><dd>RFC 5246 7.4.1.2 MUST</dd>");
	expect_has(page, "<dt>Why</dt><dd>off-by-one readers");
	expect_has(page, "<dt>Known bug</dt><dd>CVE-2014-0160: memory of the server</dd>");
	expect_has(page, "<dd>cases/hello.case:7, theme \xE2\x80\x9Chello\xE2\x80\x9D</dd>");
	expect_has(page, "<b class=\"v pass\">pass</b> tolerated <code>case/hello.one-over");
	expect_has(page, "<tr><th scope=\"row\">hello</th><td class=\"n\">1</td><td class=\"n "
			 "fail\"><b>1</b></td>");
	cr_expect_null(strstr(page, "Versions and suites"));
	cr_expect_null(strstr(page, "id=\"r1p\""));
	sample_release(&sample);
}

Test(html, every_verdict_has_its_group)
{
	struct sample sample;
	sample_init(&sample);
	for (size_t i = 0; i < VERDICTS_LEN; i++)
		sample_add(&sample, "TLS_A", (uint16_t)i, (enum verdict)i);
	const char *page = sample_write(&sample, &report_html);
	cr_expect_eq(count(page, "<details class=\"group\""), VERDICTS_LEN);
	for (size_t i = 0; i < VERDICTS_LEN; i++) {
		char option[64];
		snprintf(option, sizeof(option), "<option value=\"%s\">",
			 verdict_name((enum verdict)i));
		expect_has(page, option);
	}
	sample_release(&sample);
}

Test(html, what_strangers_wrote_is_text)
{
	static struct refusal refusal = { .sqlstate = "<b>!", .message = "no" };
	struct sample sample;
	const char *notes[] = { HOSTILE };
	sample_init(&sample);
	sample.run.target = HOSTILE;
	sample.run.address = HOSTILE;
	sample.run.started = HOSTILE;
	sample.result.notes = notes;
	sample.result.notes_len = 1;
	struct finding *finding = sample_add(&sample, "<TLS>", 0x2F, VERDICT_FAIL);
	finding->reason = finding->control = finding->shape = HOSTILE;
	finding->remarks[finding->remarks_len++] = HOSTILE;
	finding->observed.outcome = OUTCOME_REFUSED;
	finding->observed.refusal = &refusal;
	const char *page = sample_write(&sample, &report_html);
	expect_has(page, "<dt>Target</dt><dd>" ESCAPED "</dd>");
	expect_has(page, "<dt>Control</dt><dd>" ESCAPED "</dd>");
	expect_has(page, "<dt>Remark</dt><dd>" ESCAPED "</dd>");
	expect_has(page, "&lt;TLS&gt;");
	cr_expect_null(strstr(page, "<img"));
	cr_expect_null(strstr(page, "<TLS>"));
	cr_expect_null(strstr(page, "<b>!"));
	cr_expect_null(strpbrk(page, "\x1b\xFF"));
	cr_expect_eq(count(page, "</script>"), 1);
	cr_expect_eq(count(page, "</style>"), 1);
	sample_release(&sample);
}

Test(html, nothing_is_loaded_and_only_our_script_runs)
{
	struct sample sample;
	sample_init(&sample);
	sample_add(&sample, "TLS_A", 0x2F, VERDICT_FAIL);
	const char *page = sample_write(&sample, &report_html);
	expect_has(page, "content=\"default-src 'none'; style-src 'sha256-");
	expect_has(page, "; script-src 'sha256-");
	cr_expect_null(strstr(page, "unsafe"));
	cr_expect_null(strstr(page, " src="));
	cr_expect_null(strstr(page, "url("));
	cr_expect_null(strstr(page, "style=\""));
	cr_expect_null(strstr(page, "onclick"));
	cr_expect_null(strstr(page, "<link"));
	sample_release(&sample);
}

Test(html, runs_have_an_overview_and_a_section_each)
{
	struct sample sample;
	struct report_run runs[2];
	sample_init(&sample);
	sample_add_version(&sample, TLS1_2, VERDICT_PASS);
	sample_add(&sample, "TLS_A", 0x2F, VERDICT_FAIL);
	runs[0] = runs[1] = sample.run;
	runs[1].target = "postgresql://other:5432";
	sample.report.runs = runs;
	sample.report.runs_len = 2;
	const char *page = sample_write(&sample, &report_html);
	expect_has(page, "<h2 id=\"runs\">Runs</h2>");
	expect_has(page, "2. <a href=\"#r2\">postgresql://other:5432 sample-policy");
	expect_has(page, "<td class=\"pass\"><a href=\"#r2f1\"><b>pass</b> accepted</a></td>");
	expect_has(page, "<h2 id=\"r2\">Run 2: postgresql://other:5432");
	expect_has(page, "id=\"r2f2\"");
	expect_has(page, "<a href=\"#r2f2\">suite/TLS1.2/TLS_A</a> (run 2)");
	expect_has(page, ", over 2 runs");
	sample_release(&sample);
}

/* Two findings of one probe: the bytes stand with the first that is told. */
Test(html, evidence_is_annotated_once)
{
	struct sample sample;
	static const char received[] = "S\x15\3\3\0\2\2\x28";
	struct report_evidence evidence = { .probe = 7,
					    .started_us = 1500,
					    .ended_us = 1700,
					    .sent = span_of("\0\0\0\x08\4\xD2\x16\x2F", 8),
					    .received = span_of(received, 8) };
	sample_init(&sample);
	sample_add(&sample, "TLS_A", 0x2F, VERDICT_PASS);
	sample_add(&sample, "TLS_B", 0x35, VERDICT_FAIL);
	sample_add(&sample, "TLS_C", 0x36, VERDICT_FAIL)->observed.probe = 9;
	sample.run.evidence = &evidence;
	sample.run.evidence_len = 1;
	const char *page = sample_write(&sample, &report_html);
	const char *at =
		strstr(page, "<details class=\"ev\" id=\"r1e1\"><summary>Evidence: 8 bytes "
			     "sent, 8 received</summary>");
	cr_assert_not_null(at);
	cr_expect(strstr(page, "id=\"r1f2\"") < at && at < strstr(page, "id=\"r1f3\""));
	expect_has(page, "<caption>Sent: 8 bytes, 1.500 ms after the run began</caption>");
	expect_has(page, "<tr><td>0000<td>00 00 00 08 04 d2 16 2f<td class=\"d0\">ssl_request\n");
	expect_has(page, "<caption>Received: 8 bytes, 1.700 ms after the run began</caption>");
	expect_has(page, "<tr><td>0001<td><td class=\"d0 h\">record 1 of 1\n");
	expect_has(page, "<tr><td>0007<td>28<td class=\"d1\">alert_description: "
			 "<b>handshake_failure</b>\n");
	cr_expect_eq(count(page, "class=\"ev\""), 1);
	cr_expect_eq(count(page, "<a href=\"#r1e1\">Evidence, which other findings share</a>"), 1);
	sample_release(&sample);
}

/* A report that was read again has a piece of evidence for each finding. */
Test(html, equal_evidence_stands_once)
{
	struct sample sample;
	struct report_evidence evidence[3] = { { .probe = 7, .sent = { (const uint8_t *)"a", 1 } },
					       { .probe = 8, .sent = { (const uint8_t *)"b", 1 } },
					       { .probe = 9,
						 .sent = { (const uint8_t *)"a", 1 } } };
	sample_init(&sample);
	for (uint32_t i = 0; i < 3; i++)
		sample_add(&sample, "TLS_A", (uint16_t)i, VERDICT_FAIL)->observed.probe = 7 + i;
	sample.run.evidence = evidence;
	sample.run.evidence_len = 3;
	const char *page = sample_write(&sample, &report_html);
	cr_expect_eq(count(page, "class=\"ev\""), 2);
	cr_expect_eq(count(page, "<a href=\"#r1e1\">Evidence, which"), 1);
	cr_expect_eq(count(page, "<td>62<td class=\"d0\">bytes\n"), 1);
	sample_release(&sample);
}

Test(html, long_evidence_is_cut_and_says_so)
{
	static uint8_t bytes[400000];
	struct sample sample;
	struct report_evidence evidence = { .probe = 7, .received = { bytes, sizeof(bytes) } };
	sample_init(&sample);
	sample_add(&sample, "TLS_A", 0x2F, VERDICT_FAIL);
	sample.run.evidence = &evidence;
	sample.run.evidence_len = 1;
	memset(bytes, '<', sizeof(bytes));
	const char *page = sample_write(&sample, &report_html);
	expect_has(page, "<p>Sent: nothing.</p>");
	expect_has(page, "65296 bytes more");
	expect_has(page, "334464 bytes more, which the JSON report has");
	for (size_t i = 0; i + 4 <= sizeof(bytes); i += 4)
		memcpy(bytes + i, "\x15\3\3\0", 4);
	page = sample_write(&sample, &report_html);
	cr_expect_lt(strlen(page), 400000);
	sample_release(&sample);
}

#define MANY 1000

Test(html, a_thousand_findings_take_less_than_a_megabyte)
{
	static struct finding findings[MANY];
	struct sample sample;
	sample_init(&sample);
	struct finding *one = sample_add(&sample, "TLS_A", 1, VERDICT_PASS);
	one->proof = PROOF_GROUP;
	one->group_len = 64;
	one->control = "control@TLS1.2 TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256";
	one->reason = "rejected: fatal alert handshake_failure";
	for (size_t i = 0; i < MANY; i++) {
		findings[i] = *one;
		findings[i].suite = (uint32_t)i;
		snprintf(findings[i].id, sizeof(findings[i].id),
			 "suite/TLS1.2/TLS_PSK_WITH_CAMELLIA_128_CBC_SHA_%04zu", i);
	}
	sample.result.findings = findings;
	sample.result.findings_len = MANY;
	cr_expect_lt(strlen(sample_write(&sample, &report_html)), 1000000);
	sample_release(&sample);
}
