/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "encode_support.h"

#define ELEMENT(name, bytes, expected)                                                             \
	Test(encode_elements, name)                                                                \
	{                                                                                          \
		cr_assert_str_eq(sent_hex(TLS1_2, "send bytes { " bytes " }"), expected);          \
	}

ELEMENT(digits_are_bytes, "0017 c0", "0017c0")
ELEMENT(text_is_its_characters, "\"a b\"", "612062")
ELEMENT(numbers_have_their_width, "u8 1 u16 258 u24 0x010203 u32 1", "01010201020300000001")
ELEMENT(vectors_have_their_length, "u8 { 01 } u16 { 0203 } u24 { }", "010100020203000000")
ELEMENT(vectors_lie, "u8 +1 { 01 } u16 =65535 { } u24 -1 { 0a }", "0201ffff0000000a")
ELEMENT(vectors_nest, "u16 { u8 { 01 } u8 { } }", "0003010100")
ELEMENT(names_are_as_wide_as_on_the_wire,
	"TLS_RSA_WITH_AES_128_CBC_SHA x25519 TLS1.3 null uncompressed psk_dhe_ke",
	"002f001d0304000001")
ELEMENT(fill_is_one_byte_again_and_again, "fill 3 ab", "ababab")
ELEMENT(repeat_repeats_what_is_within, "repeat 2 { 01 u8 { 02 } }", "010102010102")
ELEMENT(numbered_counts_up, "numbered 3 from 65533 { aa }", "fffdaafffeaaffffaa")
ELEMENT(repeat_of_nothing_ends, "repeat 65536 { }", "")

Test(encode_elements, share_is_ours_of_the_group)
{
	cr_assert_str_eq(sent_hex(TLS1_2, "send bytes { u8 { share x25519 } }"),
			 "208520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
}

Test(encode_elements, random_bytes_follow_from_the_seed)
{
	struct bench bench;
	bench_init(&bench, TLS1_2, "send bytes { random 8 random 8 }");
	const char *first = bench_hex(&bench, 0);
	cr_assert_str_eq(bench_hex(&bench, 0), first);
	cr_assert_neq(strncmp(first, first + 16, 16), 0);
	bench.setting.seed = 2;
	cr_assert_str_neq(bench_hex(&bench, 0), first);
	bench_release(&bench);
}

Test(encode_elements, capture_is_what_was_captured)
{
	struct bench bench;
	bench_init(&bench, TLS1_2, "send bytes { captured ticket captured session_id }");
	cr_assert_eq(bench_encode(&bench, 0), FAULT_UNSUPPORTED);
	bench.setting.captured_ticket = span_text("\x01\x02");
	bench.setting.captured_session_id = span_text("\x03");
	cr_assert_str_eq(bench_hex(&bench, 0), "010203");
	bench_release(&bench);
}

Test(encode_elements, value_is_the_members)
{
	struct bench bench;
	bench_init(&bench, TLS1_2,
		   "each value 7..200\n  send bytes { value u8 value u16 value u24 }");
	bench.setting.member = 200;
	cr_assert_str_eq(bench_hex(&bench, 0), "c800c80000c8");
	bench_release(&bench);
}

Test(encode_elements, extension_in_a_message_has_type_and_length)
{
	cr_assert_str_eq(sent_hex(TLS1_2, "send record handshake { server_hello_done +3 { 01 } }"),
			 "1603010005"
			 "0e00000401");
}

Test(encode_elements, elements_need_no_case)
{
	uint8_t bytes[16];
	struct builder b;
	struct bench bench;
	bench_init(&bench, TLS1_2, "send bytes { \"S\" u16 1 }");
	builder_init(&b, bytes, sizeof(bytes), NULL, 0);
	elements_encode(&b, &bench.of->steps[0].items[0].body, &bench.setting);
	cr_assert(span_equal(builder_view(&b), span_of("S\x00\x01", 3)));
	bench_release(&bench);
}
