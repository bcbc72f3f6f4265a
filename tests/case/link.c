/* SPDX-License-Identifier: Apache-2.0 */
/* What only shows when all files are read, and what a case contradicts. */
#include "reading.h"

#include <criterion/criterion.h>

#define STANZA(head, rest)                                                                         \
	head "\n  cite \"r\" MUST\n  why \"w\"\n" rest                                             \
	     "  send client_hello\n  expect server_hello\n"

Test(link, a_need_finds_its_feature)
{
	struct reading reading;
	reading_text(&reading,
		     STANZA("case a.a", "  needs no gcm TLS1.2\n") STANZA("feature gcm", ""));
	cr_assert_eq(reading.linked, FAULT_NONE, "%s", message(&reading, 0));
	const struct conformance_case *of = catalogue_find(&reading.catalogue, span_text("a.a"));
	cr_assert_not_null(of);
	cr_assert_eq(of->needs[0].feature, catalogue_find(&reading.catalogue, span_text("gcm")));
	cr_assert_null(catalogue_find(&reading.catalogue, span_text("a.b")));
	reading_release(&reading);
}

Test(link, an_unknown_feature_names_the_nearest)
{
	refused(STANZA("case a.a", "  needs ticker\n") STANZA("feature ticket", ""),
		"4:9: no feature is called 'ticker'; did you mean 'ticket'?");
	refused(STANZA("case a.a", "  needs b.b\n") STANZA("case b.b", ""),
		"4:9: no feature is called 'b.b'");
}

Test(link, a_name_is_taken_once)
{
	refused(STANZA("case a.a", "") STANZA("feature a.a", ""),
		"1:1: the name 'a.a' is taken: cases/t.case:6");
	refused(STANZA("case a.a", "") STANZA("case a.a", ""),
		"6:1: the name 'a.a' is taken: cases/t.case:1");
}

Test(link, no_feature_needs_itself)
{
	refused(STANZA("feature a", "  needs b\n") STANZA("feature b", "  needs a\n"),
		"10:9: the feature 'a' needs itself");
}

Test(link, features_are_not_stacked_without_end)
{
	struct text text;
	text_init(&text);
	for (int i = 0; i < 100; i++)
		text_printf(&text, STANZA("feature f%02d", "  needs f%02d\n"), i, i + 1);
	text_printf(&text, STANZA("feature f100", ""));
	struct reading reading;
	reading_text(&reading, text_view(&text));
	cr_assert_eq(reading.linked, FAULT_INPUT);
	cr_assert_not_null(strstr(message(&reading, 0), "features need each other more than 32"));
	text_release(&text);
	reading_release(&reading);
}

Test(link, what_is_captured_comes_from_a_feature)
{
	refused_case("  send client_hello { session_ticket { captured ticket } }\n  expect close\n",
		     "4:40: nothing is captured: the case needs no feature with a 'complete'");
	refused(STANZA("feature f", "") "case a.a\n  cite \"r\" MUST\n  why \"w\"\n  needs f\n"
					"  send bytes { captured ticket }\n  expect close\n",
		"10:16: nothing is captured: the case needs no feature with a 'complete'");
}

Test(link, an_outcome_that_decides_nothing_is_told)
{
	refused_case("  send client_hello\n  expect alert\n  allow alert decode_error\n",
		     "6:9: the outcome of line 5 holds wherever this one does");
	refused_case("  send client_hello\n  expect close\n  or close\n",
		     "6:6: the outcome of line 5 holds wherever this one does");
	refused_case("  send client_hello\n  expect close\n  allow reset, timeout\n",
		     "6:9: the outcome of line 5 holds wherever this one does");
	refused_case("  send client_hello\n  expect finished\n",
		     "5:10: nothing is 'finished' without a 'complete'");
}

Test(link, a_wider_outcome_may_be_tolerated)
{
	struct reading reading;
	reading_case(&reading, "  send client_hello\n  expect alert decode_error\n  or fin\n"
			       "  allow alert, close\n");
	reading_release(&reading);
}

Test(link, steps_do_not_come_too_late_or_too_early)
{
	refused_case("  send client_hello\n  shut\n  send client_hello\n  expect close\n",
		     "6:3: nothing can be sent: our side was ended by 'shut'");
	refused_case("  send client_hello\n  send client_hello retry\n  expect close\n",
		     "5:8: a 'retry' without 'await hello_retry_request' before it");
}

Test(link, facts_do_not_contradict)
{
	refused_case("  send client_hello\n  expect server_hello\n  assert session_id empty\n"
		     "  assert session_id fresh\n",
		     "7:3: line 6 has asserted something about this already");
	refused_case("  send client_hello\n  expect server_hello TLS1.2\n  assert version TLS1.1\n",
		     "6:3: no 'server_hello' that is expected has this version");
}

Test(link, tls13_is_not_expected_of_a_hello_that_does_not_offer_it)
{
	static const char error[] =
		"5:10: TLS 1.3 is expected of a hello without 'supported_versions'";
	refused_case("  send client_hello { extensions without supported_versions }\n"
		     "  expect server_hello TLS1.3\n",
		     error);
	refused_case("  send client_hello { extensions absent }\n  expect hello_retry_request\n",
		     error);
	refused_case("  send client_hello { extensions { key_share } }\n"
		     "  expect server_hello\n  at TLS1.3\n",
		     error);
	struct reading reading;
	reading_case(&reading, "  send client_hello { extensions { supported_versions } }\n"
			       "  expect server_hello TLS1.3\n");
	reading_release(&reading);
}
