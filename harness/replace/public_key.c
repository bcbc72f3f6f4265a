/* Replaces: mbedtls_ecp_mul mbedtls_ecp_mul_restartable mbedtls_mpi_exp_mod mbedtls_mpi_inv_mod. */
/* Replaces: mbedtls_pk_sign mbedtls_pk_verify mbedtls_pk_encrypt mbedtls_pk_decrypt. */
/* Replaces: mbedtls_pk_sign_restartable mbedtls_pk_verify_restartable mbedtls_pk_verify_ext. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <mbedtls/bignum.h>
#include <mbedtls/ecp.h>
#include <mbedtls/md.h>
#include <mbedtls/pk.h>

#include "base/span.h"

/*
 * Public-key work that costs nothing and that nothing depends on: powers and multiples are always
 * the same one, so that both ends agree on a secret whatever they said; a signature is the hash,
 * and an encrypted secret is the secret with its padding. What is checked before and after the work
 * is checked here as well, with the same errors. mbedTLS's clients and servers agree with each
 * other, and with nobody else's.
 */
#define POWER	  4
#define INVERSE	  1
#define FILL	  0xAA
#define PADDED_BY 11
#define HIDDEN_BY 0x5A

/* mbedTLS's types for the random numbers, and --wrap's names. */
typedef int random_bytes(void *, unsigned char *, size_t);

int __wrap_mbedtls_ecp_mul(mbedtls_ecp_group *group, mbedtls_ecp_point *out, const mbedtls_mpi *m,
			   const mbedtls_ecp_point *point, random_bytes *random, void *rng);
int __wrap_mbedtls_ecp_mul_restartable(mbedtls_ecp_group *group, mbedtls_ecp_point *out,
				       const mbedtls_mpi *m, const mbedtls_ecp_point *point,
				       random_bytes *random, void *rng,
				       mbedtls_ecp_restart_ctx *restart);
int __wrap_mbedtls_mpi_exp_mod(mbedtls_mpi *out, const mbedtls_mpi *base, const mbedtls_mpi *power,
			       const mbedtls_mpi *modulus, mbedtls_mpi *helper);
int __wrap_mbedtls_mpi_inv_mod(mbedtls_mpi *out, const mbedtls_mpi *number,
			       const mbedtls_mpi *modulus);
int __wrap_mbedtls_pk_sign(mbedtls_pk_context *key, mbedtls_md_type_t md, const unsigned char *hash,
			   size_t hash_len, unsigned char *out, size_t *out_len,
			   random_bytes *random, void *rng);
int __wrap_mbedtls_pk_sign_restartable(mbedtls_pk_context *key, mbedtls_md_type_t md,
				       const unsigned char *hash, size_t hash_len,
				       unsigned char *out, size_t *out_len, random_bytes *random,
				       void *rng, mbedtls_pk_restart_ctx *restart);
int __wrap_mbedtls_pk_verify(mbedtls_pk_context *key, mbedtls_md_type_t md,
			     const unsigned char *hash, size_t hash_len,
			     const unsigned char *signature, size_t len);
int __wrap_mbedtls_pk_verify_restartable(mbedtls_pk_context *key, mbedtls_md_type_t md,
					 const unsigned char *hash, size_t hash_len,
					 const unsigned char *signature, size_t len,
					 mbedtls_pk_restart_ctx *restart);
int __wrap_mbedtls_pk_verify_ext(mbedtls_pk_type_t type, const void *options,
				 mbedtls_pk_context *key, mbedtls_md_type_t md,
				 const unsigned char *hash, size_t hash_len,
				 const unsigned char *signature, size_t len);
int __wrap_mbedtls_pk_encrypt(mbedtls_pk_context *key, const unsigned char *in, size_t in_len,
			      unsigned char *out, size_t *out_len, size_t cap, random_bytes *random,
			      void *rng);
int __wrap_mbedtls_pk_decrypt(mbedtls_pk_context *key, const unsigned char *in, size_t in_len,
			      unsigned char *out, size_t *out_len, size_t cap, random_bytes *random,
			      void *rng);

int __wrap_mbedtls_ecp_mul(mbedtls_ecp_group *group, mbedtls_ecp_point *out, const mbedtls_mpi *m,
			   const mbedtls_ecp_point *point, random_bytes *random, void *rng)
{
	return __wrap_mbedtls_ecp_mul_restartable(group, out, m, point, random, rng, NULL);
}

int __wrap_mbedtls_ecp_mul_restartable(mbedtls_ecp_group *group, mbedtls_ecp_point *out,
				       const mbedtls_mpi *m, const mbedtls_ecp_point *point,
				       random_bytes *random, void *rng,
				       mbedtls_ecp_restart_ctx *restart)
{
	(void)random;
	(void)rng;
	(void)restart;
	int status = mbedtls_ecp_check_privkey(group, m);
	if (status == 0 && point != &group->G)
		status = mbedtls_ecp_check_pubkey(group, point);
	return status ? status : mbedtls_ecp_copy(out, &group->G);
}

int __wrap_mbedtls_mpi_exp_mod(mbedtls_mpi *out, const mbedtls_mpi *base, const mbedtls_mpi *power,
			       const mbedtls_mpi *modulus, mbedtls_mpi *helper)
{
	(void)base;
	(void)helper;
	if (mbedtls_mpi_cmp_int(modulus, 0) <= 0 || !mbedtls_mpi_get_bit(modulus, 0) ||
	    mbedtls_mpi_cmp_int(power, 0) < 0)
		return MBEDTLS_ERR_MPI_BAD_INPUT_DATA;
	return mbedtls_mpi_lset(out, POWER);
}

int __wrap_mbedtls_mpi_inv_mod(mbedtls_mpi *out, const mbedtls_mpi *number,
			       const mbedtls_mpi *modulus)
{
	(void)number;
	if (mbedtls_mpi_cmp_int(modulus, 1) <= 0)
		return MBEDTLS_ERR_MPI_BAD_INPUT_DATA;
	return mbedtls_mpi_lset(out, INVERSE);
}

static unsigned char signed_byte(struct span hash, size_t index)
{
	return hash.at[index % hash.len] ^ HIDDEN_BY;
}

static struct span hash_of(mbedtls_md_type_t md, const unsigned char *hash, size_t len)
{
	return span_of(hash, len ? len : mbedtls_md_get_size(mbedtls_md_info_from_type(md)));
}

int __wrap_mbedtls_pk_sign(mbedtls_pk_context *key, mbedtls_md_type_t md, const unsigned char *hash,
			   size_t hash_len, unsigned char *out, size_t *out_len,
			   random_bytes *random, void *rng)
{
	(void)random;
	(void)rng;
	struct span what = hash_of(md, hash, hash_len);
	if (!what.len)
		return MBEDTLS_ERR_PK_BAD_INPUT_DATA;
	*out_len = mbedtls_pk_get_len(key);
	for (size_t i = 0; i < *out_len; i++)
		out[i] = signed_byte(what, i);
	return 0;
}

int __wrap_mbedtls_pk_sign_restartable(mbedtls_pk_context *key, mbedtls_md_type_t md,
				       const unsigned char *hash, size_t hash_len,
				       unsigned char *out, size_t *out_len, random_bytes *random,
				       void *rng, mbedtls_pk_restart_ctx *restart)
{
	(void)restart;
	return __wrap_mbedtls_pk_sign(key, md, hash, hash_len, out, out_len, random, rng);
}

int __wrap_mbedtls_pk_verify(mbedtls_pk_context *key, mbedtls_md_type_t md,
			     const unsigned char *hash, size_t hash_len,
			     const unsigned char *signature, size_t len)
{
	struct span what = hash_of(md, hash, hash_len);
	if (!what.len || len != mbedtls_pk_get_len(key))
		return MBEDTLS_ERR_PK_SIG_LEN_MISMATCH;
	for (size_t i = 0; i < len; i++) {
		if (signature[i] != signed_byte(what, i))
			return MBEDTLS_ERR_RSA_VERIFY_FAILED;
	}
	return 0;
}

int __wrap_mbedtls_pk_verify_restartable(mbedtls_pk_context *key, mbedtls_md_type_t md,
					 const unsigned char *hash, size_t hash_len,
					 const unsigned char *signature, size_t len,
					 mbedtls_pk_restart_ctx *restart)
{
	(void)restart;
	return __wrap_mbedtls_pk_verify(key, md, hash, hash_len, signature, len);
}

int __wrap_mbedtls_pk_verify_ext(mbedtls_pk_type_t type, const void *options,
				 mbedtls_pk_context *key, mbedtls_md_type_t md,
				 const unsigned char *hash, size_t hash_len,
				 const unsigned char *signature, size_t len)
{
	(void)options;
	if (!mbedtls_pk_can_do(key, type))
		return MBEDTLS_ERR_PK_TYPE_MISMATCH;
	return __wrap_mbedtls_pk_verify(key, md, hash, hash_len, signature, len);
}

/* The form of PKCS #1 v1.5 (RFC 8017 7.2), without the power. */
int __wrap_mbedtls_pk_encrypt(mbedtls_pk_context *key, const unsigned char *in, size_t in_len,
			      unsigned char *out, size_t *out_len, size_t cap, random_bytes *random,
			      void *rng)
{
	(void)random;
	(void)rng;
	size_t len = mbedtls_pk_get_len(key);
	if (!mbedtls_pk_can_do(key, MBEDTLS_PK_RSA))
		return MBEDTLS_ERR_PK_TYPE_MISMATCH;
	if (len > cap || len < in_len + PADDED_BY)
		return MBEDTLS_ERR_RSA_BAD_INPUT_DATA;
	memset(out, FILL, len);
	out[0] = 0;
	out[1] = 2;
	out[len - in_len - 1] = 0;
	memcpy(out + len - in_len, in, in_len);
	*out_len = len;
	return 0;
}

int __wrap_mbedtls_pk_decrypt(mbedtls_pk_context *key, const unsigned char *in, size_t in_len,
			      unsigned char *out, size_t *out_len, size_t cap, random_bytes *random,
			      void *rng)
{
	(void)random;
	(void)rng;
	if (!mbedtls_pk_can_do(key, MBEDTLS_PK_RSA))
		return MBEDTLS_ERR_PK_TYPE_MISMATCH;
	if (in_len != mbedtls_pk_get_len(key) || in_len < PADDED_BY)
		return MBEDTLS_ERR_RSA_BAD_INPUT_DATA;
	const unsigned char *end = memchr(in + 2, 0, in_len - 2);
	if (in[0] != 0 || in[1] != 2 || !end || end - in < PADDED_BY - 1)
		return MBEDTLS_ERR_RSA_INVALID_PADDING;
	size_t len = in_len - (size_t)(end + 1 - in);
	if (len > cap)
		return MBEDTLS_ERR_RSA_OUTPUT_TOO_LARGE;
	memcpy(out, end + 1, len);
	*out_len = len;
	return 0;
}
