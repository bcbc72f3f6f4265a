/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/cipher_suite.h"
#include "registry/registry.h"

#include <criterion/criterion.h>
#include <stdio.h>

static const struct cipher_suite *suite_at(uint16_t code)
{
	const struct cipher_suite *suite = cipher_suite_by_code(code);
	cr_assert_not_null(suite, "0x%04X is not in the table", (unsigned)code);
	return suite;
}

static void assert_versions(uint16_t code, enum version min, enum version max)
{
	const struct cipher_suite *suite = suite_at(code);
	cr_assert_eq(suite->min, min, "%s begins at %s", suite->name, version_name(suite->min));
	cr_assert_eq(suite->max, max, "%s ends at %s", suite->name, version_name(suite->max));
}

static void assert_exchange(uint16_t code, const char *kx, const char *auth)
{
	const struct cipher_suite *suite = suite_at(code);
	cr_assert_str_eq(kx_name(suite->kx), kx, "%s", suite->name);
	cr_assert_str_eq(auth_name(suite->auth), auth, "%s", suite->name);
}

Test(cipher_suite, table_holds_the_registry_and_the_unregistered)
{
	size_t registered = 0, recommended = 0, discouraged = 0;
	for (size_t i = 0; i < cipher_suites_len; i++) {
		registered += cipher_suites[i].registered;
		recommended += cipher_suites[i].recommended == 'Y';
		discouraged += cipher_suites[i].recommended == 'D';
	}
	cr_assert_eq(registered, 352);
	cr_assert_eq(cipher_suites_len - registered, 81);
	cr_assert_eq(recommended, 24);
	cr_assert_eq(discouraged, 20);
}

Test(cipher_suite, table_is_sorted_by_code)
{
	for (size_t i = 1; i < cipher_suites_len; i++)
		cr_assert_lt(cipher_suites[i - 1].code, cipher_suites[i].code);
}

Test(cipher_suite, every_suite_is_found_by_each_of_its_names)
{
	for (size_t i = 0; i < cipher_suites_len; i++) {
		const struct cipher_suite *suite = &cipher_suites[i];
		cr_assert_eq(cipher_suite_by_code(suite->code), suite);
		cr_assert_eq(cipher_suite_by_name(span_text(suite->name)), suite, "%s",
			     suite->name);
		if (suite->openssl != NULL)
			cr_assert_eq(cipher_suite_by_openssl_name(span_text(suite->openssl)), suite,
				     "%s", suite->openssl);
		char label[CIPHER_SUITE_LABEL_MAX];
		cipher_suite_label(label, suite->code);
		cr_assert_eq(cipher_suite_by_name(span_text(label)), suite, "%s", label);
	}
}

Test(cipher_suite, codes_outside_the_table_are_not_found)
{
	size_t found = 0;
	for (uint32_t code = 0; code <= 0xFFFF; code++)
		found += cipher_suite_by_code((uint16_t)code) != NULL;
	cr_assert_eq(found, cipher_suites_len);
	cr_assert_null(cipher_suite_by_code(0xFFFF));
	cr_assert_null(cipher_suite_by_code(0x0A0A));
}

Test(cipher_suite, library_names_are_unique)
{
	for (size_t i = 0; i < cipher_suites_len; i++)
		for (size_t j = 0; j < i; j++) {
			const struct cipher_suite *a = &cipher_suites[i], *b = &cipher_suites[j];
			cr_assert(!a->gnutls || !b->gnutls || strcmp(a->gnutls, b->gnutls) != 0);
			cr_assert(!a->mbedtls || !b->mbedtls ||
				  strcmp(a->mbedtls, b->mbedtls) != 0);
		}
}

Test(cipher_suite, every_entry_is_whole)
{
	for (size_t i = 0; i < cipher_suites_len; i++) {
		const struct cipher_suite *suite = &cipher_suites[i];
		cr_assert_not_null(suite->cipher);
		cr_assert_not_null(suite->mac);
		cr_assert_geq(suite->min, SSLV3);
		cr_assert_leq(suite->min, suite->max);
		cr_assert_leq(suite->max, TLS1_3);
		cr_assert_lt(strlen(suite->name), CIPHER_SUITE_LABEL_MAX);
		cr_assert_eq(suite->min == TLS1_3, suite->max == TLS1_3, "%s", suite->name);
		cr_assert_eq(suite->min == TLS1_3, suite->kx == KX_TLS13, "%s", suite->name);
		cr_assert_eq(suite->min == TLS1_3, suite->auth == AUTH_TLS13, "%s", suite->name);
		if (suite->registered && !cipher_suite_is_signal(suite->code))
			cr_assert(suite->kx != KX_NONE && suite->auth != AUTH_NONE &&
					  suite->cipher[0] != '\0' && suite->mac[0] != '\0',
				  "%s", suite->name);
	}
}

Test(cipher_suite, c030_is_described_as_registered)
{
	const struct cipher_suite *suite = suite_at(0xC030);
	cr_assert_str_eq(suite->name, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384");
	cr_assert_str_eq(suite->openssl, "ECDHE-RSA-AES256-GCM-SHA384");
	cr_assert_str_eq(suite->gnutls, "TLS_ECDHE_RSA_AES_256_GCM_SHA384");
	cr_assert_str_eq(suite->mbedtls, "TLS-ECDHE-RSA-WITH-AES-256-GCM-SHA384");
	cr_assert_str_eq(suite->cipher, "AES_256_GCM");
	cr_assert_str_eq(suite->mac, "AEAD");
	cr_assert_eq(suite->recommended, 'Y');
	assert_versions(0xC030, TLS1_2, TLS1_2);
	assert_exchange(0xC030, "ECDHE", "RSA");
}

Test(cipher_suite, key_exchange_and_authentication_are_read_from_the_registry)
{
	assert_exchange(0x0000, "NULL", "NULL");
	assert_exchange(0x0003, "RSA_EXPORT", "RSA");
	assert_exchange(0x0011, "DHE_EXPORT", "DSS");
	assert_exchange(0x001B, "DH", "ANON");
	assert_exchange(0x0029, "KRB5_EXPORT", "KRB5");
	assert_exchange(0x002E, "RSA", "PSK");
	assert_exchange(0x00FF, "NONE", "NONE");
	assert_exchange(0x1301, "TLS13", "TLS13");
	assert_exchange(0xC004, "ECDH", "ECDSA");
	assert_exchange(0xC01B, "SRP", "RSA");
	assert_exchange(0xC0B0, "ECCPWD", "ECCPWD");
	assert_exchange(0xC100, "GOST", "GOST");
}

Test(cipher_suite, unregistered_suite_tells_what_its_nickname_tells)
{
	assert_exchange(0x0062, "RSA_EXPORT", "RSA");
	assert_exchange(0x0063, "DHE_EXPORT", "DSS");
	assert_exchange(0xCC13, "ECDHE", "RSA");
	assert_exchange(0xFEFF, "RSA", "RSA");
	assert_exchange(0xE007, "NONE", "NONE");
	assert_versions(0xCC13, SSLV3, TLS1_2);
	cr_assert(!suite_at(0xCC13)->registered);
	cr_assert_eq(suite_at(0xCC13)->recommended, '-');
}

/* RFC 4346 A.5 */
Test(cipher_suite, export_suites_end_with_tls_1_0)
{
	assert_versions(0x0003, SSLV3, TLS1_0);
	assert_versions(0x0008, SSLV3, TLS1_0);
	for (size_t i = 0; i < cipher_suites_len; i++)
		if (cipher_suites[i].registered && strstr(cipher_suites[i].name, "EXPORT") != NULL)
			cr_assert_eq(cipher_suites[i].max, TLS1_0, "%s", cipher_suites[i].name);
}

/* RFC 5469 */
Test(cipher_suite, des_and_idea_end_with_tls_1_1)
{
	assert_versions(0x0007, SSLV3, TLS1_1);
	assert_versions(0x0009, SSLV3, TLS1_1);
	assert_versions(0x000A, SSLV3, TLS1_2);
	assert_versions(0x001E, TLS1_0, TLS1_1);
}

/* RFC 5487 3 allows CBC with SHA-2 before TLS 1.2; RFC 5246 does not allow it elsewhere. */
Test(cipher_suite, psk_cbc_sha2_begins_with_tls_1_0)
{
	assert_versions(0x00AE, TLS1_0, TLS1_2);
	assert_versions(0x00AF, TLS1_0, TLS1_2);
	assert_versions(0xC037, TLS1_0, TLS1_2);
	assert_versions(0x00A8, TLS1_2, TLS1_2);
	assert_versions(0x003C, TLS1_2, TLS1_2);
	assert_versions(0xC027, TLS1_2, TLS1_2);
}

/* RFC 8446 B.4, RFC 9150, RFC 8998, RFC 9367 */
Test(cipher_suite, tls_1_3_suites_exist_only_there)
{
	size_t found = 0;
	for (size_t i = 0; i < cipher_suites_len; i++)
		found += cipher_suite_in(&cipher_suites[i], TLS1_3);
	cr_assert_eq(found, 15);
	assert_versions(0xC0B4, TLS1_3, TLS1_3);
	assert_versions(0x00C6, TLS1_3, TLS1_3);
	assert_versions(0xC103, TLS1_3, TLS1_3);
	cr_assert(!cipher_suite_in(suite_at(0xC0B4), TLS1_2));
	cr_assert(!cipher_suite_in(suite_at(0xC030), TLS1_3));
	cr_assert(!cipher_suite_in(suite_at(0xC030), TLS1_1));
	cr_assert(!cipher_suite_in(suite_at(0x1301), VERSION_NONE));
}

Test(cipher_suite, label_of_an_unregistered_code_is_its_number)
{
	static const struct {
		uint16_t code;
		const char *label;
	} expected[] = {
		{ 0xC030, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384" },
		{ 0x00FF, "TLS_EMPTY_RENEGOTIATION_INFO_SCSV" },
		{ 0xFFE0, "0xFFE0" },
		{ 0xFFC0, "0xFFC0" },
		{ 0x001C, "0x001C" },
	};
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		char label[CIPHER_SUITE_LABEL_MAX];
		cipher_suite_label(label, expected[i].code);
		cr_assert_str_eq(label, expected[i].label);
	}
}

Test(cipher_suite, number_names_only_an_unregistered_suite)
{
	cr_assert_eq(cipher_suite_by_name(span_text("0xcc13")), suite_at(0xCC13));
	cr_assert_null(cipher_suite_by_name(span_text("0xC030")));
	cr_assert_null(cipher_suite_by_name(span_text("0xFFC0")));
	cr_assert_null(cipher_suite_by_name(span_text("0xCC1")));
	cr_assert_null(cipher_suite_by_name(span_text("0xCC1G")));
	cr_assert_null(cipher_suite_by_name(span_text("0xCC133")));
	cr_assert_null(cipher_suite_by_name(span_text("")));
	cr_assert_null(cipher_suite_by_openssl_name(span_text("")));
}

/* Several tools call the drafts' 0xCC13 by the name of RFC 7905's 0xCCA8. */
Test(cipher_suite, draft_chacha_does_not_take_the_registered_name)
{
	struct span name = span_text("TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");
	cr_assert_eq(cipher_suite_by_name(name)->code, 0xCCA8);
	name = span_text("ECDHE-RSA-CHACHA20-POLY1305");
	cr_assert_eq(cipher_suite_by_openssl_name(name)->code, 0xCCA8);
}

Test(cipher_suite, signal_is_in_no_version)
{
	size_t signals = 0;
	for (uint32_t code = 0; code <= 0xFFFF; code++)
		signals += cipher_suite_is_signal((uint16_t)code);
	cr_assert_eq(signals, 2);
	for (enum version version = SSLV2; version <= VERSION_NONE; version++) {
		cr_assert(!cipher_suite_in(suite_at(SUITE_EMPTY_RENEGOTIATION_INFO_SCSV), version));
		cr_assert(!cipher_suite_in(suite_at(SUITE_FALLBACK_SCSV), version));
	}
}

Test(cipher_suite, aead_and_cbc_follow_the_cipher)
{
	cr_assert(cipher_suite_is_aead(suite_at(0x1303)));
	cr_assert(cipher_suite_is_aead(suite_at(0xC0AE)));
	cr_assert(cipher_suite_is_aead(suite_at(0xCC13)));
	cr_assert(!cipher_suite_is_aead(suite_at(0xC027)));
	cr_assert(!cipher_suite_is_aead(suite_at(0xC0B4)), "integrity only, RFC 9150");
	cr_assert(!cipher_suite_is_aead(suite_at(SUITE_FALLBACK_SCSV)));
	cr_assert(cipher_suite_is_cbc(suite_at(0xC027)));
	cr_assert(cipher_suite_is_cbc(suite_at(0x0008)));
	cr_assert(cipher_suite_is_cbc(suite_at(0x0029)));
	cr_assert(!cipher_suite_is_cbc(suite_at(0x0005)));
	cr_assert(!cipher_suite_is_cbc(suite_at(0xC030)));
	for (size_t i = 0; i < cipher_suites_len; i++) {
		const struct cipher_suite *suite = &cipher_suites[i];
		cr_assert(!cipher_suite_is_aead(suite) || !cipher_suite_is_cbc(suite));
		cr_assert_eq(cipher_suite_is_cbc(suite), strstr(suite->name, "_CBC_") != NULL, "%s",
			     suite->name);
	}
}

Test(cipher_suite, forward_secrecy_needs_an_ephemeral_exchange)
{
	static const uint16_t ephemeral[] = { 0x0011, 0x0018, 0x0033, 0x00AA, 0x1301,
					      0xC015, 0xC030, 0xC0B4, 0xC103 };
	static const uint16_t fixed[] = { 0x0000, 0x002F, 0x0031, 0x00A8, 0x00AC,
					  0x00FF, 0xC004, 0xC01D, 0xC100 };
	for (size_t i = 0; i < sizeof(ephemeral) / sizeof(ephemeral[0]); i++)
		cr_assert(cipher_suite_is_forward_secret(suite_at(ephemeral[i])), "0x%04X",
			  (unsigned)ephemeral[i]);
	for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
		cr_assert(!cipher_suite_is_forward_secret(suite_at(fixed[i])), "0x%04X",
			  (unsigned)fixed[i]);
}
