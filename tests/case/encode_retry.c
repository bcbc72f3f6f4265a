/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "encode_support.h"
#include "registry/registry.h"

#define SHARE "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"

/* Sends the first step, and then the second with what a HelloRetryRequest asked for. */
static const char *second(struct bench *bench, const char *steps, uint16_t group,
			  struct span cookie)
{
	bench_init(bench, TLS1_3, steps);
	cr_assert_eq(bench_encode(bench, 0), FAULT_NONE);
	bench->connection.last_hello = bench->units.at[bench->units.len - 1].hello;
	bench->connection.retry_group = group;
	bench->connection.retry_cookie = cookie;
	return bench_hex(bench, 1);
}

Test(encode_retry, again_repeats_the_last_hello_with_its_oddities)
{
	struct bench bench;
	const char *hex =
		second(&bench,
		       "send client_hello { suites { 1301 c0 } session_id { } tail { ee } "
		       "}\n  send client_hello again",
		       0, span_of(NULL, 0));
	cr_assert_eq(bench.units.len, 1);
	cr_assert(span_equal(bench.units.at[0].fragment, bench.connection.last_hello));
	cr_assert_eq(strncmp(hex, "160303", 6), 0);
	bench_release(&bench);
}

Test(encode_retry, again_is_edited_like_a_fresh_one)
{
	struct bench bench;
	const char *hex = second(&bench,
				 "send client_hello { suites { 1301 } extensions { } }\n  send "
				 "client_hello again { suites { 1302 } }",
				 0, span_of(NULL, 0));
	cr_assert_not_null(strstr(hex, "5e5f"
				       "00021302"
				       "0100"
				       "0000"));
	bench_release(&bench);
}

Test(encode_retry, again_within_one_step_follows_the_hello_before_it)
{
	const char *hex =
		sent_hex(TLS1_2, "send client_hello { extensions absent suites { c02f } }, "
				 "client_hello again");
	size_t one = 2 * (5 + 4 + 2 + 32 + 1 + 4 + 2);
	cr_assert_eq(strlen(hex), 2 * one);
	cr_assert_eq(strncmp(hex + 10, hex + one + 10, one - 10), 0);
}

Test(encode_retry, again_without_a_hello_before_it_is_refused)
{
	struct bench bench;
	bench_init(&bench, TLS1_3, "send client_hello\n  send client_hello again");
	cr_assert_eq(bench_encode(&bench, 1), FAULT_UNSUPPORTED);
	bench_release(&bench);
}

Test(encode_retry, retry_has_one_share_of_the_group_asked_for)
{
	struct bench bench;
	const char *hex = second(&bench,
				 "send client_hello { key_share { u16 { } } }\n  send client_hello "
				 "retry",
				 GROUP_X25519, span_of(NULL, 0));
	cr_assert_not_null(strstr(hex, "5d"
				       "002b0003020304"
				       "003300260024001d0020" SHARE "000a"));
	bench_release(&bench);
}

Test(encode_retry, cookie_is_inserted_and_early_data_dropped)
{
	struct bench bench;
	const char *hex =
		second(&bench,
		       "send client_hello { cookie { u16 { 09 } } early_data { } }\n  send "
		       "client_hello retry",
		       0, span_text("\x01\x02"));
	cr_assert_str_eq(hex + strlen(hex) - 28, "002d00020101"
						 "002c000400020102");
	cr_assert_null(strstr(hex, "002a0000"));
	bench_release(&bench);
}

Test(encode_retry, pre_shared_key_stays_last)
{
	struct bench bench;
	const char *hex =
		second(&bench,
		       "send client_hello { extensions { pre_shared_key { 00 } } }\n  send "
		       "client_hello retry",
		       GROUP_X25519, span_text("\x01\x02"));
	cr_assert_str_eq(hex + strlen(hex) - 26, "002c000400020102"
						 "0029000100");
	bench_release(&bench);
}

Test(encode_retry, retry_without_a_request_is_refused)
{
	struct bench bench;
	bench_init(&bench, TLS1_3, "send client_hello\n  send client_hello retry");
	cr_assert_eq(bench_encode(&bench, 0), FAULT_NONE);
	bench.connection.last_hello = bench.units.at[0].hello;
	cr_assert_eq(bench_encode(&bench, 1), FAULT_UNSUPPORTED);
	bench.connection.retry_group = 0x7777;
	cr_assert_eq(bench_encode(&bench, 1), FAULT_UNSUPPORTED);
	bench_release(&bench);
}
