/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include <mbedtls/dhm.h>
#include <mbedtls/ecdh.h>

#include "base/builder.h"
#include "crypto/key_exchange.h"
#include "crypto/random.h"
#include "made.h"
#include "registry/registry.h"
#include "vectors.h"

static const struct {
	uint16_t group;
	mbedtls_ecp_group_id id;
	bool little_endian;
} curves[] = {
	{ 0x0012, MBEDTLS_ECP_DP_SECP192K1, false },
	{ 0x0013, MBEDTLS_ECP_DP_SECP192R1, false },
	{ 0x0014, MBEDTLS_ECP_DP_SECP224K1, false },
	{ 0x0015, MBEDTLS_ECP_DP_SECP224R1, false },
	{ 0x0016, MBEDTLS_ECP_DP_SECP256K1, false },
	{ GROUP_SECP256R1, MBEDTLS_ECP_DP_SECP256R1, false },
	{ GROUP_SECP384R1, MBEDTLS_ECP_DP_SECP384R1, false },
	{ GROUP_SECP521R1, MBEDTLS_ECP_DP_SECP521R1, false },
	{ 0x001A, MBEDTLS_ECP_DP_BP256R1, false },
	{ 0x001B, MBEDTLS_ECP_DP_BP384R1, false },
	{ 0x001C, MBEDTLS_ECP_DP_BP512R1, false },
	{ 0x001F, MBEDTLS_ECP_DP_BP256R1, false },
	{ 0x0020, MBEDTLS_ECP_DP_BP384R1, false },
	{ 0x0021, MBEDTLS_ECP_DP_BP512R1, false },
	{ GROUP_X25519, MBEDTLS_ECP_DP_CURVE25519, true },
	{ GROUP_X448, MBEDTLS_ECP_DP_CURVE448, true },
};
#define CURVES_LEN (sizeof curves / sizeof curves[0])

struct partner {
	mbedtls_ecp_keypair pair;
	struct rng rng;
	uint8_t share[256], secret[128];
	size_t share_len, secret_len;
};

/* Another party, by mbedTLS alone, that agrees with our public share. */
static void partner_init(struct partner *partner, size_t curve)
{
	mbedtls_ecp_keypair *pair = &partner->pair;
	mbedtls_ecp_point ours;
	mbedtls_mpi x;
	rng_init(&partner->rng, curve, 7);
	mbedtls_ecp_keypair_init(pair);
	mbedtls_ecp_point_init(&ours);
	mbedtls_mpi_init(&x);
	cr_assert_eq(mbedtls_ecp_gen_key(curves[curve].id, pair, random_bytes, &partner->rng), 0);
	cr_assert_eq(mbedtls_ecp_point_write_binary(
			     &pair->grp, &pair->Q, MBEDTLS_ECP_PF_UNCOMPRESSED, &partner->share_len,
			     partner->share, sizeof partner->share),
		     0);
	struct span share = group_share(curves[curve].group);
	cr_assert_eq(mbedtls_ecp_point_read_binary(&pair->grp, &ours, share.at, share.len), 0,
		     "group 0x%04X", curves[curve].group);
	cr_assert_eq(mbedtls_ecdh_compute_shared(&pair->grp, &x, &ours, &pair->d, random_bytes,
						 &partner->rng),
		     0);
	partner->secret_len = (pair->grp.pbits + 7) / 8;
	cr_assert_eq(curves[curve].little_endian
			     ? mbedtls_mpi_write_binary_le(&x, partner->secret, partner->secret_len)
			     : mbedtls_mpi_write_binary(&x, partner->secret, partner->secret_len),
		     0);
	mbedtls_ecp_point_free(&ours);
	mbedtls_mpi_free(&x);
}

Test(group, share_and_scalar_belong_together_on_every_curve)
{
	for (size_t i = 0; i < CURVES_LEN; i++) {
		struct partner partner;
		uint8_t secret[SHARED_SECRET_MAX];
		size_t len;
		partner_init(&partner, i);
		cr_assert_eq(group_agree(secret, &len, curves[i].group,
					 span_of(partner.share, partner.share_len)),
			     FAULT_NONE, "group 0x%04X", curves[i].group);
		assert_bytes(span_of(secret, len), span_of(partner.secret, partner.secret_len),
			     "the secret");
		mbedtls_ecp_keypair_free(&partner.pair);
	}
}

static void expect_rfc_7748(uint16_t group, const char *alice, const char *bob, const char *shared)
{
	uint8_t secret[SHARED_SECRET_MAX];
	size_t len;
	assert_bytes(group_share(group), vector("rfc7748.txt", alice), alice);
	cr_assert_eq(group_agree(secret, &len, group, vector("rfc7748.txt", bob)), FAULT_NONE);
	assert_bytes(span_of(secret, len), vector("rfc7748.txt", shared), shared);
}

Test(group, agrees_as_alice_with_bob_of_rfc_7748)
{
	expect_rfc_7748(GROUP_X25519, "x25519_alice", "x25519_bob", "x25519_shared");
	expect_rfc_7748(GROUP_X448, "x448_alice", "x448_bob", "x448_shared");
}

static void expect_refused(uint16_t group, struct span peer, const char *what)
{
	uint8_t secret[SHARED_SECRET_MAX];
	size_t len;
	cr_expect_eq(group_agree(secret, &len, group, peer), FAULT_MALFORMED, "group 0x%04X: %s",
		     group, what);
}

Test(group, refuses_points_of_small_order)
{
	static const char *const x25519[] = { "x25519_zero", "x25519_one", "x25519_order_eight" };
	static const char *const x448[] = { "x448_zero", "x448_one" };
	for (size_t i = 0; i < 3; i++)
		expect_refused(GROUP_X25519, vector("rfc7748.txt", x25519[i]), x25519[i]);
	for (size_t i = 0; i < 2; i++)
		expect_refused(GROUP_X448, vector("rfc7748.txt", x448[i]), x448[i]);
}

Test(group, refuses_what_is_no_point_of_the_curve)
{
	for (size_t i = 0; i < CURVES_LEN; i++) {
		uint8_t bytes[256] = { 0 };
		uint16_t group = curves[i].group;
		struct span ours = group_share(group);
		memcpy(bytes, ours.at, ours.len);
		expect_refused(group, span_of(bytes, 0), "nothing");
		expect_refused(group, span_of(bytes, ours.len - 1), "a byte too few");
		expect_refused(group, span_of(bytes, ours.len + 1), "a byte too many");
		if (curves[i].little_endian)
			continue;
		bytes[ours.len - 1] ^= 1;
		expect_refused(group, span_of(bytes, ours.len), "a point beside the curve");
		bytes[ours.len - 1] ^= 1;
		bytes[0] = 2;
		expect_refused(group, span_of(bytes, 1 + (ours.len - 1) / 2), "a compressed point");
		memset(bytes, 0, sizeof bytes);
		expect_refused(group, span_of(bytes, 1), "the point at infinity");
		expect_refused(group, span_of(bytes, ours.len), "zeros");
		memset(bytes, 0xFF, sizeof bytes);
		bytes[0] = 4;
		expect_refused(group, span_of(bytes, ours.len), "coordinates over the prime");
	}
}

Test(group, has_no_share_for_what_it_does_not_know)
{
	uint8_t secret[SHARED_SECRET_MAX];
	size_t len;
	static const uint16_t unknown[] = { 0, 1, 0x0022, 0x0029, 0x0105, 0x11EC, 0x0A0A };
	for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++) {
		cr_expect_null(group_share(unknown[i]).at);
		cr_expect_eq(group_agree(secret, &len, unknown[i], span_of("x", 1)),
			     FAULT_UNSUPPORTED);
	}
}

/* base to the power of `exponent` modulo p, as long as p. */
static void power(uint8_t *out, struct span base, uint32_t exponent, struct span p)
{
	mbedtls_mpi b, e, n;
	mbedtls_mpi_init(&b);
	mbedtls_mpi_init(&e);
	mbedtls_mpi_init(&n);
	cr_assert_eq(mbedtls_mpi_read_binary(&b, base.at, base.len), 0);
	cr_assert_eq(mbedtls_mpi_read_binary(&n, p.at, p.len), 0);
	cr_assert_eq(mbedtls_mpi_lset(&e, (mbedtls_mpi_sint)exponent), 0);
	cr_assert_eq(mbedtls_mpi_exp_mod(&b, &b, &e, &n, NULL), 0);
	cr_assert_eq(mbedtls_mpi_write_binary(&b, out, p.len), 0);
	mbedtls_mpi_free(&b);
	mbedtls_mpi_free(&e);
	mbedtls_mpi_free(&n);
}

static const struct span two = { (const uint8_t *)"\2", 1 };

static void expect_finite_field(uint16_t group, struct span p)
{
	uint8_t peer[1024], expected[1024], secret[SHARED_SECRET_MAX];
	size_t len;
	struct span ours = group_share(group);
	cr_assert_eq(ours.len, p.len);
	power(peer, two, 1000003, p);
	power(expected, ours, 1000003, p);
	cr_assert_eq(group_agree(secret, &len, group, span_of(peer, p.len)), FAULT_NONE);
	assert_bytes(span_of(secret, len), span_of(expected, p.len), "the secret");
	expect_refused(group, span_of(peer, p.len - 1), "a byte too few");
	memset(peer, 0, sizeof peer);
	expect_refused(group, span_of(peer, p.len), "zero");
}

Test(group, agrees_in_the_fields_of_rfc_7919)
{
	static const uint8_t p2048[] = MBEDTLS_DHM_RFC7919_FFDHE2048_P_BIN;
	static const uint8_t p3072[] = MBEDTLS_DHM_RFC7919_FFDHE3072_P_BIN;
	static const uint8_t p4096[] = MBEDTLS_DHM_RFC7919_FFDHE4096_P_BIN;
	static const uint8_t p6144[] = MBEDTLS_DHM_RFC7919_FFDHE6144_P_BIN;
	static const uint8_t p8192[] = MBEDTLS_DHM_RFC7919_FFDHE8192_P_BIN;
	expect_finite_field(0x0100, span_of(p2048, sizeof p2048));
	expect_finite_field(0x0101, span_of(p3072, sizeof p3072));
	expect_finite_field(0x0102, span_of(p4096, sizeof p4096));
	expect_finite_field(0x0103, span_of(p6144, sizeof p6144));
	expect_finite_field(0x0104, span_of(p8192, sizeof p8192));
}

struct agreed {
	uint8_t share[PUBLIC_SHARE_MAX], secret[SHARED_SECRET_MAX];
	size_t share_len, secret_len;
};

static enum fault agree(struct agreed *out, struct span p, struct span g, struct span peer)
{
	return dh_agree(out->share, &out->share_len, out->secret, &out->secret_len, p, g, peer);
}

/* An odd modulus of 512 bits: a prime is not asked for. */
static struct span small_modulus(uint8_t out[64])
{
	memset(out, 0xFF, 64);
	out[63] = 0xC7;
	return span_of(out, 64);
}

Test(dh, both_sides_agree_and_leading_zeros_are_stripped)
{
	uint8_t bytes[64], peer[64], expected[64];
	struct span p = small_modulus(bytes);
	size_t shorter = 0;
	for (uint32_t b = 1000; b < 2000; b++) {
		struct agreed agreed;
		power(peer, span_of("\5", 1), b, p);
		cr_assert_eq(agree(&agreed, p, span_of("\5", 1), span_of(peer, 64)), FAULT_NONE);
		cr_assert_eq(agreed.share_len, 64);
		power(expected, span_of(agreed.share, 64), b, p);
		size_t zeros = 64 - agreed.secret_len;
		shorter += zeros > 0;
		cr_assert_neq(agreed.secret[0], 0);
		assert_bytes(span_of(agreed.secret, agreed.secret_len),
			     span_of(expected + zeros, 64 - zeros), "the secret");
	}
	cr_assert_gt(shorter, 0);
}

Test(dh, takes_a_modulus_with_leading_zeros)
{
	uint8_t bytes[66] = { 0 };
	struct agreed agreed;
	small_modulus(bytes + 2);
	cr_assert_eq(agree(&agreed, span_of(bytes, 66), two, span_of("\0\0\0\7", 4)), FAULT_NONE);
	cr_assert_eq(agreed.share_len, 64);
}

Test(dh, refuses_parameters_of_no_use)
{
	uint8_t bytes[64], other[64];
	static uint8_t huge[1025];
	struct agreed agreed;
	struct span p = small_modulus(bytes), seven = span_of("\7", 1);
	cr_expect_eq(agree(&agreed, p, span_of("", 0), seven), FAULT_MALFORMED);
	cr_expect_eq(agree(&agreed, p, span_of("\0", 1), seven), FAULT_MALFORMED);
	cr_expect_eq(agree(&agreed, p, span_of("\1", 1), seven), FAULT_MALFORMED);
	cr_expect_eq(agree(&agreed, p, two, span_of("", 0)), FAULT_MALFORMED);
	cr_expect_eq(agree(&agreed, p, two, span_of("\0", 1)), FAULT_MALFORMED);
	cr_expect_eq(agree(&agreed, p, two, span_of("\1", 1)), FAULT_MALFORMED);
	cr_expect_eq(agree(&agreed, p, two, p), FAULT_MALFORMED);
	cr_expect_eq(agree(&agreed, p, p, seven), FAULT_MALFORMED);
	memcpy(other, bytes, 64);
	other[63]--;
	struct span less_one = span_of(other, 64);
	cr_expect_eq(agree(&agreed, p, two, less_one), FAULT_MALFORMED, "p - 1 has order two");
	cr_expect_eq(agree(&agreed, p, less_one, seven), FAULT_MALFORMED);
	cr_expect_eq(agree(&agreed, less_one, two, seven), FAULT_MALFORMED, "even");
	cr_expect_eq(agree(&agreed, span_of("", 0), two, seven), FAULT_MALFORMED);
	bytes[0] = 0x7F;
	cr_expect_eq(agree(&agreed, p, two, seven), FAULT_MALFORMED, "511 bits");
	memset(huge, 0xFF, sizeof huge);
	cr_expect_eq(agree(&agreed, span_of(huge, 1025), two, seven), FAULT_TOO_LARGE);
	cr_expect_eq(agree(&agreed, span_of(huge, 1024), two, seven), FAULT_NONE, "8192 bits");
}

Test(dh, refuses_a_secret_of_zero)
{
	uint8_t p[64] = { 0 }, peer[64] = { 0 };
	struct agreed agreed;
	/* The modulus is (2^256 + 1)^2, and the peer's value 2^256 + 1. */
	p[63] = 1;
	p[31] = 2;
	peer[63] = 1;
	peer[31] = 1;
	uint8_t square[65] = { 0 };
	square[0] = 1;
	memcpy(square + 1, p, 64);
	cr_assert_eq(agree(&agreed, span_of(square, 65), two, span_of(peer, 64)), FAULT_MALFORMED);
}

Test(rsa, premaster_secret_is_what_the_server_decrypts)
{
	struct made *leaf = make(&(struct recipe){ .subject = "CN=rsa", .rsa_bits = 1024 }, NULL);
	uint8_t out[PUBLIC_SHARE_MAX], plain[256], premaster[48] = { 3, 3, 1, 2, 3 };
	size_t len, plain_len;
	struct rng rng;
	rng_init(&rng, 1, 2);
	cr_assert_eq(rsa_encrypt(out, &len, leaf->der, span_of(premaster, 48), &rng), FAULT_NONE);
	cr_assert_eq(len, 128);
	cr_assert_eq(mbedtls_pk_decrypt(&leaf->key, out, len, plain, &plain_len, sizeof plain,
					random_bytes, &rng),
		     0);
	assert_bytes(span_of(plain, plain_len), span_of(premaster, 48), "the premaster secret");
}

Test(rsa, refuses_other_keys_and_other_bytes)
{
	struct made *leaf = make(&(struct recipe){ .subject = "CN=ec" }, NULL);
	uint8_t out[PUBLIC_SHARE_MAX], premaster[48] = { 3, 3 };
	size_t len;
	struct rng rng;
	rng_init(&rng, 1, 2);
	struct span secret = span_of(premaster, 48);
	cr_assert_eq(rsa_encrypt(out, &len, leaf->der, secret, &rng), FAULT_MALFORMED);
	cr_assert_eq(rsa_encrypt(out, &len, span_of("\x30\x00", 2), secret, &rng), FAULT_MALFORMED);
	cr_assert_eq(rsa_encrypt(out, &len, vector("signatures.txt", "psskey_certificate"), secret,
				 &rng),
		     FAULT_MALFORMED);
	cr_assert_eq(
		rsa_encrypt(out, &len, vector("signatures.txt", "dsa_certificate"), secret, &rng),
		FAULT_MALFORMED);
}

static struct prefix der_open(struct builder *b, uint8_t tag)
{
	builder_u8(b, "tag", tag);
	builder_u8(b, "long form", 0x82);
	return builder_open(b, "contents", 2);
}

static void der_put(struct builder *b, uint8_t tag, const void *bytes, size_t len)
{
	struct prefix prefix = der_open(b, tag);
	builder_bytes(b, "value", span_of(bytes, len));
	builder_close(b, prefix, 0);
}

/* A certificate with nothing in it but an RSA key of all ones. */
static struct span rsa_certificate(uint8_t out[2048], size_t n_len, size_t e_len)
{
	static uint8_t n[1100], e[1100];
	struct builder b;
	memset(n + 1, 0xFF, sizeof n - 1);
	memset(e + 1, 0xFF, sizeof e - 1);
	builder_init(&b, out, 2048, NULL, 0);
	struct prefix whole = der_open(&b, 0x30), tbs = der_open(&b, 0x30);
	der_put(&b, 0x02, "\1", 1);
	der_put(&b, 0x30, "", 0);
	der_put(&b, 0x30, "", 0);
	struct prefix validity = der_open(&b, 0x30);
	der_put(&b, 0x17, "200101000000Z", 13);
	der_put(&b, 0x17, "300101000000Z", 13);
	builder_close(&b, validity, 0);
	der_put(&b, 0x30, "", 0);
	struct prefix info = der_open(&b, 0x30), algorithm = der_open(&b, 0x30);
	der_put(&b, 0x06, "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01", 9);
	builder_close(&b, algorithm, 0);
	struct prefix bits = der_open(&b, 0x03);
	builder_u8(&b, "unused bits", 0);
	struct prefix key = der_open(&b, 0x30);
	der_put(&b, 0x02, n, n_len + 1);
	der_put(&b, 0x02, e, e_len + 1);
	builder_close(&b, key, 0);
	builder_close(&b, bits, 0);
	builder_close(&b, info, 0);
	builder_close(&b, tbs, 0);
	struct prefix signature = der_open(&b, 0x30);
	der_put(&b, 0x06, "\x2a", 1);
	builder_close(&b, signature, 0);
	der_put(&b, 0x03, "\0", 1);
	builder_close(&b, whole, 0);
	cr_assert_eq(builder_fault(&b), FAULT_NONE);
	return builder_view(&b);
}

Test(rsa, keys_and_exponents_have_a_ceiling)
{
	uint8_t bytes[2048], out[PUBLIC_SHARE_MAX], premaster[48] = { 3, 3 };
	struct span secret = span_of(premaster, 48), x = span_of("x", 1);
	size_t len;
	struct rng rng;
	rng_init(&rng, 1, 2);
	cr_assert_eq(rsa_encrypt(out, &len, rsa_certificate(bytes, 1024, 8), secret, &rng),
		     FAULT_NONE);
	cr_assert_eq(len, 1024);
	cr_assert_eq(signature_verify(rsa_certificate(bytes, 1025, 8), TLS1_0, 0, x, x),
		     SIGNATURE_UNSUPPORTED);
	cr_assert_eq(signature_verify(rsa_certificate(bytes, 1024, 9), TLS1_0, 0, x, x),
		     SIGNATURE_UNSUPPORTED);
	cr_assert_eq(signature_verify(rsa_certificate(bytes, 128, 0), TLS1_0, 0, x, x),
		     SIGNATURE_WRONG_KEY, "an exponent of zero");
}

Test(static_ecdh, agrees_with_the_key_inside_the_certificate)
{
	struct made *leaf = make(&(struct recipe){ .subject = "CN=ec" }, NULL);
	uint8_t share[PUBLIC_SHARE_MAX], secret[SHARED_SECRET_MAX], expected[SHARED_SECRET_MAX];
	size_t share_len, secret_len, expected_len;
	cr_assert_eq(static_ecdh_agree(share, &share_len, secret, &secret_len, leaf->der),
		     FAULT_NONE);
	assert_bytes(span_of(share, share_len), group_share(GROUP_SECP256R1), "our share");
	mbedtls_ecp_keypair *pair = mbedtls_pk_ec(leaf->key);
	uint8_t point[65];
	size_t point_len;
	cr_assert_eq(mbedtls_ecp_point_write_binary(&pair->grp, &pair->Q,
						    MBEDTLS_ECP_PF_UNCOMPRESSED, &point_len, point,
						    sizeof point),
		     0);
	cr_assert_eq(
		group_agree(expected, &expected_len, GROUP_SECP256R1, span_of(point, point_len)),
		FAULT_NONE);
	assert_bytes(span_of(secret, secret_len), span_of(expected, expected_len), "the secret");
}

Test(static_ecdh, needs_an_ec_key)
{
	struct made *leaf = make(&(struct recipe){ .subject = "CN=rsa", .rsa_bits = 1024 }, NULL);
	uint8_t share[PUBLIC_SHARE_MAX], secret[SHARED_SECRET_MAX];
	size_t share_len, secret_len;
	cr_assert_eq(static_ecdh_agree(share, &share_len, secret, &secret_len, leaf->der),
		     FAULT_MALFORMED);
}
