/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "sample.h"

static void says(const char *text, const char *words)
{
	cr_assert(strstr(text, words), "'%s' is missing in:\n%s", words, text);
}

Test(text_cases, themes_are_counted_and_failures_tell_their_rule)
{
	struct sample sample;
	sample_init(&sample);
	sample_without_policy(&sample);
	sample_add_case(&sample, VERDICT_PASS, GRADE_STRICT);
	sample_add_case(&sample, VERDICT_PASS, GRADE_TOLERATED);
	sample_add_case(&sample, VERDICT_FAIL, GRADE_NONE);
	sample_add_case(&sample, VERDICT_NOT_APPLICABLE, GRADE_NONE);
	const char *text = sample_write(&sample, &report_text);
	says(text,
	     "hello                       4   2 pass (1 tolerated), 1 fail, 1 not applicable");
	says(text, "1 tolerated, 1 not applicable: -v lists them");
	says(text, "1 case fails");
	says(text, "case/hello.one-over/TLS1.2/3");
	says(text, "rule       RFC 5246 7.4.1.2 MUST");
	says(text, "known bug  CVE-2014-0160: memory of the server");
	says(text, "FAIL: 1 case does not conform (exit status 1)");
	cr_assert_null(strstr(text, "policy"));
	cr_assert_null(strstr(text, "cell"));
	sample_release(&sample);
}

Test(text_cases, what_is_tolerated_is_listed_on_demand)
{
	struct sample sample;
	sample_init(&sample);
	sample_add_case(&sample, VERDICT_PASS, GRADE_TOLERATED);
	cr_assert_null(strstr(sample_write(&sample, &report_text), "cases: tolerated"));
	sample_release(&sample);
	sample.report.verbose = true;
	says(sample_write(&sample, &report_text), "cases: tolerated");
	sample_release(&sample);
}

Test(text_cases, the_quiet_report_tells_failures_only)
{
	struct sample sample;
	sample_init(&sample);
	sample_add_case(&sample, VERDICT_FAIL, GRADE_NONE);
	sample_add_case(&sample, VERDICT_PASS, GRADE_TOLERATED);
	sample.report.quiet = true;
	const char *text = sample_write(&sample, &report_text);
	says(text, "case/hello.one-over/TLS1.2/1");
	cr_assert_null(strstr(text, "tolerated"));
	sample_release(&sample);
}

Test(text_cases, cells_and_cases_are_told_apart)
{
	struct sample sample;
	sample_init(&sample);
	sample_add(&sample, "TLS_NULL_WITH_NULL_NULL", 0, VERDICT_FAIL);
	sample_add_case(&sample, VERDICT_FAIL, GRADE_NONE);
	const char *text = sample_write(&sample, &report_text);
	says(text, "1 cell does not conform to the document");
	says(text, "1 case fails");
	says(text, "2 cells and cases do not conform");
	sample_release(&sample);
}
