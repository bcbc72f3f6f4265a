/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "encode_support.h"

#define FINISHED "1400000401020304"

Test(encode_framing, record_says_what_it_is_told_to)
{
	cr_assert_str_eq(sent_hex(TLS1_2, "send finished { 01020304 } in record { type 23 version "
					  "0x0399 length +2 }"),
			 "170399000a" FINISHED);
}

Test(encode_framing, fragments_of_one_size)
{
	cr_assert_str_eq(sent_hex(TLS1_2, "send finished { 01020304 } in records of 3"),
			 "1603010003140000"
			 "1603010003040102"
			 "16030100020304");
}

Test(encode_framing, fragments_of_given_sizes_and_then_the_rest)
{
	cr_assert_str_eq(sent_hex(TLS1_2, "send finished { 01020304 } in records split 1 0 2"),
			 "160301000114"
			 "1603010000"
			 "16030100020000"
			 "16030100050401020304");
}

Test(encode_framing, trailing_empty_fragment_is_sent)
{
	cr_assert_str_eq(sent_hex(TLS1_2, "send finished { 01020304 } in records split 8 0"),
			 "1603010008" FINISHED "1603010000");
}

Test(encode_framing, empty_record_is_a_record)
{
	cr_assert_str_eq(sent_hex(TLS1_2, "send record handshake { }"), "1603010000");
}

Test(encode_framing, records_behind_the_hello_have_the_version_itself)
{
	struct bench bench;
	bench_init(&bench, TLS1_1,
		   "send alert warning close_notify, client_hello, "
		   "change_cipher_spec");
	const char *hex = bench_hex(&bench, 0);
	cr_assert_eq(strncmp(hex,
			     "15030100020100"
			     "160301",
			     20),
		     0, "%s", hex);
	cr_assert_str_eq(hex + strlen(hex) - 12, "140302000101");
	cr_assert(bench.units.at[2].is_change_cipher_spec);
	bench_release(&bench);
}

Test(encode_framing, tls13_keeps_the_version_of_its_records_at_tls12)
{
	const char *hex = sent_hex(TLS1_3, "send client_hello, change_cipher_spec");
	cr_assert_str_eq(hex + strlen(hex) - 12, "140303000101");
}

Test(encode_framing, later_step_knows_that_a_hello_was_sent)
{
	struct bench bench;
	bench_init(&bench, TLS1_2, "send client_hello\n  send alert fatal internal_error");
	cr_assert_eq(bench_encode(&bench, 0), FAULT_NONE);
	bench.connection.last_hello = bench.units.at[0].hello;
	cr_assert_str_eq(bench_hex(&bench, 1), "15030300020250");
	bench_release(&bench);
}

Test(encode_framing, message_over_one_record_is_cut_in_records)
{
	struct bench bench;
	bench_init(&bench, TLS1_2, "send client_hello { pad 40000 }");
	cr_assert_eq(strlen(bench_hex(&bench, 0)), 2 * (40000 + 3 * 5));
	cr_assert_eq(bench.units.len, 3);
	cr_assert_eq(bench.units.at[0].fragment.len, 16384);
	cr_assert(!bench.units.at[0].is_client_hello && !bench.units.at[0].ends_message.at);
	cr_assert(bench.units.at[2].is_client_hello);
	cr_assert_eq(bench.units.at[2].ends_message.len, 40000);
	bench_release(&bench);
}

Test(encode_framing, record_by_name_is_one_record_whatever_its_length)
{
	struct bench bench;
	bench_init(&bench, TLS1_2, "send record handshake { client_hello { pad 65539 } }");
	cr_assert_eq(strncmp(bench_hex(&bench, 0),
			     "1603010003"
			     "0100ffff",
			     18),
		     0);
	cr_assert_eq(bench.units.len, 1);
	cr_assert_eq(bench.units.at[0].fragment.len, 65539);
	bench_release(&bench);
}

Test(encode_framing, two_messages_in_one_record_end_there)
{
	struct bench bench;
	bench_init(&bench, TLS1_2, "send record handshake { client_hello client_hello }");
	bench_hex(&bench, 0);
	const struct wire_unit *unit = &bench.units.at[0];
	cr_assert(unit->is_client_hello);
	cr_assert_eq(unit->ends_message.len, unit->fragment.len);
	cr_assert_eq(unit->hello.at, unit->fragment.at + unit->fragment.len / 2);
	bench_release(&bench);
}

Test(encode_framing, lying_message_is_for_no_transcript)
{
	struct bench bench;
	bench_init(&bench, TLS1_2, "send client_hello +1");
	bench_hex(&bench, 0);
	cr_assert_null(bench.units.at[0].ends_message.at);
	cr_assert(bench.units.at[0].is_client_hello);
	cr_assert_eq(bench.units.at[0].hello.len, bench.units.at[0].fragment.len);
	bench_release(&bench);
}

Test(encode_framing, cut_message_says_what_is_left)
{
	cr_assert_str_eq(sent_hex(TLS1_2, "send finished cut 1 { 01020304 }"), "1603010005"
									       "1400000101");
	cr_assert_str_eq(sent_hex(TLS1_2, "send finished cut -3 { 01020304 }"), "1603010005"
										"1400000101");
	cr_assert_str_eq(sent_hex(TLS1_2, "send finished cut -9 { 01020304 }"), "1603010004"
										"14000000");
	cr_assert_str_eq(sent_hex(TLS1_2, "send finished +2 cut 1 { 01020304 }"), "1603010005"
										  "1400000301");
}

Test(encode_framing, times_repeats_the_item)
{
	cr_assert_str_eq(sent_hex(TLS1_2, "send 3 times record 21 { 01 }"), "150301000101"
									    "150301000101"
									    "150301000101");
}

Test(encode_framing, bytes_stand_in_no_record)
{
	struct bench bench;
	bench_init(&bench, TLS1_2, "send bytes { \"GET /\" }");
	cr_assert_str_eq(bench_hex(&bench, 0), "474554202f");
	cr_assert(bench.units.at[0].raw);
	bench_release(&bench);
}

Test(encode_framing, what_does_not_fit_is_too_large)
{
	struct bench bench;
	bench_init(&bench, TLS1_2, "send bytes { fill 60000 00 }");
	bench.of->steps[0].items[0].times = 5;
	cr_assert_eq(bench_encode(&bench, 0), FAULT_TOO_LARGE);
	bench_release(&bench);
}

static struct span body(void *context, uint8_t type)
{
	(void)context;
	return type == 20 ? span_of("\x09\x08", 2) : span_of(NULL, 0);
}

Test(encode_framing, message_by_rule_comes_from_the_connection)
{
	struct bench bench;
	bench_init(&bench, TLS1_2, "send finished\n  send certificate");
	bench.connection.message_body = body;
	cr_assert_str_eq(bench_hex(&bench, 0), "1603010006"
					       "140000020908");
	cr_assert_eq(bench_encode(&bench, 1), FAULT_UNSUPPORTED);
	bench.connection.message_body = NULL;
	cr_assert_eq(bench_encode(&bench, 0), FAULT_UNSUPPORTED);
	bench_release(&bench);
}

#define KINDS                                                                                      \
	"00000001008002008003008004008005008006004006014007"                                       \
	"00c00701c0080080ff8000ff8010"
#define CHALLENGE "5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c"

Test(encode_sslv2, base_hello_offers_every_kind)
{
	cr_assert_str_eq(sent_hex(SSLV2, "send sslv2_client_hello"),
			 "8040"
			 "01"
			 "0002"
			 "002700000010" KINDS CHALLENGE);
}

Test(encode_sslv2, fields_and_lengths_are_as_told)
{
	cr_assert_str_eq(sent_hex(SSLV2, "send sslv2_client_hello { version TLS1.2 type 2 specs { "
					 "00002f } session_id { 0102 } challenge +1 { 0304 } }"),
			 "8010"
			 "02"
			 "0303"
			 "000300020003"
			 "00002f"
			 "0102"
			 "0304");
	cr_assert_str_eq(sent_hex(SSLV2, "send sslv2_client_hello =5 { specs { } challenge { } }"),
			 "8005"
			 "01"
			 "0002"
			 "000000000000");
	cr_assert_str_eq(sent_hex(SSLV2, "send sslv2_client_hello { long specs =9 { } "
					 "challenge { } }"),
			 "000900"
			 "01"
			 "0002"
			 "000900000000");
}
