/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "encode_support.h"

/* The body of the base hello of TLS 1.1, and the number of its length fields. */
#define BODY_LEN_11    76
#define LENGTHS_LEN_11 11

static const uint32_t *members(struct bench *bench, const char *statements, size_t *len)
{
	bench_init(bench, TLS1_1, statements);
	const uint32_t *out = case_members(&bench->arena, bench->of, TLS1_1, len);
	cr_assert_not_null(out);
	return out;
}

Test(encode_members, case_without_a_family_has_one)
{
	struct bench bench;
	size_t len;
	const uint32_t *all = members(&bench, "send client_hello", &len);
	cr_assert_eq(len, 1);
	cr_assert_eq(all[0], 0);
	bench_release(&bench);
}

Test(encode_members, values_are_the_members)
{
	struct bench bench;
	size_t len;
	const uint32_t *all = members(&bench, "each value 0 2..4\n  send bytes { value u8 }", &len);
	cr_assert_eq(len, 4);
	cr_assert_eq(all[0], 0);
	cr_assert_eq(all[3], 4);
	bench_release(&bench);
}

Test(encode_members, truncation_has_every_shorter_body)
{
	struct bench bench;
	size_t len;
	const uint32_t *all = members(&bench, "each truncation\n  send client_hello", &len);
	cr_assert_eq(len, BODY_LEN_11);
	cr_assert_eq(all[0], 0);
	cr_assert_eq(all[len - 1], BODY_LEN_11 - 1);
	bench.setting.member = 3;
	cr_assert_str_eq(bench_hex(&bench, 0), "1603010007"
					       "01000003"
					       "0302a1");
	bench_release(&bench);
}

Test(encode_members, only_the_first_hello_is_truncated)
{
	struct bench bench;
	size_t len;
	members(&bench, "each truncation\n  send client_hello, client_hello", &len);
	bench.setting.member = 0;
	const char *hex = bench_hex(&bench, 0);
	cr_assert_eq(strncmp(hex,
			     "160301000401000000"
			     "16030",
			     23),
		     0);
	cr_assert_eq(strlen(hex), 2 * (9 + 5 + 4 + BODY_LEN_11));
	bench_release(&bench);
}

Test(encode_members, lengths_lie_one_after_the_other_in_the_order_of_the_wire)
{
	struct bench bench;
	size_t len;
	const uint32_t *all = members(&bench, "each length +1\n  send client_hello", &len);
	cr_assert_eq(len, LENGTHS_LEN_11);
	cr_assert_eq(all[0], 1);
	bench.setting.member = 1;
	cr_assert_eq(strncmp(bench_hex(&bench, 0),
			     "1603010050"
			     "0100004d",
			     18),
		     0);
	bench.setting.member = 2;
	cr_assert_eq(strncmp(bench_hex(&bench, 0) + 86,
			     "01"
			     "000c",
			     6),
		     0);
	bench.setting.member = LENGTHS_LEN_11;
	const char *hex = bench_hex(&bench, 0);
	cr_assert_str_eq(hex + strlen(hex) - 10, "ff01000101");
	bench.setting.member = LENGTHS_LEN_11 + 1;
	cr_assert_eq(bench_encode(&bench, 0), FAULT_UNSUPPORTED);
	bench_release(&bench);
}

Test(encode_members, length_below_zero_wraps)
{
	struct bench bench;
	size_t len;
	members(&bench, "each length -1\n  send client_hello", &len);
	bench.setting.member = 2;
	cr_assert_eq(strncmp(bench_hex(&bench, 0) + 86,
			     "ff"
			     "000c",
			     6),
		     0);
	bench_release(&bench);
}

Test(encode_members, extension_stands_twice_the_second_time_at_the_end)
{
	struct bench bench;
	size_t len;
	const uint32_t *all = members(&bench, "each extension twice\n  send client_hello", &len);
	cr_assert_eq(len, 3);
	cr_assert_eq(all[0], 10);
	cr_assert_eq(all[2], 0xFF01);
	bench.setting.member = 11;
	const char *hex = bench_hex(&bench, 0);
	cr_assert_str_eq(hex + strlen(hex) - 22, "ff01000100"
						 "000b00020100");
	bench_release(&bench);
}

Test(encode_members, hello_inside_a_record_is_the_first_one)
{
	struct bench bench;
	size_t len;
	members(&bench, "each truncation\n  send record handshake { client_hello }", &len);
	cr_assert_eq(len, BODY_LEN_11);
	bench_release(&bench);
}

Test(encode_members, ids_say_version_and_member_where_there_are_some)
{
	struct bench bench;
	char id[CASE_ID_MAX];
	bench_init(&bench, TLS1_2, "send client_hello");
	case_id(id, bench.of, TLS1_2, 0);
	cr_assert_str_eq(id, "case/test.bench");
	bench_release(&bench);
	bench_init(&bench, TLS1_2, "at TLS1.1 TLS1.2\n  send client_hello");
	case_id(id, bench.of, TLS1_2, 0);
	cr_assert_str_eq(id, "case/test.bench/TLS1.2");
	bench_release(&bench);
	bench_init(&bench, TLS1_2, "at TLS1.2\n  each truncation\n  send client_hello");
	case_id(id, bench.of, TLS1_2, 17);
	cr_assert_str_eq(id, "case/test.bench/TLS1.2/17");
	bench_release(&bench);
}
