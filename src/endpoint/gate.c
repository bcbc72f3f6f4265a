/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "endpoint/gate.h"
#include "registry/registry.h"
#include "wire/alert.h"
#include "wire/handshake.h"
#include "wire/record.h"
#include "wire/sslv2.h"

void gate_init(struct gate *gate)
{
	*gate = (struct gate){ 0 };
}

void gate_release(struct gate *gate)
{
	free(gate->message);
	gate_init(gate);
}

void gate_refuse(struct gate_result *out, uint8_t alert)
{
	out->verdict = GATE_ALERT;
	out->alert = alert;
}

/* An alert is sent in the version that the client speaks, as far as one can tell. */
static uint16_t alert_version(uint16_t version)
{
	if (version < version_code(TLS1_0))
		return version_code(TLS1_0);
	return version > version_code(TLS1_2) ? version_code(TLS1_2) : version;
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

/*
 * Nothing that a client may say fits before our ServerHello. A message that it could say later is
 * left to the warden, which sees whether it is ever completed.
 */
static bool behind_is_possible(struct span behind)
{
	return !behind.len || behind.at[0] == HANDSHAKE_CERTIFICATE ||
	       behind.at[0] == HANDSHAKE_CLIENT_KEY_EXCHANGE;
}

static void message_judge(struct gate *gate, size_t len, const struct repertoire *repertoire,
			  struct gate_result *out)
{
	size_t whole = HANDSHAKE_HEADER_LEN + len;
	out->message = span_of(gate->message, whole);
	out->behind = span_of(gate->message + whole, gate->len - whole);
	gate_hello(cursor_over(span_skip(out->message, HANDSHAKE_HEADER_LEN)), repertoire, out);
	if (out->hello.legacy_version)
		out->record_version = alert_version(out->hello.legacy_version);
	if (out->verdict != GATE_PASS || behind_is_possible(out->behind))
		return;
	if (repertoire_is(repertoire, DEFECT_IGNORES_SECOND_HELLO))
		out->behind.len = 0;
	else
		gate_refuse(out, ALERT_UNEXPECTED_MESSAGE);
}

static void length_refuse(const struct repertoire *repertoire, struct gate_result *out)
{
	gate_refuse(out, ALERT_DECODE_ERROR);
	if (repertoire_is(repertoire, DEFECT_AWAITS_ANY_LENGTH))
		out->verdict = GATE_HANG;
}

static void message_take(struct gate *gate, const struct repertoire *repertoire,
			 struct gate_result *out)
{
	struct cursor c = cursor_over(span_of(gate->message, gate->len));
	uint8_t type = cursor_u8(&c);
	size_t len = cursor_u24(&c);
	bool any_type = repertoire_is(repertoire, DEFECT_ACCEPTS_ANY_FIRST_MESSAGE);
	if (type != HANDSHAKE_CLIENT_HELLO && !any_type)
		gate_refuse(out, ALERT_UNEXPECTED_MESSAGE);
	else if (!cursor_ok(&c))
		out->verdict = GATE_MORE;
	else if (len > HANDSHAKE_MESSAGE_MAX)
		length_refuse(repertoire, out);
	else if (cursor_left(&c) >= len)
		message_judge(gate, len, repertoire, out);
}

static void handshake_take(struct gate *gate, const struct record *record,
			   const struct repertoire *repertoire, struct gate_result *out)
{
	/* RFC 5246 6.2.1: no zero-length fragments of handshake messages. */
	if (!record->fragment.len) {
		if (!repertoire_is(repertoire, DEFECT_ACCEPTS_EMPTY_RECORDS))
			gate_refuse(out, ALERT_UNEXPECTED_MESSAGE);
		return;
	}
	if (!gate->len)
		gate->record_version = record->version;
	else
		gate->fragmented = true;
	if (gate->fragmented && repertoire_is(repertoire, DEFECT_INTOLERANT_OF_FRAGMENTS))
		gate_refuse(out, ALERT_DECODE_ERROR);
	else if (record->version > version_code(TLS1_0) &&
		 repertoire_is(repertoire, DEFECT_INTOLERANT_OF_RECORD_VERSION))
		gate_refuse(out, ALERT_PROTOCOL_VERSION);
	else if (!message_append(gate, record->fragment))
		gate_refuse(out, ALERT_INTERNAL_ERROR);
	else
		message_take(gate, repertoire, out);
}

static void alert_take(struct gate *gate, const struct record *record,
		       const struct repertoire *repertoire, struct gate_result *out)
{
	struct alert alert;
	if (alert_decode(&alert, cursor_over(record->fragment)) != FAULT_NONE) {
		if (!repertoire_is(repertoire, DEFECT_IGNORES_MALFORMED_ALERTS))
			gate_refuse(out, ALERT_DECODE_ERROR);
	} else if (gate->len) {
		gate_refuse(out, ALERT_UNEXPECTED_MESSAGE);
	} else if (alert.level == ALERT_FATAL || alert.description == ALERT_CLOSE_NOTIFY) {
		if (!repertoire_is(repertoire, DEFECT_IGNORES_ENDING_ALERTS))
			out->verdict = GATE_CLOSE;
	} else if (alert.level != ALERT_WARNING) {
		if (!repertoire_is(repertoire, DEFECT_IGNORES_ALERT_LEVEL))
			gate_refuse(out, ALERT_ILLEGAL_PARAMETER);
	} else if (++gate->warnings > WARNING_ALERTS_MAX) {
		gate_refuse(out, ALERT_UNEXPECTED_MESSAGE);
	} else if (repertoire_is(repertoire, DEFECT_INTOLERANT_OF_WARNINGS)) {
		gate_refuse(out, ALERT_UNEXPECTED_MESSAGE);
	}
}

/* TLS_FALLBACK_SCSV among the kinds, as far as the hello is there (RFC 7507 3, 4). */
static bool sslv2_falls_back(struct cursor in, const struct repertoire *repertoire)
{
	struct sslv2_client_hello hello;
	size_t len = cursor_u16(&in) & 0x7FFF;
	struct cursor body = cursor_over(cursor_take(&in, len));
	if (!cursor_ok(&in) || sslv2_client_hello_decode(&hello, body) != FAULT_NONE ||
	    hello.version >= version_code(TLS1_2) || !(repertoire->versions & VERSION_BIT(TLS1_2)))
		return false;
	for (struct span kinds = hello.kinds; kinds.len >= 3; kinds = span_skip(kinds, 3))
		if (memcmp(kinds.at, "\0\x56\0", 3) == 0)
			return true;
	return false;
}

/* A two-byte SSLv2 header, the type CLIENT-HELLO, and a version (RFC 5246 E.2, RFC 6176 3). */
static bool is_sslv2(struct cursor in, const struct repertoire *repertoire, struct gate_result *out)
{
	struct cursor whole = in;
	bool framed = (cursor_u8(&in) & 0x80) != 0;
	cursor_u8(&in);
	uint8_t kind = cursor_u8(&in);
	if (!framed || (cursor_ok(&in) && kind != 1))
		return false;
	uint16_t version = cursor_u16(&in);
	if (!cursor_ok(&in)) {
		out->verdict = GATE_MORE;
		return true;
	}
	if (version != version_code(SSLV2) && version >> 8 != 3)
		return false;
	bool fallback = version != version_code(SSLV2) && sslv2_falls_back(whole, repertoire) &&
			!repertoire_is(repertoire, DEFECT_IGNORES_FALLBACK_SCSV);
	gate_refuse(out, fallback ? ALERT_INAPPROPRIATE_FALLBACK : ALERT_PROTOCOL_VERSION);
	if (repertoire_is(repertoire, DEFECT_ACCEPTS_SSLV2) && version == version_code(SSLV2)) {
		out->verdict = GATE_FORGE;
		out->version = SSLV2;
	}
	return true;
}

static bool type_is_skipped(uint8_t type, const struct repertoire *repertoire)
{
	switch (type) {
	case CONTENT_APPLICATION_DATA:
		return repertoire_is(repertoire, DEFECT_IGNORES_EARLY_APPLICATION_DATA);
	case CONTENT_CHANGE_CIPHER_SPEC:
		return repertoire_is(repertoire, DEFECT_IGNORES_EARLY_CCS);
	default:
		return repertoire_is(repertoire, DEFECT_IGNORES_UNKNOWN_TYPES);
	}
}

/*
 * The header alone, as far as it is there: true when a record may follow. RFC 5246 E.1 asks for any
 * version {03,XX} and RFC 8446 5.1 for any at all; RFC 8446 D.5 is against those below 3.0.
 */
static bool header_is_possible(struct cursor in, const struct repertoire *repertoire,
			       struct gate_result *out)
{
	uint8_t type = cursor_u8(&in), major = cursor_u8(&in);
	bool has_major = cursor_ok(&in);
	cursor_u8(&in);
	size_t len = cursor_u16(&in);
	bool overflow = cursor_ok(&in) && len > RECORD_PLAINTEXT_MAX;
	if (type != CONTENT_HANDSHAKE && type != CONTENT_ALERT &&
	    !type_is_skipped(type, repertoire))
		gate_refuse(out, ALERT_UNEXPECTED_MESSAGE);
	else if (has_major && major < 3 &&
		 !repertoire_is(repertoire, DEFECT_ACCEPTS_OLD_RECORD_VERSION))
		gate_refuse(out, ALERT_PROTOCOL_VERSION);
	else if (overflow && !repertoire_is(repertoire, DEFECT_ACCEPTS_RECORD_OVERFLOW))
		gate_refuse(out, ALERT_RECORD_OVERFLOW);
	return out->verdict == GATE_MORE;
}

static bool record_take(struct gate *gate, struct cursor *in, const struct repertoire *repertoire,
			struct gate_result *out)
{
	out->verdict = GATE_MORE;
	if (!cursor_left(in) || (!gate->records && is_sslv2(*in, repertoire, out)) ||
	    !header_is_possible(*in, repertoire, out))
		return false;
	struct cursor at = *in;
	struct record record = { .type = cursor_u8(&at) };
	record.version = cursor_u16(&at);
	record.fragment = cursor_vec16(&at);
	if (!cursor_ok(&at))
		return false;
	*in = at;
	gate->records++;
	out->record_version = alert_version(record.version);
	if (record.type == CONTENT_HANDSHAKE)
		handshake_take(gate, &record, repertoire, out);
	else if (record.type == CONTENT_ALERT)
		alert_take(gate, &record, repertoire, out);
	return out->verdict == GATE_MORE;
}

/* What comes in one piece with the hello can be judged before it is answered. */
static void rest_judge(const struct cursor *in, const struct repertoire *repertoire,
		       struct gate_result *out)
{
	struct cursor c = *in;
	if (!cursor_left(&c))
		return;
	uint8_t type = cursor_u8(&c);
	bool overlooked = type == CONTENT_APPLICATION_DATA &&
			  repertoire_is(repertoire, DEFECT_IGNORES_CLEAR_APPLICATION_DATA);
	if (type != CONTENT_ALERT && !overlooked)
		gate_refuse(out, ALERT_UNEXPECTED_MESSAGE);
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
	if (out->verdict == GATE_PASS)
		rest_judge(in, repertoire, out);
	bool split = out->verdict == GATE_MORE && (gate->len || cursor_left(in));
	if (split && repertoire_is(repertoire, DEFECT_INTOLERANT_OF_SEGMENTS))
		out->verdict = GATE_CLOSE;
}
