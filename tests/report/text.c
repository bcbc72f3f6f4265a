/* SPDX-License-Identifier: Apache-2.0 */
#include "sample.h"

#include <criterion/criterion.h>

static void assert_has(const struct sample *sample, const char *part)
{
	const char *text = text_view(&sample->text);
	cr_assert_not_null(strstr(text, part), "'%s' is not in:\n%s", part, text);
}

static void assert_lacks(const struct sample *sample, const char *part)
{
	const char *text = text_view(&sample->text);
	cr_assert_null(strstr(text, part), "'%s' is in:\n%s", part, text);
}

static const char *last_line(const struct sample *sample)
{
	const char *text = text_view(&sample->text), *line = text;
	for (const char *at = text; *at && at[1]; at++)
		line = *at == '\n' ? at + 1 : line;
	return line;
}

static void accept_hello(struct finding *finding)
{
	finding->observed.outcome = OUTCOME_SERVER_HELLO;
	finding->observed.version = TLS1_2;
	finding->observed.suite = (uint16_t)finding->suite;
}

Test(text, last_line_says_pass_with_its_status)
{
	struct sample sample;
	sample_init(&sample);
	sample_add(&sample, "TLS_X", 1, VERDICT_PASS);
	sample_write(&sample, &report_text);
	cr_assert_str_eq(last_line(&sample),
			 "PASS: everything that was judged conforms (exit status 0)\n");
	sample_release(&sample);
}

Test(text, last_line_counts_what_does_not_conform)
{
	struct sample sample;
	sample_init(&sample);
	accept_hello(sample_add(&sample, "TLS_X", 1, VERDICT_FAIL));
	sample_add(&sample, "TLS_Y", 2, VERDICT_INCONCLUSIVE);
	sample_write(&sample, &report_text);
	cr_assert_str_eq(last_line(&sample), "FAIL: 1 cell does not conform, and 1 stayed "
					     "inconclusive (exit status 1)\n");
	sample_release(&sample);
}

Test(text, inconclusive_is_never_a_pass)
{
	struct sample sample;
	sample_init(&sample);
	sample_add(&sample, "TLS_X", 1, VERDICT_INCONCLUSIVE);
	sample_write(&sample, &report_text);
	cr_assert_eq(report_exit_status(&sample.report), 3);
	cr_assert(strncmp(last_line(&sample), "INCONCLUSIVE:", 13) == 0);
	sample_release(&sample);
}

Test(text, interrupted_run_is_never_a_pass)
{
	struct sample sample;
	sample_init(&sample);
	sample_add(&sample, "TLS_X", 1, VERDICT_PASS);
	sample.result.interrupted = true;
	cr_assert_eq(report_exit_status(&sample.report), 3);
	sample_release(&sample);
}

Test(text, worst_of_several_runs_decides)
{
	struct sample a, b;
	sample_init(&a);
	sample_init(&b);
	sample_add(&a, "TLS_X", 1, VERDICT_INCONCLUSIVE);
	sample_add(&b, "TLS_X", 1, VERDICT_FAIL);
	struct report_run runs[] = { a.run, b.run };
	struct report report = { .runs = runs, .runs_len = 2 };
	cr_assert_eq(report_exit_status(&report), 1);
	b.result.counts[VERDICT_ERROR] = 1;
	cr_assert_eq(report_exit_status(&report), 4);
}

Test(text, deviation_shows_row_observation_and_reason)
{
	struct sample sample;
	sample_init(&sample);
	accept_hello(sample_add(&sample, "TLS_RSA_WITH_RC4_128_SHA", 5, VERDICT_FAIL));
	sample_write(&sample, &report_text);
	assert_has(&sample, "suite/TLS1.2/TLS_RSA_WITH_RC4_128_SHA\n");
	assert_has(&sample, "reject, \"Cipher suite supported\", policies/sample.policy:41:");
	assert_has(&sample, "TLS_RSA_WITH_RC4_128_SHA");
	assert_has(&sample, "because the sample says so");
	sample_release(&sample);
}

Test(text, version_row_counts_its_accepted_suites)
{
	struct sample sample;
	sample_init(&sample);
	sample_add_version(&sample, TLS1_2, VERDICT_PASS)->expected.kind = RULING_ACCEPT;
	accept_hello(sample_add(&sample, "TLS_A", 0xC02F, VERDICT_PASS));
	accept_hello(sample_add(&sample, "TLS_B", 0xC030, VERDICT_PASS));
	sample_add(&sample, "TLS_C", 5, VERDICT_PASS);
	sample_write(&sample, &report_text);
	assert_has(&sample, "TLS1.2    accept       accepted                              2  pass");
	sample_release(&sample);
}

Test(text, conflict_has_a_section_with_both_citations)
{
	struct sample sample;
	sample_init(&sample);
	sample_add_version(&sample, TLS1_0, VERDICT_UNJUDGED);
	sample_write(&sample, &report_text);
	assert_has(&sample, "the document contradicts itself");
	assert_has(&sample, "\"TLS settings\", policies/sample.policy:14");
	assert_has(&sample, "\"Cipher suite supported\", policies/sample.policy:41");
	sample_release(&sample);
}

Test(text, servers_words_cannot_drive_the_terminal)
{
	struct sample sample;
	struct refusal refusal = { .sqlstate = "2\x1b]0;",
				   .message = "no \x1b[2J\r\n\xc2\x9b"
					      "31m" };
	sample_init(&sample);
	struct finding *made = sample_add(&sample, "TLS_X", 1, VERDICT_FAIL);
	made->observed.outcome = OUTCOME_REFUSED;
	made->observed.refusal = &refusal;
	made->reason = "refused with \x1b]52;c;AAAA\x07";
	made->remarks[made->remarks_len++] = "a\x1b[1mb";
	sample_write(&sample, &report_text);
	assert_lacks(&sample, "\x1b");
	assert_lacks(&sample, "\r");
	assert_lacks(&sample, "\x07");
	assert_lacks(&sample, "\xc2\x9b");
	assert_has(&sample, "\\x1b[2J");
	sample_release(&sample);
}

Test(text, colour_is_written_only_when_asked_for)
{
	struct sample sample;
	sample_init(&sample);
	accept_hello(sample_add(&sample, "TLS_X", 1, VERDICT_FAIL));
	sample_write(&sample, &report_text);
	assert_lacks(&sample, "\x1b[");
	sample.report.color = true;
	sample_write(&sample, &report_text);
	assert_has(&sample, "\x1b[1;31mFAIL:\x1b[0m");
	sample_release(&sample);
}

Test(text, no_line_is_wider_than_eighty_columns_where_words_allow)
{
	struct sample sample;
	sample_init(&sample);
	struct finding *made = sample_add(&sample, "TLS_X", 1, VERDICT_FAIL);
	made->reason = "a sentence that goes on and on, so that it must be broken between two of "
		       "its words, and perhaps once more before it comes to its end";
	made->remarks[made->remarks_len++] = made->reason;
	sample_add(&sample, "TLS_Y", 2, VERDICT_UNJUDGED)->reason = made->reason;
	sample_add(&sample, "TLS_Z", 3, VERDICT_INCONCLUSIVE)->reason = made->reason;
	sample_add_version(&sample, TLS1_0, VERDICT_UNJUDGED);
	const char *line = sample_write(&sample, &report_text);
	for (const char *end; (end = strchr(line, '\n')); line = end + 1)
		cr_assert_leq(end - line, 80, "%.*s", (int)(end - line), line);
	sample_release(&sample);
}

Test(text, reasons_are_counted_with_examples)
{
	struct sample sample;
	sample_init(&sample);
	for (uint16_t i = 0; i < 5; i++)
		sample_add(&sample, "TLS_X", i, VERDICT_UNJUDGED)->reason =
			"the document is silent";
	sample_write(&sample, &report_text);
	assert_has(&sample, "unjudged\n    5  the document is silent\n       suite/TLS1.2/TLS_X ");
	assert_has(&sample, "...");
	sample_release(&sample);
}

Test(text, quiet_shows_deviations_and_the_last_line_only)
{
	struct sample sample;
	sample_init(&sample);
	sample_add(&sample, "TLS_Y", 2, VERDICT_PASS);
	sample.report.quiet = true;
	sample_write(&sample, &report_text);
	cr_assert_eq(last_line(&sample), text_view(&sample.text));
	accept_hello(sample_add(&sample, "TLS_X", 1, VERDICT_FAIL));
	sample_write(&sample, &report_text);
	assert_has(&sample, "suite/TLS1.2/TLS_X");
	assert_lacks(&sample, "controls");
	sample_release(&sample);
}

Test(text, verbose_lists_accepted_suites)
{
	struct sample sample;
	sample_init(&sample);
	accept_hello(sample_add(&sample, "TLS_GOOD", 0xC02F, VERDICT_PASS));
	sample_write(&sample, &report_text);
	assert_lacks(&sample, "TLS_GOOD");
	sample.report.verbose = true;
	sample_write(&sample, &report_text);
	assert_has(&sample, "accepted at TLS1.2\n  TLS_GOOD\n");
	sample_release(&sample);
}

Test(text, sslv2_kind_is_accepted_only_when_listed)
{
	struct sample sample;
	sample_init(&sample);
	for (uint32_t kind = 0x010080; kind <= 0x020080; kind += 0x010000) {
		struct finding *made = sample_add(&sample, "X", 0, VERDICT_FAIL);
		made->version = SSLV2;
		made->suite = kind;
		made->observed.outcome = OUTCOME_SERVER_HELLO;
		made->observed.version = SSLV2;
		made->observed.kinds = span_of("\x07\x00\xC0\x02\x00\x80", 6);
	}
	sample_add_version(&sample, SSLV2, VERDICT_FAIL);
	sample_write(&sample, &report_text);
	assert_has(&sample, "SSLv2     conflict     accepted                              1  fail");
	sample_release(&sample);
}

Test(text, several_runs_are_told_apart_by_their_settings)
{
	struct sample a, b;
	sample_init(&a);
	sample_init(&b);
	sample_add(&a, "TLS_X", 1, VERDICT_PASS);
	accept_hello(sample_add(&b, "TLS_X", 1, VERDICT_FAIL));
	a.result.settings.value[0] = 0;
	struct report_run runs[] = { a.run, b.run };
	a.report = (struct report){ .runs = runs, .runs_len = 2 };
	sample_write(&a, &report_text);
	assert_has(&a, "  1 every setting at its default");
	assert_has(&a, "  2 minimum_tls_version=TLS1_2");
	assert_has(&a, "---- run 2 ----");
	assert_lacks(&a, "---- run 1 ----");
	sample_release(&a);
}

Test(format, names_are_listed_and_found)
{
	cr_assert_eq(report_format_by_name(span_text("json")), &report_json);
	cr_assert_null(report_format_by_name(span_text("jso")));
	cr_assert_str_eq(report_format_name_at(0), "text");
	for (size_t i = 0; report_format_name_at(i); i++)
		cr_assert_not_null(report_format_by_name(span_text(report_format_name_at(i))));
	cr_assert_null(report_format_name_at(REPORT_FORMATS_MAX));
}
