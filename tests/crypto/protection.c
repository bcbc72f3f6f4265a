/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>

#include "protection_support.h"
#include "registry/registry.h"

/* Runs `check` for every suite in every version; with encrypt-then-MAC as well where it matters. */
static size_t for_every_suite(void (*check)(struct ends *ends))
{
	static struct ends ends;
	size_t runs = 0;
	for (size_t i = 0; i < cipher_suites_len; i++)
		for (enum version version = TLS1_0; version <= TLS1_3; version++)
			for (int etm = 0; etm < 2; etm++) {
				if (!ends_init(&ends, cipher_suites[i].code, version, etm))
					continue;
				if (!etm || ends.params.mode == MODE_CBC) {
					check(&ends);
					runs++;
				}
				ends_release(&ends);
			}
	return runs;
}

static void round_trip(struct ends *ends)
{
	static const size_t sizes[] = { 0, 1, 15, 16, 17, 1000, RECORD_PLAINTEXT_MAX };
	static uint8_t plain[RECORD_PLAINTEXT_MAX];
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		uint8_t type;
		struct span out;
		memset(plain, (int)i + 1, sizes[i]);
		ends_seal(ends, CONTENT_HANDSHAKE, span_of(plain, sizes[i]), 0);
		cr_assert_leq(ends->record_len - 5, RECORD_CIPHERTEXT_MAX);
		if (ends->params.mode != MODE_NULL && sizes[i] >= 15)
			cr_assert_null(memmem(ends->record, ends->record_len, plain, 15));
		cr_assert_eq(ends_open(ends, &type, &out), FAULT_NONE, "0x%04X, %zu bytes",
			     ends->params.code, sizes[i]);
		cr_assert_eq(type, CONTENT_HANDSHAKE);
		cr_assert(span_equal(out, span_of(plain, sizes[i])));
	}
}

Test(protection, opens_what_it_sealed_for_every_suite_and_version)
{
	cr_assert_geq(for_every_suite(round_trip), 400);
}

/* The type, the version and every bit behind the header; the length is the record layer's. */
static void flip_every_bit(struct ends *ends)
{
	uint8_t type;
	struct span out;
	ends_seal(ends, CONTENT_ALERT, span_of("\1\0", 2), 0);
	/* In a direction that chains, what was read before matters: only the first record is. */
	for (size_t bit = 0; bit < 8 * ends->record_len; bit++) {
		if (bit / 8 == 3 || bit / 8 == 4)
			continue;
		struct ends fresh;
		uint8_t flipped = (uint8_t)(0x80 >> bit % 8);
		ends_init(&fresh, ends->params.code, ends->params.version, false);
		memcpy(fresh.record, ends->record, ends->record_len);
		fresh.record_len = ends->record_len;
		fresh.record[bit / 8] ^= flipped;
		enum fault fault = ends_open(&fresh, &type, &out);
		ends_release(&fresh);
		cr_assert_eq(fault, FAULT_CRYPTO, "0x%04X in %s: bit %zu of %zu", ends->params.code,
			     version_name(ends->params.version), bit, 8 * ends->record_len);
	}
}

static void flip_in(const uint16_t *suites, size_t len, enum version version)
{
	static struct ends ends;
	for (size_t i = 0; i < len; i++) {
		cr_assert(ends_init(&ends, suites[i], version, false));
		flip_every_bit(&ends);
		ends_release(&ends);
	}
}

/* NULL, RC4, 3DES and AES with each MAC; then every AEAD. */
Test(protection, refuses_every_flipped_bit)
{
	static const uint16_t old[] = { 0x0001, 0x0002, 0x0005, 0x0009, 0x000A, 0x002F, 0x0084 };
	static const uint16_t new[] = { 0x003B, 0x0005, 0x003D, 0xC028, 0xC02F,
					0xC030, 0xC09C, 0xC0A1, 0xCCA8, 0xC086 };
	static const uint16_t newest[] = { 0x1301, 0x1302, 0x1303, 0x1304, 0x1305 };
	flip_in(old, sizeof old / sizeof old[0], TLS1_0);
	flip_in(old, sizeof old / sizeof old[0], TLS1_1);
	flip_in(new, sizeof new / sizeof new[0], TLS1_2);
	flip_in(newest, sizeof newest / sizeof newest[0], TLS1_3);
}

static void spoil(struct ends *ends)
{
	uint8_t type;
	struct span out;
	unsigned bits = 1 + ends->params.code % 5;
	ends_seal(ends, CONTENT_HANDSHAKE, span_text("finished"), bits);
	cr_assert_eq(ends_open(ends, &type, &out), FAULT_CRYPTO, "0x%04X", ends->params.code);
}

Test(protection, spoils_the_mac_on_request)
{
	for_every_suite(spoil);
}

static void replay(struct ends *ends)
{
	uint8_t type;
	struct span out;
	/* A stream cipher and a chained IV fail for their own reasons; the rest by the number. */
	ends_seal(ends, CONTENT_HANDSHAKE, span_text("finished"), 0);
	cr_assert_eq(ends_open(ends, &type, &out), FAULT_NONE);
	cr_assert_eq(ends_open(ends, &type, &out), FAULT_CRYPTO, "0x%04X", ends->params.code);
}

Test(protection, refuses_a_record_that_comes_twice)
{
	for_every_suite(replay);
}

static void truncate(struct ends *ends)
{
	uint8_t type;
	struct span out;
	ends_seal(ends, CONTENT_HANDSHAKE, span_text("finished"), 0);
	for (size_t len = 5; len < ends->record_len; len++) {
		struct ends fresh;
		ends_init(&fresh, ends->params.code, ends->params.version, false);
		memcpy(fresh.record, ends->record, len);
		fresh.record_len = len;
		cr_assert_neq(ends_open(&fresh, &type, &out), FAULT_NONE, "0x%04X: %zu bytes",
			      ends->params.code, len);
		ends_release(&fresh);
	}
}

Test(protection, refuses_every_shortened_record)
{
	for_every_suite(truncate);
}

static void noise(struct ends *ends)
{
	uint8_t type;
	struct span out;
	for (unsigned i = 0; i < 100; i++) {
		ends->record_len = 5 + rng_below(&ends->rng, 80);
		rng_fill(&ends->rng, ends->record, ends->record_len);
		cr_assert_neq(ends_open(ends, &type, &out), FAULT_NONE, "0x%04X",
			      ends->params.code);
		cr_assert_null(out.at);
	}
}

Test(protection, refuses_noise)
{
	for_every_suite(noise);
}

Test(protection, refuses_fragments_over_the_ceilings)
{
	static struct ends ends;
	static uint8_t big[RECORD_CIPHERTEXT_MAX + 1];
	uint8_t type = CONTENT_HANDSHAKE, bytes[64];
	struct span out;
	struct builder builder;
	cr_assert(ends_init(&ends, 0x1301, TLS1_3, false));
	builder_init(&builder, bytes, sizeof bytes, NULL, 0);
	cr_assert_eq(protection_seal(ends.seal, &builder, type, 0x0303,
				     span_of(big, SEAL_FRAGMENT_MAX + 1), &ends.rng, 0),
		     FAULT_TOO_LARGE);
	cr_assert_eq(
		protection_seal(ends.seal, &builder, type, 0x0303, span_of(big, 64), &ends.rng, 0),
		FAULT_TOO_LARGE);
	cr_assert_eq(protection_open(ends.open, &ends.arena, &type, 0x0303,
				     span_of(big, RECORD_CIPHERTEXT_MAX + 1), &out),
		     FAULT_TOO_LARGE);
	ends_release(&ends);
}

Test(protection, refuses_keys_of_the_wrong_length)
{
	struct suite_params params;
	uint8_t bytes[64] = { 0 };
	cr_assert(suite_params(&params, 0xC02F, TLS1_2, NULL));
	struct protection_keys keys = { .key = span_of(bytes, 16), .iv = span_of(bytes, 12) };
	cr_assert_null(protection_new(&params, &keys, false, true));
	keys.iv.len = 4;
	keys.key.len = 32;
	cr_assert_null(protection_new(&params, &keys, false, true));
	keys.key.len = 16;
	keys.mac = span_of(bytes, 20);
	cr_assert_null(protection_new(&params, &keys, false, true));
}

/* RFC 8446 5.4: sealed by hand, with an inner plaintext that our own sealing never makes. */
static enum fault open_inner(struct span inner, uint8_t *type, struct span *out)
{
	static struct ends ends;
	cr_assert(ends_init(&ends, 0x1301, TLS1_3, false));
	static uint8_t sealed[RECORD_CIPHERTEXT_MAX];
	uint8_t key[128], nonce[12], header[5] = { 23, 3, 3 };
	struct rng rng;
	size_t done;
	rng_init(&rng, 0x1301, TLS1_3);
	rng_fill(&rng, key, sizeof key);
	memcpy(nonce, key + 96, 12);
	header[3] = (uint8_t)((inner.len + 16) >> 8);
	header[4] = (uint8_t)(inner.len + 16);
	mbedtls_cipher_context_t cipher;
	mbedtls_cipher_init(&cipher);
	cr_assert_eq(mbedtls_cipher_setup(
			     &cipher, mbedtls_cipher_info_from_type(MBEDTLS_CIPHER_AES_128_GCM)),
		     0);
	cr_assert_eq(mbedtls_cipher_setkey(&cipher, key + 48, 128, MBEDTLS_ENCRYPT), 0);
	cr_assert_eq(mbedtls_cipher_auth_encrypt_ext(&cipher, nonce, 12, header, 5, inner.at,
						     inner.len, sealed, sizeof sealed, &done, 16),
		     0);
	mbedtls_cipher_free(&cipher);
	*type = 23;
	enum fault fault =
		protection_open(ends.open, &ends.arena, type, 0x0303, span_of(sealed, done), out);
	ends_release(&ends);
	return fault;
}

Test(protection, takes_padding_off_in_tls_1_3)
{
	uint8_t type;
	struct span out;
	cr_assert_eq(open_inner(span_of("ab\x16\0\0\0", 6), &type, &out), FAULT_NONE);
	cr_assert_eq(type, CONTENT_HANDSHAKE);
	cr_assert_eq(out.len, 2);
	cr_assert_eq(open_inner(span_of("\x17\0", 2), &type, &out), FAULT_NONE);
	cr_assert_eq(out.len, 0);
}

Test(protection, finds_no_type_in_padding_alone)
{
	uint8_t type;
	struct span out;
	cr_assert_eq(open_inner(span_of("\0\0\0", 3), &type, &out), FAULT_MALFORMED);
	cr_assert_eq(open_inner(span_of("", 0), &type, &out), FAULT_MALFORMED);
}

Test(protection, opens_no_more_than_a_record_holds)
{
	static uint8_t inner[RECORD_PLAINTEXT_MAX + 2];
	uint8_t type;
	struct span out;
	inner[RECORD_PLAINTEXT_MAX] = CONTENT_APPLICATION_DATA;
	cr_assert_eq(open_inner(span_of(inner, RECORD_PLAINTEXT_MAX + 1), &type, &out), FAULT_NONE);
	cr_assert_eq(out.len, RECORD_PLAINTEXT_MAX);
	cr_assert_eq(open_inner(span_of(inner, RECORD_PLAINTEXT_MAX + 2), &type, &out),
		     FAULT_TOO_LARGE);
}

/* AES-128-CBC with HMAC-SHA1 in TLS 1.1, by mbedTLS: `padding` bytes follow the MAC as they are. */
static enum fault open_padded(const uint8_t *padding, size_t padding_len, struct span *out)
{
	static struct ends ends;
	static uint8_t iv[16], fragment[512];
	uint8_t keys[128], plain[512] = "hello", header[13 + 5] = { [8] = 23, 3, 2, 0, 5 };
	struct rng rng;
	size_t len = 5 + 20 + padding_len, done;
	cr_assert(ends_init(&ends, 0x002F, TLS1_1, false));
	rng_init(&rng, 0x002F, TLS1_1);
	rng_fill(&rng, keys, sizeof keys);
	memcpy(header + 13, plain, 5);
	cr_assert_eq(mbedtls_md_hmac(mbedtls_md_info_from_type(MBEDTLS_MD_SHA1), keys, 20, header,
				     sizeof header, plain + 5),
		     0);
	memcpy(plain + 25, padding, padding_len);
	mbedtls_cipher_context_t cipher;
	mbedtls_cipher_init(&cipher);
	const mbedtls_cipher_info_t *info =
		mbedtls_cipher_info_from_type(MBEDTLS_CIPHER_AES_128_CBC);
	cr_assert_eq(mbedtls_cipher_setup(&cipher, info), 0);
	cr_assert_eq(mbedtls_cipher_setkey(&cipher, keys + 48, 128, MBEDTLS_ENCRYPT), 0);
	cr_assert_eq(mbedtls_cipher_set_padding_mode(&cipher, MBEDTLS_PADDING_NONE), 0);
	memcpy(fragment, iv, 16);
	cr_assert_eq(mbedtls_cipher_crypt(&cipher, iv, 16, plain, len, fragment + 16, &done), 0);
	mbedtls_cipher_free(&cipher);
	uint8_t type = CONTENT_APPLICATION_DATA;
	enum fault fault = protection_open(ends.open, &ends.arena, &type, 0x0302,
					   span_of(fragment, 16 + done), out);
	ends_release(&ends);
	return fault;
}

Test(protection, takes_any_length_of_padding_whose_bytes_are_right)
{
	struct span out;
	uint8_t padding[256];
	for (size_t len = 7; len <= 247; len += 16) {
		memset(padding, (int)len - 1, len);
		cr_assert_eq(open_padded(padding, len, &out), FAULT_NONE, "%zu bytes", len);
		cr_assert_eq(out.len, 5);
		for (size_t i = 0; i < len; i++) {
			padding[i] ^= 1;
			cr_assert_eq(open_padded(padding, len, &out), FAULT_CRYPTO,
				     "byte %zu of %zu", i, len);
			padding[i] ^= 1;
		}
	}
}

Test(protection, refuses_padding_that_is_longer_than_the_record)
{
	struct span out;
	uint8_t padding[7];
	for (int value = 7; value < 256; value++) {
		memset(padding, value, sizeof padding);
		cr_assert_eq(open_padded(padding, sizeof padding, &out), FAULT_CRYPTO);
	}
}
