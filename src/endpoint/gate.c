/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "endpoint/gate.h"
#include "registry/registry.h"
#include "wire/alert.h"
#include "wire/handshake.h"
#include "wire/record.h"

void gate_init(struct gate *gate)
{
	*gate = (struct gate){ 0 };
}

void gate_release(struct gate *gate)
{
	free(gate->message);
	gate_init(gate);
}

static void refuse(struct gate_result *out, uint8_t alert)
{
	out->verdict = GATE_ALERT;
	out->alert = alert;
}

/* The highest version up to TLS 1.2 that the hello offers and that is in the repertoire. */
static enum version version_choose(const struct client_hello *hello, version_set allowed)
{
	bool listed = client_hello_has(hello, EXTENSION_SUPPORTED_VERSIONS);
	struct span list = client_hello_view(hello, EXTENSION_SUPPORTED_VERSIONS);
	for (enum version v = TLS1_2; v >= TLS1_0; v--) {
		bool offered = listed ? list_u16_has(list, version_code(v))
				      : hello->legacy_version >= version_code(v);
		if (offered && allowed & VERSION_BIT(v))
			return v;
	}
	return VERSION_NONE;
}

static bool suite_in_common(const struct client_hello *hello, const struct repertoire *repertoire,
			    enum version version)
{
	for (size_t i = 0; i < list_u16_len(hello->suites); i++)
		if (repertoire_has(repertoire, version, list_u16(hello->suites, i)))
			return true;
	return false;
}

void gate_choose(const struct client_hello *hello, const struct repertoire *repertoire,
		 struct gate_result *out)
{
	out->version = version_choose(hello, repertoire->versions);
	if (out->version == VERSION_NONE) {
		refuse(out, ALERT_PROTOCOL_VERSION);
		return;
	}
	/* RFC 7507 3: the client came down although we could have gone higher. */
	version_set higher = (version_set)(repertoire->versions >> (out->version + 1));
	if (higher && list_u16_has(hello->suites, SUITE_FALLBACK_SCSV))
		refuse(out, ALERT_INAPPROPRIATE_FALLBACK);
	else if (!suite_in_common(hello, repertoire, out->version))
		refuse(out, ALERT_HANDSHAKE_FAILURE);
	else
		out->verdict = GATE_PASS;
}

/* An alert is sent in the version that the client speaks, as far as one can tell. */
static uint16_t alert_version(uint16_t version)
{
	if (version < version_code(TLS1_0))
		return version_code(TLS1_0);
	return version > version_code(TLS1_2) ? version_code(TLS1_2) : version;
}

static void message_judge(struct gate *gate, const struct repertoire *repertoire,
			  struct gate_result *out)
{
	struct span message = span_of(gate->message, gate->len);
	struct client_hello hello;
	struct wire_error error = { .alert = ALERT_DECODE_ERROR };
	out->message = message;
	struct cursor body = cursor_over(span_skip(message, HANDSHAKE_HEADER_LEN));
	if (client_hello_decode(&hello, body, STRICT, &error) != FAULT_NONE) {
		refuse(out, error.alert);
	} else if (hello.legacy_version < version_code(SSLV3)) {
		refuse(out, ALERT_PROTOCOL_VERSION);
	} else {
		gate_choose(&hello, repertoire, out);
		out->record_version = alert_version(hello.legacy_version);
	}
	/* mbedTLS takes a ClientHello only in one record. */
	if (out->verdict == GATE_PASS && message.len > RECORD_PLAINTEXT_MAX)
		refuse(out, ALERT_INTERNAL_ERROR);
	if (out->verdict == GATE_PASS)
		out->record_version = gate->record_version;
}

static bool message_append(struct gate *gate, struct span fragment)
{
	if (gate->cap - gate->len < fragment.len) {
		size_t cap = (gate->len + fragment.len) * 2;
		uint8_t *message = realloc(gate->message, cap);
		if (!message)
			return false;
		gate->message = message;
		gate->cap = cap;
	}
	memcpy(gate->message + gate->len, fragment.at, fragment.len);
	gate->len += fragment.len;
	return true;
}

static void handshake_take(struct gate *gate, const struct record *record,
			   const struct repertoire *repertoire, struct gate_result *out)
{
	/* RFC 5246 6.2.1: no zero-length fragments of handshake messages. */
	if (!record->fragment.len) {
		refuse(out, ALERT_UNEXPECTED_MESSAGE);
		return;
	}
	if (!gate->len)
		gate->record_version = record->version;
	if (!message_append(gate, record->fragment)) {
		refuse(out, ALERT_INTERNAL_ERROR);
		return;
	}
	struct cursor c = cursor_over(span_of(gate->message, gate->len));
	uint8_t type = cursor_u8(&c);
	size_t len = cursor_u24(&c);
	if (type != HANDSHAKE_CLIENT_HELLO)
		refuse(out, ALERT_UNEXPECTED_MESSAGE);
	else if (!cursor_ok(&c))
		out->verdict = GATE_MORE;
	else if (len > HANDSHAKE_MESSAGE_MAX)
		refuse(out, ALERT_DECODE_ERROR);
	else if (cursor_left(&c) == len)
		message_judge(gate, repertoire, out);
	else if (cursor_left(&c) > len)
		refuse(out, ALERT_UNEXPECTED_MESSAGE);
}

static void alert_take(const struct gate *gate, const struct record *record,
		       struct gate_result *out)
{
	struct alert alert;
	if (alert_decode(&alert, cursor_over(record->fragment)) != FAULT_NONE)
		refuse(out, ALERT_DECODE_ERROR);
	else if (!gate->len &&
		 (alert.level == ALERT_FATAL || alert.description == ALERT_CLOSE_NOTIFY))
		out->verdict = GATE_CLOSE;
	else
		refuse(out, ALERT_UNEXPECTED_MESSAGE);
}

/* Why record_decode found no record: the header's three parts, in their order. */
static uint8_t header_alert(struct cursor in)
{
	uint8_t type = cursor_u8(&in), major = cursor_u8(&in);
	if (type < CONTENT_CHANGE_CIPHER_SPEC || type > CONTENT_HEARTBEAT)
		return ALERT_UNEXPECTED_MESSAGE;
	return cursor_ok(&in) && major != 3 ? ALERT_PROTOCOL_VERSION : ALERT_RECORD_OVERFLOW;
}

/* A two-byte SSLv2 header and the type CLIENT-HELLO (RFC 5246 E.2). */
static bool is_sslv2(struct cursor in, struct gate_result *out)
{
	uint8_t first = cursor_u8(&in);
	cursor_u8(&in);
	uint8_t kind = cursor_u8(&in);
	if (!(first & 0x80))
		return false;
	if (!cursor_ok(&in))
		out->verdict = GATE_MORE;
	else
		refuse(out, kind == 1 ? ALERT_PROTOCOL_VERSION : ALERT_UNEXPECTED_MESSAGE);
	return true;
}

static bool record_take(struct gate *gate, struct cursor *in, const struct repertoire *repertoire,
			struct gate_result *out)
{
	struct record record;
	struct cursor at = *in;
	out->verdict = GATE_MORE;
	if (!cursor_left(in) || (!gate->len && is_sslv2(*in, out)))
		return false;
	enum fault fault = record_decode(&record, &at);
	if (fault == FAULT_TRUNCATED)
		return false;
	if (fault != FAULT_NONE) {
		refuse(out, header_alert(*in));
		return false;
	}
	*in = at;
	out->record_version = alert_version(record.version);
	if (record.fragment.len > RECORD_PLAINTEXT_MAX)
		refuse(out, ALERT_RECORD_OVERFLOW);
	else if (record.type == CONTENT_HANDSHAKE)
		handshake_take(gate, &record, repertoire, out);
	else if (record.type == CONTENT_ALERT)
		alert_take(gate, &record, out);
	else
		refuse(out, ALERT_UNEXPECTED_MESSAGE);
	return out->verdict == GATE_MORE;
}

void gate_take(struct gate *gate, struct cursor *in, const struct repertoire *repertoire,
	       struct gate_result *out)
{
	*out = (struct gate_result){
		.version = VERSION_NONE,
		.record_version = alert_version(gate->record_version),
	};
	while (record_take(gate, in, repertoire, out))
		continue;
}
