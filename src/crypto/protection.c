/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/protection.h"

#include <stdlib.h>

#include "base/limits.h"
#include "registry/registry.h"
#include "wire/record.h"

#define NONCE_LEN  12
#define BLOCK_MAX  16
#define BODY_MAX   (RECORD_CIPHERTEXT_MAX + BLOCK_MAX)
#define HEADER_MAX 13

struct protection {
	struct suite_params params;
	mbedtls_cipher_context_t cipher;
	mbedtls_md_context_t md;
	uint8_t iv[BLOCK_MAX]; /* the fixed part, or in TLS 1.0 the last block of the record before
				*/
	uint64_t sequence;
	bool encrypt_then_mac; /* CBC only: RFC 7366 2.1 leaves the other modes as they are */
};

/* One record under way: its body is worked on in place. */
struct body {
	uint8_t type;
	uint16_t version;
	uint8_t *at;
	size_t len;
};

static bool is_aead(const struct suite_params *params)
{
	return params->tag_len > 0;
}

static bool keys_fit(const struct suite_params *params, const struct protection_keys *keys)
{
	return keys->mac.len == params->mac_len && keys->key.len == params->key_len &&
	       keys->iv.len == params->fixed_iv_len && keys->iv.len <= BLOCK_MAX;
}

static int cipher_prepare(struct protection *protection, struct span key, bool sealing)
{
	if (protection->params.mode == MODE_NULL)
		return 0;
	mbedtls_cipher_context_t *cipher = &protection->cipher;
	const mbedtls_cipher_info_t *info =
		mbedtls_cipher_info_from_type(protection->params.cipher);
	int bad = info ? mbedtls_cipher_setup(cipher, info) : -1;
	if (!bad)
		bad = mbedtls_cipher_setkey(cipher, key.at, (int)key.len * 8,
					    sealing ? MBEDTLS_ENCRYPT : MBEDTLS_DECRYPT);
	if (!bad && protection->params.mode == MODE_CBC)
		bad = mbedtls_cipher_set_padding_mode(cipher, MBEDTLS_PADDING_NONE);
	return bad;
}

static int mac_prepare(struct protection *protection, struct span key)
{
	if (!protection->params.mac_len)
		return 0;
	const mbedtls_md_info_t *info = mbedtls_md_info_from_type(protection->params.mac);
	int bad = info ? mbedtls_md_setup(&protection->md, info, 1) : -1;
	if (!bad)
		bad = mbedtls_md_hmac_starts(&protection->md, key.at, key.len);
	return bad;
}

struct protection *protection_new(const struct suite_params *params,
				  const struct protection_keys *keys, bool encrypt_then_mac,
				  bool sealing)
{
	struct protection *protection =
		keys_fit(params, keys) ? calloc(1, sizeof *protection) : NULL;
	if (!protection)
		return NULL;
	protection->params = *params;
	protection->encrypt_then_mac = encrypt_then_mac;
	mbedtls_cipher_init(&protection->cipher);
	mbedtls_md_init(&protection->md);
	if (keys->iv.len)
		memcpy(protection->iv, keys->iv.at, keys->iv.len);
	if (cipher_prepare(protection, keys->key, sealing) == 0 &&
	    mac_prepare(protection, keys->mac) == 0)
		return protection;
	protection_free(protection);
	return NULL;
}

void protection_free(struct protection *protection)
{
	if (!protection)
		return;
	mbedtls_cipher_free(&protection->cipher);
	mbedtls_md_free(&protection->md);
	free(protection);
}

static void put_u64(uint8_t *out, uint64_t value)
{
	for (size_t i = 0; i < 8; i++)
		out[i] = (uint8_t)(value >> (56 - 8 * i));
}

/* What is authenticated beside the bytes (RFC 5246 6.2.3.1, 6.2.3.3; RFC 8446 5.2). */
static struct span header_make(const struct protection *protection, uint8_t out[HEADER_MAX],
			       const struct body *body, size_t len)
{
	size_t at = 0;
	if (protection->params.version < TLS1_3) {
		put_u64(out, protection->sequence);
		at = 8;
	}
	record_header_encode(out + at, body->type, body->version, (uint16_t)len);
	return span_of(out, at + RECORD_HEADER_LEN);
}

static int mac_make(struct protection *protection, uint8_t *out, const struct body *body,
		    const uint8_t *bytes, size_t len)
{
	uint8_t bytes_before[HEADER_MAX];
	struct span header = header_make(protection, bytes_before, body, len);
	mbedtls_md_context_t *md = &protection->md;
	int bad = protection->params.mac_len ? mbedtls_md_hmac_reset(md) : 0;
	if (bad || !protection->params.mac_len)
		return bad;
	bad = mbedtls_md_hmac_update(md, header.at, header.len);
	if (!bad && len)
		bad = mbedtls_md_hmac_update(md, bytes, len);
	return bad ? bad : mbedtls_md_hmac_finish(md, out);
}

/* The first bits of every byte first, so that a few reach across the whole MAC. */
static void flip(uint8_t *bytes, size_t len, unsigned bits)
{
	for (size_t i = 0; i < bits && i < 8 * len; i++)
		bytes[i % len] ^= (uint8_t)(0x80u >> i / len);
}

static int mac_append(struct protection *protection, struct body *body, unsigned spoil)
{
	uint8_t *mac = body->at + body->len;
	int bad = mac_make(protection, mac, body, body->at, body->len);
	flip(mac, protection->params.mac_len, spoil);
	body->len += protection->params.mac_len;
	return bad;
}

/* Compares and cuts the MAC at the end off; `len` bytes before it are covered. */
static bool mac_check(struct protection *protection, struct body *body, const uint8_t *bytes,
		      size_t len)
{
	uint8_t mac[MBEDTLS_MD_MAX_SIZE];
	size_t mac_len = protection->params.mac_len;
	body->len = (size_t)(bytes - body->at) + len;
	return mac_make(protection, mac, body, bytes, len) == 0 &&
	       (mac_len == 0 || memcmp(mac, bytes + len, mac_len) == 0);
}

static int cbc_crypt(struct protection *protection, const uint8_t *iv, uint8_t *at, size_t len)
{
	size_t done = 0;
	size_t block = protection->params.block_len;
	uint8_t spare[BLOCK_MAX], last[BLOCK_MAX];
	bool chained = protection->params.version == TLS1_0;
	bool sealing = protection->cipher.operation == MBEDTLS_ENCRYPT;
	if (!len)
		return 0;
	memcpy(last, at + len - block, block);
	memcpy(spare, iv, block);
	int bad = mbedtls_cipher_crypt(&protection->cipher, spare, block, at, len, at, &done);
	if (chained)
		memcpy(protection->iv, sealing ? at + len - block : last, block);
	return bad ? bad : done != len;
}

static int stream_crypt(struct protection *protection, uint8_t *at, size_t len)
{
	size_t done = 0;
	if (protection->params.mode == MODE_NULL || !len)
		return 0;
	int bad = mbedtls_cipher_update(&protection->cipher, at, len, at, &done);
	return bad ? bad : done != len;
}

static int seal_stream(struct protection *protection, struct body *body, unsigned spoil)
{
	int bad = mac_append(protection, body, spoil);
	return bad ? bad : stream_crypt(protection, body->at, body->len);
}

static void pad(struct body *body, size_t covered, size_t block)
{
	size_t padding = block - covered % block;
	memset(body->at + body->len, (int)(padding - 1), padding);
	body->len += padding;
}

static int seal_cbc(struct protection *protection, struct body *body, struct rng *rng,
		    unsigned spoil)
{
	size_t iv_len = protection->params.record_iv_len, block = protection->params.block_len;
	uint8_t *whole = body->at;
	memmove(whole + iv_len, whole, body->len);
	rng_fill(rng, whole, iv_len);
	const uint8_t *iv = iv_len ? whole : protection->iv;
	body->at = whole + iv_len;
	int bad = protection->encrypt_then_mac ? 0 : mac_append(protection, body, spoil);
	pad(body, body->len, block);
	if (!bad)
		bad = cbc_crypt(protection, iv, body->at, body->len);
	body->at = whole;
	body->len += iv_len;
	if (!bad && protection->encrypt_then_mac)
		bad = mac_append(protection, body, spoil);
	return bad;
}

/* RFC 5288 3: a salt and an explicit part; RFC 7905 2, RFC 8446 5.3: the sequence number xored in.
 */
static void nonce_make(const struct protection *protection, uint8_t out[NONCE_LEN],
		       const uint8_t *explicit_part)
{
	memcpy(out, protection->iv, NONCE_LEN);
	if (protection->params.record_iv_len) {
		memcpy(out + 4, explicit_part, 8);
		return;
	}
	uint8_t sequence[8];
	put_u64(sequence, protection->sequence);
	for (size_t i = 0; i < 8; i++)
		out[4 + i] ^= sequence[i];
}

static int seal_aead(struct protection *protection, struct body *body, unsigned spoil)
{
	const struct suite_params *params = &protection->params;
	uint8_t nonce[NONCE_LEN], header_bytes[HEADER_MAX];
	size_t plain_len = body->len, done = 0, iv_len = params->record_iv_len;
	/* A counter never repeats, whatever the generator does. */
	uint8_t explicit_part[8];
	put_u64(explicit_part, protection->sequence);
	nonce_make(protection, nonce, explicit_part);
	memmove(body->at + iv_len, body->at, plain_len);
	memcpy(body->at, explicit_part, iv_len);
	size_t counted = plain_len + (params->version == TLS1_3 ? params->tag_len : 0u);
	struct span header = header_make(protection, header_bytes, body, counted);
	uint8_t *at = body->at + iv_len;
	int bad = mbedtls_cipher_auth_encrypt_ext(
		&protection->cipher, nonce, NONCE_LEN, header.at, header.len, at, plain_len, at,
		plain_len + params->tag_len, &done, params->tag_len);
	body->len = iv_len + plain_len + params->tag_len;
	flip(at + plain_len, params->tag_len, spoil);
	return bad;
}

static int seal_body(struct protection *protection, struct body *body, struct rng *rng,
		     unsigned spoil)
{
	if (is_aead(&protection->params))
		return seal_aead(protection, body, spoil);
	if (protection->params.mode == MODE_CBC)
		return seal_cbc(protection, body, rng, spoil);
	return seal_stream(protection, body, spoil);
}

enum fault protection_seal(struct protection *protection, struct builder *out, uint8_t type,
			   uint16_t record_version, struct span fragment, struct rng *rng,
			   unsigned spoil)
{
	uint8_t bytes[BODY_MAX];
	struct body body = { .type = type, .version = record_version, .at = bytes };
	if (fragment.len > SEAL_FRAGMENT_MAX)
		return FAULT_TOO_LARGE;
	if (fragment.len)
		memcpy(bytes, fragment.at, fragment.len);
	body.len = fragment.len;
	if (protection->params.version == TLS1_3) {
		bytes[body.len++] = type;
		body.type = CONTENT_APPLICATION_DATA;
	}
	if (seal_body(protection, &body, rng, spoil) != 0)
		return FAULT_CRYPTO;
	protection->sequence++;
	record_encode(out,
		      &(struct record){ .type = body.type,
					.version = record_version,
					.fragment = span_of(body.at, body.len) },
		      0);
	return builder_fault(out);
}

static enum fault open_stream(struct protection *protection, struct body *body)
{
	size_t mac_len = protection->params.mac_len;
	if (body->len < mac_len)
		return FAULT_MALFORMED;
	if (stream_crypt(protection, body->at, body->len) != 0)
		return FAULT_CRYPTO;
	return mac_check(protection, body, body->at, body->len - mac_len) ? FAULT_NONE
									  : FAULT_CRYPTO;
}

/* RFC 5246 6.2.3.2: every byte of the padding holds its length; it is cut off. */
static bool unpad(struct body *body, size_t mac_len)
{
	size_t padding = (size_t)body->at[body->len - 1] + 1;
	if (padding + mac_len > body->len)
		return false;
	for (size_t i = body->len - padding; i < body->len; i++)
		if (body->at[i] != padding - 1)
			return false;
	body->len -= padding;
	return true;
}

/* The shortest fragment: an IV, and blocks for the MAC and one byte of padding. */
static size_t cbc_least(const struct protection *protection)
{
	const struct suite_params *params = &protection->params;
	size_t block = params->block_len, mac_len = params->mac_len;
	if (protection->encrypt_then_mac)
		return params->record_iv_len + block + mac_len;
	return params->record_iv_len + (mac_len + block) / block * block;
}

static enum fault open_cbc(struct protection *protection, struct body *body)
{
	size_t iv_len = protection->params.record_iv_len, mac_len = protection->params.mac_len;
	bool first = protection->encrypt_then_mac;
	if (body->len < cbc_least(protection))
		return FAULT_MALFORMED;
	if (first && !mac_check(protection, body, body->at, body->len - mac_len))
		return FAULT_CRYPTO;
	const uint8_t *iv = iv_len ? body->at : protection->iv;
	body->at += iv_len;
	body->len -= iv_len;
	if (body->len % protection->params.block_len != 0 ||
	    cbc_crypt(protection, iv, body->at, body->len) != 0 ||
	    !unpad(body, first ? 0 : mac_len))
		return FAULT_CRYPTO;
	if (!first && !mac_check(protection, body, body->at, body->len - mac_len))
		return FAULT_CRYPTO;
	return FAULT_NONE;
}

static enum fault open_aead(struct protection *protection, struct body *body)
{
	const struct suite_params *params = &protection->params;
	uint8_t nonce[NONCE_LEN], header_bytes[HEADER_MAX];
	size_t iv_len = params->record_iv_len, done = 0;
	if (body->len < iv_len + params->tag_len)
		return FAULT_MALFORMED;
	nonce_make(protection, nonce, body->at);
	size_t sealed_len = body->len - iv_len, plain_len = sealed_len - params->tag_len;
	struct span header = header_make(protection, header_bytes, body,
					 params->version == TLS1_3 ? sealed_len : plain_len);
	body->at += iv_len;
	int bad = mbedtls_cipher_auth_decrypt_ext(&protection->cipher, nonce, NONCE_LEN, header.at,
						  header.len, body->at, sealed_len, body->at,
						  sealed_len, &done, params->tag_len);
	body->len = plain_len;
	return bad ? FAULT_CRYPTO : FAULT_NONE;
}

static enum fault open_body(struct protection *protection, struct body *body)
{
	if (is_aead(&protection->params))
		return open_aead(protection, body);
	return protection->params.mode == MODE_CBC ? open_cbc(protection, body)
						   : open_stream(protection, body);
}

/* RFC 8446 5.4: the true type is the last byte that is not zero. */
static enum fault inner_type(struct body *body)
{
	if (body->len > RECORD_PLAINTEXT_MAX + 1)
		return FAULT_TOO_LARGE;
	while (body->len && body->at[body->len - 1] == 0)
		body->len--;
	if (!body->len)
		return FAULT_MALFORMED;
	body->type = body->at[--body->len];
	return FAULT_NONE;
}

enum fault protection_open(struct protection *protection, struct arena *arena, uint8_t *type,
			   uint16_t record_version, struct span fragment, struct span *out)
{
	*out = span_of(NULL, 0);
	if (fragment.len > RECORD_CIPHERTEXT_MAX)
		return FAULT_TOO_LARGE;
	struct body body = { .type = *type, .version = record_version, .len = fragment.len };
	body.at = arena_alloc(arena, fragment.len + 1);
	if (!body.at)
		return FAULT_NO_MEMORY;
	if (fragment.len)
		memcpy(body.at, fragment.at, fragment.len);
	enum fault fault = open_body(protection, &body);
	if (!fault && protection->params.version == TLS1_3)
		fault = inner_type(&body);
	if (!fault && body.len > RECORD_PLAINTEXT_MAX)
		fault = FAULT_TOO_LARGE;
	if (fault)
		return fault;
	protection->sequence++;
	*type = body.type;
	*out = span_of(body.at, body.len);
	return FAULT_NONE;
}
