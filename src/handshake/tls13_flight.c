/* SPDX-License-Identifier: Apache-2.0 */
#include "handshake/handshake_internal.h"

/* What a CertificateVerify signs (RFC 8446 4.4.3). */
struct span tls13_signed_content(struct handshake *h, bool server)
{
	static const char *const contexts[] = { "TLS 1.3, client CertificateVerify",
						"TLS 1.3, server CertificateVerify" };
	uint8_t spaces[64], digest[64];
	size_t len;
	struct bytes content = { .max = 512 };
	memset(spaces, ' ', sizeof(spaces));
	if (!tls13_transcript(h, digest, &len))
		return span_of(NULL, 0);
	/* The terminator of the string is the zero byte between context and hash. */
	struct span context = span_of(contexts[server], strlen(contexts[server]) + 1);
	bool room = bytes_append(h->arena, &content, span_of(spaces, sizeof(spaces))) &&
		    bytes_append(h->arena, &content, context) &&
		    bytes_append(h->arena, &content, span_of(digest, len));
	return room ? span_of(content.at, content.len) : span_of(NULL, 0);
}

struct span tls13_make_certificate(struct handshake *h)
{
	struct span whole = encode_certificates(h, h->request.context);
	if (!whole.len)
		unable(h, VIOLATION_TOO_MUCH, "our certificate");
	return whole;
}

struct span tls13_make_verify(struct handshake *h)
{
	uint8_t signature[PUBLIC_SHARE_MAX], body[PUBLIC_SHARE_MAX + 16];
	size_t len;
	uint16_t scheme = pick_scheme(h, h->request.signature_algorithms);
	if (!scheme || signature_make(signature, &len, h->options.client_key, TLS1_3, scheme,
				      tls13_signed_content(h, false), &h->rng)) {
		unable(h, VIOLATION_UNSUPPORTED_SUITE, "our key cannot sign as the server asks");
		return span_of(NULL, 0);
	}
	struct builder b;
	builder_init(&b, body, sizeof(body), NULL, 0);
	builder_u16(&b, "algorithm", scheme);
	struct prefix prefix = builder_open(&b, "signature", 2);
	builder_bytes(&b, "value", span_of(signature, len));
	builder_close(&b, prefix, 0);
	return whole_message(h, HANDSHAKE_CERTIFICATE_VERIFY, builder_view(&b));
}

struct span tls13_make_finished(struct handshake *h)
{
	uint8_t verify[HASH_MAX];
	if (!tls13_finished(h, h->finished_secret, verify))
		return span_of(NULL, 0);
	return whole_message(h, HANDSHAKE_FINISHED, span_of(verify, h->schedule.hash_len));
}

/* Sends what could be made. */
static bool send_made(struct handshake *h, struct span whole)
{
	if (whole.len)
		send_message(h, whole);
	return whole.len > 0;
}

void tls13_client_flight(struct handshake *h)
{
	static const uint8_t one = 1;
	if (h->hello.session_id.len)
		send_record(h, CONTENT_CHANGE_CIPHER_SPEC, span_of(&one, 1));
	bool signs = h->wants_client_certificate && has_client_certificate(h);
	if (!(h->wants_client_certificate && !send_made(h, tls13_make_certificate(h))) &&
	    !(signs && !send_made(h, tls13_make_verify(h))))
		send_made(h, tls13_make_finished(h));
	protection_free(h->writing);
	h->writing = h->next_writing;
	h->next_writing = NULL;
}

void tls13_resumption_master(struct handshake *h)
{
	uint8_t digest[64], *secret = arena_alloc(h->arena, HASH_MAX);
	size_t len, hash_len = h->schedule.hash_len;
	if (!secret || !tls13_transcript(h, digest, &len) ||
	    derive_secret(secret, h->params.prf, span_of(h->schedule.secret, hash_len),
			  "res master", span_of(digest, len)))
		return;
	h->facts.master_secret = span_of(secret, hash_len);
}
