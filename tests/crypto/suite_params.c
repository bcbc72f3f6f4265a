/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "crypto/suite_params.h"

static struct suite_params params_of(uint16_t suite, enum version version)
{
	struct suite_params params;
	const char *why = "";
	cr_assert(suite_params(&params, suite, version, &why), "0x%04X: %s", suite, why);
	return params;
}

static void expect_missing(uint16_t suite, enum version version, const char *expected)
{
	struct suite_params params;
	const char *why = NULL;
	cr_assert_not(suite_params(&params, suite, version, &why), "0x%04X", suite);
	cr_assert_str_eq(why, expected);
	cr_assert_not(suite_params(&params, suite, version, NULL));
}

Test(suite_params, of_cbc_have_an_iv_in_the_key_block_in_tls_1_0_only)
{
	struct suite_params params = params_of(0x0035, TLS1_0); /* RSA_WITH_AES_256_CBC_SHA */
	cr_assert_eq(params.mode, MODE_CBC);
	cr_assert_eq(params.key_len, 32);
	cr_assert_eq(params.mac_len, 20);
	cr_assert_eq(params.fixed_iv_len, 16);
	cr_assert_eq(params.record_iv_len, 0);
	cr_assert_eq(params.prf, MBEDTLS_MD_NONE);
	params = params_of(0x0035, TLS1_1);
	cr_assert_eq(params.fixed_iv_len, 0);
	cr_assert_eq(params.record_iv_len, 16);
	params = params_of(0x0035, TLS1_2);
	cr_assert_eq(params.prf, MBEDTLS_MD_SHA256);
}

Test(suite_params, of_aead_suites_split_the_nonce_as_the_rfcs_do)
{
	struct suite_params params = params_of(0xC030, TLS1_2); /* ECDHE_RSA AES_256_GCM_SHA384 */
	cr_assert_eq(params.mode, MODE_GCM);
	cr_assert_eq(params.fixed_iv_len, 4);
	cr_assert_eq(params.record_iv_len, 8);
	cr_assert_eq(params.mac_len, 0);
	cr_assert_eq(params.prf, MBEDTLS_MD_SHA384);
	params = params_of(0xC0AE, TLS1_2); /* ECDHE_ECDSA AES_128_CCM_8 */
	cr_assert_eq(params.mode, MODE_CCM);
	cr_assert_eq(params.tag_len, 8);
	cr_assert_eq(params.prf, MBEDTLS_MD_SHA256);
	params = params_of(0xCCA8, TLS1_2); /* ECDHE_RSA CHACHA20_POLY1305 */
	cr_assert_eq(params.fixed_iv_len, 12);
	cr_assert_eq(params.record_iv_len, 0);
	params = params_of(0x1302, TLS1_3); /* AES_256_GCM_SHA384 */
	cr_assert_eq(params.fixed_iv_len, 12);
	cr_assert_eq(params.record_iv_len, 0);
	cr_assert_eq(params.prf, MBEDTLS_MD_SHA384);
}

Test(suite_params, of_a_long_mac_need_no_tls_1_2)
{
	struct suite_params params = params_of(0xC038, TLS1_0); /* ECDHE_PSK AES_256_CBC_SHA384 */
	cr_assert_eq(params.mac_len, 48);
	cr_assert_eq(params.auth, AUTH_PSK);
	cr_assert_eq(params.prf, MBEDTLS_MD_NONE);
}

Test(suite_params, say_what_is_missing)
{
	expect_missing(0x0013, TLS1_0, "no DSA in this build's mbedTLS");
	expect_missing(0x0007, TLS1_0, "no IDEA in this build's mbedTLS");
	expect_missing(0x0096, TLS1_0, "no SEED in this build's mbedTLS");
	expect_missing(0x0003, TLS1_0, "export key exchanges are not implemented");
	expect_missing(0x001E, TLS1_0, "no Kerberos in this build's mbedTLS");
	expect_missing(0xC01D, TLS1_0, "no SRP in this build's mbedTLS");
	expect_missing(0x0000, TLS1_0, "the suite has no key exchange");
	expect_missing(0x0031, TLS1_0,
		       "no certificates with Diffie-Hellman keys in this build's mbedTLS");
	expect_missing(0x1306, TLS1_3, "the suite's cipher is not in this build's mbedTLS");
	expect_missing(0xC0B4, TLS1_3, "the suite's MAC is not in this build's mbedTLS");
	expect_missing(0x002F, SSLV3, "the suite does not exist in the version");
	expect_missing(0x000A, SSLV3, "no cryptography of SSL before TLS 1.0");
	expect_missing(0xC030, TLS1_0, "the suite does not exist in the version");
	expect_missing(0x1301, TLS1_2, "the suite does not exist in the version");
	expect_missing(0x0A0A, TLS1_2, "the suite is not registered");
	expect_missing(0xFEFF, TLS1_0, "the suite is not registered");
}

/* Debian's mbedTLS 2.28; a suite that is lost here would be judged inconclusive everywhere. */
Test(suite_params, cover_most_of_what_servers_have)
{
	static const uint16_t suites[] = {
		0x0001, 0x0002, 0x0004, 0x0005, 0x0009, 0x000A, 0x0015, 0x0016, 0x0018, 0x001A,
		0x002C, 0x002F, 0x0033, 0x0034, 0x0041, 0x0084, 0x008A, 0x008B, 0x008C, 0x0094,
		0xC002, 0xC004, 0xC006, 0xC007, 0xC009, 0xC00E, 0xC010, 0xC013, 0xC018, 0xC033,
	};
	struct suite_params params;
	for (size_t i = 0; i < sizeof suites / sizeof suites[0]; i++) {
		const char *why;
		cr_expect(suite_params(&params, suites[i], TLS1_0, &why), "0x%04X: %s", suites[i],
			  why);
	}
	size_t usable = 0;
	for (size_t i = 0; i < cipher_suites_len; i++)
		for (enum version version = TLS1_0; version <= TLS1_3; version++)
			usable += suite_params(&params, cipher_suites[i].code, version, NULL);
	cr_expect_geq(usable, 330, "%zu pairs of suite and version", usable);
}
