/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/suite_params.h"

#define MISSING(name) "no " name " in this build's mbedTLS"

/* The words of the registry, and what they stand for. */
static const struct cipher_row {
	const char *word, *missing;
	enum cipher_mode mode;
	mbedtls_cipher_type_t cipher;
	uint8_t key_len, block_len, tag_len;
} ciphers[] = {
	{ "NULL", "", MODE_NULL, MBEDTLS_CIPHER_NONE, 0, 0, 0 },
	{ "RC4_128", MISSING("RC4"), MODE_STREAM, MBEDTLS_CIPHER_ARC4_128, 16, 0, 0 },
	{ "DES_CBC", MISSING("DES"), MODE_CBC, MBEDTLS_CIPHER_DES_CBC, 8, 8, 0 },
	{ "3DES_EDE_CBC", MISSING("3DES"), MODE_CBC, MBEDTLS_CIPHER_DES_EDE3_CBC, 24, 8, 0 },
	{ "IDEA_CBC", MISSING("IDEA"), MODE_CBC, MBEDTLS_CIPHER_NONE, 16, 8, 0 },
	{ "SEED_CBC", MISSING("SEED"), MODE_CBC, MBEDTLS_CIPHER_NONE, 16, 16, 0 },
	{ "AES_128_CBC", MISSING("AES"), MODE_CBC, MBEDTLS_CIPHER_AES_128_CBC, 16, 16, 0 },
	{ "AES_256_CBC", MISSING("AES"), MODE_CBC, MBEDTLS_CIPHER_AES_256_CBC, 32, 16, 0 },
	{ "CAMELLIA_128_CBC", MISSING("Camellia"), MODE_CBC, MBEDTLS_CIPHER_CAMELLIA_128_CBC, 16,
	  16, 0 },
	{ "CAMELLIA_256_CBC", MISSING("Camellia"), MODE_CBC, MBEDTLS_CIPHER_CAMELLIA_256_CBC, 32,
	  16, 0 },
	{ "ARIA_128_CBC", MISSING("ARIA"), MODE_CBC, MBEDTLS_CIPHER_ARIA_128_CBC, 16, 16, 0 },
	{ "ARIA_256_CBC", MISSING("ARIA"), MODE_CBC, MBEDTLS_CIPHER_ARIA_256_CBC, 32, 16, 0 },
	{ "AES_128_GCM", MISSING("AES-GCM"), MODE_GCM, MBEDTLS_CIPHER_AES_128_GCM, 16, 0, 16 },
	{ "AES_256_GCM", MISSING("AES-GCM"), MODE_GCM, MBEDTLS_CIPHER_AES_256_GCM, 32, 0, 16 },
	{ "CAMELLIA_128_GCM", MISSING("Camellia-GCM"), MODE_GCM, MBEDTLS_CIPHER_CAMELLIA_128_GCM,
	  16, 0, 16 },
	{ "CAMELLIA_256_GCM", MISSING("Camellia-GCM"), MODE_GCM, MBEDTLS_CIPHER_CAMELLIA_256_GCM,
	  32, 0, 16 },
	{ "ARIA_128_GCM", MISSING("ARIA"), MODE_GCM, MBEDTLS_CIPHER_ARIA_128_GCM, 16, 0, 16 },
	{ "ARIA_256_GCM", MISSING("ARIA"), MODE_GCM, MBEDTLS_CIPHER_ARIA_256_GCM, 32, 0, 16 },
	{ "AES_128_CCM", MISSING("AES-CCM"), MODE_CCM, MBEDTLS_CIPHER_AES_128_CCM, 16, 0, 16 },
	{ "AES_256_CCM", MISSING("AES-CCM"), MODE_CCM, MBEDTLS_CIPHER_AES_256_CCM, 32, 0, 16 },
	{ "AES_128_CCM_8", MISSING("AES-CCM"), MODE_CCM, MBEDTLS_CIPHER_AES_128_CCM, 16, 0, 8 },
	{ "AES_256_CCM_8", MISSING("AES-CCM"), MODE_CCM, MBEDTLS_CIPHER_AES_256_CCM, 32, 0, 8 },
	{ "CHACHA20_POLY1305", MISSING("ChaCha20-Poly1305"), MODE_CHACHA,
	  MBEDTLS_CIPHER_CHACHA20_POLY1305, 32, 0, 16 },
};

static const struct mac_row {
	const char *word, *missing;
	mbedtls_md_type_t md;
} macs[] = {
	{ "AEAD", "", MBEDTLS_MD_NONE },
	{ "HMAC-MD5", MISSING("MD5"), MBEDTLS_MD_MD5 },
	{ "HMAC-SHA", MISSING("SHA-1"), MBEDTLS_MD_SHA1 },
	{ "HMAC-SHA256", MISSING("SHA-256"), MBEDTLS_MD_SHA256 },
	{ "HMAC-SHA384", MISSING("SHA-384"), MBEDTLS_MD_SHA384 },
};

/* NULL when the handshake of the suite can be finished. */
static const char *exchange_missing(const struct cipher_suite *suite)
{
	if (suite->auth == AUTH_DSS)
		return MISSING("DSA");
	switch (suite->kx) {
	case KX_RSA:
	case KX_DHE:
	case KX_ECDHE:
	case KX_ECDH:
	case KX_PSK:
	case KX_TLS13:
		return NULL;
	case KX_DH:
		return suite->auth == AUTH_ANON ? NULL
						: "no certificates with Diffie-Hellman keys in "
						  "this build's mbedTLS";
	case KX_NULL:
		return "the suite has no key exchange";
	case KX_RSA_EXPORT:
	case KX_DH_EXPORT:
	case KX_DHE_EXPORT:
		return "export key exchanges are not implemented";
	case KX_KRB5:
	case KX_KRB5_EXPORT:
		return MISSING("Kerberos");
	case KX_SRP:
		return MISSING("SRP");
	case KX_ECCPWD:
		return MISSING("ECCPWD");
	case KX_GOST:
		return MISSING("GOST");
	case KX_NONE:
		break;
	}
	return "the suite's key exchange is not known";
}

static const char *cipher_fill(struct suite_params *out, const char *word)
{
	for (size_t i = 0; i < sizeof ciphers / sizeof ciphers[0]; i++) {
		const struct cipher_row *row = &ciphers[i];
		if (strcmp(row->word, word) != 0)
			continue;
		out->mode = row->mode;
		out->cipher = row->cipher;
		out->key_len = row->key_len;
		out->block_len = row->block_len;
		out->tag_len = row->tag_len;
		bool present = row->mode == MODE_NULL || mbedtls_cipher_info_from_type(row->cipher);
		return present ? NULL : row->missing;
	}
	return "the suite's cipher is not in this build's mbedTLS";
}

static const char *mac_fill(struct suite_params *out, const char *word)
{
	for (size_t i = 0; i < sizeof macs / sizeof macs[0]; i++) {
		const struct mac_row *row = &macs[i];
		if (strcmp(row->word, word) != 0)
			continue;
		const mbedtls_md_info_t *info = mbedtls_md_info_from_type(row->md);
		out->mac = row->md;
		out->mac_len = info ? mbedtls_md_get_size(info) : 0;
		return info || row->md == MBEDTLS_MD_NONE ? NULL : row->missing;
	}
	return "the suite's MAC is not in this build's mbedTLS";
}

/* RFC 5246 6.2.3, RFC 5288 3, RFC 6655 3, RFC 7905 2, RFC 8446 5.3. */
static void nonce_fill(struct suite_params *out)
{
	switch (out->mode) {
	case MODE_NULL:
	case MODE_STREAM:
		return;
	case MODE_CBC:
		out->fixed_iv_len = out->version == TLS1_0 ? out->block_len : 0;
		out->record_iv_len = out->version == TLS1_0 ? 0 : out->block_len;
		return;
	case MODE_GCM:
	case MODE_CCM:
		out->fixed_iv_len = out->version == TLS1_3 ? 12 : 4;
		out->record_iv_len = out->version == TLS1_3 ? 0 : 8;
		return;
	case MODE_CHACHA:
		out->fixed_iv_len = 12;
		return;
	}
}

static mbedtls_md_type_t prf_hash(const char *name)
{
	static const char suffix[] = "_SHA384";
	size_t len = strlen(name), suffix_len = sizeof suffix - 1;
	bool sha384 = len > suffix_len && strcmp(name + len - suffix_len, suffix) == 0;
	return sha384 ? MBEDTLS_MD_SHA384 : MBEDTLS_MD_SHA256;
}

static const char *fill(struct suite_params *out, uint16_t code)
{
	const struct cipher_suite *suite = cipher_suite_by_code(code);
	if (!suite || !suite->registered)
		return "the suite is not registered";
	if (!cipher_suite_in(suite, out->version))
		return "the suite does not exist in the version";
	if (out->version < TLS1_0)
		return "no cryptography of SSL before TLS 1.0";
	out->kx = suite->kx;
	out->auth = suite->auth;
	const char *missing = exchange_missing(suite);
	if (!missing)
		missing = cipher_fill(out, suite->cipher);
	if (!missing)
		missing = mac_fill(out, suite->mac);
	if (out->version >= TLS1_2)
		out->prf = prf_hash(suite->name);
	nonce_fill(out);
	return missing;
}

bool suite_params(struct suite_params *out, uint16_t suite, enum version version, const char **why)
{
	*out = (struct suite_params){ .code = suite, .version = version };
	const char *missing = fill(out, suite);
	if (why)
		*why = missing;
	return missing == NULL;
}
