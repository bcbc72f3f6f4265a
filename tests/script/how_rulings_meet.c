/* SPDX-License-Identifier: Apache-2.0 */
/* One test a rule of "How rulings meet" (DESIGN 3) and a step of its precedence. */
#include "fixture.h"
#include "registry/cipher_suite.h"

#include <criterion/criterion.h>

#define GCM_128	     "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"
#define CBC_128	     "TLS_RSA_WITH_AES_128_CBC_SHA"
#define AES_13	     "TLS_AES_128_GCM_SHA256"

#define GCM_128_CODE 0xC02F
#define CBC_128_CODE 0x002F
#define AES_13_CODE  0x1301

static struct reading reading;

static void release(void)
{
	reading_release(&reading);
}

TestSuite(how_rulings_meet, .fini = release);

static const char *hello_said(const struct settings *settings, version_set versions,
			      const uint16_t *suites, size_t len)
{
	struct offer offer = { .versions = versions, .suites = suites, .suites_len = len };
	return said(policy_hello(settings, &offer));
}

Test(how_rulings_meet, rule_1_a_suite_cell_is_ruled_by_version_and_suite)
{
	reading_body(&reading, "table version\n"
			       " TLS1.1 reject\n"
			       " TLS1.2 accept\n"
			       "table suite\n"
			       " " CBC_128 " accept\n"
			       " * reject?\n");
	struct settings settings = settings_of(&reading, "");
	cr_assert_str_eq(suite_said(&settings, TLS1_2, CBC_128), "accept");
	cr_assert_str_eq(suite_said(&settings, TLS1_1, CBC_128), "reject");
	cr_assert_str_eq(suite_said(&settings, TLS1_2, GCM_128), "reject?");
	/* No row speaks of TLS 1.0 as a version: what is accepted there is unknown. */
	cr_assert_str_eq(suite_said(&settings, TLS1_0, CBC_128), "silent");
	cr_assert_str_eq(suite_said(&settings, TLS1_0, "TLS_RSA_WITH_RC4_128_SHA"), "reject?");
}

Test(how_rulings_meet, rule_1_a_written_suite_rejection_decides_in_a_rejected_version)
{
	reading_body(&reading, "table version\n"
			       " TLS1.1 reject\n"
			       " TLS1.2 reject?\n"
			       "table suite\n"
			       " * reject\n");
	struct settings settings = settings_of(&reading, "");
	struct ruling ruling = policy_suite(&settings, TLS1_2, CBC_128_CODE);
	cr_assert_str_eq(said(ruling), "reject");
	cr_assert_str_eq(ruling.rule->row, "* reject");
}

Test(how_rulings_meet, rule_1_without_a_version_table_the_suite_table_decides)
{
	reading_body(&reading, "table suite\n"
			       " " CBC_128 " accept\n"
			       " *_GCM_* should\n");
	struct settings settings = settings_of(&reading, "");
	cr_assert_str_eq(suite_said(&settings, TLS1_0, CBC_128), "accept");
	cr_assert_str_eq(suite_said(&settings, TLS1_2, GCM_128), "should");
	cr_assert_str_eq(suite_said(&settings, TLS1_2, "TLS_RSA_WITH_RC4_128_SHA"), "silent");
}

Test(how_rulings_meet, rule_1_without_a_suite_table_only_rejected_versions_rule_suites)
{
	reading_body(&reading, "table version\n"
			       " TLS1.1 reject\n"
			       " TLS1.2 accept\n");
	struct settings settings = settings_of(&reading, "");
	cr_assert_str_eq(suite_said(&settings, TLS1_1, CBC_128), "reject");
	cr_assert_str_eq(suite_said(&settings, TLS1_2, CBC_128), "silent");
}

Test(how_rulings_meet, rule_1_a_version_that_may_be_accepted_caps_its_suites)
{
	reading_body(&reading, "table version\n"
			       " TLS1.0 should-not\n"
			       " TLS1.1 may?\n"
			       " TLS1.2 should\n"
			       "table suite\n"
			       " " CBC_128 " accept\n"
			       " * reject\n");
	struct settings settings = settings_of(&reading, "");
	cr_assert_str_eq(suite_said(&settings, TLS1_0, CBC_128), "should-not");
	cr_assert_str_eq(suite_said(&settings, TLS1_1, CBC_128), "may?");
	cr_assert_str_eq(suite_said(&settings, TLS1_2, CBC_128), "accept");
	cr_assert_str_eq(suite_said(&settings, TLS1_0, "TLS_RSA_WITH_RC4_128_SHA"), "reject");
}

Test(how_rulings_meet, rule_1_a_name_speaks_only_where_its_suite_exists)
{
	reading_body(&reading, "table suite\n"
			       " " GCM_128 " accept\n"
			       " * reject\n");
	struct settings settings = settings_of(&reading, "");
	cr_assert_str_eq(suite_said(&settings, TLS1_2, GCM_128), "accept");
	cr_assert_str_eq(suite_said(&settings, TLS1_1, GCM_128), "reject");
}

Test(how_rulings_meet, rule_2_a_version_is_ruled_by_its_own_row)
{
	reading_body(&reading, "table version\n"
			       " TLS1.1 reject\n"
			       " TLS1.? accept?\n"
			       " * -\n");
	struct settings settings = settings_of(&reading, "");
	cr_assert_str_eq(version_said(&settings, TLS1_1), "reject");
	cr_assert_str_eq(version_said(&settings, TLS1_2), "accept?");
	cr_assert_str_eq(version_said(&settings, SSLV3), "silent");
}

Test(how_rulings_meet, rule_2_one_suite_that_is_not_rejected_keeps_the_version_accepted)
{
	reading_body(&reading, "table version\n"
			       " TLS1.0 accept\n"
			       "table suite\n"
			       " " CBC_128 " -\n"
			       " * reject\n");
	struct settings settings = settings_of(&reading, "");
	cr_assert_str_eq(version_said(&settings, TLS1_0), "accept");
}

#define HELLO_POLICY                                                                               \
	"table version\n"                                                                          \
	" TLS1.1 reject\n"                                                                         \
	" TLS1.2 accept\n"                                                                         \
	" TLS1.3 accept\n"                                                                         \
	"table suite\n"                                                                            \
	" " GCM_128 " accept\n"                                                                    \
	" " AES_13 " accept?\n"                                                                    \
	" * reject\n"                                                                              \
	" TLS_AES_256_GCM_SHA384 reject?\n"

Test(how_rulings_meet, rule_3_a_hello_must_be_rejected_only_if_all_its_pairs_are)
{
	static const uint16_t bad[] = { CBC_128_CODE, 0x0005 };
	static const uint16_t mixed[] = { CBC_128_CODE, GCM_128_CODE };
	reading_body(&reading, HELLO_POLICY);
	struct settings settings = settings_of(&reading, "");
	version_set both = VERSION_BIT(TLS1_1) | VERSION_BIT(TLS1_2);
	cr_assert_str_eq(hello_said(&settings, both, bad, 2), "reject");
	cr_assert_str_eq(hello_said(&settings, both, mixed, 2), "may");
}

Test(how_rulings_meet, rule_3_a_hello_must_be_accepted_only_if_its_highest_pairs_are)
{
	static const uint16_t good[] = { GCM_128_CODE, AES_13_CODE };
	static const uint16_t old[] = { CBC_128_CODE, AES_13_CODE };
	reading_body(&reading, HELLO_POLICY);
	struct settings settings = settings_of(&reading, "");
	version_set both = VERSION_BIT(TLS1_2) | VERSION_BIT(TLS1_3);
	cr_assert_str_eq(hello_said(&settings, VERSION_BIT(TLS1_2), good, 1), "accept");
	cr_assert_str_eq(hello_said(&settings, both, good, 2), "accept?");
	/* What is rejected below the highest version does not take the acceptance away. */
	cr_assert_str_eq(hello_said(&settings, both, old, 2), "accept?");
}

Test(how_rulings_meet, rule_3_suites_that_fit_only_a_lower_version_leave_a_hello_open)
{
	static const uint16_t suites[] = { GCM_128_CODE };
	reading_body(&reading, HELLO_POLICY);
	struct settings settings = settings_of(&reading, "");
	version_set both = VERSION_BIT(TLS1_2) | VERSION_BIT(TLS1_3);
	cr_assert_str_eq(hello_said(&settings, both, suites, 1), "may");
}

Test(how_rulings_meet, rule_3_an_inferred_cell_makes_the_whole_rejection_inferred)
{
	static const uint16_t suites[] = { CBC_128_CODE, 0x1302 };
	reading_body(&reading, HELLO_POLICY);
	struct settings settings = settings_of(&reading, "");
	version_set both = VERSION_BIT(TLS1_2) | VERSION_BIT(TLS1_3);
	struct offer offer = { both, suites, 2 };
	struct ruling ruling = policy_hello(&settings, &offer);
	cr_assert_str_eq(said(ruling), "reject?");
	cr_assert_str_eq(ruling.rule->row, "TLS_AES_256_GCM_SHA384 reject?");
}

Test(how_rulings_meet, rule_3_a_hello_without_usable_pairs_is_rejected_with_its_versions)
{
	static const uint16_t suites[] = { AES_13_CODE };
	reading_body(&reading, HELLO_POLICY);
	struct settings settings = settings_of(&reading, "");
	cr_assert_str_eq(hello_said(&settings, VERSION_BIT(TLS1_1), suites, 1), "reject");
	cr_assert_str_eq(hello_said(&settings, VERSION_BIT(TLS1_2), suites, 1), "silent");
}

Test(how_rulings_meet, rule_3_wishes_are_not_demands)
{
	static const uint16_t suites[] = { CBC_128_CODE, GCM_128_CODE };
	reading_body(&reading, "table suite\n"
			       " " CBC_128 " should-not\n"
			       " " GCM_128 " should\n");
	struct settings settings = settings_of(&reading, "");
	version_set tls12 = VERSION_BIT(TLS1_2);
	cr_assert_str_eq(hello_said(&settings, tls12, suites, 1), "should-not");
	cr_assert_str_eq(hello_said(&settings, tls12, suites + 1, 1), "should");
	cr_assert_str_eq(hello_said(&settings, tls12, suites, 2), "may");
}

Test(how_rulings_meet, rule_4_a_version_whose_suites_are_all_rejected_is_a_conflict)
{
	reading_builtin(&reading, SINGLE);
	struct settings settings = settings_of(&reading, "minimum_tls_version=TLS1_0");
	struct ruling ruling = policy_version(&settings, TLS1_1);
	cr_assert_str_eq(said(ruling), "conflict");
	cr_assert_eq(ruling.rule->table->kind, TABLE_VERSION);
	cr_assert_str_eq(ruling.against->row, "* reject");
	cr_assert_str_eq(ruling_cite(&ruling), "TLS settings");
	cr_assert_str_eq(ruling.against->table->cite, "Cipher suite supported");
}

Test(how_rulings_meet, rule_4_a_conflict_leaves_the_suite_cells_as_they_are)
{
	reading_builtin(&reading, SINGLE);
	struct settings settings = settings_of(&reading, "minimum_tls_version=TLS1_0");
	cr_assert_str_eq(suite_said(&settings, TLS1_0, "TLS_RSA_WITH_RC4_128_SHA"), "reject");
}

Test(how_rulings_meet, rule_4_strict_lets_reject_beat_accept)
{
	reading_builtin(&reading, SINGLE);
	struct settings settings = settings_of(&reading, "minimum_tls_version=TLS1_0");
	settings.strict = true;
	struct ruling ruling = policy_version(&settings, TLS1_0);
	cr_assert_str_eq(said(ruling), "reject");
	cr_assert_str_eq(ruling.rule->row, "* reject");
	cr_assert_eq(ruling.against->table->kind, TABLE_VERSION);
	cr_assert_str_eq(version_said(&settings, TLS1_3), "reject?");
	cr_assert_str_eq(version_said(&settings, TLS1_2), "accept");
}

Test(how_rulings_meet, rule_4_enforcement_and_no_tls_required_contradict_each_other)
{
	reading_builtin(&reading, SINGLE);
	struct settings settings = settings_of(&reading, "ssl_enforcement=Enabled");
	cr_assert_str_eq(said(policy_plaintext(&settings)), "reject");
	policy_lint(&reading.policy, &reading.diags);
	bool reported = false;
	for (const struct diag *diag = reading.diags.first; diag; diag = diag->next)
		reported |= strstr(diag->text, "plaintext with") &&
			    strstr(diag->text, "\"TLS settings\"") &&
			    strstr(diag->text, "\"Enforcing TLS connections\"");
	cr_assert(reported);
}

Test(how_rulings_meet, rule_5_sslv2_kinds_are_ruled_by_everything_else)
{
	reading_body(&reading, "table version\n"
			       " SSLv2 accept\n"
			       "table suite\n"
			       " * at TLS1.2 accept\n"
			       " TLS_* accept\n"
			       " * reject\n");
	struct settings settings = settings_of(&reading, "");
	cr_assert_str_eq(said(policy_suite(&settings, SSLV2, CBC_128_CODE)), "reject");
	cr_assert_str_eq(version_said(&settings, SSLV2), "conflict");
}

Test(how_rulings_meet, rule_5_everything_else_includes_what_nobody_registered)
{
	reading_body(&reading, "table suite\n"
			       " TLS_* accept\n"
			       " 0xFFC0 may\n"
			       " * reject\n");
	struct settings settings = settings_of(&reading, "");
	cr_assert_str_eq(said(policy_suite(&settings, TLS1_2, 0xEEEE)), "reject");
	cr_assert_str_eq(said(policy_suite(&settings, TLS1_3, 0xEEEE)), "reject");
	cr_assert_str_eq(said(policy_suite(&settings, TLS1_2, 0xFFC0)), "may");
	cr_assert_str_eq(said(policy_suite(&settings, TLS1_2, CBC_128_CODE)), "accept");
}

Test(how_rulings_meet, rule_6_signals_and_grease_are_never_cells)
{
	static const uint16_t suites[] = { 0x00FF, 0x5600, 0x1A1A, GCM_128_CODE };
	reading_body(&reading, HELLO_POLICY);
	struct settings settings = settings_of(&reading, "");
	for (size_t i = 0; i < 3; i++)
		cr_assert_str_eq(said(policy_suite(&settings, TLS1_2, suites[i])), "silent");
	cr_assert_str_eq(hello_said(&settings, VERSION_BIT(TLS1_2), suites, 4), "accept");
}

Test(how_rulings_meet, an_exact_subject_beats_a_pattern_and_a_pattern_beats_everything_else)
{
	reading_body(&reading, "table suite\n"
			       " * at TLS1.2 reject\n"
			       " TLS_RSA_* at TLS1.2 may\n"
			       " " CBC_128 " accept\n");
	struct settings settings = settings_of(&reading, "");
	cr_assert_str_eq(suite_said(&settings, TLS1_2, CBC_128), "accept");
	cr_assert_str_eq(suite_said(&settings, TLS1_2, "TLS_RSA_WITH_RC4_128_SHA"), "may");
	cr_assert_str_eq(suite_said(&settings, TLS1_2, GCM_128), "reject");
}

Test(how_rulings_meet, a_written_at_beats_none)
{
	reading_body(&reading, "table suite\n"
			       " * reject\n"
			       " * at TLS1.3 reject?\n");
	struct settings settings = settings_of(&reading, "");
	cr_assert_str_eq(suite_said(&settings, TLS1_3, AES_13), "reject?");
	cr_assert_str_eq(suite_said(&settings, TLS1_2, GCM_128), "reject");
}

Test(how_rulings_meet, a_condition_that_holds_beats_none)
{
	reading_body(&reading, "table suite\n"
			       " *_CBC_* reject\n"
			       " *_CBC_* may if encrypt_then_mac\n");
	struct settings settings = settings_of(&reading, "");
	cr_assert_str_eq(suite_said(&settings, TLS1_2, CBC_128), "reject");
	settings.encrypt_then_mac = true;
	cr_assert_str_eq(suite_said(&settings, TLS1_2, CBC_128), "may");
}

Test(how_rulings_meet, certificate_conditions_ask_for_the_key)
{
	reading_body(&reading, "table suite\n"
			       " TLS_ECDHE_ECDSA_* accept if certificate ecdsa\n"
			       " TLS_ECDHE_RSA_* accept if certificate rsa\n"
			       " TLS_DHE_DSS_* accept if certificate dss\n"
			       " * reject\n");
	struct settings settings = settings_of(&reading, "");
	cr_assert_str_eq(suite_said(&settings, TLS1_2, GCM_128), "reject");
	settings.certificate_rsa = true;
	cr_assert_str_eq(suite_said(&settings, TLS1_2, GCM_128), "accept");
	cr_assert_str_eq(said(policy_suite(&settings, TLS1_2, 0xC02B)), "reject");
}

Test(how_rulings_meet, of_equals_the_first_written_decides)
{
	reading_body(&reading, "table suite\n"
			       " TLS_RSA_* may\n"
			       " *_SHA accept\n");
	struct settings settings = settings_of(&reading, "");
	cr_assert_str_eq(suite_said(&settings, TLS1_2, CBC_128), "may");
}

Test(how_rulings_meet, a_comparison_counts_as_exact)
{
	reading_body(&reading, "setting least\n"
			       " unset default\n"
			       " TLSv1.1\n"
			       "table version\n"
			       " TLS1.0 accept\n"
			       " TLS1.1 accept\n"
			       " * reject if < $least\n");
	struct settings settings = settings_of(&reading, "");
	cr_assert_str_eq(version_said(&settings, TLS1_0), "accept");
	settings = settings_of(&reading, "least=TLSv1.1");
	cr_assert_str_eq(version_said(&settings, TLS1_0), "reject");
	cr_assert_str_eq(version_said(&settings, TLS1_1), "accept");
	cr_assert_str_eq(version_said(&settings, SSLV3), "reject");
}

Test(how_rulings_meet, a_written_value_beats_any_value)
{
	reading_body(&reading, "setting a\n on default\n off\n"
			       "setting b\n on default\n off\n"
			       "table plaintext by a b\n"
			       "      startup\n"
			       " * *  reject\n"
			       " * on may\n"
			       " off on accept\n");
	struct settings settings = settings_of(&reading, "a=on b=off");
	cr_assert_str_eq(said(policy_plaintext(&settings)), "reject");
	settings = settings_of(&reading, "a=on b=on");
	cr_assert_str_eq(said(policy_plaintext(&settings)), "may");
	settings = settings_of(&reading, "a=off b=on");
	cr_assert_str_eq(said(policy_plaintext(&settings)), "accept");
}

/* Two tables that say one thing each about plaintext. */
static const char *two_tables(const char *one, const char *other)
{
	struct text text;
	text_init(&text);
	text_printf(&text, "table plaintext\n startup %s\ntable plaintext\n startup %s\n", one,
		    other);
	reading_body(&reading, text_view(&text));
	text_release(&text);
	struct settings settings = settings_of(&reading, "");
	const char *word = said(policy_plaintext(&settings));
	reading_release(&reading);
	return word;
}

Test(how_rulings_meet, between_tables_the_more_severe_ruling_wins)
{
	cr_assert_str_eq(two_tables("should-not", "reject"), "reject");
	cr_assert_str_eq(two_tables("should-not", "may"), "should-not");
	cr_assert_str_eq(two_tables("should", "may"), "may");
	cr_assert_str_eq(two_tables("accept", "should"), "should");
	cr_assert_str_eq(two_tables("may", "reject"), "reject");
}

Test(how_rulings_meet, between_tables_written_beats_inferred)
{
	cr_assert_str_eq(two_tables("reject?", "accept"), "accept");
	cr_assert_str_eq(two_tables("may?", "reject"), "reject");
	cr_assert_str_eq(two_tables("accept?", "reject?"), "reject?");
}

Test(how_rulings_meet, between_tables_silence_does_not_speak)
{
	cr_assert_str_eq(two_tables("-", "accept?"), "accept?");
	cr_assert_str_eq(two_tables("-", "-"), "silent");
}

Test(how_rulings_meet, between_tables_written_accept_against_written_reject_is_a_conflict)
{
	cr_assert_str_eq(two_tables("accept", "reject"), "conflict");
	reading_body(&reading,
		     "table plaintext\n startup accept\ntable plaintext\n startup reject\n");
	struct settings settings = settings_of(&reading, "");
	settings.strict = true;
	struct ruling ruling = policy_plaintext(&settings);
	cr_assert_eq(ruling.kind, RULING_REJECT);
	cr_assert_eq(ruling.rule->at.line, 5);
	cr_assert_eq(ruling.against->at.line, 3);
}

Test(how_rulings_meet, section_10_rulings_have_the_words_of_the_report)
{
	cr_assert_str_eq(ruling_name(RULING_ACCEPT), "accept");
	cr_assert_str_eq(ruling_name(RULING_MAY), "may");
	cr_assert_str_eq(ruling_name(RULING_REJECT), "reject");
	cr_assert_str_eq(ruling_name(RULING_SILENT), "silent");
	cr_assert_str_eq(ruling_name(RULING_CONFLICT), "conflict");
	reading_body(&reading, "");
}

Test(how_rulings_meet, section_10_roots_hold_between_their_days)
{
	reading_builtin(&reading, SINGLE);
	struct settings settings = settings_of(&reading, "");
	const char *old = "root Baltimore CyberTrust Root", *new = "root DigiCert Global Root G2";
	cr_assert_eq(date_parse(&settings.today, span_text("2022-11-30")), FAULT_NONE);
	cr_assert_str_eq(said(policy_subject(&settings, TABLE_CERTIFICATE, VERSION_NONE, old)),
			 "accept");
	cr_assert_str_eq(said(policy_subject(&settings, TABLE_CERTIFICATE, VERSION_NONE, new)),
			 "silent");
	settings.today++;
	cr_assert_str_eq(said(policy_subject(&settings, TABLE_CERTIFICATE, VERSION_NONE, old)),
			 "silent");
	cr_assert_str_eq(said(policy_subject(&settings, TABLE_CERTIFICATE, VERSION_NONE, new)),
			 "accept");
}
