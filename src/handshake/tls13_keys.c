/* SPDX-License-Identifier: Apache-2.0 */
#include "handshake/handshake_internal.h"

static bool failed(struct handshake *h, enum fault fault)
{
	if (fault)
		unable(h, VIOLATION_UNSUPPORTED_SUITE, "the key schedule failed");
	return fault != FAULT_NONE;
}

bool tls13_transcript(struct handshake *h, uint8_t out[64], size_t *len)
{
	return !failed(h, transcript_hash(out, len, TLS1_3, h->params.prf,
					  span_of(h->transcript.at, h->transcript.len)));
}

/* RFC 8446 7.3: key and IV of a traffic secret. */
static struct protection *protect(struct handshake *h, const uint8_t *secret, bool sealing)
{
	uint8_t key[32], iv[12];
	struct span traffic = span_of(secret, h->schedule.hash_len), none = span_of(NULL, 0);
	if (failed(h, hkdf_expand_label(key, h->params.key_len, h->params.prf, traffic, "key",
					none)) ||
	    failed(h, hkdf_expand_label(iv, sizeof(iv), h->params.prf, traffic, "iv", none)))
		return NULL;
	struct protection_keys keys = { .key = span_of(key, h->params.key_len),
					.iv = span_of(iv, sizeof(iv)) };
	struct protection *made = protection_new(&h->params, &keys, false, sealing);
	if (!made)
		unable(h, VIOLATION_UNSUPPORTED_SUITE, "%s", h->suite->name);
	return made;
}

static bool replace(struct protection **slot, struct protection *with)
{
	protection_free(*slot);
	*slot = with;
	return with != NULL;
}

static bool traffic_secrets(struct handshake *h, const char *client, const char *server)
{
	uint8_t digest[64];
	size_t len;
	if (!tls13_transcript(h, digest, &len))
		return false;
	struct span secret = span_of(h->schedule.secret, h->schedule.hash_len);
	struct span transcript = span_of(digest, len);
	return !failed(h, derive_secret(h->client_secret, h->params.prf, secret, client,
					transcript)) &&
	       !failed(h,
		       derive_secret(h->server_secret, h->params.prf, secret, server, transcript));
}

bool tls13_handshake_keys(struct handshake *h, struct span shared)
{
	struct span psk = span_of(NULL, 0);
	if (h->facts.resumed)
		psk = h->options.resume->secret;
	if (failed(h, key_schedule_early(&h->schedule, h->params.prf, psk)) ||
	    failed(h, key_schedule_handshake(&h->schedule, shared)) ||
	    !traffic_secrets(h, "c hs traffic", "s hs traffic"))
		return false;
	log_secret(h, "CLIENT_HANDSHAKE_TRAFFIC_SECRET", h->client_secret, h->schedule.hash_len);
	log_secret(h, "SERVER_HANDSHAKE_TRAFFIC_SECRET", h->server_secret, h->schedule.hash_len);
	return replace(&h->reading, protect(h, h->server_secret, false)) &&
	       replace(&h->writing, protect(h, h->client_secret, true));
}

/*
 * The application secrets cover the transcript up to the server's Finished, but our own Finished
 * still goes out under the handshake keys: the new writing keys wait in next_writing.
 */
bool tls13_application_keys(struct handshake *h)
{
	if (failed(h, key_schedule_main(&h->schedule)) ||
	    !traffic_secrets(h, "c ap traffic", "s ap traffic"))
		return false;
	log_secret(h, "CLIENT_TRAFFIC_SECRET_0", h->client_secret, h->schedule.hash_len);
	log_secret(h, "SERVER_TRAFFIC_SECRET_0", h->server_secret, h->schedule.hash_len);
	if (h->options.directed) {
		h->old_reading = h->reading;
		h->reading = NULL;
	}
	return replace(&h->reading, protect(h, h->server_secret, false)) &&
	       replace(&h->next_writing, protect(h, h->client_secret, true));
}

/* RFC 8446 4.4.4. */
bool tls13_finished(struct handshake *h, const uint8_t *secret, uint8_t *out)
{
	uint8_t key[HASH_MAX], digest[64];
	size_t len, hash_len = h->schedule.hash_len;
	if (!tls13_transcript(h, digest, &len) ||
	    failed(h, hkdf_expand_label(key, hash_len, h->params.prf, span_of(secret, hash_len),
					"finished", span_of(NULL, 0))))
		return false;
	const mbedtls_md_info_t *md = mbedtls_md_info_from_type(h->params.prf);
	return !mbedtls_md_hmac(md, key, hash_len, digest, len, out);
}

/* RFC 8446 7.2: after a KeyUpdate. */
bool tls13_next_keys(struct handshake *h, bool reading)
{
	uint8_t *secret = reading ? h->server_secret : h->client_secret;
	uint8_t next[HASH_MAX];
	size_t len = h->schedule.hash_len;
	if (failed(h, hkdf_expand_label(next, len, h->params.prf, span_of(secret, len),
					"traffic upd", span_of(NULL, 0))))
		return false;
	memcpy(secret, next, len);
	return replace(reading ? &h->reading : &h->writing, protect(h, secret, !reading));
}
