/* SPDX-License-Identifier: Apache-2.0 */
#include "handshake/handshake_internal.h"

/*
 * ClientKeyExchange for every key exchange (RFC 5246 7.4.7, RFC 8422 5.7, RFC 4279, RFC 5489), and
 * the premaster secret that goes with it.
 */

struct secret {
	uint8_t at[SHARED_SECRET_MAX];
	size_t len;
};

static bool fault_to_violation(struct handshake *h, enum fault fault, const char *what)
{
	if (fault == FAULT_NONE)
		return true;
	if (fault == FAULT_UNSUPPORTED)
		unable(h, VIOLATION_UNSUPPORTED_GROUP, "%s", what);
	else
		violate(h, VIOLATION_BAD_SHARE, "%s", what);
	return false;
}

static struct span leaf(const struct handshake *h)
{
	return h->facts.has_certificates ? h->facts.certificates.der[0] : span_of(NULL, 0);
}

static void write_vector(struct builder *b, const char *name, uint8_t width, const uint8_t *at,
			 size_t len)
{
	struct prefix prefix = builder_open(b, name, width);
	builder_bytes(b, "value", span_of(at, len));
	builder_close(b, prefix, 0);
}

static bool exchange_rsa(struct handshake *h, struct builder *b, struct secret *out)
{
	uint8_t encrypted[PUBLIC_SHARE_MAX];
	size_t len;
	/* The version of the hello, not the negotiated one (RFC 5246 7.4.7.1). */
	out->len = MASTER_SECRET_LEN;
	rng_fill(&h->rng, out->at, out->len);
	out->at[0] = (uint8_t)(h->hello.legacy_version >> 8);
	out->at[1] = (uint8_t)h->hello.legacy_version;
	enum fault fault =
		rsa_encrypt(encrypted, &len, leaf(h), span_of(out->at, out->len), &h->rng);
	if (!fault_to_violation(h, fault, "the certificate's RSA key"))
		return false;
	write_vector(b, "encrypted_pre_master_secret", 2, encrypted, len);
	return true;
}

static bool exchange_dh(struct handshake *h, struct builder *b, struct secret *out)
{
	uint8_t share[PUBLIC_SHARE_MAX];
	size_t len;
	enum fault fault = dh_agree(share, &len, out->at, &out->len, h->exchange.dh_p,
				    h->exchange.dh_g, h->exchange.dh_public);
	if (!fault_to_violation(h, fault, "the finite-field parameters"))
		return false;
	write_vector(b, "dh_Yc", 2, share, len);
	return true;
}

static bool exchange_ecdh(struct handshake *h, struct builder *b, struct secret *out)
{
	struct span share = group_share(h->exchange.group);
	enum fault fault =
		group_agree(out->at, &out->len, h->exchange.group, h->exchange.ec_public);
	if (!fault_to_violation(h, fault, "the elliptic-curve share"))
		return false;
	write_vector(b, "ecdh_Yc", 1, share.at, share.len);
	return true;
}

static bool exchange_static_ecdh(struct handshake *h, struct builder *b, struct secret *out)
{
	uint8_t share[PUBLIC_SHARE_MAX];
	size_t len;
	enum fault fault = static_ecdh_agree(share, &len, out->at, &out->len, leaf(h));
	if (!fault_to_violation(h, fault, "the certificate's elliptic-curve key"))
		return false;
	write_vector(b, "ecdh_Yc", 1, share, len);
	return true;
}

static bool exchange_keys(struct handshake *h, struct builder *b, struct secret *out)
{
	switch (h->suite->kx) {
	case KX_RSA:
		return exchange_rsa(h, b, out);
	case KX_DHE:
		return exchange_dh(h, b, out);
	case KX_DH:
		return exchange_dh(h, b, out); /* anonymous: static DH has no parameters for us */
	case KX_ECDHE:
		return exchange_ecdh(h, b, out);
	case KX_ECDH:
		return h->suite->auth == AUTH_ANON ? exchange_ecdh(h, b, out)
						   : exchange_static_ecdh(h, b, out);
	case KX_PSK:
		/* RFC 4279 2: as many zeros as the PSK is long. */
		out->len = h->options.psk.len < SHARED_SECRET_MAX ? h->options.psk.len
								  : SHARED_SECRET_MAX;
		memset(out->at, 0, out->len);
		return true;
	default:
		unable(h, VIOLATION_UNSUPPORTED_SUITE, "%s", h->suite->name);
		return false;
	}
}

struct span tls12_make_exchange(struct handshake *h)
{
	uint8_t body[4 * PUBLIC_SHARE_MAX];
	struct secret premaster;
	struct builder b;
	if (h->made_exchange.len)
		return h->made_exchange;
	builder_init(&b, body, sizeof(body), NULL, 0);
	if (h->suite->auth == AUTH_PSK) {
		if (!h->options.psk.len) {
			unable(h, VIOLATION_UNSUPPORTED_SUITE, "no pre-shared key was given");
			return span_of(NULL, 0);
		}
		write_vector(&b, "psk_identity", 2, h->options.psk_identity.at,
			     h->options.psk_identity.len);
	}
	if (!exchange_keys(h, &b, &premaster))
		return span_of(NULL, 0);
	if (builder_fault(&b)) {
		unable(h, VIOLATION_TOO_MUCH, "client_key_exchange");
		return span_of(NULL, 0);
	}
	memcpy(h->premaster, premaster.at, premaster.len);
	h->premaster_len = premaster.len;
	h->made_exchange = whole_message(h, HANDSHAKE_CLIENT_KEY_EXCHANGE, builder_view(&b));
	return h->made_exchange;
}

/* RFC 4279 2: the other secret and the PSK, each with its length. */
static bool master_of(struct handshake *h)
{
	struct span secret = span_of(h->premaster, h->premaster_len);
	struct span psk = h->options.psk;
	uint8_t both[2 * SHARED_SECRET_MAX + 8];
	struct builder b;
	if (h->suite->auth != AUTH_PSK)
		return tls12_master(h, secret);
	builder_init(&b, both, sizeof(both), NULL, 0);
	write_vector(&b, "other_secret", 2, secret.at, secret.len);
	write_vector(&b, "psk", 2, psk.at, psk.len);
	if (builder_fault(&b)) {
		unable(h, VIOLATION_TOO_MUCH, "the pre-shared key");
		return false;
	}
	return tls12_master(h, builder_view(&b));
}

bool tls12_exchange_keys(struct handshake *h)
{
	return master_of(h) && tls12_keys(h);
}

struct span tls12_make_certificate(struct handshake *h)
{
	struct span whole = encode_certificates(h, span_of(NULL, 0));
	if (!whole.len)
		unable(h, VIOLATION_TOO_MUCH, "our certificate");
	return whole;
}

struct span tls12_make_verify(struct handshake *h)
{
	uint8_t signature[PUBLIC_SHARE_MAX], body[PUBLIC_SHARE_MAX + 16];
	size_t len;
	bool tls12 = h->facts.version == TLS1_2;
	uint16_t scheme = tls12 ? pick_scheme(h, h->request.signature_algorithms) : 0;
	enum fault fault =
		signature_make(signature, &len, h->options.client_key, h->facts.version, scheme,
			       span_of(h->transcript.at, h->transcript.len), &h->rng);
	if ((tls12 && !scheme) || fault) {
		unable(h, VIOLATION_UNSUPPORTED_SUITE, "our key cannot sign as the server asks");
		return span_of(NULL, 0);
	}
	struct builder b;
	builder_init(&b, body, sizeof(body), NULL, 0);
	if (tls12)
		builder_u16(&b, "algorithm", scheme);
	write_vector(&b, "signature", 2, signature, len);
	return whole_message(h, HANDSHAKE_CERTIFICATE_VERIFY, builder_view(&b));
}

/* Sends what could be made. */
static bool send_made(struct handshake *h, struct span whole)
{
	if (whole.len)
		send_message(h, whole);
	return whole.len > 0;
}

bool tls12_client_flight(struct handshake *h)
{
	if (h->wants_client_certificate && !send_made(h, tls12_make_certificate(h)))
		return false;
	if (!send_made(h, tls12_make_exchange(h)) || !tls12_exchange_keys(h))
		return false;
	bool signs = h->wants_client_certificate && has_client_certificate(h);
	if (signs && !send_made(h, tls12_make_verify(h)))
		return false;
	tls12_send_finished(h);
	return h->facts.phase == PHASE_NEGOTIATING;
}
