/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "encode_support.h"

/* The parts of the base hello of TLS 1.2 behind its random. */
#define SUITES_12    "c02fc030c02bc02cc027c028c013c014009c009d003c002f0035"
#define GROUPS	     "000a00080006001d00170018"
#define POINTS	     "000b00020100"
#define SCHEMES	     "000d001600140403080404010503080505010806060102010203"
#define EMS	     "00170000"
#define RENEGOTIATED "ff01000100"
#define BLOCK_12     GROUPS POINTS SCHEMES EMS RENEGOTIATED
#define HEAD_12	     "00001a" SUITES_12 "0100"

#define EDIT(name, edits, expected)                                                                \
	Test(encode_edits, name)                                                                   \
	{                                                                                          \
		cr_assert_str_eq(hello_hex(TLS1_2, "send client_hello { " edits " }"), expected);  \
	}

EDIT(session_id_is_replaced, "session_id { 5a5b }", "025a5b001a" SUITES_12 "01000035" BLOCK_12)
EDIT(session_id_lies_and_keeps_its_bytes, "session_id =255", "ff001a" SUITES_12 "01000035" BLOCK_12)
EDIT(session_id_lies_about_its_new_bytes, "session_id -1 { 5a5b }",
     "015a5b001a" SUITES_12 "01000035" BLOCK_12)
EDIT(length_wraps_within_its_width, "session_id -1", "ff001a" SUITES_12 "01000035" BLOCK_12)
EDIT(compression_is_replaced, "compression { 01 null }", "00001a" SUITES_12 "0201000035" BLOCK_12)
EDIT(suites_are_replaced, "suites { TLS_RSA_WITH_AES_128_CBC_SHA c0 }",
     "000003002fc001000035" BLOCK_12)
EDIT(suites_are_put_behind, "suites add { 5600 }", "00001c" SUITES_12 "560001000035" BLOCK_12)
EDIT(suites_are_put_before, "suites first { 5600 }", "00001c5600" SUITES_12 "01000035" BLOCK_12)
EDIT(suites_are_dropped,
     "suites without TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 TLS_RSA_WITH_AES_256_CBC_SHA",
     "000016c030c02bc02cc027c028c013c014009c009d003c002f01000035" BLOCK_12)
EDIT(suites_lie_only, "suites -2", "000018" SUITES_12 "01000035" BLOCK_12)
EDIT(edits_are_made_in_their_order, "suites { c02f } suites add { c030 } suites first { 1301 }",
     "0000061301c02fc03001000035" BLOCK_12)
EDIT(block_is_replaced, "extensions { extended_master_secret { } }", HEAD_12 "0004" EMS)
EDIT(block_lies_about_what_is_in_it, "extensions +1 { supported_groups { u16 { 0017 } } }",
     HEAD_12 "0009"
	     "000a000400020017")
EDIT(block_lies_absolutely, "extensions =0", HEAD_12 "0000" BLOCK_12)
EDIT(block_takes_bytes_as_they_are, "extensions { 000b 0002 01 }",
     HEAD_12 "0005"
	     "000b000201")
EDIT(block_may_be_empty, "extensions { }", HEAD_12 "0000")
EDIT(block_may_be_absent, "extensions absent", HEAD_12)
EDIT(block_comes_back_when_something_is_added, "extensions absent extensions add { heartbeat }",
     HEAD_12 "0005"
	     "000f000101")
EDIT(block_without_some, "extensions without supported_groups signature_algorithms",
     HEAD_12 "000f" POINTS EMS RENEGOTIATED)
EDIT(block_with_more_before, "extensions first { session_ticket }",
     HEAD_12 "0039"
	     "00230000" BLOCK_12)
EDIT(block_with_more_behind, "extensions add { session_ticket { 0102 } extension 65000 { } }",
     HEAD_12 "003f" BLOCK_12 "002300020102"
	     "fde80000")
EDIT(block_is_reversed, "extensions reversed",
     HEAD_12 "0035" RENEGOTIATED EMS SCHEMES POINTS GROUPS)
EDIT(extension_is_set_where_it_stands, "ec_point_formats { u8 { 00 01 } }",
     HEAD_12 "0036" GROUPS "000b0003020001" SCHEMES EMS RENEGOTIATED)
EDIT(extension_is_appended, "heartbeat { 02 }", HEAD_12 "003a" BLOCK_12 "000f000102")
EDIT(extension_lies_about_its_new_body, "extended_master_secret +3 { 01 }",
     HEAD_12 "0036" GROUPS POINTS SCHEMES "0017000401" RENEGOTIATED)
EDIT(extension_lies_and_keeps_its_body, "ec_point_formats =9",
     HEAD_12 "0035" GROUPS "000b00090100" SCHEMES EMS RENEGOTIATED)
EDIT(vector_in_a_body_lies, "supported_groups { u16 -1 { 0017 } }",
     HEAD_12 "0031"
	     "000a000400010017" POINTS SCHEMES EMS RENEGOTIATED)
EDIT(tail_stands_behind_the_extensions, "tail { dead }", HEAD_12 "0035" BLOCK_12 "dead")

Test(encode_edits, version_and_random_are_replaced)
{
	cr_assert_str_eq(sent_hex(TLS1_2, "send client_hello { version TLS1.1 random { 01 02 } "
					  "extensions absent }"),
			 "1603010027"
			 "01000023"
			 "0302"
			 "0102" HEAD_12);
}

Test(encode_edits, padding_brings_the_message_to_its_length)
{
	const char *hex = sent_hex(TLS1_2, "send client_hello { pad 512 }");
	cr_assert_eq(strlen(hex), 2 * (5 + 512));
	cr_assert_eq(strncmp(hex, "1603010200010001fc", 18), 0);
	cr_assert_not_null(strstr(hex, RENEGOTIATED "00150180000000"));
}

Test(encode_edits, padding_without_a_body_is_possible)
{
	cr_assert_eq(strlen(sent_hex(TLS1_2, "send client_hello { pad 128 }")), 2 * (5 + 128));
}

Test(encode_edits, padding_that_does_not_fit_is_refused)
{
	static const char *const pads[] = { "send client_hello { pad 127 }",
					    "send client_hello { pad 70000 }" };
	for (size_t i = 0; i < 2; i++) {
		struct bench bench;
		bench_init(&bench, TLS1_2, pads[i]);
		cr_assert_eq(bench_encode(&bench, 0), FAULT_UNSUPPORTED, "%s", pads[i]);
		bench_release(&bench);
	}
}

#define USUAL(name, version, word, expected)                                                       \
	Test(encode_usual, name)                                                                   \
	{                                                                                          \
		const char *hex =                                                                  \
			hello_hex(version, "send client_hello { extensions { " word " } }");       \
		size_t len = strlen(hex), tail = sizeof(expected) - 1;                             \
		cr_assert_gt(len, tail);                                                           \
		cr_assert_str_eq(hex + len - tail, expected);                                      \
	}

USUAL(server_name_is_localhost, TLS1_2, "server_name", "0000000e000c0000096c6f63616c686f7374")
USUAL(alpn_is_http, TLS1_2, "application_layer_protocol_negotiation",
      "0010000b000908687474702f312e31")
USUAL(status_request_asks_for_ocsp, TLS1_2, "status_request", "000500050100000000")
USUAL(groups_are_the_base_hellos, TLS1_0, "supported_groups", GROUPS)
USUAL(schemes_are_those_of_the_version_that_has_them, TLS1_0, "signature_algorithms", SCHEMES)
USUAL(supported_versions_name_the_version, TLS1_2, "supported_versions", "002b0003020303")
USUAL(key_share_is_x25519, TLS1_2, "key_share",
      "00330026"
      "0024001d00208520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a")
USUAL(max_fragment_length_is_512, TLS1_2, "max_fragment_length", "0001000101")
USUAL(record_size_limit_is_the_largest, TLS1_3, "record_size_limit", "001c00024001")
USUAL(psk_is_with_a_key_exchange, TLS1_2, "psk_key_exchange_modes", "002d00020101")
USUAL(unknown_extension_is_empty, TLS1_2, "encrypt_then_mac", "00160000")
