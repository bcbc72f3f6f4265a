/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

static struct reading reading;
static struct text text;

static void setup(void)
{
	text_init(&text);
}

static void release(void)
{
	reading_release(&reading);
	text_release(&text);
}

TestSuite(writer, .init = setup, .fini = release);
TestSuite(shipped, .init = setup);

static void formatted(const char *body, const char *expected)
{
	reading_body(&reading, body);
	policy_format(&text, &reading.policy);
	cr_assert_str_eq(text_view(&text), expected);
}

Test(writer, format_aligns_cells_and_keeps_comments)
{
	formatted("\n\n\n# about\ntable   suite   cite \"s\"# why\n"
		  "\t*   reject\n"
		  "  # inside\n"
		  "   TLS_RSA_*  at  TLS1.2   may  if encrypt_then_mac ,reject?#x\n\n\n",
		  "policy  t\n"
		  "\n"
		  "# about\n"
		  "table   suite cite \"s\"  # why\n"
		  "        *                    reject\n"
		  "        # inside\n"
		  "        TLS_RSA_* at TLS1.2  may if encrypt_then_mac, reject?  #x\n");
}

Test(writer, format_aligns_a_header_with_its_columns)
{
	formatted("setting a\n x default\n longer\n"
		  "table version by a\n TLS1.0 TLS1.1 TLS1.2\n"
		  " x should-not? - accept\n longer reject reject reject\n"
		  "prefer server\n 0xFFC0\n > 0xFFC1\n",
		  "policy  t\n"
		  "setting a\n"
		  "        x default\n"
		  "        longer\n"
		  "table   version by a\n"
		  "                TLS1.0       TLS1.1  TLS1.2\n"
		  "        x       should-not?  -       accept\n"
		  "        longer  reject       reject  reject\n"
		  "prefer  server\n"
		  "        0xFFC0\n"
		  "        > 0xFFC1\n");
}

Test(writer, matrix_shows_versions_by_settings_and_deviating_suites)
{
	reading_body(&reading, "setting min\n TLS1_1 default\n TLS1_2\n"
			       "table version\n TLS1.1 accept\n TLS1.2 accept\n"
			       " * reject if < $min\n * -\n"
			       "table suite\n TLS_RSA_WITH_AES_128_CBC_SHA accept\n * reject?\n");
	struct settings settings = settings_of(&reading, "min=TLS1_2");
	policy_matrix(&text, &settings);
	cr_assert_not_null(strstr(text_view(&text),
				  "  min=TLS1_1  reject      reject      reject      accept      "
				  "accept      -\n"
				  "> min=TLS1_2  reject      reject      reject      reject      "
				  "accept      -\n"),
			   "%s", text_view(&text));
	cr_assert_not_null(
		strstr(text_view(&text),
		       "TLS_RSA_WITH_AES_128_CBC_SHA                      .           .           "
		       "reject      reject      accept      .\n"),
		"%s", text_view(&text));
	cr_assert_not_null(strstr(text_view(&text), "\nevery other  "));
}

Test(writer, diff_lists_the_cells_that_differ_and_counts_them)
{
	reading_builtin(&reading, SINGLE);
	struct settings a = settings_of(&reading, "minimum_tls_version=TLS1_1");
	struct settings b =
		settings_of(&reading, "minimum_tls_version=TLS1_2 ssl_enforcement=Disabled");
	cr_assert_eq(policy_diff(&text, &a, &b), 2);
	cr_assert_str_eq(text_view(&text), "version/TLS1.1: conflict -> reject\n"
					   "plaintext: reject -> accept\n");
	text_release(&text);
	cr_assert_eq(policy_diff(&text, &a, &a), 0);
	cr_assert_str_eq(text_view(&text), "");
}

Test(writer, diff_names_suites_and_subjects)
{
	struct reading other;
	reading_body(&reading, "table suite\n TLS_AES_128_GCM_SHA256 accept\n * reject\n"
			       "table group\n x25519 at TLS1.3 accept\n secp256r1 accept\n");
	reading_body(&other, "table suite\n * reject\n"
			     "table group\n x25519 accept\n secp256r1 accept?\n");
	struct settings a = settings_of(&reading, ""), b = settings_of(&other, "");
	cr_assert_eq(policy_diff(&text, &a, &b), 3);
	cr_assert_str_eq(text_view(&text), "suite/TLS1.3/TLS_AES_128_GCM_SHA256: accept -> reject\n"
					   "group/x25519: - -> accept\n"
					   "group/secp256r1: accept -> accept?\n");
	reading_release(&other);
}

Test(writer, print_shows_the_row_and_line_behind_each_ruling)
{
	reading_builtin(&reading, SINGLE);
	policy_print(&text, &reading.policy);
	cr_assert_not_null(strstr(text_view(&text), "; against line 36: * reject\n"));
	cr_assert_not_null(strstr(text_view(&text), "\n until 2022-11-30\n"));
	cr_assert_not_null(strstr(text_view(&text), "\n from 2022-12-01\n"));
}

Test(shipped, policies_read_are_named_after_their_file_and_are_in_canonical_form)
{
	cr_assert_geq(builtin_policies_len, 2);
	for (const struct builtin_file *file = builtin_policies; file->name; file++) {
		reading_builtin(&reading, file->name);
		cr_assert_str_eq(reading.policy.name, file->name);
		policy_format(&text, &reading.policy);
		cr_assert(span_equal(span_text(text_view(&text)), file->text),
			  "%s is not as 'policy show --format policy' writes it", file->path);
		release();
	}
}

Test(shipped, policies_have_nothing_but_the_known_contradictions)
{
	for (const struct builtin_file *file = builtin_policies; file->name; file++) {
		reading_builtin(&reading, file->name);
		policy_lint(&reading.policy, &reading.diags);
		cr_assert_eq(reading.diags.errors, 0);
		if (strcmp(file->name, SINGLE) != 0)
			cr_assert_eq(reading.diags.warnings, 0, "%s: %s", file->path,
				     message(&reading, 0));
		release();
	}
}

/* A changed ruling shows as a changed line of policies/prints; scripts/check-policies rewrites
 * them.
 */
Test(shipped, policies_print_as_committed)
{
	for (const struct builtin_file *file = builtin_policies; file->name; file++) {
		char path[512];
		size_t len = 0;
		snprintf(path, sizeof(path), "%s/policies/prints/%s.txt", SOURCE_DIR, file->name);
		char *committed = file_read(path, &len);
		cr_assert_not_null(committed, "no %s", path);
		reading_builtin(&reading, file->name);
		policy_print(&text, &reading.policy);
		cr_assert_str_eq(text_view(&text), committed, "%s differs", path);
		free(committed);
		release();
	}
}
