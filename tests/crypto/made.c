/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#include <mbedtls/oid.h>
#include <mbedtls/pem.h>
#include <mbedtls/x509_crt.h>

#include "made.h"

static mbedtls_ctr_drbg_context *rng(void)
{
	static mbedtls_entropy_context entropy;
	static mbedtls_ctr_drbg_context drbg;
	static bool seeded;
	if (!seeded) {
		mbedtls_entropy_init(&entropy);
		mbedtls_ctr_drbg_init(&drbg);
		cr_assert_eq(mbedtls_ctr_drbg_seed(&drbg, mbedtls_entropy_func, &entropy, NULL, 0),
			     0);
		seeded = true;
	}
	return &drbg;
}

static void key_make(mbedtls_pk_context *key, unsigned rsa_bits)
{
	mbedtls_pk_init(key);
	mbedtls_pk_type_t type = rsa_bits ? MBEDTLS_PK_RSA : MBEDTLS_PK_ECKEY;
	cr_assert_eq(mbedtls_pk_setup(key, mbedtls_pk_info_from_type(type)), 0);
	int bad = rsa_bits ? mbedtls_rsa_gen_key(mbedtls_pk_rsa(*key), mbedtls_ctr_drbg_random,
						 rng(), rsa_bits, 65537)
			   : mbedtls_ecp_gen_key(MBEDTLS_ECP_DP_SECP256R1, mbedtls_pk_ec(*key),
						 mbedtls_ctr_drbg_random, rng());
	cr_assert_eq(bad, 0);
}

static void extension_add(mbedtls_x509write_cert *crt, struct span oid, uint8_t inner_tag,
			  struct span contents)
{
	uint8_t value[256] = { 0x30 };
	size_t at = 1;
	cr_assert_lt(contents.len, 120);
	value[at++] = (uint8_t)(contents.len + (inner_tag ? 2 : 0));
	if (inner_tag) {
		value[at++] = inner_tag;
		value[at++] = (uint8_t)contents.len;
	}
	memcpy(value + at, contents.at, contents.len);
	cr_assert_eq(mbedtls_x509write_crt_set_extension(crt, (const char *)oid.at, oid.len, 0,
							 value, at + contents.len),
		     0);
}

static void extensions_add(mbedtls_x509write_cert *crt, const struct recipe *recipe)
{
	if (recipe->ca)
		cr_assert_eq(
			mbedtls_x509write_crt_set_basic_constraints(
				crt, 1, recipe->max_path_len > 0 ? recipe->max_path_len - 1 : -1),
			0);
	if (recipe->san.len)
		extension_add(crt, span_of("\x55\x1d\x11", 3), 0, recipe->san);
	if (recipe->extended_key_usage.len)
		extension_add(crt, span_of("\x55\x1d\x25", 3), 0x06, recipe->extended_key_usage);
}

struct made *make(const struct recipe *recipe, struct made *issuer)
{
	static struct made *last;
	struct made *made = calloc(1, sizeof *made);
	made->before = last;
	last = made;
	snprintf(made->subject, sizeof made->subject, "%s", recipe->subject);
	key_make(&made->key, recipe->rsa_bits);
	issuer = issuer ? issuer : made;
	mbedtls_x509write_cert crt;
	mbedtls_x509write_crt_init(&crt);
	mbedtls_mpi serial;
	mbedtls_mpi_init(&serial);
	static int next_serial = 1;
	cr_assert_eq(mbedtls_mpi_lset(&serial, next_serial++), 0);
	cr_assert_eq(mbedtls_x509write_crt_set_serial(&crt, &serial), 0);
	mbedtls_x509write_crt_set_version(&crt, MBEDTLS_X509_CRT_VERSION_3);
	mbedtls_x509write_crt_set_md_alg(&crt, recipe->md ? recipe->md : MBEDTLS_MD_SHA256);
	mbedtls_x509write_crt_set_subject_key(&crt, &made->key);
	mbedtls_x509write_crt_set_issuer_key(&crt, &issuer->key);
	cr_assert_eq(mbedtls_x509write_crt_set_subject_name(&crt, made->subject), 0);
	cr_assert_eq(mbedtls_x509write_crt_set_issuer_name(&crt, issuer->subject), 0);
	cr_assert_eq(mbedtls_x509write_crt_set_validity(
			     &crt, recipe->not_before ? recipe->not_before : "20200101000000",
			     recipe->not_after ? recipe->not_after : "20301231235959"),
		     0);
	extensions_add(&crt, recipe);
	int len = mbedtls_x509write_crt_der(&crt, made->bytes, sizeof made->bytes,
					    mbedtls_ctr_drbg_random, rng());
	cr_assert_gt(len, 0);
	made->der = span_of(made->bytes + sizeof made->bytes - (size_t)len, (size_t)len);
	mbedtls_x509write_crt_free(&crt);
	mbedtls_mpi_free(&serial);
	return made;
}

struct span made_pem(const struct made *made, char *out, size_t cap)
{
	size_t len;
	cr_assert_eq(mbedtls_pem_write_buffer("-----BEGIN CERTIFICATE-----\n",
					      "-----END CERTIFICATE-----\n", made->der.at,
					      made->der.len, (unsigned char *)out, cap, &len),
		     0);
	return span_of(out, len - 1);
}
