/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "base/hex.h"
#include "handshake/binder.h"

/* RFC 8448 4: the resumed handshake. 87 bytes of padding stand between the two parts of its hello.
 */
static const char before_padding[] =
	"010001fc03031bc3ceb6bbe39cff938355b5a50adb6db21b7a6af649d7b4bc419d7876487d950000"
	"06130113031302010001cd0000000b0009000006736572766572ff01000100000a00140012001d00"
	"170018001901000101010201030104003300260024001d0020e4ffb68ac05f8d96c99da26698346c"
	"6be16482badddafe051a66b4f18d668f0b002a0000002b0003020304000d0020001e040305030603"
	"020308040805080604010501060102010402050206020202002d00020101001c0002400100150057";
static const char behind_padding[] =
	"002900dd00b800b22c035d829359ee5ff7af4ec900000000262a6494dc486d2c8a34cb33fa90bf1b"
	"0070ad3c498883c9367c09a2be785abc55cd226097a3a982117283f82a03a143efd3ff5dd36d64e8"
	"61be7fd61d2827db279cce145077d454a3664d4e6da4d29ee03725a6a4dafcd0fc67d2aea7052951"
	"3e3da2677fa5906c5b3f7d8f92f228bda40dda721470f9fbf297b5aea617646fac5c03272e970727"
	"c621a79141ef5f7de6505e5bfbc388e93343694093934ae4d357fad6aacb";
static const char psk[] = "4ecd0eb6ec3b4d87f5d6028f922ca4c5851a277fd41311c9e62d2c9492e1c4f3";
static const char binder[] = "3add4fb2d8fdf822a0ca3cf7678ef5e88dae990141c5924d57bb6fa31b9e5f9d";

static size_t unhex(uint8_t *out, size_t cap, const char *digits)
{
	size_t len, fell;
	cr_assert_eq(hex_decode(out, cap, &len, span_text(digits), &fell), FAULT_NONE);
	return len;
}

Test(binder, is_that_of_rfc_8448)
{
	uint8_t hello[512] = { 0 }, secret[32], expected[32], made[HASH_MAX];
	size_t len = unhex(hello, sizeof hello, before_padding) + 87, made_len;
	len += unhex(hello + len, sizeof hello - len, behind_padding);
	cr_assert_eq(len, 477);
	struct resumption resume = { .suite = 0x1301,
				     .secret = span_of(secret, unhex(secret, 32, psk)) };
	unhex(expected, 32, binder);
	cr_assert_eq(handshake_psk_binder(made, &made_len, &resume, span_of(NULL, 0),
					  span_of(hello, len)),
		     FAULT_NONE);
	cr_expect(span_equal(span_of(made, made_len), span_of(expected, 32)));
	/* In two parts, as after a HelloRetryRequest, it is the same. */
	cr_assert_eq(handshake_psk_binder(made, &made_len, &resume, span_of(hello, 100),
					  span_of(hello + 100, len - 100)),
		     FAULT_NONE);
	cr_expect(span_equal(span_of(made, made_len), span_of(expected, 32)));
}

Test(binder, needs_a_suite_of_tls_1_3_and_a_secret_of_its_length)
{
	static const uint8_t secret[48];
	uint8_t made[HASH_MAX];
	size_t len;
	struct resumption resume = { .suite = 0xC02F, .secret = span_of(secret, 32) };
	struct span hello = span_text("hello"), none = span_of(NULL, 0);
	cr_expect_eq(handshake_psk_binder(made, &len, &resume, none, hello), FAULT_UNSUPPORTED);
	resume.suite = 0x1302;
	cr_expect_eq(handshake_psk_binder(made, &len, &resume, none, hello), FAULT_UNSUPPORTED);
	resume.secret.len = 48;
	cr_expect_eq(handshake_psk_binder(made, &len, &resume, none, hello), FAULT_NONE);
	cr_expect_eq(len, 48);
	cr_expect_eq(handshake_binder_len(0x1303), 32);
	cr_expect_eq(handshake_binder_len(0x002F), 0);
}
