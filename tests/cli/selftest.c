/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "cli/selftest.h"

#define RULES "RFC 5246 7.4; CVE-2016-8610; RFC 5246 7.2.2 (decode_error)"

Test(selftest, section_does_not_stand_for_its_subsections)
{
	cr_expect(selftest_rule_is_in(RULES, "RFC 5246 7.4"));
	cr_expect(selftest_rule_is_in(RULES, "got silence (RFC 5246 7.4); no more"));
	cr_expect(selftest_rule_is_in(RULES, "as RFC 5246 7.4."));
	cr_expect_not(selftest_rule_is_in(RULES, "RFC 5246 7.4.1"));
	cr_expect_not(selftest_rule_is_in(RULES, "RFC 5246 7.41"));
	cr_expect_not(selftest_rule_is_in(RULES, "RFC 15246 7.4 is no rule"));
}

Test(selftest, what_stands_in_brackets_is_no_part_of_the_citation)
{
	cr_expect(selftest_rule_is_in(RULES, "RFC 5246 7.2.2"));
	cr_expect(selftest_rule_is_in(RULES, "see CVE-2016-8610"));
	cr_expect_not(selftest_rule_is_in("", "RFC 5246 7.2.2"));
}

Test(selftest, case_that_demanded_the_alert_names_its_meaning)
{
	const struct conformance_case of = { .name = "a.case" };
	struct finding finding = {
		.of = &of,
		.reason = "sent a.case; expected fatal alert decode_error (RFC 8446 6), got "
			  "fatal alert internal_error",
	};
	cr_expect(selftest_rule_is_named(RULES, &finding));
	finding.reason = "sent a.case; expected fatal alert handshake_failure (RFC 8446 6), got "
			 "fatal alert decode_error";
	cr_expect_not(selftest_rule_is_named(RULES, &finding));
}

Test(selftest, policy_is_a_rule_that_only_cells_name)
{
	const struct conformance_case of = { .name = "a.case" };
	struct finding finding = { .reason = "must be rejected, but was accepted" };
	cr_expect(selftest_rule_is_named("the policy's suite table", &finding));
	cr_expect_not(selftest_rule_is_named("RFC 7465 2", &finding));
	finding.of = &of;
	cr_expect_not(selftest_rule_is_named("the policy's suite table", &finding));
}

Test(selftest, globs_of_ids_are_told_apart)
{
	cr_expect(selftest_id_fits("version/* case/alpn.*", "case/alpn.empty/TLS1.2"));
	cr_expect_not(selftest_id_fits("version/* case/alpn.*", "case/sni.empty"));
	cr_expect(selftest_shows_beside_cases("case/* version/TLS1.0"));
	cr_expect_not(selftest_shows_beside_cases("case/alpn.* case/*"));
}
