/* SPDX-License-Identifier: Apache-2.0 */
#include "handshake/handshake_internal.h"

#define KEY_BLOCK_MAX 512

static bool prf(struct handshake *h, uint8_t *out, size_t out_len, struct span secret,
		const char *label, struct span seed)
{
	if (!tls_prf(out, out_len, h->facts.version, h->params.prf, secret, label, seed))
		return true;
	unable(h, VIOLATION_UNSUPPORTED_SUITE, "the pseudorandom function failed");
	return false;
}

static bool hash(struct handshake *h, uint8_t out[64], size_t *len)
{
	if (!transcript_hash(out, len, h->facts.version, h->params.prf,
			     span_of(h->transcript.at, h->transcript.len)))
		return true;
	unable(h, VIOLATION_UNSUPPORTED_SUITE, "the transcript cannot be hashed");
	return false;
}

/* RFC 5246 8.1, and RFC 7627 4 with the extended master secret. */
bool tls12_master(struct handshake *h, struct span premaster)
{
	uint8_t seed[2 * RANDOM_LEN];
	size_t seed_len = sizeof(seed);
	const char *label = "master secret";
	if (h->facts.extended_master_secret) {
		label = "extended master secret";
		if (!hash(h, seed, &seed_len))
			return false;
	} else {
		memcpy(seed, h->client_random, RANDOM_LEN);
		memcpy(seed + RANDOM_LEN, h->facts.server_random.at, RANDOM_LEN);
	}
	if (!prf(h, h->master, sizeof(h->master), premaster, label, span_of(seed, seed_len)))
		return false;
	log_secret(h, "CLIENT_RANDOM", h->master, sizeof(h->master));
	h->facts.master_secret = span_of(h->master, sizeof(h->master));
	return true;
}

/* RFC 5246 6.3: MAC keys, keys and IVs, the client's before the server's. */
bool tls12_keys(struct handshake *h)
{
	const struct suite_params *p = &h->params;
	uint8_t seed[2 * RANDOM_LEN], block[KEY_BLOCK_MAX];
	size_t len = 2 * ((size_t)p->mac_len + p->key_len + p->fixed_iv_len);
	memcpy(seed, h->facts.server_random.at, RANDOM_LEN);
	memcpy(seed + RANDOM_LEN, h->client_random, RANDOM_LEN);
	if (!prf(h, block, len, span_of(h->master, sizeof(h->master)), "key expansion",
		 span_of(seed, sizeof(seed))))
		return false;

	const uint8_t *at = block;
	struct protection_keys client, server;
	client.mac = span_of(at, p->mac_len);
	server.mac = span_of(at += p->mac_len, p->mac_len);
	client.key = span_of(at += p->mac_len, p->key_len);
	server.key = span_of(at += p->key_len, p->key_len);
	client.iv = span_of(at += p->key_len, p->fixed_iv_len);
	server.iv = span_of(at + p->fixed_iv_len, p->fixed_iv_len);

	/* A resumed handshake makes keys once; ours wait in next_writing until we send. */
	h->next_reading = protection_new(p, &server, h->facts.encrypt_then_mac, false);
	h->next_writing = protection_new(p, &client, h->facts.encrypt_then_mac, true);
	if (!h->next_reading || !h->next_writing) {
		unable(h, VIOLATION_UNSUPPORTED_SUITE, "%s", h->suite->name);
		return false;
	}
	return true;
}

bool tls12_verify_data(struct handshake *h, const char *label, uint8_t out[VERIFY_DATA_LEN])
{
	uint8_t digest[64];
	size_t len;
	return hash(h, digest, &len) &&
	       prf(h, out, VERIFY_DATA_LEN, span_of(h->master, sizeof(h->master)), label,
		   span_of(digest, len));
}

struct span tls12_make_finished(struct handshake *h)
{
	uint8_t verify[VERIFY_DATA_LEN];
	if (!tls12_verify_data(h, "client finished", verify))
		return span_of(NULL, 0);
	return whole_message(h, HANDSHAKE_FINISHED, span_of(verify, sizeof(verify)));
}

void tls12_send_finished(struct handshake *h)
{
	static const uint8_t one = 1;
	struct span whole = tls12_make_finished(h);
	if (!whole.len)
		return;
	send_record(h, CONTENT_CHANGE_CIPHER_SPEC, span_of(&one, 1));
	protection_free(h->writing);
	h->writing = h->next_writing;
	h->next_writing = NULL;
	h->facts.client_finished = span_skip(whole, HANDSHAKE_HEADER_LEN);
	send_message(h, whole);
}
