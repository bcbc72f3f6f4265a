/* SPDX-License-Identifier: Apache-2.0 */
/* The two Azure pages, sentence by sentence. */
#include "fixture.h"

#include <criterion/criterion.h>

static struct reading reading;

static void release(void)
{
	reading_release(&reading);
}

TestSuite(single_server, .fini = release);
TestSuite(flexible_server, .fini = release);

static void versions_are(const char *assignments, const char *const expected[VERSIONS_LEN])
{
	struct settings settings = settings_of(&reading, assignments);
	for (unsigned v = SSLV2; v < VERSIONS_LEN; v++)
		cr_assert_str_eq(version_said(&settings, (enum version)v), expected[v],
				 "%s with %s", version_name((enum version)v), assignments);
}

Test(single_server, minimum_tls_version_rules_versions_and_the_suites_contradict_it)
{
	reading_builtin(&reading, SINGLE);
	versions_are("", (const char *const[]){ "silent", "silent", "conflict?", "conflict?",
						"accept?", "conflict?" });
	versions_are("minimum_tls_version=TLS1_0",
		     (const char *const[]){ "reject?", "reject?", "conflict", "conflict", "accept",
					    "conflict?" });
	versions_are("minimum_tls_version=TLS1_1",
		     (const char *const[]){ "reject?", "reject?", "reject", "conflict", "accept",
					    "conflict?" });
	versions_are("minimum_tls_version=TLS1_2",
		     (const char *const[]){ "reject?", "reject?", "reject", "reject", "accept",
					    "conflict?" });
}

Test(single_server, four_suites_are_accepted_and_nothing_else)
{
	static const uint16_t four[] = { 0xC030, 0xC02F, 0xC028, 0xC027 };
	reading_builtin(&reading, SINGLE);
	struct settings settings = settings_of(&reading, "minimum_tls_version=TLS1_2");
	for (unsigned code = 0; code <= UINT16_MAX; code++) {
		struct ruling ruling = policy_suite(&settings, TLS1_2, (uint16_t)code);
		bool listed = false;
		for (size_t i = 0; i < 4; i++)
			listed |= four[i] == code;
		enum ruling_kind expected = listed ? RULING_ACCEPT : RULING_REJECT;
		bool signal = code == 0x00FF || code == 0x5600 ||
			      ((code & 0x0F0F) == 0x0A0A && code >> 8 == (code & 0xFF));
		cr_assert_eq(ruling.kind, signal ? RULING_SILENT : expected, "0x%04X", code);
		cr_assert_not(ruling.inferred);
	}
	cr_assert_str_eq(suite_said(&settings, TLS1_3, "TLS_AES_128_GCM_SHA256"), "reject?");
}

Test(single_server, plaintext_follows_enforcement_alone)
{
	reading_builtin(&reading, SINGLE);
	struct settings settings = settings_of(&reading, "");
	cr_assert_str_eq(said(policy_plaintext(&settings)), "reject");
	settings = settings_of(&reading, "ssl_enforcement=Disabled");
	cr_assert_str_eq(said(policy_plaintext(&settings)), "accept");
	settings = settings_of(&reading, "ssl_enforcement=Disabled minimum_tls_version=TLS1_2");
	cr_assert_str_eq(said(policy_plaintext(&settings)), "accept");
}

static const char *root_said(const char *assignments, const char *today, const char *root)
{
	struct settings settings = settings_of(&reading, assignments);
	cr_assert_eq(date_parse(&settings.today, span_text(today)), FAULT_NONE);
	return said(policy_subject(&settings, TABLE_CERTIFICATE, VERSION_NONE, root));
}

Test(single_server, each_cloud_has_its_root)
{
	reading_builtin(&reading, SINGLE);
	const char *old = "2022-06-24", *new = "2023-01-01";
	cr_assert_str_eq(root_said("cloud=Public", old, "root Baltimore CyberTrust Root"),
			 "accept");
	cr_assert_str_eq(root_said("cloud=Public", new, "root DigiCert Global Root G2"), "accept");
	cr_assert_str_eq(root_said("cloud=Government", old, "root Baltimore CyberTrust Root"),
			 "accept");
	cr_assert_str_eq(root_said("cloud=Government", new, "root DigiCert Global Root G2"),
			 "accept?");
	cr_assert_str_eq(root_said("cloud=China", new, "root DigiCert Global Root CA"), "accept");
	cr_assert_str_eq(root_said("cloud=China", old, "root Baltimore CyberTrust Root"), "silent");
	cr_assert_str_eq(root_said("cloud=Germany", new, "root D-TRUST Root Class 3 CA 2 2009"),
			 "accept");
}

Test(single_server, roots_are_anchors_by_cloud)
{
	reading_builtin(&reading, SINGLE);
	const struct policy *policy = &reading.policy;
	cr_assert_eq(policy->anchors_len, 6);
	cr_assert_str_eq(policy->anchors[0].name, "Baltimore CyberTrust Root");
	cr_assert_eq(policy->anchors[0].by[0], 0);
	cr_assert_eq(policy->anchors[0].from, DATE_NONE);
	cr_assert_str_eq(policy->settings[policy->anchors[0].table->by[0]].name, "cloud");
}

Test(single_server, the_certificate_names_the_host)
{
	reading_builtin(&reading, SINGLE);
	struct settings settings = settings_of(&reading, "");
	cr_assert_str_eq(
		said(policy_subject(&settings, TABLE_CERTIFICATE, VERSION_NONE, "host_name")),
		"accept");
}

Test(single_server, once_enforced_a_minimum_cannot_be_disabled)
{
	reading_builtin(&reading, SINGLE);
	struct settings none = settings_of(&reading, "");
	struct settings tls10 = settings_of(&reading, "minimum_tls_version=TLS1_0");
	struct settings tls12 = settings_of(&reading, "minimum_tls_version=TLS1_2");
	const struct transition *rule = policy_transition(&tls12, &none);
	cr_assert_not_null(rule);
	cr_assert_str_eq(rule->cite, "TLS settings");
	cr_assert_null(policy_transition(&none, &tls12));
	cr_assert_null(policy_transition(&tls12, &tls10));
}

Test(single_server, lint_reports_the_contradiction_cell_by_cell)
{
	reading_builtin(&reading, SINGLE);
	policy_lint(&reading.policy, &reading.diags);
	size_t versions = 0;
	for (const struct diag *diag = reading.diags.first; diag; diag = diag->next) {
		cr_assert_eq(diag->level, DIAG_WARNING);
		cr_assert(strstr(diag->text, "\"TLS settings\""), "%s", diag->text);
		if (strncmp(diag->text, "version/", 8) == 0) {
			cr_assert(strstr(diag->text, "\"Cipher suite supported\""));
			versions++;
		}
	}
	cr_assert_eq(versions, 9);
	cr_assert_eq(reading.diags.warnings, 10);
}

Test(flexible_server, versions_lie_between_the_two_parameters)
{
	reading_builtin(&reading, FLEXIBLE);
	versions_are("", (const char *const[]){ "reject", "reject", "reject", "reject", "accept",
						"accept" });
	versions_are("ssl_min_protocol_version=TLSv1.3",
		     (const char *const[]){ "reject", "reject", "reject", "reject", "reject",
					    "accept" });
	versions_are("ssl_min_protocol_version=TLSv1 ssl_max_protocol_version=TLSv1.2",
		     (const char *const[]){ "reject", "reject", "accept?", "accept?", "accept",
					    "reject" });
}

Test(flexible_server, suites_are_silent_where_the_version_is_accepted)
{
	reading_builtin(&reading, FLEXIBLE);
	struct settings settings = settings_of(&reading, "");
	cr_assert_str_eq(suite_said(&settings, TLS1_2, "TLS_RSA_WITH_RC4_128_SHA"), "silent");
	cr_assert_str_eq(suite_said(&settings, TLS1_1, "TLS_RSA_WITH_RC4_128_SHA"), "reject");
}

Test(flexible_server, plaintext_needs_require_secure_transport_off)
{
	reading_builtin(&reading, FLEXIBLE);
	struct settings settings = settings_of(&reading, "");
	cr_assert_str_eq(said(policy_plaintext(&settings)), "reject");
	settings = settings_of(&reading, "require_secure_transport=OFF");
	cr_assert_str_eq(said(policy_plaintext(&settings)), "accept");
}

Test(flexible_server, no_client_certificate_is_requested)
{
	reading_builtin(&reading, FLEXIBLE);
	struct settings settings = settings_of(&reading, "");
	cr_assert_str_eq(said(policy_subject(&settings, TABLE_CERTIFICATE, VERSION_NONE,
					     "client_certificate")),
			 "reject?");
}

Test(flexible_server, lint_finds_nothing)
{
	reading_builtin(&reading, FLEXIBLE);
	policy_lint(&reading.policy, &reading.diags);
	cr_assert_null(reading.diags.first, "%s", message(&reading, 0));
}
