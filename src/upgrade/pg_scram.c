/* SPDX-License-Identifier: Apache-2.0 */
#include "upgrade/pg_scram.h"

#include <assert.h>
#include <mbedtls/base64.h>
#include <mbedtls/md.h>
#include <mbedtls/pkcs5.h>
#include <mbedtls/platform_util.h>

#define HASH	       PG_SCRAM_HASH_LEN
#define BASE64_MAX(n)  (((n) + 2) / 3 * 4 + 1)
#define BINDING_HEADER "p=tls-server-end-point,,"

static const char *binding_header(enum pg_binding binding)
{
	switch (binding) {
	case PG_BINDING_USED:
		return BINDING_HEADER;
	case PG_BINDING_UNOFFERED:
		return "y,,";
	case PG_BINDING_UNABLE:
		break;
	}
	return "n,,";
}

static void bare_add(struct pg_scram *scram, struct span text)
{
	assert(text.len <= sizeof(scram->bare) - scram->bare_len);
	if (text.len)
		memcpy(scram->bare + scram->bare_len, text.at, text.len);
	scram->bare_len += text.len;
}

void pg_scram_init(struct pg_scram *scram, enum pg_binding binding, struct span end_point,
		   const char *user, const char *nonce)
{
	*scram = (struct pg_scram){ .binding = binding };
	if (binding == PG_BINDING_USED) {
		assert(end_point.len > 0 && end_point.len <= sizeof(scram->end_point));
		memcpy(scram->end_point, end_point.at, end_point.len);
		scram->end_point_len = end_point.len;
	}
	bare_add(scram, span_text("n="));
	bare_add(scram, span_text(user));
	bare_add(scram, span_text(",r="));
	scram->nonce_at = scram->bare_len;
	bare_add(scram, span_text(nonce));
}

void pg_scram_first(const struct pg_scram *scram, struct builder *out)
{
	builder_bytes(out, "gs2_header", span_text(binding_header(scram->binding)));
	builder_bytes(out, "client_first_bare", span_of(scram->bare, scram->bare_len));
}

/* Takes "NAME=value" up to a comma or the end; a value is never empty here. */
static bool attribute(struct span *rest, char name, struct span *value)
{
	if (rest->len < 3 || rest->at[0] != (uint8_t)name || rest->at[1] != '=')
		return false;
	*rest = span_skip(*rest, 2);
	const uint8_t *comma = memchr(rest->at, ',', rest->len);
	*value = span_of(rest->at, comma ? (size_t)(comma - rest->at) : rest->len);
	*rest = span_skip(*rest, value->len + 1);
	return value->len > 0;
}

/* PostgreSQL's own range ends at 2^31 - 1; ours ends where waiting would hurt. */
static uint32_t iterations_read(struct span digits)
{
	uint64_t value = 0;
	for (size_t i = 0; i < digits.len; i++) {
		if (digits.at[i] < '0' || digits.at[i] > '9')
			return 0;
		value = value * 10 + (digits.at[i] - '0');
		if (value > SCRAM_ITERATIONS_MAX)
			return 0;
	}
	return (uint32_t)value;
}

struct challenge {
	struct span nonce, proofless; /* proofless: client-final-message-without-proof */
	uint8_t salt[PG_SCRAM_SALT_MAX];
	size_t salt_len;
	uint32_t iterations;
};

static enum pg_violation challenge_read(struct challenge *out, const struct pg_scram *scram,
					struct span message)
{
	struct span salt, iterations;
	struct span ours =
		span_of(scram->bare + scram->nonce_at, scram->bare_len - scram->nonce_at);
	if (!attribute(&message, 'r', &out->nonce) || !attribute(&message, 's', &salt) ||
	    !attribute(&message, 'i', &iterations))
		return PG_VIOLATION_SCRAM_SYNTAX;
	if (mbedtls_base64_decode(out->salt, sizeof(out->salt), &out->salt_len, salt.at,
				  salt.len) != 0 ||
	    out->salt_len == 0)
		return PG_VIOLATION_SCRAM_SYNTAX;
	if (out->nonce.len <= ours.len || out->nonce.len > PG_SCRAM_NONCE_MAX ||
	    memcmp(out->nonce.at, ours.at, ours.len) != 0)
		return PG_VIOLATION_SCRAM_NONCE;
	out->iterations = iterations_read(iterations);
	return out->iterations ? PG_VIOLATION_NONE : PG_VIOLATION_SCRAM_ITERATIONS;
}

static void put_base64(struct builder *out, const char *name, struct span bytes)
{
	uint8_t text[BASE64_MAX(sizeof(BINDING_HEADER) + PG_BINDING_MAX)];
	size_t len;
	int status = mbedtls_base64_encode(text, sizeof(text), &len, bytes.at, bytes.len);
	assert(status == 0);
	(void)status;
	builder_bytes(out, name, span_of(text, len));
}

static void put_proofless(const struct pg_scram *scram, struct span nonce, struct builder *out)
{
	uint8_t input[sizeof(BINDING_HEADER) + PG_BINDING_MAX];
	struct span header = span_text(binding_header(scram->binding));
	memcpy(input, header.at, header.len);
	memcpy(input + header.len, scram->end_point, scram->end_point_len);
	builder_bytes(out, "channel_binding", span_text("c="));
	put_base64(out, "channel_binding", span_of(input, header.len + scram->end_point_len));
	builder_bytes(out, "nonce", span_text(",r="));
	builder_bytes(out, "nonce", nonce);
}

static const mbedtls_md_info_t *sha256(void)
{
	return mbedtls_md_info_from_type(MBEDTLS_MD_SHA256);
}

static bool hmac(uint8_t out[HASH], const uint8_t key[HASH], struct span text)
{
	return mbedtls_md_hmac(sha256(), key, HASH, text.at, text.len, out) == 0;
}

static bool salted_password(uint8_t out[HASH], struct span password,
			    const struct challenge *challenge)
{
	mbedtls_md_context_t md;
	mbedtls_md_init(&md);
	bool ok = mbedtls_md_setup(&md, sha256(), 1) == 0 &&
		  mbedtls_pkcs5_pbkdf2_hmac(&md, password.at, password.len, challenge->salt,
					    challenge->salt_len, challenge->iterations, HASH,
					    out) == 0;
	mbedtls_md_free(&md);
	return ok;
}

/* AuthMessage goes through the MAC piece by piece: it is as long as the server likes. */
static bool sign(uint8_t out[HASH], const uint8_t key[HASH], const struct pg_scram *scram,
		 struct span server_first, struct span proofless)
{
	static const uint8_t comma[] = { ',' };
	mbedtls_md_context_t md;
	mbedtls_md_init(&md);
	bool ok = mbedtls_md_setup(&md, sha256(), 1) == 0 &&
		  mbedtls_md_hmac_starts(&md, key, HASH) == 0 &&
		  mbedtls_md_hmac_update(&md, (const uint8_t *)scram->bare, scram->bare_len) == 0 &&
		  mbedtls_md_hmac_update(&md, comma, 1) == 0 &&
		  mbedtls_md_hmac_update(&md, server_first.at, server_first.len) == 0 &&
		  mbedtls_md_hmac_update(&md, comma, 1) == 0 &&
		  mbedtls_md_hmac_update(&md, proofless.at, proofless.len) == 0 &&
		  mbedtls_md_hmac_finish(&md, out) == 0;
	mbedtls_md_free(&md);
	return ok;
}

/* RFC 5802 3: ClientProof := ClientKey XOR HMAC(H(ClientKey), AuthMessage). */
static bool prove(struct pg_scram *scram, struct span password, struct span server_first,
		  const struct challenge *challenge, uint8_t proof[HASH])
{
	uint8_t salted[HASH], client_key[HASH], server_key[HASH], stored_key[HASH];
	struct span proofless = challenge->proofless;
	bool ok = salted_password(salted, password, challenge) &&
		  hmac(client_key, salted, span_text("Client Key")) &&
		  hmac(server_key, salted, span_text("Server Key")) &&
		  mbedtls_md(sha256(), client_key, HASH, stored_key) == 0 &&
		  sign(proof, stored_key, scram, server_first, proofless) &&
		  sign(scram->server_signature, server_key, scram, server_first, proofless);
	for (size_t i = 0; ok && i < HASH; i++)
		proof[i] ^= client_key[i];
	mbedtls_platform_zeroize(salted, sizeof(salted));
	mbedtls_platform_zeroize(client_key, sizeof(client_key));
	mbedtls_platform_zeroize(server_key, sizeof(server_key));
	return ok;
}

enum fault pg_scram_answer(struct pg_scram *scram, struct span server_first, struct span password,
			   struct builder *out, enum pg_violation *wrong)
{
	struct challenge challenge = { .salt_len = 0 };
	uint8_t proof[HASH];
	*wrong = challenge_read(&challenge, scram, server_first);
	if (*wrong != PG_VIOLATION_NONE)
		return FAULT_NONE;
	size_t start = out->len;
	put_proofless(scram, challenge.nonce, out);
	challenge.proofless = span_skip(builder_view(out), start);
	if (!prove(scram, password, server_first, &challenge, proof))
		return FAULT_CRYPTO;
	builder_bytes(out, "proof", span_text(",p="));
	put_base64(out, "proof", span_of(proof, sizeof(proof)));
	return FAULT_NONE;
}

enum pg_violation pg_scram_verify(const struct pg_scram *scram, struct span server_final)
{
	struct span value;
	uint8_t signature[HASH];
	size_t len;
	if (attribute(&server_final, 'e', &value))
		return PG_VIOLATION_SCRAM_ERROR;
	if (!attribute(&server_final, 'v', &value) ||
	    mbedtls_base64_decode(signature, sizeof(signature), &len, value.at, value.len) != 0)
		return PG_VIOLATION_SCRAM_SYNTAX;
	if (!span_equal(span_of(signature, len), span_of(scram->server_signature, HASH)))
		return PG_VIOLATION_SCRAM_SIGNATURE;
	return PG_VIOLATION_NONE;
}
