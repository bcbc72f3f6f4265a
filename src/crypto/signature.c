/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/key_exchange.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include <mbedtls/error.h>
#include <mbedtls/pem.h>

#include "base/limits.h"
#include "crypto/certificate_key.h"
#include "crypto/prf.h"
#include "crypto/random.h"

enum algorithm { ALGORITHM_OTHER, ALGORITHM_PKCS1, ALGORITHM_PSS, ALGORITHM_ECDSA };

/* A signature scheme taken apart. `md` is NONE for the concatenation of MD5 and SHA-1. */
struct form {
	enum algorithm algorithm;
	mbedtls_md_type_t md;
	bool pss_key;		    /* rsa_pss_pss: the key must say RSA-PSS as well */
	mbedtls_ecp_group_id curve; /* of ECDSA in TLS 1.3, where the scheme fixes it */
};

static const struct intrinsic_row {
	uint16_t scheme;
	struct form form;
} intrinsic[] = {
	{ 0x0804, { ALGORITHM_PSS, MBEDTLS_MD_SHA256, false, MBEDTLS_ECP_DP_NONE } },
	{ 0x0805, { ALGORITHM_PSS, MBEDTLS_MD_SHA384, false, MBEDTLS_ECP_DP_NONE } },
	{ 0x0806, { ALGORITHM_PSS, MBEDTLS_MD_SHA512, false, MBEDTLS_ECP_DP_NONE } },
	{ 0x0809, { ALGORITHM_PSS, MBEDTLS_MD_SHA256, true, MBEDTLS_ECP_DP_NONE } },
	{ 0x080A, { ALGORITHM_PSS, MBEDTLS_MD_SHA384, true, MBEDTLS_ECP_DP_NONE } },
	{ 0x080B, { ALGORITHM_PSS, MBEDTLS_MD_SHA512, true, MBEDTLS_ECP_DP_NONE } },
	{ 0x0403, { ALGORITHM_ECDSA, MBEDTLS_MD_SHA256, false, MBEDTLS_ECP_DP_SECP256R1 } },
	{ 0x0503, { ALGORITHM_ECDSA, MBEDTLS_MD_SHA384, false, MBEDTLS_ECP_DP_SECP384R1 } },
	{ 0x0603, { ALGORITHM_ECDSA, MBEDTLS_MD_SHA512, false, MBEDTLS_ECP_DP_SECP521R1 } },
	{ 0x081A, { ALGORITHM_ECDSA, MBEDTLS_MD_SHA256, false, MBEDTLS_ECP_DP_BP256R1 } },
	{ 0x081B, { ALGORITHM_ECDSA, MBEDTLS_MD_SHA384, false, MBEDTLS_ECP_DP_BP384R1 } },
	{ 0x081C, { ALGORITHM_ECDSA, MBEDTLS_MD_SHA512, false, MBEDTLS_ECP_DP_BP512R1 } },
};

/* RFC 5246 7.4.1.4.1: a pair of hash and signature. */
static struct form pair_form(uint16_t scheme)
{
	static const mbedtls_md_type_t hashes[] = {
		MBEDTLS_MD_NONE,   MBEDTLS_MD_MD5,    MBEDTLS_MD_SHA1,	 MBEDTLS_MD_SHA224,
		MBEDTLS_MD_SHA256, MBEDTLS_MD_SHA384, MBEDTLS_MD_SHA512,
	};
	unsigned hash = scheme >> 8, signature = scheme & 0xFF;
	struct form form = { .algorithm = ALGORITHM_OTHER };
	if (hash == 0 || hash >= sizeof hashes / sizeof hashes[0])
		return form;
	form.md = hashes[hash];
	if (signature == 1)
		form.algorithm = ALGORITHM_PKCS1;
	if (signature == 3)
		form.algorithm = ALGORITHM_ECDSA;
	return form;
}

static struct form scheme_form(enum version version, uint16_t scheme, const mbedtls_pk_context *key)
{
	if (version < TLS1_2)
		return mbedtls_pk_can_do(key, MBEDTLS_PK_RSA)
			       ? (struct form){ .algorithm = ALGORITHM_PKCS1 }
			       : (struct form){ .algorithm = ALGORITHM_ECDSA,
						.md = MBEDTLS_MD_SHA1 };
	if (version == TLS1_2 && scheme >> 8 != 0x08)
		return pair_form(scheme);
	for (size_t i = 0; i < sizeof intrinsic / sizeof intrinsic[0]; i++) {
		struct form form = intrinsic[i].form;
		/* RFC 8734 1: the schemes that name a brainpool curve are for TLS 1.3 only. */
		if (intrinsic[i].scheme == scheme &&
		    (version == TLS1_3 || form.algorithm == ALGORITHM_PSS))
			return form;
	}
	return (struct form){ .algorithm = ALGORITHM_OTHER };
}

/* RFC 8446 4.2.3, 4.4.3: PKCS #1 v1.5 and SHA-1 sign certificates only. */
static bool forbidden(enum version version, uint16_t scheme)
{
	if (version != TLS1_3)
		return false;
	enum algorithm algorithm = pair_form(scheme).algorithm;
	return algorithm == ALGORITHM_PKCS1 || (algorithm == ALGORITHM_ECDSA && scheme < 0x0400);
}

static bool key_fits(const struct form *form, mbedtls_pk_context *pk, bool pss_key)
{
	if (form->algorithm != ALGORITHM_ECDSA)
		return mbedtls_pk_can_do(pk, MBEDTLS_PK_RSA) && form->pss_key == pss_key;
	return mbedtls_pk_can_do(pk, MBEDTLS_PK_ECDSA) &&
	       (form->curve == MBEDTLS_ECP_DP_NONE || mbedtls_pk_ec(*pk)->grp.id == form->curve);
}

static enum fault digest_make(uint8_t out[64], size_t *out_len, const struct form *form,
			      struct span bytes)
{
	enum version version = form->md == MBEDTLS_MD_NONE ? TLS1_0 : TLS1_2;
	return transcript_hash(out, out_len, version, form->md, bytes);
}

static enum signature_check verify(const struct form *form, mbedtls_pk_context *pk,
				   struct span bytes, struct span signature)
{
	uint8_t digest[64];
	size_t len;
	if (digest_make(digest, &len, form, bytes) != FAULT_NONE)
		return SIGNATURE_UNSUPPORTED;
	int bad;
	if (form->algorithm == ALGORITHM_PSS) {
		/* RFC 8446 4.2.3: the salt is as long as the digest, MGF1 has its hash. */
		mbedtls_pk_rsassa_pss_options options = { .mgf1_hash_id = form->md,
							  .expected_salt_len = (int)len };
		bad = mbedtls_pk_verify_ext(MBEDTLS_PK_RSASSA_PSS, &options, pk, form->md, digest,
					    len, signature.at, signature.len);
	} else {
		bad = mbedtls_pk_verify(pk, form->md, digest, len, signature.at, signature.len);
	}
	return bad ? SIGNATURE_BAD : SIGNATURE_GOOD;
}

enum signature_check signature_verify(struct span certificate, enum version version,
				      uint16_t scheme, struct span signed_bytes,
				      struct span signature)
{
	struct certificate_key key;
	enum signature_check check = SIGNATURE_WRONG_KEY;
	enum fault fault = certificate_key_read(&key, certificate);
	if (fault == FAULT_UNSUPPORTED)
		check = SIGNATURE_UNSUPPORTED;
	if (!fault) {
		struct form form = scheme_form(version, scheme, &key.pk);
		if (forbidden(version, scheme) || signature.len == 0)
			check = SIGNATURE_BAD;
		else if (form.algorithm == ALGORITHM_OTHER)
			check = SIGNATURE_UNSUPPORTED;
		else if (key_fits(&form, &key.pk, key.pss))
			check = verify(&form, &key.pk, signed_bytes, signature);
	}
	certificate_key_free(&key);
	return check;
}

struct signing_key {
	mbedtls_pk_context pk;
};

static const char *key_trouble(int bad)
{
	if (bad == MBEDTLS_ERR_PK_PASSWORD_REQUIRED || bad == MBEDTLS_ERR_PK_PASSWORD_MISMATCH)
		return "the key is encrypted";
	if (bad == MBEDTLS_ERR_PK_KEY_INVALID_FORMAT ||
	    bad == MBEDTLS_ERR_PEM_NO_HEADER_FOOTER_PRESENT)
		return "it holds no private key in PEM form";
	return "the key is of a kind that cannot be used: RSA and ECDSA can";
}

/* mbedTLS wants the terminator of the PEM text counted. */
static int key_parse(mbedtls_pk_context *pk, struct span pem)
{
	uint8_t *text = calloc(1, pem.len + 1);
	if (!text)
		return MBEDTLS_ERR_PK_ALLOC_FAILED;
	memcpy(text, pem.at, pem.len);
	int bad = mbedtls_pk_parse_key(pk, text, pem.len + 1, NULL, 0);
	memset(text, 0, pem.len);
	free(text);
	return bad;
}

struct signing_key *signing_key_read(struct span pem, char *why, size_t why_len)
{
	if (pem.len == 0 || pem.len > PRIVATE_KEY_MAX) {
		snprintf(why, why_len, "it is %s", pem.len ? "too large for a key" : "empty");
		return NULL;
	}
	struct signing_key *key = calloc(1, sizeof *key);
	if (!key) {
		snprintf(why, why_len, "out of memory");
		return NULL;
	}
	mbedtls_pk_init(&key->pk);
	int bad = key_parse(&key->pk, pem);
	if (!bad && mbedtls_pk_get_bitlen(&key->pk) <= RSA_BITS_MAX &&
	    (mbedtls_pk_can_do(&key->pk, MBEDTLS_PK_RSA) ||
	     mbedtls_pk_can_do(&key->pk, MBEDTLS_PK_ECDSA)))
		return key;
	snprintf(why, why_len, "%s", key_trouble(bad));
	signing_key_free(key);
	return NULL;
}

void signing_key_free(struct signing_key *key)
{
	if (key)
		mbedtls_pk_free(&key->pk);
	free(key);
}

static bool form_of_key(struct form *out, const struct signing_key *key, enum version version,
			uint16_t scheme)
{
	mbedtls_pk_context pk = key->pk;
	*out = scheme_form(version, scheme, &pk);
	return !forbidden(version, scheme) && out->algorithm != ALGORITHM_OTHER &&
	       key_fits(out, &pk, false);
}

bool signing_key_fits(const struct signing_key *key, enum version version, uint16_t scheme)
{
	struct form form;
	return form_of_key(&form, key, version, scheme);
}

enum fault signature_make(uint8_t out[PUBLIC_SHARE_MAX], size_t *out_len,
			  const struct signing_key *key, enum version version, uint16_t scheme,
			  struct span bytes, struct rng *rng)
{
	struct form form;
	uint8_t digest[64];
	size_t len;
	*out_len = 0;
	if (!form_of_key(&form, key, version, scheme))
		return FAULT_UNSUPPORTED;
	enum fault fault = digest_make(digest, &len, &form, bytes);
	if (fault)
		return fault;
	mbedtls_pk_context pk = key->pk;
	int bad;
	if (form.algorithm == ALGORITHM_PSS) {
		mbedtls_rsa_context *rsa = mbedtls_pk_rsa(pk);
		mbedtls_rsa_set_padding(rsa, MBEDTLS_RSA_PKCS_V21, (int)form.md);
		bad = mbedtls_rsa_rsassa_pss_sign_ext(rsa, random_bytes, rng, form.md,
						      (unsigned)len, digest, (int)len, out);
		mbedtls_rsa_set_padding(rsa, MBEDTLS_RSA_PKCS_V15, MBEDTLS_MD_NONE);
		*out_len = bad ? 0 : mbedtls_pk_get_len(&pk);
	} else {
		bad = mbedtls_pk_sign(&pk, form.md, digest, len, out, out_len, random_bytes, rng);
	}
	return bad ? FAULT_CRYPTO : FAULT_NONE;
}
