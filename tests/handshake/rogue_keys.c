/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdio.h>

#include <mbedtls/dhm.h>
#include <mbedtls/pem.h>
#include <mbedtls/pk.h>

#include "crypto/random.h"
#include "registry/registry.h"
#include "rogue.h"
#include "wire/handshake.h"

#define FIXTURE_MAX 8192
#define KEY_BLOCK   256

/* It lives until the test's process ends, with the zero that PEM readers want behind it. */
struct span rogue_fixture(const char *name, const char *suffix)
{
	static uint8_t room[16][FIXTURE_MAX];
	static size_t used;
	char path[512];
	snprintf(path, sizeof path, "%s/handshake/data/%s.%s", TESTS_DIR, name, suffix);
	FILE *in = fopen(path, "r");
	cr_assert_not_null(in, "%s", path);
	uint8_t *at = room[used++ % 16];
	size_t len = fread(at, 1, FIXTURE_MAX - 1, in);
	fclose(in);
	at[len] = 0;
	return span_of(at, len);
}

/* The PEM reader alone: mbedTLS does not parse certificates with Ed25519 keys. */
struct span rogue_certificate(const char *name)
{
	static struct {
		const char *name;
		mbedtls_pem_context pem;
	} known[4];
	static size_t len;
	size_t used;
	for (size_t i = 0; i < len; i++)
		if (strcmp(known[i].name, name) == 0)
			return span_of(known[i].pem.buf, known[i].pem.buflen);
	cr_assert_lt(len, 4);
	mbedtls_pem_context *pem = &known[len].pem;
	known[len++].name = name;
	mbedtls_pem_init(pem);
	cr_assert_eq(mbedtls_pem_read_buffer(pem, "-----BEGIN CERTIFICATE-----",
					     "-----END CERTIFICATE-----",
					     rogue_fixture(name, "pem").at, NULL, 0, &used),
		     0);
	return span_of(pem->buf, pem->buflen);
}

static const struct signing_key *signing_key(const char *name)
{
	static struct signing_key *keys[2];
	size_t i = strcmp(name, "rsa") == 0 ? 0 : 1;
	name = i ? "ecdsa" : "rsa"; /* Ed25519 signs nothing here: nobody could tell */
	char why[128];
	if (!keys[i])
		keys[i] = signing_key_read(rogue_fixture(name, "key"), why, sizeof why);
	cr_assert_not_null(keys[i], "%s", name);
	return keys[i];
}

void rogue_sign(struct rogue *rogue, uint16_t scheme, struct span bytes, uint8_t *out, size_t *len)
{
	enum version version = rogue->version;
	enum fault fault = signature_make(out, len, signing_key(rogue->key), version,
					  version < TLS1_2 ? 0 : scheme, bytes, &rogue->rng);
	if (fault) { /* a scheme that the key cannot have: anything will do */
		*len = 64;
		memset(out, 0x5A, *len);
	}
	if (rogue->spoil_signature)
		out[*len / 2] ^= 1;
}

void rogue_digest(struct rogue *rogue, uint8_t out[64], size_t *len)
{
	cr_assert_eq(transcript_hash(out, len, rogue->version, rogue->params.prf,
				     tape_view(&rogue->transcript)),
		     FAULT_NONE);
}

static void decrypt_rsa(struct rogue *rogue, struct span encrypted, struct tape *premaster)
{
	uint8_t secret[PUBLIC_SHARE_MAX];
	size_t len = 0;
	mbedtls_pk_context pk;
	struct span pem = rogue_fixture("rsa", "key");
	mbedtls_pk_init(&pk);
	cr_assert_eq(mbedtls_pk_parse_key(&pk, pem.at, pem.len + 1, NULL, 0), 0);
	cr_assert_eq(mbedtls_pk_decrypt(&pk, encrypted.at, encrypted.len, secret, &len,
					sizeof secret, random_bytes, &rogue->rng),
		     0);
	mbedtls_pk_free(&pk);
	cr_assert_eq(len, MASTER_SECRET_LEN);
	tape_add(premaster, span_of(secret, len));
}

/* The share of `p` and `g`, and the secret with the client's value. */
void rogue_dh(struct span peer, struct tape *share, struct tape *secret)
{
	static const uint8_t p[] = MBEDTLS_DHM_RFC7919_FFDHE2048_P_BIN, g[] = { 2 };
	uint8_t ours[PUBLIC_SHARE_MAX], both[SHARED_SECRET_MAX];
	size_t ours_len, both_len;
	cr_assert_eq(dh_agree(ours, &ours_len, both, &both_len, span_of(p, sizeof p),
			      span_of(g, sizeof g), peer),
		     FAULT_NONE);
	if (share)
		tape_add(share, span_of(ours, ours_len));
	if (secret)
		tape_add(secret, span_of(both, both_len));
}

static void agree(struct rogue *rogue, struct cursor *in, struct tape *premaster)
{
	uint8_t secret[SHARED_SECRET_MAX];
	size_t len = 0;
	static const uint8_t zeros[64];
	if (rogue->row->kx == KX_RSA) {
		decrypt_rsa(rogue, cursor_vec16(in), premaster);
	} else if (rogue->row->kx == KX_PSK) {
		tape_add(premaster, span_of(zeros, rogue->psk.len));
	} else if (rogue->row->kx == KX_DHE || rogue->row->kx == KX_DH) {
		rogue_dh(cursor_vec16(in), NULL, premaster);
	} else {
		cr_assert_eq(group_agree(secret, &len, rogue->group, cursor_vec8(in)), FAULT_NONE);
		tape_add(premaster, span_of(secret, len));
	}
}

static void put_vector(struct tape *tape, struct span bytes)
{
	uint8_t len[] = { (uint8_t)(bytes.len >> 8), (uint8_t)bytes.len };
	tape_add(tape, span_of(len, 2));
	tape_add(tape, bytes);
}

static void derive_master(struct rogue *rogue, struct span premaster)
{
	uint8_t seed[64];
	size_t len = sizeof seed;
	memcpy(seed, rogue->client_random, 32);
	memcpy(seed + 32, rogue->random, 32);
	if (rogue->extended_master_secret)
		rogue_digest(rogue, seed, &len);
	cr_assert_eq(
		tls_prf(rogue->master, sizeof rogue->master, rogue->version, rogue->params.prf,
			premaster,
			rogue->extended_master_secret ? "extended master secret" : "master secret",
			span_of(seed, len)),
		FAULT_NONE);
}

/* `client_exchange` is the body of the ClientKeyExchange. */
void rogue_keys12(struct rogue *rogue, struct span client_exchange)
{
	struct tape premaster = { .len = 0 }, both = { .len = 0 };
	struct cursor in = cursor_over(client_exchange);
	bool psk = rogue->row->auth == AUTH_PSK;
	if (psk)
		cursor_vec16(&in);
	agree(rogue, &in, &premaster);
	if (psk) {
		put_vector(&both, tape_view(&premaster));
		put_vector(&both, rogue->psk);
	}
	derive_master(rogue, tape_view(psk ? &both : &premaster));
	free(premaster.at);
	free(both.at);
	rogue_block12(rogue);
}

void rogue_block12(struct rogue *rogue)
{
	const struct suite_params *p = &rogue->params;
	uint8_t seed[64], block[KEY_BLOCK];
	memcpy(seed, rogue->random, 32);
	memcpy(seed + 32, rogue->client_random, 32);
	cr_assert_eq(tls_prf(block, sizeof block, rogue->version, p->prf,
			     span_of(rogue->master, sizeof rogue->master), "key expansion",
			     span_of(seed, sizeof seed)),
		     FAULT_NONE);
	struct cursor in = cursor_over(span_of(block, sizeof block));
	struct protection_keys client, server;
	client.mac = cursor_take(&in, p->mac_len);
	server.mac = cursor_take(&in, p->mac_len);
	client.key = cursor_take(&in, p->key_len);
	server.key = cursor_take(&in, p->key_len);
	client.iv = cursor_take(&in, p->fixed_iv_len);
	server.iv = cursor_take(&in, p->fixed_iv_len);
	protection_free(rogue->next_reading);
	protection_free(rogue->next_writing);
	rogue->next_reading = protection_new(p, &client, rogue->encrypt_then_mac, false);
	rogue->next_writing = protection_new(p, &server, rogue->encrypt_then_mac, true);
	cr_assert(rogue->next_reading && rogue->next_writing);
	rogue->has_keys = true;
}

static struct protection *protection13(struct rogue *rogue, const uint8_t *secret, bool sealing)
{
	const struct suite_params *p = &rogue->params;
	uint8_t key[32], iv[12];
	struct span traffic = span_of(secret, rogue->schedule.hash_len), none = span_of(NULL, 0);
	cr_assert_eq(hkdf_expand_label(key, p->key_len, p->prf, traffic, "key", none), FAULT_NONE);
	cr_assert_eq(hkdf_expand_label(iv, 12, p->prf, traffic, "iv", none), FAULT_NONE);
	struct protection_keys keys = { .key = span_of(key, p->key_len), .iv = span_of(iv, 12) };
	struct protection *made = protection_new(p, &keys, false, sealing);
	cr_assert_not_null(made);
	return made;
}

static void replace(struct protection **slot, struct protection *with)
{
	protection_free(*slot);
	*slot = with;
}

static void secret13(struct rogue *rogue, uint8_t *out, const char *label)
{
	uint8_t digest[64];
	size_t len;
	rogue_digest(rogue, digest, &len);
	struct span secret = span_of(rogue->schedule.secret, rogue->schedule.hash_len);
	cr_assert_eq(derive_secret(out, rogue->params.prf, secret, label, span_of(digest, len)),
		     FAULT_NONE);
}

void rogue_handshake_keys13(struct rogue *rogue)
{
	uint8_t shared[SHARED_SECRET_MAX] = { 0 };
	size_t len = 0;
	struct cursor shares = cursor_over(client_hello_view(&rogue->hello, EXTENSION_KEY_SHARE));
	struct key_share_entry entry = { .group = 0 };
	while (key_share_next(&shares, &entry) && entry.group != rogue->group)
		;
	if (!rogue->group || group_agree(shared, &len, rogue->group, entry.key_exchange))
		len = mbedtls_md_get_size(mbedtls_md_info_from_type(rogue->params.prf));
	struct span psk = rogue->resumed ? rogue->psk : span_of(NULL, 0);
	cr_assert_eq(key_schedule_early(&rogue->schedule, rogue->params.prf, psk), FAULT_NONE);
	cr_assert_eq(key_schedule_handshake(&rogue->schedule, span_of(shared, len)), FAULT_NONE);
	secret13(rogue, rogue->client_secret, "c hs traffic");
	secret13(rogue, rogue->server_secret, "s hs traffic");
	replace(&rogue->reading, protection13(rogue, rogue->client_secret, false));
	replace(&rogue->writing, protection13(rogue, rogue->server_secret, true));
	rogue->has_keys = true;
}

/* The client's Finished still comes under its handshake keys. */
void rogue_application_keys13(struct rogue *rogue)
{
	cr_assert_eq(key_schedule_main(&rogue->schedule), FAULT_NONE);
	secret13(rogue, rogue->next_client_secret, "c ap traffic");
	secret13(rogue, rogue->server_secret, "s ap traffic");
	replace(&rogue->next_reading, protection13(rogue, rogue->next_client_secret, false));
	replace(&rogue->writing, protection13(rogue, rogue->server_secret, true));
}

void rogue_update13(struct rogue *rogue, bool reading)
{
	uint8_t *secret = reading ? rogue->client_secret : rogue->server_secret, next[HASH_MAX];
	size_t len = rogue->schedule.hash_len;
	cr_assert_eq(hkdf_expand_label(next, len, rogue->params.prf, span_of(secret, len),
				       "traffic upd", span_of(NULL, 0)),
		     FAULT_NONE);
	memcpy(secret, next, len);
	replace(reading ? &rogue->reading : &rogue->writing, protection13(rogue, secret, !reading));
}

void rogue_finished(struct rogue *rogue, bool server, uint8_t out[64], size_t *len)
{
	uint8_t digest[64], key[HASH_MAX];
	size_t digest_len, hash_len = rogue->schedule.hash_len;
	rogue_digest(rogue, digest, &digest_len);
	*len = rogue->version == TLS1_3 ? hash_len : VERIFY_DATA_LEN;
	if (rogue->version < TLS1_3) {
		cr_assert_eq(tls_prf(out, VERIFY_DATA_LEN, rogue->version, rogue->params.prf,
				     span_of(rogue->master, sizeof rogue->master),
				     server ? "server finished" : "client finished",
				     span_of(digest, digest_len)),
			     FAULT_NONE);
		return;
	}
	const uint8_t *secret = server ? rogue->server_secret : rogue->client_secret;
	cr_assert_eq(hkdf_expand_label(key, hash_len, rogue->params.prf, span_of(secret, hash_len),
				       "finished", span_of(NULL, 0)),
		     FAULT_NONE);
	cr_assert_eq(mbedtls_md_hmac(mbedtls_md_info_from_type(rogue->params.prf), key, hash_len,
				     digest, digest_len, out),
		     0);
}

/* RFC 8446 4.4.3. */
struct span rogue_content13(struct rogue *rogue, bool server)
{
	static uint8_t content[256];
	const char *context =
		server ? "TLS 1.3, server CertificateVerify" : "TLS 1.3, client CertificateVerify";
	size_t len, at = 64 + strlen(context) + 1;
	memset(content, ' ', 64);
	memcpy(content + 64, context, strlen(context) + 1);
	rogue_digest(rogue, content + at, &len);
	return span_of(content, at + len);
}

void rogue_resumption13(struct rogue *rogue)
{
	secret13(rogue, rogue->resumption_master, "res master");
}
