/* SPDX-License-Identifier: Apache-2.0 */
#include "handshake/handshake_internal.h"

/* RFC 8446 4.4.1: the first hello is replaced by its hash. */
static void restart_transcript(struct handshake *h)
{
	uint8_t digest[64], header[] = { 254, 0, 0, 0 };
	size_t len;
	if (!tls13_transcript(h, digest, &len))
		return;
	header[3] = (uint8_t)len;
	h->transcript.len = 0;
	transcript_add(h, span_of(header, sizeof(header)));
	transcript_add(h, span_of(digest, len));
}

static bool has_params(struct handshake *h)
{
	const char *why = NULL;
	if (h->suite && suite_params(&h->params, h->facts.suite, TLS1_3, &why))
		return true;
	unable(h, VIOLATION_UNSUPPORTED_SUITE, "%s", why ? why : "an unregistered suite");
	return false;
}

void tls13_retry_request(struct handshake *h, struct span whole)
{
	if (!has_params(h))
		return;
	if (h->message.len) {
		violate(h, VIOLATION_UNEXPECTED_MESSAGE, "a message behind hello_retry_request");
		if (!h->options.directed)
			return;
		h->message.len = 0;
	}
	restart_transcript(h);
	transcript_add(h, whole);
	if (h->facts.phase == PHASE_NEGOTIATING)
		h->facts.phase = PHASE_RETRY;
}

bool share_offered(const struct handshake *h, uint16_t group)
{
	struct cursor list = cursor_over(client_hello_view(&h->hello, EXTENSION_KEY_SHARE));
	struct key_share_entry entry;
	while (key_share_next(&list, &entry))
		if (entry.group == group)
			return true;
	return false;
}

/* The two bytes of selected_identity, or nothing. */
static struct span psk_selection(const struct handshake *h)
{
	struct cursor in = cursor_over(h->server_hello.extensions);
	struct extension_item item;
	while (extension_next(&in, &item))
		if (item.type == EXT_PRE_SHARED_KEY)
			return item.data;
	return span_of(NULL, 0);
}

/* RFC 8446 4.2.11: an identity that was offered, and the hash of its PSK. */
static bool check_psk(struct handshake *h)
{
	const struct resumption *resume = h->options.resume;
	struct suite_params before;
	struct cursor in = cursor_over(psk_selection(h));
	if (cursor_u16(&in) != 0) {
		violate(h, VIOLATION_EXTENSION_VALUE, "selected_identity in server_hello");
		return false;
	}
	if (!resume || !suite_params(&before, resume->suite, TLS1_3, NULL) ||
	    mbedtls_md_get_size(mbedtls_md_info_from_type(before.prf)) != resume->secret.len) {
		unable(h, VIOLATION_UNSUPPORTED_SUITE, "the offered PSK is not known");
		return false;
	}
	if (before.prf != h->params.prf) {
		violate(h, VIOLATION_SUITE_NOT_OFFERED, "its hash is not that of the PSK");
		return false;
	}
	h->facts.resumed = true;
	return true;
}

/* psk_ke has no key exchange of its own: zeros stand in its place (RFC 8446 7.1). */
static bool agrees_without_share(const struct handshake *h)
{
	struct span modes = client_hello_view(&h->hello, EXTENSION_PSK_KEY_EXCHANGE_MODES);
	return h->facts.resumed && modes.len && memchr(modes.at, 0, modes.len);
}

static bool agree(struct handshake *h, uint8_t shared[SHARED_SECRET_MAX], size_t *len)
{
	uint16_t group = h->facts.group = h->server_hello.selected_group;
	if (!group && agrees_without_share(h)) {
		*len = mbedtls_md_get_size(mbedtls_md_info_from_type(h->params.prf));
		memset(shared, 0, *len);
		return true;
	}
	if (!group) {
		violate(h, VIOLATION_EXTENSION_MISSING, "key_share");
		return false;
	}
	if (!share_offered(h, group)) {
		violate(h, VIOLATION_GROUP_NOT_OFFERED, "0x%04X", group);
		if (!h->options.directed)
			return false;
	}
	enum fault fault = group_agree(shared, len, group, h->server_hello.key_share);
	if (fault == FAULT_UNSUPPORTED)
		unable(h, VIOLATION_UNSUPPORTED_GROUP, "0x%04X", group);
	else if (fault)
		violate(h, VIOLATION_BAD_SHARE, "group 0x%04X", group);
	return !fault;
}

void tls13_server_hello(struct handshake *h)
{
	uint8_t shared[SHARED_SECRET_MAX];
	size_t len = 0;
	h->got_server_hello = true;
	h->facts.server_random = h->server_hello.random;
	h->facts.session_id = h->server_hello.session_id;
	if (!has_params(h) || (psk_selection(h).len && !check_psk(h)) || !agree(h, shared, &len))
		return;
	if (h->message.len) {
		violate(h, VIOLATION_UNEXPECTED_MESSAGE, "bytes in clear behind server_hello");
		if (!h->options.directed)
			return;
		h->message.len = 0;
	}
	if (tls13_handshake_keys(h, span_of(shared, len)))
		h->awaited = AWAIT_ENCRYPTED_EXTENSIONS;
}

static void take_encrypted_extensions(struct handshake *h, struct span body)
{
	struct cursor in = cursor_over(body);
	struct span block = cursor_vec16(&in);
	struct extension_item item;
	h->awaited = h->facts.resumed ? AWAIT_FINISHED_13 : AWAIT_REQUEST_OR_CERTIFICATE;
	h->facts.encrypted_extensions = block;
	if (!cursor_done(&in)) {
		violate(h, VIOLATION_MALFORMED_MESSAGE, "encrypted_extensions");
		return;
	}
	if (!check_extensions(h, block, PLACE_ENCRYPTED_EXTENSIONS))
		return;
	struct cursor items = cursor_over(block);
	while (extension_next(&items, &item)) {
		if (item.type == EXT_ALPN && item.data.len > 3)
			h->facts.alpn = span_skip(item.data, 3);
	}
}

static void take_request(struct handshake *h, struct span body)
{
	h->awaited = AWAIT_CERTIFICATE_13;
	if (certificate_request_decode(&h->request, cursor_over(body), TLS1_3)) {
		violate(h, VIOLATION_MALFORMED_MESSAGE, "certificate_request");
		return;
	}
	if (!check_extensions(h, h->request.extensions, PLACE_CERTIFICATE_REQUEST))
		return;
	if (h->request.context.len) { /* RFC 8446 4.3.2: that is for after the handshake */
		violate(h, VIOLATION_MALFORMED_MESSAGE, "certificate_request has a context");
		return;
	}
	h->facts.certificate_requested = h->wants_client_certificate = true;
}

static void take_certificate_verify(struct handshake *h, struct span body)
{
	struct cursor in = cursor_over(body);
	uint16_t scheme = cursor_u16(&in);
	struct span signature = cursor_vec16(&in);
	h->awaited = AWAIT_FINISHED_13;
	if (!cursor_done(&in)) {
		violate(h, VIOLATION_MALFORMED_MESSAGE, "certificate_verify");
		return;
	}
	h->facts.signature_scheme = scheme;
	if (!list_u16_has(client_hello_view(&h->hello, EXTENSION_SIGNATURE_ALGORITHMS), scheme)) {
		violate(h, VIOLATION_SCHEME_NOT_OFFERED, "0x%04X", scheme);
		return;
	}
	if (!h->facts.has_certificates) /* only under direction; that is told already */
		return;
	enum signature_check check = signature_verify(h->facts.certificates.der[0], TLS1_3, scheme,
						      tls13_signed_content(h, true), signature);
	if (check == SIGNATURE_UNSUPPORTED && h->options.directed)
		return; /* it is not the signature that is asked about */
	if (check == SIGNATURE_UNSUPPORTED)
		unable(h, VIOLATION_UNSUPPORTED_SUITE, "signature scheme 0x%04X", scheme);
	else if (check != SIGNATURE_GOOD)
		violate(h, VIOLATION_BAD_SIGNATURE, "certificate_verify");
}

static void take_finished(struct handshake *h, const struct handshake_message *message)
{
	bool directed = h->options.directed;
	uint8_t expected[HASH_MAX];
	if (!tls13_finished(h, h->server_secret, expected))
		return;
	if (!span_equal(message->body, span_of(expected, h->schedule.hash_len))) {
		violate(h, VIOLATION_BAD_FINISHED, "%zu bytes", message->body.len);
		if (!directed)
			return;
	}
	if (h->message.len) {
		violate(h, VIOLATION_UNEXPECTED_MESSAGE, "a message behind finished");
		if (!directed)
			return;
		h->message.len = 0;
	}
	transcript_add(h, message->whole);
	memcpy(h->finished_secret, h->client_secret, sizeof(h->finished_secret));
	if (!tls13_application_keys(h))
		return;
	if (directed) {
		h->awaited = AWAIT_NOTHING;
		directed_our_turn(h);
		return;
	}
	tls13_client_flight(h);
	if (h->facts.phase != PHASE_NEGOTIATING)
		return;
	tls13_resumption_master(h);
	h->awaited = AWAIT_NOTHING;
	h->facts.phase = PHASE_FINISHED;
	h->facts.has_finished = true;
}

/* RFC 8446 4.6.1. */
static void take_ticket(struct handshake *h, struct span body)
{
	struct cursor in = cursor_over(body);
	cursor_u32(&in);
	uint32_t age_add = cursor_u32(&in);
	struct span nonce = cursor_vec8(&in), ticket = cursor_vec16(&in);
	struct span extensions = cursor_vec16(&in);
	if (!cursor_done(&in) || !ticket.len) {
		violate(h, VIOLATION_MALFORMED_MESSAGE, "new_session_ticket");
		return;
	}
	if (++h->tickets > SESSION_TICKETS_MAX) {
		violate(h, VIOLATION_TOO_MUCH, "more than %d of new_session_ticket",
			SESSION_TICKETS_MAX);
		return;
	}
	if (!check_extensions(h, extensions, PLACE_SESSION_TICKET))
		return;
	size_t len = h->schedule.hash_len;
	uint8_t *psk = arena_alloc(h->arena, len);
	if (!psk || !h->facts.master_secret.len ||
	    hkdf_expand_label(psk, len, h->params.prf, h->facts.master_secret, "resumption", nonce))
		return;
	h->facts.ticket = ticket;
	h->facts.ticket_age_add = age_add;
	h->facts.resumption_secret = span_of(psk, len);
}

static void take_key_update(struct handshake *h, struct span body)
{
	uint8_t update[] = { HANDSHAKE_KEY_UPDATE, 0, 0, 1, 0 };
	if (body.len != 1 || body.at[0] > 1) {
		violate(h, VIOLATION_MALFORMED_MESSAGE, "key_update");
		return;
	}
	if (h->message.len) {
		violate(h, VIOLATION_UNEXPECTED_MESSAGE, "a message behind key_update");
		if (!h->options.directed)
			return;
		h->message.len = 0;
	}
	if (++h->key_updates > KEY_UPDATES_MAX) {
		violate(h, VIOLATION_TOO_MUCH, "more than %d of key_update", KEY_UPDATES_MAX);
		return;
	}
	if (body.at[0] == 1 && !h->options.directed) {
		send_record(h, CONTENT_HANDSHAKE, span_of(update, sizeof(update)));
		tls13_next_keys(h, false);
	}
	tls13_next_keys(h, true);
}

static void after_handshake(struct handshake *h, const struct handshake_message *message)
{
	if (message->type == HANDSHAKE_NEW_SESSION_TICKET)
		take_ticket(h, message->body);
	else if (message->type == HANDSHAKE_KEY_UPDATE)
		take_key_update(h, message->body);
	else
		violate(h, VIOLATION_UNEXPECTED_MESSAGE, "%s after the handshake",
			message_name(message->type));
}

/* What is awaited, by its handshake type. */
static uint8_t due(enum awaited awaited)
{
	switch (awaited) {
	case AWAIT_ENCRYPTED_EXTENSIONS:
		return HANDSHAKE_ENCRYPTED_EXTENSIONS;
	case AWAIT_REQUEST_OR_CERTIFICATE:
	case AWAIT_CERTIFICATE_13:
		return HANDSHAKE_CERTIFICATE;
	case AWAIT_CERTIFICATE_VERIFY:
		return HANDSHAKE_CERTIFICATE_VERIFY;
	case AWAIT_FINISHED_13:
		return HANDSHAKE_FINISHED;
	default:
		return HANDSHAKE_SERVER_HELLO;
	}
}

static void take_due(struct handshake *h, const struct handshake_message *message)
{
	switch (h->awaited) {
	case AWAIT_ENCRYPTED_EXTENSIONS:
		transcript_add(h, message->whole);
		take_encrypted_extensions(h, message->body);
		break;
	case AWAIT_REQUEST_OR_CERTIFICATE:
	case AWAIT_CERTIFICATE_13:
		transcript_add(h, message->whole);
		take_certificates(h, message->body);
		h->awaited = AWAIT_CERTIFICATE_VERIFY;
		break;
	case AWAIT_CERTIFICATE_VERIFY:
		/* It covers the transcript before itself. */
		take_certificate_verify(h, message->body);
		transcript_add(h, message->whole);
		break;
	default:
		take_finished(h, message);
		break;
	}
}

void tls13_message(struct handshake *h, const struct handshake_message *message)
{
	if (h->awaited == AWAIT_NOTHING) {
		after_handshake(h, message);
		return;
	}
	if (h->awaited == AWAIT_REQUEST_OR_CERTIFICATE &&
	    message->type == HANDSHAKE_CERTIFICATE_REQUEST) {
		transcript_add(h, message->whole);
		take_request(h, message->body);
		return;
	}
	if (message->type != due(h->awaited)) {
		violate(h, VIOLATION_UNEXPECTED_MESSAGE, "%s where %s is due",
			message_name(message->type), message_name(due(h->awaited)));
		return;
	}
	take_due(h, message);
}
