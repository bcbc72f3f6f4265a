/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/command.h"
#include "tool.h"

#include <criterion/criterion.h>
#include <criterion/redirect.h>
#include <stdio.h>

#define SINGLE	 "azure-postgresql-single-server"

#define RUN(...) TOOL_RUN("tlsgauge", __VA_ARGS__)

/* Reads what was printed, and says whether a line holds both parts. */
static bool printed(FILE *out, const char *first, const char *second)
{
	char line[2048];
	bool found = false;
	while (fgets(line, sizeof(line), out))
		found = found || (strstr(line, first) && strstr(line, second));
	return found;
}

Test(policy_verbs, lint_names_both_sections_and_is_no_error, .init = cr_redirect_stdout)
{
	cr_assert_eq(RUN("policy", "lint", SINGLE), STATUS_PASS);
	FILE *out = cr_get_redirected_stdout();
	cr_assert(printed(out, "version/TLS1.1 with minimum_tls_version=TLS1_1",
			  "\"TLS settings\") says accept, but of every suite that exists in it, '* "
			  "reject' in line 36 (\"Cipher suite supported\")"));
}

Test(policy_verbs, list_names_both_documents, .init = cr_redirect_stdout)
{
	cr_assert_eq(RUN("policy", "list"), STATUS_PASS);
	FILE *out = cr_get_redirected_stdout();
	cr_assert(printed(out, SINGLE " ", "2022-06-24"));
}

Test(policy_verbs, policy_does_not_differ_from_itself, .init = cr_redirect_stdout)
{
	cr_assert_eq(RUN("policy", "diff", SINGLE, SINGLE), STATUS_PASS);
}

Test(policy_verbs, other_settings_are_a_difference, .init = cr_redirect_stdout)
{
	cr_assert_eq(RUN("policy", "diff", SINGLE, SINGLE, "--set-b", "minimum_tls_version=TLS1_2"),
		     STATUS_FAIL);
	FILE *out = cr_get_redirected_stdout();
	cr_assert(printed(out, "version/TLS1.0", "reject"));
}

Test(policy_verbs, matrix_is_under_the_settings_given, .init = cr_redirect_stdout)
{
	cr_assert_eq(RUN("policy", "matrix", SINGLE, "--set", "minimum_tls_version=TLS1_2"),
		     STATUS_PASS);
	FILE *out = cr_get_redirected_stdout();
	cr_assert(printed(out, "> minimum_tls_version=TLS1_2", "accept"));
}

Test(policy_verbs, manual_page_is_made_from_the_option_table, .init = cr_redirect_stdout,
     .exit_code = 0)
{
	RUN("policy", "matrix", "--help=man");
	cr_assert_fail("--help=man ends the program");
}
