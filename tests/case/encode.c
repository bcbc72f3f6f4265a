/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "base/hex.h"
#include "encode_support.h"

/* The hellos that every byte of the catalogue is told in relation to. */
static const char hello_10[] =
	"16030100500100004c0301a1a1a1a1000102030405060708090a0b0c0d0e0f10111213141516"
	"1718191a1b00000cc013c01400330039002f003501000017000a00080006001d00170018000b"
	"00020100ff01000100";
static const char hello_11[] =
	"16030100500100004c0302a1a1a1a1000102030405060708090a0b0c0d0e0f10111213141516"
	"1718191a1b00000cc013c01400330039002f003501000017000a00080006001d00170018000b"
	"00020100ff01000100";
static const char hello_12[] =
	"160301007c010000780303a1a1a1a1000102030405060708090a0b0c0d0e0f10111213141516"
	"1718191a1b00001ac02fc030c02bc02cc027c028c013c014009c009d003c002f003501000035"
	"000a00080006001d00170018000b00020100000d001600140403080404010503080505010806"
	"06010201020300170000ff01000100";
static const char hello_13[] =
	"16030100b0010000ac0303a1a1a1a1000102030405060708090a0b0c0d0e0f10111213141516"
	"1718191a1b20404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f"
	"00061301130213030100005d002b0003020304003300260024001d00208520f0098930a75474"
	"8b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a000a00080006001d00170018000d00"
	"1600140403080404010503080505010806060102010203002d00020101";

#define RANDOM "a1a1a1a1000102030405060708090a0b0c0d0e0f101112131415161718191a1b"

Test(encode_base, hello_of_tls10)
{
	cr_assert_str_eq(sent_hex(TLS1_0, "send client_hello"), hello_10);
}
Test(encode_base, hello_of_tls11)
{
	cr_assert_str_eq(sent_hex(TLS1_1, "send client_hello"), hello_11);
}
Test(encode_base, hello_of_tls12)
{
	cr_assert_str_eq(sent_hex(TLS1_2, "send client_hello"), hello_12);
}
Test(encode_base, hello_of_tls13)
{
	cr_assert_str_eq(sent_hex(TLS1_3, "send client_hello"), hello_13);
}

Test(encode_base, hello_of_sslv3_has_no_extensions_but_the_signalling_suite)
{
	cr_assert_str_eq(sent_hex(SSLV3, "send client_hello"), "160300003b"
							       "01000037"
							       "0300" RANDOM "00"
							       "0010"
							       "c013c01400330039002f0035000a00ff"
							       "0100");
}

Test(encode_base, control_is_the_message_of_the_base_hello)
{
	uint8_t bytes[512];
	char hex[1025];
	struct builder b;
	struct case_setting setting = { .version = TLS1_2 };
	builder_init(&b, bytes, sizeof(bytes), NULL, 0);
	cr_assert_eq(case_base_hello(&b, &setting), FAULT_NONE);
	hex_encode(hex, builder_view(&b));
	cr_assert_str_eq(hex, hello_12 + 10);
}

Test(encode_base, control_that_does_not_fit_is_too_large)
{
	uint8_t bytes[20];
	struct builder b;
	struct case_setting setting = { .version = TLS1_2 };
	builder_init(&b, bytes, sizeof(bytes), NULL, 0);
	cr_assert_eq(case_base_hello(&b, &setting), FAULT_TOO_LARGE);
}

Test(encode_base, control_of_sslv2_is_an_sslv2_record)
{
	uint8_t bytes[512];
	struct builder b;
	struct case_setting setting = { .version = SSLV2 };
	builder_init(&b, bytes, sizeof(bytes), NULL, 0);
	cr_assert_eq(case_base_hello(&b, &setting), FAULT_NONE);
	cr_assert_eq(bytes[0], 0x80);
	cr_assert_eq(bytes[1], b.len - 2);
	cr_assert_eq(bytes[4], 0x02);
}

Test(encode_base, server_name_comes_first_and_alpn_last)
{
	struct bench bench;
	bench_init(&bench, TLS1_1, "send client_hello");
	bench.setting.server_name = "db.test";
	bench.setting.alpn = "postgresql";
	const char *hex = bench_hex(&bench, 0);
	const char *block = hex + 2 * (5 + 4 + 2 + 32 + 1 + 2 + 12 + 2);
	cr_assert_eq(strncmp(block,
			     "0038"
			     "0000000c000a00000764622e74657374"
			     "000a",
			     40),
		     0, "%s", block);
	cr_assert_str_eq(hex + strlen(hex) - 34, "0010000d000b0a706f737467726573716c");
	bench_release(&bench);
}

Test(encode_base, other_connections_do_not_change_the_bytes)
{
	struct bench bench;
	bench_init(&bench, TLS1_3, "send client_hello { session_id { random 32 } }");
	const char *first = bench_hex(&bench, 0);
	cr_assert_str_eq(bench_hex(&bench, 0), first);
	bench.setting.stream = 1;
	cr_assert_str_neq(bench_hex(&bench, 0), first);
	bench_release(&bench);
}
