/* SPDX-License-Identifier: Apache-2.0 */
#include "handshake/handshake_internal.h"
#include "wire/record.h"

#define RECORD_MAX (RECORD_HEADER_LEN + RECORD_CIPHERTEXT_MAX)

static uint16_t record_version(const struct handshake *h)
{
	enum version version = h->facts.version;
	return version == TLS1_3 || version == VERSION_NONE ? 0x0303 : version_code(version);
}

void send_record(struct handshake *h, uint8_t type, struct span fragment)
{
	uint8_t bytes[RECORD_MAX];
	struct builder b;
	builder_init(&b, bytes, sizeof(bytes), NULL, 0);
	enum fault fault = FAULT_NONE;
	/* Our compatibility ChangeCipherSpec of TLS 1.3 is never protected (RFC 8446 D.4). */
	bool plain = !h->writing || type == CONTENT_CHANGE_CIPHER_SPEC;
	if (plain) {
		struct record record = { type, record_version(h), fragment };
		record_encode(&b, &record, 0);
	} else {
		fault = protection_seal(h->writing, &b, type, record_version(h), fragment, &h->rng,
					0);
	}
	if (fault || builder_fault(&b) || !bytes_append(h->arena, &h->output, builder_view(&b)))
		h->facts.phase = PHASE_UNABLE;
}

void send_handshake(struct handshake *h, struct span whole)
{
	while (whole.len) {
		size_t len = whole.len > RECORD_PLAINTEXT_MAX ? RECORD_PLAINTEXT_MAX : whole.len;
		send_record(h, CONTENT_HANDSHAKE, span_of(whole.at, len));
		whole = span_skip(whole, len);
	}
}

void send_message(struct handshake *h, struct span whole)
{
	transcript_add(h, whole);
	send_handshake(h, whole);
}

void send_alert(struct handshake *h, uint8_t level, uint8_t description)
{
	uint8_t alert[] = { level, description };
	send_record(h, CONTENT_ALERT, span_of(alert, sizeof(alert)));
}

static void take_alert(struct handshake *h, struct span fragment)
{
	if (fragment.len != 2) {
		violate(h, VIOLATION_MALFORMED_RECORD, "an alert of %zu bytes", fragment.len);
		return;
	}
	uint8_t level = fragment.at[0], description = fragment.at[1];
	struct handshake_facts *facts = &h->facts;
	if (facts->alerts_len < ALERTS_SEEN_MAX)
		facts->alerts[facts->alerts_len++] = (struct alert){ level, description };
	if (facts->phase == PHASE_ALERTED) /* what ended it was the first */
		return;
	bool ends = level == ALERT_FATAL || description == ALERT_CLOSE_NOTIFY ||
		    (h->facts.version == TLS1_3 && description != ALERT_USER_CANCELED);
	if (ends) {
		h->facts.phase = PHASE_ALERTED;
		h->facts.alert_level = level;
		h->facts.alert = description;
	} else if (++h->warnings > WARNING_ALERTS_MAX) {
		violate(h, VIOLATION_TOO_MUCH, "more than %d warning alerts", WARNING_ALERTS_MAX);
	}
}

static void take_change_cipher_spec(struct handshake *h, struct span fragment)
{
	if (fragment.len != 1 || fragment.at[0] != 1) {
		violate(h, VIOLATION_MALFORMED_RECORD, "change_cipher_spec of %zu bytes",
			fragment.len);
		return;
	}
	bool tls13 = h->facts.version == TLS1_3 || h->retried;
	if (tls13) {
		/* A compatibility record means nothing, but a peer may not send them forever. */
		if (h->awaited == AWAIT_NOTHING)
			violate(h, VIOLATION_UNEXPECTED_MESSAGE,
				"change_cipher_spec after the handshake");
		else if (++h->empties > EMPTY_RECORDS_MAX)
			violate(h, VIOLATION_TOO_MUCH, "more than %d of change_cipher_spec",
				EMPTY_RECORDS_MAX);
		return;
	}
	tls12_change_cipher_spec(h);
}

/* A directed handshake goes on with a wrong ServerHello as long as keys can come of it. */
static bool goes_on_with(struct handshake *h, const struct server_hello *hello)
{
	enum version version = version_by_code(hello->version);
	if (!h->options.directed || hello->is_retry_request || !h->suite || version < TLS1_0 ||
	    version > TLS1_3)
		return false;
	h->facts.version = version;
	return true;
}

static void take_server_hello(struct handshake *h, const struct handshake_message *message)
{
	struct server_hello hello;
	if (server_hello_decode(&hello, cursor_over(message->body))) {
		violate(h, server_hello_fault(message->body), "server_hello");
		return;
	}
	if (!check_server_hello(h, &hello) && !goes_on_with(h, &hello))
		return;
	if (!hello.is_retry_request)
		transcript_add(h, message->whole);
	h->server_hello = hello;
	if (hello.is_retry_request) {
		h->retry_request = hello;
		tls13_retry_request(h, message->whole);
	} else if (h->facts.version == TLS1_3) {
		tls13_server_hello(h);
	} else {
		tls12_server_hello(h);
	}
}

static void dispatch(struct handshake *h, const struct handshake_message *message)
{
	struct handshake_facts *facts = &h->facts;
	if (facts->seen_len < MESSAGES_SEEN_MAX)
		facts->seen[facts->seen_len++] = message->type;
	if (h->options.directed && directed_only_notes(h, message))
		return;
	if (h->awaited == AWAIT_SERVER_HELLO && message->type == HANDSHAKE_SERVER_HELLO)
		take_server_hello(h, message);
	else if (facts->version == TLS1_3)
		tls13_message(h, message);
	else
		tls12_message(h, message);
}

static void take_handshake(struct handshake *h, struct span fragment)
{
	if (h->lost_messages)
		return;
	if (!bytes_append(h->arena, &h->message, fragment)) {
		h->lost_messages = true;
		violate(h, VIOLATION_TOO_MUCH, "a handshake message over %d bytes",
			HANDSHAKE_MESSAGE_MAX);
		return;
	}
	while (is_reading(h) && !h->lost_messages) {
		struct cursor in = cursor_over(span_of(h->message.at, h->message.len));
		struct handshake_message message;
		uint32_t announced = 0;
		if (h->message.len >= HANDSHAKE_HEADER_LEN)
			announced = (uint32_t)h->message.at[1] << 16 |
				    (uint32_t)h->message.at[2] << 8 | h->message.at[3];
		if (announced > HANDSHAKE_MESSAGE_MAX - HANDSHAKE_HEADER_LEN) {
			h->lost_messages = true;
			violate(h, VIOLATION_TOO_MUCH, "%s of %u bytes",
				message_name(h->message.at[0]), announced);
			return;
		}
		if (handshake_decode(&message, &in))
			return;
		/* The facts keep views, so the message is copied before its buffer moves on. */
		message.whole = arena_copy(h->arena, message.whole);
		message.body = span_skip(message.whole, HANDSHAKE_HEADER_LEN);
		if (!message.whole.at) {
			h->lost_messages = true;
			violate(h, VIOLATION_TOO_MUCH, "the handshake exhausts its memory");
			return;
		}
		bytes_drop(&h->message, in.at);
		dispatch(h, &message);
	}
}

static void take_application(struct handshake *h, struct span fragment)
{
	/* A directed caller wants to see what a server says that should not speak yet. */
	bool readable = h->options.directed && h->reading;
	if (h->facts.phase != PHASE_FINISHED && !(readable && h->awaited == AWAIT_NOTHING))
		violate(h, VIOLATION_UNEXPECTED_MESSAGE, "application_data");
	else if (!bytes_append(h->arena, &h->application, fragment))
		violate(h, VIOLATION_TOO_MUCH, "application data over %zu bytes",
			h->application.max);
}

/* What did not decrypt may be from a server that still uses the keys of the handshake. */
static enum fault open_fragment(struct handshake *h, struct record *record, struct span *opened)
{
	uint8_t type = record->type;
	enum fault fault = protection_open(h->reading, h->arena, &record->type, record->version,
					   record->fragment, opened);
	if (fault != FAULT_CRYPTO || !h->old_reading)
		return fault;
	record->type = type;
	return protection_open(h->old_reading, h->arena, &record->type, record->version,
			       record->fragment, opened);
}

static bool open_record(struct handshake *h, struct record *record)
{
	/* No protected alert is as short as one in clear. */
	if (h->options.directed && record->type == CONTENT_ALERT && record->fragment.len == 2)
		return true;
	if (h->unreadable)
		return false;
	bool plain_ccs = h->facts.version == TLS1_3 && record->type == CONTENT_CHANGE_CIPHER_SPEC;
	if (!h->reading || plain_ccs) {
		bool fits = record->fragment.len <= RECORD_PLAINTEXT_MAX;
		if (!fits)
			violate(h, VIOLATION_MALFORMED_RECORD, "%zu bytes in clear",
				record->fragment.len);
		return fits;
	}
	if (h->facts.version == TLS1_3 && record->type != CONTENT_APPLICATION_DATA) {
		violate(h, VIOLATION_UNEXPECTED_MESSAGE, "a record of type %u in clear",
			record->type);
		return false;
	}
	struct span opened;
	enum fault fault = open_fragment(h, record, &opened);
	if (fault) {
		violate(h,
			fault == FAULT_CRYPTO	   ? VIOLATION_BAD_RECORD_MAC
			: fault == FAULT_NO_MEMORY ? VIOLATION_TOO_MUCH
						   : VIOLATION_MALFORMED_RECORD,
			"%s", fault_text(fault));
		return false;
	}
	record->fragment = opened;
	return true;
}

static void take_record(struct handshake *h, struct record *record)
{
	if (!open_record(h, record))
		return;
	if (record->fragment.len == 0 && ++h->empties > EMPTY_RECORDS_MAX) {
		violate(h, VIOLATION_TOO_MUCH, "more than %d empty records", EMPTY_RECORDS_MAX);
		return;
	}
	if (!h->reading && h->facts.phase == PHASE_UNABLE &&
	    record->type == CONTENT_APPLICATION_DATA)
		return; /* protected by a server that went on without us */
	/* RFC 8446 5.1: a message may not be interleaved with other records. */
	if (h->message.len && record->type != CONTENT_HANDSHAKE) {
		violate(h, VIOLATION_UNEXPECTED_MESSAGE, "a record inside a handshake message");
		if (!h->options.directed)
			return;
		h->message.len = 0;
	}
	switch (record->type) {
	case CONTENT_HANDSHAKE:
		take_handshake(h, record->fragment);
		break;
	case CONTENT_ALERT:
		take_alert(h, record->fragment);
		break;
	case CONTENT_CHANGE_CIPHER_SPEC:
		take_change_cipher_spec(h, record->fragment);
		break;
	case CONTENT_APPLICATION_DATA:
		take_application(h, record->fragment);
		break;
	case CONTENT_HEARTBEAT:
		if (h->options.directed) { /* a case may have asked for it */
			h->facts.heartbeats++;
			break;
		}
		/* fall through */
	default:
		violate(h, VIOLATION_UNEXPECTED_MESSAGE, "a record of type %u", record->type);
		break;
	}
}

void records_take(struct handshake *h)
{
	size_t taken = 0;
	while (is_reading(h)) {
		struct cursor in = cursor_over(span_of(h->input.at + taken, h->input.len - taken));
		struct record record;
		enum fault fault = cursor_left(&in) ? record_decode(&record, &in) : FAULT_TRUNCATED;
		if (fault == FAULT_TRUNCATED)
			break;
		if (fault) {
			h->deaf = true;
			violate(h, VIOLATION_MALFORMED_RECORD, "the record header");
			break;
		}
		taken += in.at;
		take_record(h, &record);
	}
	bytes_drop(&h->input, taken);
}
