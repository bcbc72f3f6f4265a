/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>

#include "crypto/key_exchange.h"
#include "made.h"
#include "vectors.h"

static struct span fixture(const char *name)
{
	return vector("signatures.txt", name);
}

static enum signature_check check(const char *key, enum version version, uint16_t scheme,
				  const char *signature)
{
	char name[64];
	snprintf(name, sizeof name, "%s_certificate", key);
	return signature_verify(fixture(name), version, scheme,
				span_text("signed by another implementation"), fixture(signature));
}

#define GOOD(...)	 cr_expect_eq(check(__VA_ARGS__), SIGNATURE_GOOD)
#define BAD(...)	 cr_expect_eq(check(__VA_ARGS__), SIGNATURE_BAD)
#define WRONG_KEY(...)	 cr_expect_eq(check(__VA_ARGS__), SIGNATURE_WRONG_KEY)
#define UNSUPPORTED(...) cr_expect_eq(check(__VA_ARGS__), SIGNATURE_UNSUPPORTED)

Test(signature, of_rsa_pkcs1_verifies_with_every_hash_in_tls_1_2)
{
	GOOD("rsa", TLS1_2, 0x0101, "rsa_md5");
	GOOD("rsa", TLS1_2, 0x0201, "rsa_sha1");
	GOOD("rsa", TLS1_2, 0x0301, "rsa_sha224");
	GOOD("rsa", TLS1_2, 0x0401, "rsa_sha256");
	GOOD("rsa", TLS1_2, 0x0501, "rsa_sha384");
	GOOD("rsa", TLS1_2, 0x0601, "rsa_sha512");
	BAD("rsa", TLS1_2, 0x0401, "rsa_sha512");
	BAD("rsa", TLS1_2, 0x0401, "pss_sha256");
}

Test(signature, below_tls_1_2_follows_from_the_key)
{
	GOOD("rsa", TLS1_0, 0, "rsa_md5_sha1");
	GOOD("rsa", TLS1_1, 0, "rsa_md5_sha1");
	BAD("rsa", TLS1_1, 0, "rsa_sha1");
	GOOD("P256", TLS1_0, 0, "P256_sha1");
	GOOD("P521", TLS1_1, 0, "P521_sha1");
	BAD("P256", TLS1_1, 0, "P256_sha256");
	UNSUPPORTED("dsa", TLS1_0, 0, "dsa_sha1");
}

Test(signature, of_rsa_pss_verifies_with_a_salt_as_long_as_the_hash)
{
	for (enum version version = TLS1_2; version <= TLS1_3; version++) {
		GOOD("rsa", version, 0x0804, "pss_sha256");
		GOOD("rsa", version, 0x0805, "pss_sha384");
		GOOD("rsa", version, 0x0806, "pss_sha512");
		BAD("rsa", version, 0x0804, "pss_salt_of_20");
		BAD("rsa", version, 0x0804, "rsa_sha256");
		BAD("rsa", version, 0x0805, "pss_sha256");
	}
}

Test(signature, of_a_pss_key_needs_the_scheme_that_says_so)
{
	GOOD("psskey", TLS1_3, 0x0809, "psskey_sha256");
	GOOD("psskey", TLS1_2, 0x0809, "psskey_sha256");
	WRONG_KEY("psskey", TLS1_3, 0x0804, "psskey_sha256");
	WRONG_KEY("psskey", TLS1_2, 0x0401, "psskey_sha256");
	WRONG_KEY("rsa", TLS1_3, 0x0809, "pss_sha256");
}

Test(signature, of_ecdsa_verifies_on_any_curve_with_any_hash_in_tls_1_2)
{
	static const char *const curves[] = { "P256", "P384", "P521", "brainpoolP256r1",
					      "secp256k1" };
	static const struct {
		uint16_t scheme;
		const char *hash;
	} hashes[] = {
		{ 0x0203, "sha1" }, { 0x0403, "sha256" }, { 0x0503, "sha384" }, { 0x0603, "sha512" }
	};
	for (size_t i = 0; i < 5; i++)
		for (size_t k = 0; k < 4; k++) {
			char name[64];
			snprintf(name, sizeof name, "%s_%s", curves[i], hashes[k].hash);
			GOOD(curves[i], TLS1_2, hashes[k].scheme, name);
			BAD(curves[i], TLS1_2, hashes[(k + 1) % 4].scheme, name);
		}
}

Test(signature, of_ecdsa_is_tied_to_the_curve_in_tls_1_3)
{
	GOOD("P256", TLS1_3, 0x0403, "P256_sha256");
	GOOD("P384", TLS1_3, 0x0503, "P384_sha384");
	GOOD("P521", TLS1_3, 0x0603, "P521_sha512");
	GOOD("brainpoolP256r1", TLS1_3, 0x081A, "brainpoolP256r1_sha256");
	WRONG_KEY("P256", TLS1_3, 0x0503, "P256_sha384");
	WRONG_KEY("secp256k1", TLS1_3, 0x0403, "secp256k1_sha256");
	WRONG_KEY("P256", TLS1_3, 0x081A, "P256_sha256");
	UNSUPPORTED("brainpoolP256r1", TLS1_2, 0x081A, "brainpoolP256r1_sha256");
}

Test(signature, of_pkcs1_or_sha1_is_bad_in_tls_1_3)
{
	BAD("rsa", TLS1_3, 0x0401, "rsa_sha256");
	BAD("rsa", TLS1_3, 0x0201, "rsa_sha1");
	BAD("P256", TLS1_3, 0x0203, "P256_sha1");
}

Test(signature, needs_a_key_of_its_kind)
{
	WRONG_KEY("rsa", TLS1_2, 0x0403, "P256_sha256");
	WRONG_KEY("P256", TLS1_2, 0x0401, "rsa_sha256");
	WRONG_KEY("P256", TLS1_3, 0x0804, "pss_sha256");
	cr_expect_eq(signature_verify(span_of("\x30\x00", 2), TLS1_2, 0x0401, span_text("x"),
				      span_text("y")),
		     SIGNATURE_WRONG_KEY);
}

Test(signature, of_dsa_and_ed25519_is_unsupported)
{
	UNSUPPORTED("dsa", TLS1_2, 0x0202, "dsa_sha1");
	UNSUPPORTED("ed25519", TLS1_3, 0x0807, "ed25519_signature");
	UNSUPPORTED("rsa", TLS1_3, 0x0807, "ed25519_signature");
	UNSUPPORTED("rsa", TLS1_2, 0x0001, "rsa_md5");
	UNSUPPORTED("rsa", TLS1_2, 0x0704, "rsa_md5");
}

static void expect_no_flip(const char *key, enum version version, uint16_t scheme,
			   const char *signature)
{
	char name[64];
	uint8_t bytes[256];
	struct span whole = fixture(signature),
		    text = span_text("signed by another implementation");
	snprintf(name, sizeof name, "%s_certificate", key);
	struct span certificate = fixture(name);
	memcpy(bytes, whole.at, whole.len);
	for (size_t bit = 0; bit < 8 * whole.len; bit++) {
		bytes[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
		enum signature_check found = signature_verify(certificate, version, scheme, text,
							      span_of(bytes, whole.len));
		bytes[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
		cr_assert_eq(found, SIGNATURE_BAD, "bit %zu of %s", bit, signature);
	}
	for (size_t len = 0; len < whole.len; len++)
		cr_assert_eq(
			signature_verify(certificate, version, scheme, text, span_of(bytes, len)),
			SIGNATURE_BAD, "%zu bytes of %s", len, signature);
}

Test(signature, is_bad_with_any_bit_flipped_or_cut_short)
{
	expect_no_flip("rsa", TLS1_3, 0x0804, "pss_sha256");
	expect_no_flip("rsa", TLS1_0, 0, "rsa_md5_sha1");
	expect_no_flip("P256", TLS1_2, 0x0403, "P256_sha256");
}

static struct signing_key *key_of(const struct made *made)
{
	char pem[4096], why[128] = "";
	mbedtls_pk_context pk = made->key;
	cr_assert_eq(mbedtls_pk_write_key_pem(&pk, (unsigned char *)pem, sizeof pem), 0);
	struct signing_key *key = signing_key_read(span_text(pem), why, sizeof why);
	cr_assert_not_null(key, "%s", why);
	return key;
}

static void expect_signs(const struct made *made, const struct signing_key *key,
			 enum version version, uint16_t scheme)
{
	uint8_t out[PUBLIC_SHARE_MAX];
	size_t len;
	struct rng rng;
	struct span bytes = span_text("what the client signs");
	rng_init(&rng, 1, scheme);
	cr_assert(signing_key_fits(key, version, scheme), "0x%04X", scheme);
	cr_assert_eq(signature_make(out, &len, key, version, scheme, bytes, &rng), FAULT_NONE,
		     "0x%04X in %s", scheme, version_name(version));
	cr_assert_eq(signature_verify(made->der, version, scheme, bytes, span_of(out, len)),
		     SIGNATURE_GOOD, "0x%04X in %s", scheme, version_name(version));
}

static void expect_signs_not(const struct signing_key *key, enum version version, uint16_t scheme)
{
	uint8_t out[PUBLIC_SHARE_MAX];
	size_t len;
	struct rng rng;
	rng_init(&rng, 1, scheme);
	cr_assert_not(signing_key_fits(key, version, scheme));
	cr_assert_eq(signature_make(out, &len, key, version, scheme, span_text("x"), &rng),
		     FAULT_UNSUPPORTED, "0x%04X in %s", scheme, version_name(version));
}

Test(signing_key, of_rsa_signs_what_verifies)
{
	struct made *made = make(&(struct recipe){ .subject = "CN=rsa", .rsa_bits = 2048 }, NULL);
	struct signing_key *key = key_of(made);
	static const uint16_t old[] = { 0x0101, 0x0201, 0x0401, 0x0501, 0x0601 };
	static const uint16_t pss[] = { 0x0804, 0x0805, 0x0806 };
	expect_signs(made, key, TLS1_0, 0);
	expect_signs(made, key, TLS1_1, 0);
	for (size_t i = 0; i < 3; i++) {
		expect_signs(made, key, TLS1_2, pss[i]);
		expect_signs(made, key, TLS1_3, pss[i]);
	}
	/* After PSS: the padding of the key must not stick. */
	for (size_t i = 0; i < 5; i++)
		expect_signs(made, key, TLS1_2, old[i]);
	expect_signs_not(key, TLS1_3, 0x0401);
	expect_signs_not(key, TLS1_3, 0x0809);
	expect_signs_not(key, TLS1_2, 0x0403);
	expect_signs_not(key, TLS1_2, 0x0807);
	signing_key_free(key);
}

Test(signing_key, of_ecdsa_signs_what_verifies)
{
	struct made *made = make(&(struct recipe){ .subject = "CN=ec" }, NULL);
	struct signing_key *key = key_of(made);
	expect_signs(made, key, TLS1_0, 0);
	expect_signs(made, key, TLS1_2, 0x0203);
	expect_signs(made, key, TLS1_2, 0x0603);
	expect_signs(made, key, TLS1_3, 0x0403);
	expect_signs_not(key, TLS1_3, 0x0503);
	expect_signs_not(key, TLS1_3, 0x0804);
	signing_key_free(key);
}

static void expect_unreadable(struct span pem, const char *expected)
{
	char why[128] = "";
	cr_assert_null(signing_key_read(pem, why, sizeof why));
	cr_assert_str_eq(why, expected);
}

Test(signing_key, says_why_it_cannot_be_read)
{
	static const char encrypted[] = "-----BEGIN RSA PRIVATE KEY-----\n"
					"Proc-Type: 4,ENCRYPTED\n"
					"DEK-Info: AES-128-CBC,00000000000000000000000000000000\n\n"
					"AAAAAAAAAAAAAAAAAAAAAA==\n"
					"-----END RSA PRIVATE KEY-----\n";
	static uint8_t large[65537];
	expect_unreadable(span_of(NULL, 0), "it is empty");
	expect_unreadable(span_of(large, sizeof large), "it is too large for a key");
	expect_unreadable(span_text("nothing of the sort"), "it holds no private key in PEM form");
	expect_unreadable(span_text(encrypted), "the key is encrypted");
}
