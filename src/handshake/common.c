/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/x509.h"
#include "handshake/handshake_internal.h"

bool bytes_append(struct arena *arena, struct bytes *bytes, struct span more)
{
	if (more.len > bytes->max - bytes->len)
		return false;
	if (bytes->len + more.len > bytes->cap) {
		size_t cap = bytes->cap ? bytes->cap : 1024;
		while (cap < bytes->len + more.len)
			cap *= 2;
		uint8_t *grown = arena_alloc(arena, cap);
		if (!grown)
			return false;
		if (bytes->len)
			memcpy(grown, bytes->at, bytes->len);
		bytes->at = grown;
		bytes->cap = cap;
	}
	if (more.len)
		memcpy(bytes->at + bytes->len, more.at, more.len);
	bytes->len += more.len;
	return true;
}

void bytes_drop(struct bytes *bytes, size_t n)
{
	bytes->len -= n;
	if (bytes->len)
		memmove(bytes->at, bytes->at + n, bytes->len);
}

void transcript_add(struct handshake *h, struct span whole)
{
	if (!bytes_append(h->arena, &h->transcript, whole))
		violate(h, VIOLATION_TOO_MUCH, "the handshake is over %d bytes long",
			TRANSCRIPT_MAX);
}

void log_secret(struct handshake *h, const char *label, const uint8_t *secret, size_t len)
{
	if (h->facts.key_log_len == KEY_LOG_LINES_MAX)
		return;
	struct key_log_line *line = &h->facts.key_log[h->facts.key_log_len++];
	*line = (struct key_log_line){ .label = label, .secret_len = (uint8_t)len };
	memcpy(line->random, h->client_random, sizeof(line->random));
	memcpy(line->secret, secret, len);
}

#define CERTIFICATES_ROOM 512 /* for headers, lengths and the context */

struct span encode_certificates(struct handshake *h, struct span context)
{
	struct certificate_list list = { .len = 0 };
	size_t room = CERTIFICATES_ROOM;
	if (has_client_certificate(h))
		list = *h->options.client_chain;
	list.context = context;
	for (size_t i = 0; i < list.len; i++)
		room += list.der[i].len + list.extensions[i].len + 8;
	uint8_t *bytes = arena_alloc(h->arena, room);
	struct builder b;
	if (!bytes)
		return span_of(NULL, 0);
	builder_init(&b, bytes, room, NULL, 0);
	certificate_list_encode(&b, &list, h->facts.version == TLS1_3);
	return builder_fault(&b) ? span_of(NULL, 0) : builder_view(&b);
}

struct span whole_message(struct handshake *h, uint8_t type, struct span body)
{
	size_t room = HANDSHAKE_HEADER_LEN + body.len;
	uint8_t *bytes = arena_alloc(h->arena, room);
	struct builder b;
	if (!bytes)
		return span_of(NULL, 0);
	builder_init(&b, bytes, room, NULL, 0);
	handshake_encode(&b, type, body, 0);
	return builder_view(&b);
}

const char *message_name(uint8_t type)
{
	const char *name = registry_name(&registry_handshake_types, type);
	return name ? name : "an unknown message";
}

static const char *key_wanted(const struct cipher_suite *suite)
{
	if (suite->kx == KX_ECDH)
		return "ecdsa"; /* static ECDH needs an elliptic-curve key, whoever signed it */
	if (suite->auth == AUTH_RSA || suite->kx == KX_RSA)
		return "rsa";
	return suite->auth == AUTH_ECDSA ? "ecdsa" : NULL;
}

static bool key_fits(const struct cipher_suite *suite, const char *type)
{
	const char *wanted = key_wanted(suite);
	/* RFC 8422 5.1.1: ECDHE_ECDSA is for EdDSA keys as well. */
	if (suite->kx == KX_ECDHE && suite->auth == AUTH_ECDSA && strncmp(type, "ed", 2) == 0)
		return true;
	return !wanted || strcmp(wanted, type) == 0;
}

bool take_certificates(struct handshake *h, struct span body)
{
	bool tls13 = h->facts.version == TLS1_3;
	struct certificate_list *list = &h->facts.certificates;
	struct certificate_facts leaf;
	if (certificate_list_decode(list, cursor_over(body), tls13)) {
		list->len = 0;
		violate(h, VIOLATION_MALFORMED_MESSAGE, "certificate");
		return false;
	}
	for (size_t i = 0; i < list->len && tls13; i++)
		if (!check_extensions(h, list->extensions[i], PLACE_CERTIFICATE))
			return false;
	if (tls13 && list->context.len) {
		violate(h, VIOLATION_MALFORMED_MESSAGE, "certificate has a context");
		return false;
	}
	if (!list->len) {
		violate(h, VIOLATION_BAD_CERTIFICATE, "the list is empty");
		return false;
	}
	if (x509_facts(&leaf, h->arena, list->der[0])) {
		violate(h, VIOLATION_BAD_CERTIFICATE, "the leaf cannot be parsed");
		return false;
	}
	if (!tls13 && !key_fits(h->suite, leaf.key_type)) {
		violate(h, VIOLATION_BAD_CERTIFICATE, "%s needs a key of type %s, not %s",
			h->suite->name, key_wanted(h->suite), leaf.key_type);
		return false;
	}
	h->facts.has_certificates = true;
	return true;
}

bool has_client_certificate(const struct handshake *h)
{
	return h->options.client_key && h->options.client_chain && h->options.client_chain->len;
}

/* The first scheme of the server's list that our client key may sign with; 0 without one. */
uint16_t pick_scheme(const struct handshake *h, struct span schemes)
{
	for (size_t i = 0; i < list_u16_len(schemes); i++) {
		uint16_t scheme = list_u16(schemes, i);
		if (signing_key_fits(h->options.client_key, h->facts.version, scheme))
			return scheme;
	}
	return 0;
}
