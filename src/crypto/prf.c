/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/prf.h"

#include <assert.h>

/* The seed of P_hash, which is never copied together. */
struct prf_seed {
	struct span label, seed;
};

static int seed_update(mbedtls_md_context_t *md, const struct prf_seed *seed)
{
	int bad = mbedtls_md_hmac_update(md, seed->label.at, seed->label.len);
	if (!bad && seed->seed.len)
		bad = mbedtls_md_hmac_update(md, seed->seed.at, seed->seed.len);
	return bad;
}

/* RFC 5246 5: A(i) = HMAC(secret, A(i-1)), output HMAC(secret, A(i) + seed), xored into `out`. */
static int p_hash_rounds(mbedtls_md_context_t *md, size_t hash_len, uint8_t *out, size_t out_len,
			 const struct prf_seed *seed)
{
	uint8_t a[MBEDTLS_MD_MAX_SIZE], block[MBEDTLS_MD_MAX_SIZE];
	int bad = seed_update(md, seed);
	if (!bad)
		bad = mbedtls_md_hmac_finish(md, a);
	for (size_t at = 0; at < out_len && !bad; at += hash_len) {
		if (!(bad = mbedtls_md_hmac_reset(md)) &&
		    !(bad = mbedtls_md_hmac_update(md, a, hash_len)) &&
		    !(bad = seed_update(md, seed)))
			bad = mbedtls_md_hmac_finish(md, block);
		for (size_t i = 0; i < hash_len && at + i < out_len; i++)
			out[at + i] ^= block[i];
		if (!bad && !(bad = mbedtls_md_hmac_reset(md)) &&
		    !(bad = mbedtls_md_hmac_update(md, a, hash_len)))
			bad = mbedtls_md_hmac_finish(md, a);
	}
	return bad;
}

static enum fault p_hash(uint8_t *out, size_t out_len, mbedtls_md_type_t type, struct span secret,
			 const struct prf_seed *seed)
{
	const mbedtls_md_info_t *info = mbedtls_md_info_from_type(type);
	if (!info)
		return FAULT_CRYPTO;
	static const uint8_t empty[1];
	mbedtls_md_context_t md;
	mbedtls_md_init(&md);
	int bad = mbedtls_md_setup(&md, info, 1);
	if (!bad)
		bad = mbedtls_md_hmac_starts(&md, secret.len ? secret.at : empty, secret.len);
	if (!bad)
		bad = p_hash_rounds(&md, mbedtls_md_get_size(info), out, out_len, seed);
	mbedtls_md_free(&md);
	return bad ? FAULT_CRYPTO : FAULT_NONE;
}

enum fault tls_prf(uint8_t *out, size_t out_len, enum version version, mbedtls_md_type_t md,
		   struct span secret, const char *label, struct span seed)
{
	assert(version >= TLS1_0 && version <= TLS1_2);
	struct prf_seed whole = { .label = span_text(label), .seed = seed };
	memset(out, 0, out_len);
	if (version == TLS1_2)
		return p_hash(out, out_len, md, secret, &whole);
	/* RFC 2246 5: the halves share the middle byte of a secret of odd length. */
	size_t half = secret.len - secret.len / 2;
	enum fault fault = p_hash(out, out_len, MBEDTLS_MD_MD5, span_of(secret.at, half), &whole);
	if (fault)
		return fault;
	return p_hash(out, out_len, MBEDTLS_MD_SHA1, span_skip(secret, secret.len - half), &whole);
}

static enum fault hash_one(uint8_t *out, size_t *out_len, mbedtls_md_type_t type,
			   struct span messages)
{
	const mbedtls_md_info_t *info = mbedtls_md_info_from_type(type);
	if (!info || mbedtls_md(info, messages.at, messages.len, out) != 0)
		return FAULT_CRYPTO;
	*out_len += mbedtls_md_get_size(info);
	return FAULT_NONE;
}

enum fault transcript_hash(uint8_t out[64], size_t *out_len, enum version version,
			   mbedtls_md_type_t md, struct span messages)
{
	*out_len = 0;
	if (version >= TLS1_2)
		return hash_one(out, out_len, md, messages);
	enum fault fault = hash_one(out, out_len, MBEDTLS_MD_MD5, messages);
	return fault ? fault : hash_one(out + *out_len, out_len, MBEDTLS_MD_SHA1, messages);
}
