/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>

#include "crypto/prf.h"
#include "vectors.h"

static void expect_prf(mbedtls_md_type_t md, const char *hash)
{
	char name[32];
	uint8_t out[256];
	snprintf(name, sizeof name, "%s_secret", hash);
	struct span secret = vector("prf.txt", name);
	snprintf(name, sizeof name, "%s_seed", hash);
	struct span seed = vector("prf.txt", name);
	snprintf(name, sizeof name, "%s_output", hash);
	struct span expected = vector("prf.txt", name);
	cr_assert_eq(tls_prf(out, expected.len, TLS1_2, md, secret, "test label", seed),
		     FAULT_NONE);
	assert_bytes(span_of(out, expected.len), expected, hash);
}

Test(prf, of_tls_1_2_has_the_published_answers)
{
	expect_prf(MBEDTLS_MD_SHA256, "sha256");
	expect_prf(MBEDTLS_MD_SHA384, "sha384");
	expect_prf(MBEDTLS_MD_SHA512, "sha512");
}

static struct span randoms(uint8_t out[64], const char *first, const char *second)
{
	memcpy(out, vector("prf.txt", first).at, 32);
	memcpy(out + 32, vector("prf.txt", second).at, 32);
	return span_of(out, 64);
}

Test(prf, of_tls_1_0_and_1_1_makes_the_published_master_secret)
{
	uint8_t seed[64], master[MASTER_SECRET_LEN];
	for (enum version version = TLS1_0; version <= TLS1_1; version++) {
		cr_assert_eq(tls_prf(master, sizeof master, version, MBEDTLS_MD_NONE,
				     vector("prf.txt", "premaster"), "master secret",
				     randoms(seed, "client_random", "server_random")),
			     FAULT_NONE);
		assert_bytes(span_of(master, sizeof master), vector("prf.txt", "master"),
			     "the master secret");
	}
}

Test(prf, halves_of_an_odd_secret_share_the_middle_byte)
{
	uint8_t seed[64], out[104];
	cr_assert_eq(tls_prf(out, sizeof out, TLS1_0, MBEDTLS_MD_NONE,
			     vector("prf.txt", "odd_secret"), "key expansion",
			     randoms(seed, "server_random", "client_random")),
		     FAULT_NONE);
	assert_bytes(span_of(out, sizeof out), vector("prf.txt", "odd_output"), "the key block");
}

Test(prf, takes_an_empty_secret)
{
	uint8_t out[12];
	struct span nothing = span_of(NULL, 0);
	cr_assert_eq(tls_prf(out, 12, TLS1_0, MBEDTLS_MD_NONE, nothing, "x", nothing), FAULT_NONE);
	cr_assert_eq(tls_prf(out, 12, TLS1_2, MBEDTLS_MD_SHA256, nothing, "x", nothing),
		     FAULT_NONE);
}

Test(transcript, below_tls_1_2_is_md5_and_sha1_side_by_side)
{
	/* RFC 1321 A.5 and FIPS 180 A.1: both of "abc". */
	static const uint8_t expected[36] =
		"\x90\x01\x50\x98\x3c\xd2\x4f\xb0\xd6\x96\x3f\x7d\x28\xe1\x7f\x72"
		"\xa9\x99\x3e\x36\x47\x06\x81\x6a\xba\x3e\x25\x71\x78\x50\xc2\x6c\x9c\xd0\xd8\x9d";
	uint8_t out[64];
	size_t len;
	cr_assert_eq(transcript_hash(out, &len, TLS1_1, MBEDTLS_MD_NONE, span_text("abc")),
		     FAULT_NONE);
	assert_bytes(span_of(out, len), span_of(expected, 36), "the hash");
	cr_assert_eq(transcript_hash(out, &len, TLS1_2, MBEDTLS_MD_SHA384, span_text("abc")),
		     FAULT_NONE);
	cr_assert_eq(len, 48);
}
