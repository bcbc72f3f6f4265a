/* SPDX-License-Identifier: Apache-2.0 */
/* What is wrong with a file is said in one sentence, with its line and column. */
#include "base/limits.h"
#include "fixture.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static struct reading reading;

static void release(void)
{
	reading_release(&reading);
}

TestSuite(reader, .fini = release);

/* The first error of a policy with this text behind a first line `policy t`. */
static void refused(const char *body, const char *expected)
{
	struct text text;
	text_init(&text);
	text_printf(&text, "policy t\n%s", body);
	reading_text(&reading, text_view(&text));
	text_release(&text);
	cr_assert_eq(reading.fault, FAULT_INPUT, "accepted: %s", body);
	cr_assert_str_eq(message(&reading, 0), expected);
	release();
}

Test(reader, statements_are_located)
{
	refused("tabel suite\n",
		"2:1: unknown statement 'tabel'; known are 'policy', 'title', 'source', 'over', "
		"'setting', "
		"'table', 'prefer', 'limit', 'transition', 'admit', 'control', 'shape'");
	refused("title Foo\n", "2:7: expected the title in quotes, found 'Foo'");
	refused("title \"a\"\ntitle \"b\"\n", "3:1: 'title' is stated twice");
	refused("source \"a\" 2022-13\n",
		"2:12: expected the date of the source (YYYY, YYYY-MM or YYYY-MM-DD), found "
		"'2022-13'");
	refused("over Foo\n",
		"2:6: expected a name of small letters, digits, '-', '.' and '_', found 'Foo'");
	refused("shape sni\n", "2:1: 'shape' is reserved for a later edition of the language");
	refused("over tls\n  row\n", "3:3: an indented line is a row, and this statement has none");
}

Test(reader, a_file_needs_a_policy_statement)
{
	reading_text(&reading, "title \"a\"\n");
	cr_assert_eq(reading.fault, FAULT_INPUT);
	cr_assert_str_eq(message(&reading, 0), "1:1: the file has no 'policy' statement");
	release();
	reading_text(&reading, "");
	cr_assert_str_eq(message(&reading, 0), "1:1: the file has no 'policy' statement");
	release();
	reading_text(&reading, "  row\npolicy t\n");
	cr_assert_str_eq(message(&reading, 0),
			 "1:3: an indented line is a row, and this statement has none");
}

Test(reader, settings_are_checked)
{
	refused("setting a\n", "2:1: the setting has no values");
	refused("setting a\n x\n", "2:1: no value of the setting is marked 'default'");
	refused("setting a\n x default\n y default\n", "4:4: the setting has a default already");
	refused("setting a\n x default\n x\n", "4:2: the value stands twice");
	refused("setting a\n x=1 default\n",
		"3:2: expected a value (a word without '=' and '$', no ruling), found 'x=1'");
	refused("setting a\n reject? default\n",
		"3:2: expected a value (a word without '=' and '$', no ruling), found 'reject?'");
	refused("setting a\n x default\nsetting a\n x default\n",
		"4:9: the setting is stated twice");
}

Test(reader, misspelt_names_are_answered_with_the_nearest)
{
	refused("table suite\n TLS_RSA_WITH_AES_128_CBC_SHAA accept\n",
		"3:2: unknown suite 'TLS_RSA_WITH_AES_128_CBC_SHAA'; did you mean "
		"'TLS_RSA_WITH_AES_128_CBC_SHA'?");
	refused("table version\n TLS1.4 accept\n",
		"3:2: unknown version 'TLS1.4'; did you mean 'TLS1.0'?");
	refused("table group\n x25591 accept\n",
		"3:2: unknown group 'x25591'; did you mean 'x25519'?");
	refused("table version\n TLS1.2 acept\n",
		"3:9: unknown ruling 'acept'; did you mean 'accept'?");
	refused("table suit\n", "2:7: unknown kind of table 'suit'; did you mean 'suite'?");
	refused("setting enforce\n on default\ntable plaintext by enforced\n startup\n",
		"4:20: unknown setting 'enforced'; did you mean 'enforce'?");
	refused("setting enforce\n Enabled default\ntable plaintext by enforce\n  startup\n"
		" Enable accept\n",
		"6:2: unknown value of setting 'enforce' 'Enable'; did you mean 'Enabled'?");
	refused("admit alert handshake_failures\n",
		"2:13: unknown alert 'handshake_failures'; did you mean 'handshake_failure'?");
	refused("limit rsa_bit >= 2048\n",
		"2:7: unknown limit 'rsa_bit'; did you mean 'rsa_bits'?");
}

Test(reader, suites_are_named_as_the_registry_names_them)
{
	refused("table suite\n TLS_FOO_* accept\n", "3:2: the pattern 'TLS_FOO_*' fits no suite");
	refused("table suite\n 0x002F accept\n",
		"3:2: '0x002F' is registered: write 'TLS_RSA_WITH_AES_128_CBC_SHA'");
	refused("table suite\n 0xFFC accept\n", "3:2: the code '0xFFC' is not 0x and four digits");
	refused("table suite\n 0x00FF accept\n",
		"3:2: '0x00FF' is a signal, which no suite table rules");
	refused("table suite\n 0x2A2A accept\n",
		"3:2: '0x2A2A' is a signal, which no suite table rules");
	refused("table suite\n TLS_FALLBACK_SCSV accept\n",
		"3:2: 'TLS_FALLBACK_SCSV' is a signal, which no suite table rules");
}

Test(reader, tables_are_checked_cell_by_cell)
{
	refused("table suite\n", "2:1: the table has no rows");
	refused("table suite\n *\n", "3:3: expected a ruling before the end of the line");
	refused("table suite\n * accept reject\n",
		"3:11: expected the end of the line, found 'reject'");
	refused("table suite\n * at accept\n",
		"3:7: expected a version (SSLv2 to TLS1.3), found 'accept'");
	refused("table version\n TLS1.2 at TLS1.2 accept\n",
		"3:9: a row of a version table takes no 'at'");
	refused("table plaintext\n start accept\n",
		"3:2: unknown plaintext 'start'; known are 'startup'");
	refused("table suite\n * accept if\n", "3:13: expected 'encrypt_then_mac', 'certificate', "
					       "'<', '<=', '>' or '>=' before the "
					       "end of the line");
	refused("table suite\n * accept if certificate gost\n",
		"3:26: expected 'rsa', 'ecdsa' or 'dss', found 'gost'");
	refused("table certificate\n root Foo accept\n",
		"3:7: expected the root's common name in quotes, found 'Foo'");
	refused("table certificate\n host_name accept until 2022-02-29\n",
		"3:25: expected a day (YYYY-MM-DD), found '2022-02-29'");
	refused("table certificate\n host_name accept from 2022-02-02 until 2022-02-01\n",
		"3:35: the row ends before it begins");
	refused("setting a\n x default\ntable version\n * reject if < $a\n",
		"5:16: no value of '$a' names a version");
	refused("setting a\n TLSv1 default\ntable version\n * reject if < a\n",
		"5:16: expected a setting ($NAME), found 'a'");
}

#define TWO "setting a\n x default\n y\n"

Test(reader, grids_are_checked_against_their_header)
{
	refused(TWO "table version by a\n TLS1.2 TLS1.3\n x accept\n",
		"7:10: the row has 1 cells, its table has 2 columns");
	refused(TWO "table version by a\n TLS1.2\n x accept accept\n",
		"7:11: the row has more cells than its table has columns, 1");
	refused(TWO "table version by a\n TLS1.2 TLS1.2\n x accept accept\n",
		"6:9: the column stands twice");
	refused(TWO "table version by a\n TLS1.2\n x accept\n y accept\n x reject\n",
		"9:1: the row for these values stands already in line 7");
	refused(TWO "table version by a\n x accept\n",
		"6:4: a table 'by' a setting begins with a line that names its columns");
	refused(TWO "table version by a a\n TLS1.2\n x x accept\n",
		"5:20: the setting is named twice");
	refused(TWO "table suite by a\n x z\n * accept reject\n",
		"6:4: unknown value of setting 'a' 'z'; known are 'x', 'y'");
}

Test(reader, other_statements_are_checked)
{
	refused("prefer both\n", "2:8: expected 'server' or 'client', found 'both'");
	refused("prefer server TLS_AES_128_GCM_SHA256 TLS_AES_256_GCM_SHA384\n",
		"2:38: expected '>' or '=' between suites, found 'TLS_AES_256_GCM_SHA384'");
	refused("prefer server TLS_AES_128_GCM_SHA256 > TLS_AES_128_GCM_SHA256\n",
		"2:40: the suite stands twice");
	refused("prefer server *\n", "2:15: a preference names suites, not patterns");
	refused("limit rsa_bits > 2048\n", "2:16: expected '>=' or '<=', found '>'");
	refused("limit rsa_bits >= 99999999999\n", "2:19: expected a number, found '99999999999'");
	refused(TWO "transition a from x never\n",
		"5:21: unknown value of setting 'a' 'never'; known are 'x', 'y'");
	refused("admit alert close_notify close\n",
		"2:26: expected a comma or the end of the line, found 'close'");
	refused("control error 2800\n",
		"2:15: expected an SQLSTATE of five digits or capital letters, found '2800'");
}

Test(reader, several_errors_are_reported_in_one_go)
{
	reading_text(&reading, "policy t\n"
			       "table version\n"
			       "  TLS1.2 acept\n"
			       "  TLS1.5 accept\n"
			       "foo\n"
			       "limit x >= 1\n");
	cr_assert_eq(reading.fault, FAULT_INPUT);
	cr_assert_eq(reading.diags.errors, 4);
	cr_assert_str_eq(
		message(&reading, 3),
		"6:7: unknown limit 'x'; known are 'dh_bits', 'rsa_bits', 'dss_bits', 'ec_bits', "
		"'certificate_days'");
}

static void refused_bytes(const void *bytes, size_t len, const char *expected)
{
	arena_init(&reading.arena, POLICY_ARENA_MAX);
	diags_init(&reading.diags, &reading.arena);
	enum fault fault = policy_read(&reading.policy, &reading.arena, &reading.diags, "t.policy",
				       span_of(bytes, len));
	cr_assert_eq(fault, FAULT_INPUT);
	cr_assert_eq(reading.diags.errors, 1);
	cr_assert_str_eq(message(&reading, 0), expected);
	release();
}

Test(reader, bytes_that_are_no_text_get_one_sentence)
{
	refused_bytes("policy t\n\0\0\0", 12, "2:1: a zero byte stands in the text");
	refused_bytes("policy t\ntitle \"\xff\"", 17, "2:8: the text is not UTF-8: byte 0xff");
	refused_bytes("title \"\xed\xa0\x80\"", 11, "1:8: the text is not UTF-8: byte 0xed");
	refused_bytes("title \"\xc3", 8, "1:8: the text is not UTF-8: byte 0xc3");
	refused_bytes("title \"\x1b[2J\"", 12,
		      "1:8: the control character 0x1b stands in the text");
	refused_bytes("policy t\r", 9, "1:9: the control character 0x0d stands in the text");
}

Test(reader, a_file_or_a_line_that_is_too_long_gets_one_sentence)
{
	char *bytes = malloc(POLICY_FILE_MAX + 1);
	cr_assert_not_null(bytes);
	memset(bytes, 'a', POLICY_FILE_MAX + 1);
	refused_bytes(bytes, POLICY_FILE_MAX + 1,
		      "1:1: the file has 1048577 bytes, more than the 1048576 allowed");
	refused_bytes(bytes, 5000, "1:4098: the line is longer than 4096 bytes");
	free(bytes);
}

Test(reader, strings_end_on_their_line)
{
	refused("title \"abc\n", "2:7: the string has no closing quote");
	refused("title \"a\\b\"\n",
		"2:10: a backslash in a string stands before '\"' or another backslash");
	refused("title \xc3\xa9\n", "2:7: a character outside of ASCII stands outside of a string "
				    "or comment");
}

Test(reader, line_ends_byte_order_marks_and_escapes_are_understood)
{
	reading_text(&reading, "\xEF\xBB\xBFpolicy t\r\ntitle \"a \\\"b\\\" \\\\ \xc3\xa9\"\r\n");
	cr_assert_eq(reading.fault, FAULT_NONE, "%s", message(&reading, 0));
	cr_assert_str_eq(reading.policy.title, "a \"b\" \\ \xc3\xa9");
}
