/* SPDX-License-Identifier: Apache-2.0 */
#include "handshake/handshake_internal.h"

static bool needs_certificate(const struct cipher_suite *suite)
{
	return suite->auth == AUTH_RSA || suite->auth == AUTH_ECDSA || suite->auth == AUTH_DSS ||
	       suite->kx == KX_RSA;
}

bool tls12_needs_exchange(const struct cipher_suite *suite)
{
	return suite->kx == KX_DHE || suite->kx == KX_ECDHE || suite->auth == AUTH_ANON;
}

/* A hint may come for PSK suites (RFC 4279 2); RSA and static suites must not send the message. */
static bool may_have_exchange(const struct cipher_suite *suite)
{
	return tls12_needs_exchange(suite) || suite->auth == AUTH_PSK;
}

static void note_extensions(struct handshake *h, struct span block)
{
	struct cursor in = cursor_over(block);
	struct extension_item item;
	while (extension_next(&in, &item)) {
		switch (item.type) {
		case EXT_EXTENDED_MASTER_SECRET:
			h->facts.extended_master_secret = true;
			break;
		case EXT_ENCRYPT_THEN_MAC:
			h->facts.encrypt_then_mac = h->params.mode == MODE_CBC;
			/* RFC 7366 3; without encryption there is no order, and OpenSSL agrees. */
			if (!h->facts.encrypt_then_mac && h->params.mode != MODE_NULL)
				violate(h, VIOLATION_EXTENSION_NOT_ALLOWED,
					"encrypt_then_mac with %s", h->suite->name);
			break;
		case EXT_SESSION_TICKET:
			h->facts.ticket_offered = h->expects_ticket = true;
			break;
		case EXT_STATUS_REQUEST:
			h->expects_status = true;
			break;
		case EXT_RENEGOTIATION_INFO:
			h->facts.secure_renegotiation = true;
			if (item.data.len != 1 || item.data.at[0] != 0)
				violate(h, VIOLATION_RENEGOTIATION_INFO, "%zu bytes",
					item.data.len);
			break;
		default:
			break;
		}
	}
}

static bool is_resumed(const struct handshake *h)
{
	const struct resumption *resume = h->options.resume;
	return resume && h->server_hello.session_id.len &&
	       span_equal(h->server_hello.session_id, h->hello.session_id) &&
	       resume->version == h->facts.version && resume->suite == h->facts.suite;
}

static void begin_resumed(struct handshake *h)
{
	if (h->options.resume->secret.len != sizeof(h->master)) {
		unable(h, VIOLATION_UNSUPPORTED_SUITE, "the session has no master secret");
		return;
	}
	/* RFC 7627 5.3 */
	if (h->options.resume->extended_master_secret != h->facts.extended_master_secret) {
		violate(h, VIOLATION_EXTENSION_MISSING,
			"the session and its resumption differ in extended_master_secret");
		return;
	}
	h->facts.resumed = true;
	memcpy(h->master, h->options.resume->secret.at, sizeof(h->master));
	log_secret(h, "CLIENT_RANDOM", h->master, sizeof(h->master));
	h->facts.master_secret = span_of(h->master, sizeof(h->master));
	h->awaited = AWAIT_TICKET_OR_CCS;
	tls12_keys(h);
}

void tls12_server_hello(struct handshake *h)
{
	const char *why = NULL;
	h->got_server_hello = true;
	h->facts.server_random = h->server_hello.random;
	h->facts.session_id = h->server_hello.session_id;
	h->facts.alpn = h->server_hello.alpn;
	if (!h->suite || !suite_params(&h->params, h->facts.suite, h->facts.version, &why)) {
		unable(h, VIOLATION_UNSUPPORTED_SUITE, "%s", why ? why : "an unregistered suite");
		return;
	}
	note_extensions(h, h->server_hello.extensions);
	if (h->facts.phase != PHASE_NEGOTIATING)
		return;
	if (is_resumed(h))
		begin_resumed(h);
	else
		h->awaited =
			needs_certificate(h->suite) ? AWAIT_CERTIFICATE : AWAIT_SERVER_KEY_EXCHANGE;
}

static bool group_offered(const struct handshake *h, uint16_t group)
{
	return !client_hello_has(&h->hello, EXTENSION_SUPPORTED_GROUPS) ||
	       list_u16_has(client_hello_view(&h->hello, EXTENSION_SUPPORTED_GROUPS), group);
}

static bool scheme_offered(const struct handshake *h, uint16_t scheme)
{
	return !client_hello_has(&h->hello, EXTENSION_SIGNATURE_ALGORITHMS) ||
	       list_u16_has(client_hello_view(&h->hello, EXTENSION_SIGNATURE_ALGORITHMS), scheme);
}

static void check_signature(struct handshake *h)
{
	const struct server_key_exchange *ske = &h->exchange;
	if (h->suite->auth == AUTH_ANON || h->suite->auth == AUTH_PSK)
		return;
	if (h->facts.version == TLS1_2 && !scheme_offered(h, ske->signature_scheme)) {
		violate(h, VIOLATION_SCHEME_NOT_OFFERED, "0x%04X", ske->signature_scheme);
		return;
	}
	struct bytes content = { .max = HANDSHAKE_MESSAGE_MAX };
	bool room = bytes_append(h->arena, &content, span_of(h->client_random, RANDOM_LEN)) &&
		    bytes_append(h->arena, &content, h->facts.server_random) &&
		    bytes_append(h->arena, &content, ske->params);
	if (!room || !h->facts.has_certificates) {
		violate(h, VIOLATION_MISSING_MESSAGE, "a signature without a certificate");
		return;
	}
	enum signature_check check = signature_verify(
		h->facts.certificates.der[0], h->facts.version, ske->signature_scheme,
		span_of(content.at, content.len), ske->signature);
	if (check == SIGNATURE_UNSUPPORTED && h->options.directed)
		return; /* it is not the signature that is asked about */
	if (check == SIGNATURE_UNSUPPORTED)
		unable(h, VIOLATION_UNSUPPORTED_SUITE, "signature scheme 0x%04X",
		       ske->signature_scheme);
	else if (check != SIGNATURE_GOOD)
		violate(h, VIOLATION_BAD_SIGNATURE, "server_key_exchange");
}

static void take_exchange(struct handshake *h, struct span body)
{
	enum fault fault = server_key_exchange_decode(&h->exchange, cursor_over(body), h->suite,
						      h->facts.version);
	if (fault == FAULT_UNSUPPORTED) {
		unable(h, VIOLATION_UNSUPPORTED_SUITE, "%s", h->suite->name);
		return;
	}
	if (fault) {
		violate(h, VIOLATION_MALFORMED_MESSAGE, "server_key_exchange");
		return;
	}
	h->has_exchange = true;
	h->facts.group = h->exchange.group;
	h->facts.signature_scheme = h->exchange.signature_scheme;
	h->facts.dh_bits = span_bits(h->exchange.dh_p);
	if (h->exchange.group && !group_offered(h, h->exchange.group)) {
		violate(h, VIOLATION_GROUP_NOT_OFFERED, "0x%04X", h->exchange.group);
		return;
	}
	check_signature(h);
}

static void take_request(struct handshake *h, struct span body)
{
	if (h->suite->auth == AUTH_ANON || h->suite->auth == AUTH_PSK) {
		violate(h, VIOLATION_UNEXPECTED_MESSAGE, "certificate_request from %s",
			h->suite->name);
	} else if (certificate_request_decode(&h->request, cursor_over(body), h->facts.version)) {
		violate(h, VIOLATION_MALFORMED_MESSAGE, "certificate_request");
	} else {
		h->facts.certificate_requested = h->wants_client_certificate = true;
	}
	h->awaited = AWAIT_DONE;
}

static void take_done(struct handshake *h, struct span body)
{
	if (server_hello_done_decode(cursor_over(body))) {
		violate(h, VIOLATION_MALFORMED_MESSAGE, "server_hello_done");
		if (!h->options.directed)
			return;
	}
	if (h->options.directed || tls12_client_flight(h))
		h->awaited = AWAIT_TICKET_OR_CCS;
	if (h->options.directed)
		directed_our_turn(h);
}

static void take_ticket(struct handshake *h, struct span body)
{
	struct cursor in = cursor_over(body);
	cursor_u32(&in);
	struct span ticket = cursor_vec16(&in);
	if (!cursor_done(&in)) {
		violate(h, VIOLATION_MALFORMED_MESSAGE, "new_session_ticket");
		return;
	}
	h->facts.ticket = ticket;
	h->expects_ticket = false;
}

static void take_finished(struct handshake *h, const struct handshake_message *message)
{
	uint8_t expected[VERIFY_DATA_LEN];
	if (!tls12_verify_data(h, "server finished", expected))
		return;
	if (!span_equal(message->body, span_of(expected, sizeof(expected)))) {
		violate(h, VIOLATION_BAD_FINISHED, "%zu bytes", message->body.len);
		if (h->options.directed)
			h->awaited = AWAIT_NOTHING;
		return;
	}
	transcript_add(h, message->whole);
	h->facts.server_finished = message->body;
	h->awaited = AWAIT_NOTHING;
	if (h->options.directed && h->facts.resumed) {
		directed_our_turn(h);
		return;
	}
	if (h->facts.resumed)
		tls12_send_finished(h);
	if (h->facts.phase == PHASE_NEGOTIATING || h->facts.phase == PHASE_OUR_TURN)
		h->facts.phase = PHASE_FINISHED;
	h->facts.has_finished = h->facts.phase == PHASE_FINISHED;
}

static void unexpected(struct handshake *h, uint8_t type)
{
	static const char *const waits[] = {
		[AWAIT_SERVER_HELLO] = "server_hello",
		[AWAIT_CERTIFICATE] = "certificate",
		[AWAIT_STATUS_OR_EXCHANGE] = "server_key_exchange",
		[AWAIT_SERVER_KEY_EXCHANGE] = "server_key_exchange",
		[AWAIT_REQUEST_OR_DONE] = "server_hello_done",
		[AWAIT_DONE] = "server_hello_done",
		[AWAIT_TICKET_OR_CCS] = "change_cipher_spec",
		[AWAIT_FINISHED] = "finished",
		[AWAIT_NOTHING] = "nothing",
	};
	violate(h, VIOLATION_UNEXPECTED_MESSAGE, "%s where %s is due", message_name(type),
		waits[h->awaited]);
}

/* After the certificate: which messages may come next depends on the key exchange (RFC 5246 7.3).
 */
static bool after_certificate(struct handshake *h, const struct handshake_message *message)
{
	switch (message->type) {
	case HANDSHAKE_CERTIFICATE_STATUS:
		/* RFC 6066 8: once, and only after the extension was acknowledged. */
		if (h->awaited != AWAIT_STATUS_OR_EXCHANGE || !h->expects_status)
			return false;
		h->awaited = AWAIT_SERVER_KEY_EXCHANGE;
		return true;
	case HANDSHAKE_SERVER_KEY_EXCHANGE:
		if (h->awaited == AWAIT_REQUEST_OR_DONE || h->awaited == AWAIT_DONE ||
		    !may_have_exchange(h->suite))
			return false;
		take_exchange(h, message->body);
		h->awaited = AWAIT_REQUEST_OR_DONE;
		return true;
	case HANDSHAKE_CERTIFICATE_REQUEST:
	case HANDSHAKE_SERVER_HELLO_DONE:
		if (tls12_needs_exchange(h->suite) && !h->has_exchange) {
			violate(h, VIOLATION_MISSING_MESSAGE, "server_key_exchange before %s",
				message_name(message->type));
			if (!h->options.directed)
				return true;
		}
		if (message->type == HANDSHAKE_SERVER_HELLO_DONE)
			take_done(h, message->body);
		else if (h->awaited == AWAIT_DONE)
			return false;
		else
			take_request(h, message->body);
		return true;
	default:
		return false;
	}
}

static bool take_by_state(struct handshake *h, const struct handshake_message *message)
{
	switch (h->awaited) {
	case AWAIT_CERTIFICATE:
		if (message->type != HANDSHAKE_CERTIFICATE)
			return false;
		take_certificates(h, message->body);
		h->awaited = AWAIT_STATUS_OR_EXCHANGE;
		return true;
	case AWAIT_STATUS_OR_EXCHANGE:
	case AWAIT_SERVER_KEY_EXCHANGE:
	case AWAIT_REQUEST_OR_DONE:
	case AWAIT_DONE:
		return after_certificate(h, message);
	case AWAIT_TICKET_OR_CCS:
		if (message->type != HANDSHAKE_NEW_SESSION_TICKET || !h->expects_ticket)
			return false;
		take_ticket(h, message->body);
		return true;
	case AWAIT_FINISHED:
		if (message->type != HANDSHAKE_FINISHED)
			return false;
		take_finished(h, message);
		return true;
	default:
		return false;
	}
}

void tls12_message(struct handshake *h, const struct handshake_message *message)
{
	if (message->type == HANDSHAKE_HELLO_REQUEST) {
		/* Ignored while we negotiate, declined later (RFC 5246 7.4.1.1); never hashed. */
		if (message->body.len)
			violate(h, VIOLATION_MALFORMED_MESSAGE, "hello_request");
		else if (++h->warnings > WARNING_ALERTS_MAX)
			violate(h, VIOLATION_TOO_MUCH, "more than %d of hello_request",
				WARNING_ALERTS_MAX);
		else if (h->awaited == AWAIT_NOTHING && !h->options.directed)
			send_alert(h, ALERT_WARNING, 100);
		return;
	}
	/* ServerHelloDone makes us answer, so the transcript must hold it first. */
	if (message->type != HANDSHAKE_FINISHED)
		transcript_add(h, message->whole);
	if (take_by_state(h, message))
		return;
	unexpected(h, message->type);
	if (h->options.directed && message->type == HANDSHAKE_SERVER_HELLO_DONE &&
	    h->awaited >= AWAIT_CERTIFICATE && h->awaited <= AWAIT_DONE)
		take_done(h, message->body);
}

void tls12_change_cipher_spec(struct handshake *h)
{
	if (h->awaited != AWAIT_TICKET_OR_CCS || !h->next_reading) {
		violate(h, VIOLATION_UNEXPECTED_MESSAGE, "change_cipher_spec before its time");
		h->unreadable = !h->reading;
		return;
	}
	if (h->options.directed && !h->facts.resumed && !h->noted[HANDSHAKE_FINISHED])
		violate(h, VIOLATION_UNEXPECTED_MESSAGE, "change_cipher_spec before our finished");
	if (h->expects_ticket) { /* RFC 5077 3.3 */
		violate(h, VIOLATION_MISSING_MESSAGE,
			"new_session_ticket before change_cipher_spec");
		if (!h->options.directed)
			return;
	}
	protection_free(h->reading);
	h->reading = h->next_reading;
	h->next_reading = NULL;
	h->awaited = AWAIT_FINISHED;
}
