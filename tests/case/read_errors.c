/* SPDX-License-Identifier: Apache-2.0 */
/* What is wrong with a file is said in one sentence, with its line and column. */
#include "reading.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#define REST "  send   client_hello\n  expect close\n"

Test(reader, a_misspelt_statement_names_the_nearest)
{
	refused_case("  sent client_hello\n",
		     "4:3: unknown statement 'sent'; did you mean 'send'?");
	refused("caze t.t\n  why \"w\"\n  nonsense\n",
		"1:1: unknown statement 'caze'; did you mean 'case'?");
}

Test(reader, stanzas_and_their_statements_stand_in_their_columns)
{
	refused(" case t.t\n", "1:2: 'case' begins in the first column");
	refused("why \"w\"\n", "1:1: 'why' stands before any 'case' or 'feature'");
	refused("case t.t\nwhy \"w\"\n", "2:1: the statements of a stanza are indented");
}

Test(reader, names_are_checked)
{
	refused("case t..t\n",
		"1:6: expected a name of letters, digits, '.', '-' and '_', found 't..t'");
	refused("case t.-\n",
		"1:6: expected a name of letters, digits, '.', '-' and '_', found 't.-'");
	refused("case t/t\n",
		"1:6: expected a name of letters, digits, '.', '-' and '_', found 't/t'");
	refused("feature\n", "1:8: expected a name of letters, digits, '.', '-' and '_' before the "
			     "end of the line");
	refused("case t.t again\n", "1:10: expected the end of the statement, found 'again'");
}

Test(reader, a_case_without_its_parts_says_each)
{
	refused("case t.t\n",
		"1:1: 't.t' has no 'cite'\n1:1: 't.t' has no 'send'\n1:1: 't.t' has no 'expect'");
	refused_case("  send client_hello\n  allow close\n", "1:1: 't.t' has no 'expect'");
	refused_case("  complete\n  expect close\n", "1:1: 't.t' has no 'send'");
}

Test(reader, statements_about_the_rule_are_checked)
{
	refused_case("  cite RFC MUST\n" REST, "4:8: expected the rule in quotes, found 'RFC'");
	refused_case("  cite \"r\" MUSTNT\n" REST,
		     "4:12: unknown level 'MUSTNT'; did you mean 'MUST'?");
	refused_case("  cite \"r\" MUST receiver\n" REST,
		     "4:17: expected the end of the statement, found 'receiver'");
	refused_case("  why \"x\"\n" REST, "4:3: 'why' is stated twice");
	refused_case("  cve 2014-0160 \"x\"\n" REST,
		     "4:7: expected a number like CVE-2014-0160, found '2014-0160'");
	refused_case("  cve CVE-2014-0160\n" REST,
		     "4:20: expected what a vulnerable server shows in quotes before the end of "
		     "the line");
	refused_case("  edition \"\"\n" REST,
		     "4:11: expected the edition in quotes, found nothing between the quotes");
}

Test(reader, statements_about_the_endpoint_are_checked)
{
	refused_case("  at TLS1.4\n" REST, "4:6: unknown version 'TLS1.4'; did you mean 'TLS1.0'?");
	refused_case("  at TLS1.2 TLS1.2\n" REST, "4:13: the version stands twice");
	refused_case("  at\n" REST,
		     "4:5: expected a version (SSLv2 to TLS1.3) before the end of the line");
	refused_case("  over postgres\n" REST,
		     "4:8: unknown scheme 'postgres'; did you mean 'postgresql'?");
	refused_case("  needs no\n" REST, "4:11: expected a version, or the name of a feature "
					  "before the end of the line");
	refused_case("  needs TLS1.2 no TLS1.3\n" REST,
		     "4:16: 'no' stands first, in a 'needs' of its own");
	refused_case("  needs TLS1.5\n" REST,
		     "4:9: unknown version 'TLS1.5'; did you mean 'TLS1.0'?");
	refused_case("  needs TLS1.2 TLS1.2\n" REST, "4:16: 'TLS1.2' is needed twice");
}

Test(reader, families_are_checked)
{
	refused_case("  each valve 1\n" REST, "4:8: unknown family 'valve'; did you mean 'value'?");
	refused_case("  each value 5..2\n" REST, "4:14: the range is empty");
	refused_case("  each value 1 0..3\n" REST, "4:16: a value stands twice");
	refused_case("  each value 0..99999999\n" REST, "4:14: a value is at most 16777215");
	refused_case("  each value 0..4096\n" REST, "4:14: a family has at most 4096 members");
	refused_case("  each value a\n" REST, "4:14: expected a number or a range (2..10)");
	refused_case("  each length 1\n" REST, "4:15: expected '+1' or '-1'");
	refused_case("  each extension thrice\n" REST, "4:18: expected 'twice', found 'thrice'");
	refused_case("  each value 1\n" REST,
		     "4:3: nothing takes the values: 'value u8' is missing");
	refused_case("  each value 1 256\n  send bytes { value u8 }\n  expect close\n",
		     "5:16: the family's value 256 does not fit a 'u8'");
	refused_case("  send bytes { value u8 }\n  expect close\n",
		     "4:16: 'value' needs a family: 'each value' is missing");
	refused_case("  each truncation\n  send bytes { 00 }\n  expect close\n",
		     "4:3: the family needs a client_hello to be made of");
	refused("feature f\n  cite \"r\" MUST\n  why \"w\"\n  each truncation\n" REST,
		"4:3: a feature is asked once and has no family");
}

Test(reader, braces_are_paired)
{
	refused_case("  send client_hello { pad 512\n  expect close\n",
		     "4:21: the '{' is never closed");
	refused_case("  send client_hello { pad 512\n", "4:21: the '{' is never closed");
	refused_case("  send client_hello }\n  expect close\n", "4:21: '}' closes nothing");
	refused_case("  send client_hello { { } }\n  expect close\n",
		     "4:23: expected an edit or '}', found '{'");
	refused_case("  send client_hello {\n    pad 512\n\n    # more\n    fin\n  }\n"
		     "  expect close\n",
		     "8:5: unknown field 'fin'");
}

Test(reader, outcomes_are_checked)
{
	refused_case("  send client_hello\n  expect alert decode_eror\n",
		     "5:16: unknown alert 'decode_eror'; did you mean 'decode_error'?");
	refused_case("  send client_hello\n  expect alert 256\n",
		     "5:16: '256' is out of range: 0 to 255");
	refused_case("  send client_hello\n  expect alert 50 decode_error\n",
		     "5:19: the alert stands twice");
	refused_case("  send client_hello\n  expect server_helo\n",
		     "5:10: unknown outcome 'server_helo'; did you mean 'server_hello'?");
	refused_case("  send client_hello\n  expect server_hello TLS1.9\n",
		     "5:23: unknown version or suite 'TLS1.9'; did you mean 'TLS1.0'?");
	refused_case("  send client_hello\n  expect hello_retry_request x25518\n",
		     "5:30: unknown group 'x25518'; did you mean 'x25519'?");
	refused_case("  send client_hello\n  or close\n", "5:3: 'or' stands before 'expect'");
	refused_case("  send client_hello\n  expect close\n  expect timeout\n",
		     "6:3: 'expect' is stated twice; further outcomes follow an 'or'");
	refused_case("  send client_hello\n  expect close or timeout\n",
		     "5:16: expected the end of the statement, found 'or'");
	refused_case("  send client_hello\n  expect close\n  allow timeout,\n",
		     "6:17: expected outcome before the end of the line");
}

Test(reader, facts_are_checked)
{
	refused_case(REST "  assert sesion_id echoed\n",
		     "6:10: unknown fact 'sesion_id'; did you mean 'session_id'?");
	refused_case(REST "  assert session_id same\n",
		     "6:21: unknown state of a session id 'same'; known are 'echoed', 'empty', "
		     "'fresh'");
	refused_case(REST "  assert extension server_nam absent\n",
		     "6:20: unknown extension 'server_nam'; did you mean 'server_name'?");
	refused_case(REST "  assert extension server_name\n",
		     "6:31: expected presence before the end of the line");
	refused_case(REST "  assert random stale\n", "6:17: expected 'fresh', found 'stale'");
	refused_case(REST "  assert downgrade TLS1.0\n",
		     "6:20: unknown sentinel 'TLS1.0'; did you mean 'TLS1.1'?");
	refused_case(REST "  assert closed now\n",
		     "6:17: expected the end of the statement, found 'now'");
	refused_case(REST "  assert suite\n", "6:15: expected the name of a suite, or a number "
					      "before the end of the line");
}

Test(reader, several_mistakes_are_told_at_once_and_none_follows_from_another)
{
	refused("case a.a\n  cite \"r\" MIST\n  send client_helo\n  or close\n"
		"  expect alert x\n\ncase b.b\n  why w\n",
		"2:12: unknown level 'MIST'; did you mean 'MUST'?\n"
		"3:8: unknown item 'client_helo'; did you mean 'client_hello'?\n"
		"4:3: 'or' stands before 'expect'\n"
		"5:16: unknown alert 'x'\n"
		"8:7: expected what is at stake in quotes, found 'w'");
}
