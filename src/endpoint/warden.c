/* SPDX-License-Identifier: Apache-2.0 */
#include "endpoint/warden.h"
#include "registry/registry.h"
#include "wire/alert.h"
#include "wire/handshake.h"
#include "wire/record.h"
#include "wire/server_hello.h"
#include "wire/server_key_exchange.h"

/* SSL 3.0's way to have no certificate: in no version of TLS (RFC 5246 7.2.2). */
#define ALERT_NO_CERTIFICATE 41

void warden_init(struct warden *warden, enum version version, enum defect defect,
		 struct span behind)
{
	*warden = (struct warden){
		.version = version,
		.defect = defect,
		.stage = WARDEN_AT_KEY_EXCHANGE,
	};
	/* A gate hands over less than a record. */
	if (behind.len && behind.len <= WARDEN_MESSAGE_MAX) {
		memcpy(warden->message, behind.at, behind.len);
		warden->message_len = behind.len;
	}
}

/* --- what the server says --- */

static void server_key_exchange_overhear(struct warden *warden, struct cursor body)
{
	struct server_key_exchange exchange;
	if (!warden->suite || server_key_exchange_decode(&exchange, body, warden->suite,
							 warden->version) != FAULT_NONE)
		return;
	warden->group = exchange.group;
	if (exchange.dh_p.len && exchange.dh_p.len <= sizeof warden->dh_p) {
		memcpy(warden->dh_p, exchange.dh_p.at, exchange.dh_p.len);
		warden->dh_p_len = exchange.dh_p.len;
	}
}

void warden_overhear(struct warden *warden, struct span record)
{
	struct cursor in = cursor_over(record);
	struct handshake_message message;
	struct server_hello hello;
	uint8_t type = cursor_u8(&in);
	cursor_u16(&in);
	in = cursor_over(cursor_vec16(&in));
	if (type != CONTENT_HANDSHAKE || handshake_decode(&message, &in) != FAULT_NONE)
		return;
	struct cursor body = cursor_over(message.body);
	if (message.type == HANDSHAKE_SERVER_HELLO &&
	    server_hello_decode(&hello, body) == FAULT_NONE)
		warden->suite = cipher_suite_by_code(hello.suite);
	else if (message.type == HANDSHAKE_SERVER_KEY_EXCHANGE)
		server_key_exchange_overhear(warden, body);
	else if (message.type == HANDSHAKE_CERTIFICATE_REQUEST)
		warden->stage = WARDEN_AT_CERTIFICATE;
}

/* --- what the client says --- */

static void refuse(struct warden_result *out, uint8_t alert)
{
	out->verdict = WARDEN_ALERT;
	out->alert = alert;
}

/* A fault that the defect overlooks is read over; any other ends the connection. */
static void refuse_unless(const struct warden *warden, enum defect defect,
			  struct warden_result *out, uint8_t alert)
{
	out->verdict = WARDEN_SKIP;
	if (warden->defect != defect)
		refuse(out, alert);
}

static uint8_t type_due(const struct warden *warden)
{
	switch (warden->stage) {
	case WARDEN_AT_CERTIFICATE:
		return HANDSHAKE_CERTIFICATE;
	case WARDEN_AT_KEY_EXCHANGE:
		return HANDSHAKE_CLIENT_KEY_EXCHANGE;
	case WARDEN_AT_CERTIFICATE_VERIFY:
		return HANDSHAKE_CERTIFICATE_VERIFY;
	default:
		return HANDSHAKE_HELLO_REQUEST; /* never due */
	}
}

static bool type_is_due(const struct warden *warden, uint8_t type)
{
	return type != HANDSHAKE_HELLO_REQUEST && type == type_due(warden);
}

static void stage_advance(struct warden *warden, struct cursor body)
{
	if (warden->stage == WARDEN_AT_CERTIFICATE) {
		warden->certified = cursor_u24(&body) > 0;
		warden->stage = WARDEN_AT_KEY_EXCHANGE;
	} else if (warden->stage == WARDEN_AT_KEY_EXCHANGE && warden->certified) {
		warden->stage = WARDEN_AT_CERTIFICATE_VERIFY;
	} else {
		warden->stage = WARDEN_AT_CCS;
	}
}

/* The message is whole, and the next one begins with the next call. */
static void message_judge(struct warden *warden, struct warden_result *out)
{
	struct span whole = span_of(warden->message, warden->message_len);
	struct cursor body = cursor_over(span_skip(whole, HANDSHAKE_HEADER_LEN));
	uint8_t alert = 0;
	if (warden->stage == WARDEN_AT_KEY_EXCHANGE)
		alert = key_exchange_judge(warden, body);
	if (alert && warden->defect == DEFECT_IGNORES_KEY_EXCHANGE_FAULTS) {
		out->verdict = WARDEN_HANG;
		return;
	}
	if (alert) {
		refuse(out, alert);
		return;
	}
	stage_advance(warden, body);
	out->verdict = WARDEN_PASS;
	out->type = CONTENT_HANDSHAKE;
	out->bytes = whole;
}

/* Joins as much of `pending` as the message lacks. */
static void bytes_join(struct warden *warden, size_t whole)
{
	size_t lacks = whole > warden->message_len ? whole - warden->message_len : 0;
	size_t n = warden->pending.len < lacks ? warden->pending.len : lacks;
	memcpy(warden->message + warden->message_len, warden->pending.at, n);
	warden->message_len += n;
	warden->pending = span_skip(warden->pending, n);
}

static size_t message_length(const struct warden *warden)
{
	const uint8_t *at = warden->message;
	return (size_t)at[1] << 16 | (size_t)at[2] << 8 | at[3];
}

/* One step within the handshake bytes that are there. */
static void handshake_step(struct warden *warden, struct warden_result *out)
{
	out->verdict = WARDEN_SKIP;
	if (warden->pending.len)
		bytes_join(warden, HANDSHAKE_HEADER_LEN);
	if (!type_is_due(warden, warden->message[0])) {
		refuse_unless(warden, DEFECT_IGNORES_UNEXPECTED_MESSAGES, out,
			      ALERT_UNEXPECTED_MESSAGE);
		warden->message_len = 0;
		warden->pending = span_of(NULL, 0);
		return;
	}
	if (warden->message_len < HANDSHAKE_HEADER_LEN)
		return;
	size_t len = message_length(warden);
	if (len > WARDEN_MESSAGE_MAX) {
		refuse(out, ALERT_DECODE_ERROR);
		if (warden->defect == DEFECT_AWAITS_ANY_LENGTH)
			out->verdict = WARDEN_HANG;
		return;
	}
	if (warden->pending.len)
		bytes_join(warden, HANDSHAKE_HEADER_LEN + len);
	if (warden->message_len == HANDSHAKE_HEADER_LEN + len) {
		message_judge(warden, out);
		warden->message_len = 0;
	}
}

static void handshake_take(struct warden *warden, struct span fragment, struct warden_result *out)
{
	/* RFC 5246 6.2.1: no zero-length fragments of handshake messages. */
	if (!fragment.len) {
		refuse_unless(warden, DEFECT_ACCEPTS_EMPTY_RECORDS, out, ALERT_UNEXPECTED_MESSAGE);
		return;
	}
	warden->pending = fragment;
	handshake_step(warden, out);
}

/* RFC 5246 7.1; before a ClientKeyExchange it is CVE-2014-0224. */
static void ccs_take(struct warden *warden, struct span fragment, struct warden_result *out)
{
	if (warden->stage != WARDEN_AT_CCS || warden->message_len) {
		refuse_unless(warden, DEFECT_ACCEPTS_EARLY_CCS, out, ALERT_UNEXPECTED_MESSAGE);
		return;
	}
	if (fragment.len != 1 || fragment.at[0] != 1) {
		refuse_unless(warden, DEFECT_IGNORES_CCS_CONTENT, out,
			      fragment.len == 1 ? ALERT_ILLEGAL_PARAMETER : ALERT_DECODE_ERROR);
		return;
	}
	warden->stage = WARDEN_AT_FINISHED;
	out->verdict = WARDEN_PASS;
	out->type = CONTENT_CHANGE_CIPHER_SPEC;
	out->bytes = fragment;
}

static void alert_take(struct warden *warden, struct span fragment, struct warden_result *out)
{
	struct alert alert;
	out->verdict = WARDEN_SKIP;
	if (alert_decode(&alert, cursor_over(fragment)) != FAULT_NONE)
		refuse_unless(warden, DEFECT_IGNORES_MALFORMED_ALERTS, out, ALERT_DECODE_ERROR);
	else if (warden->message_len)
		refuse(out, ALERT_UNEXPECTED_MESSAGE);
	else if (alert.level == ALERT_FATAL || alert.description == ALERT_CLOSE_NOTIFY)
		out->verdict =
			warden->defect == DEFECT_IGNORES_ENDING_ALERTS ? WARDEN_SKIP : WARDEN_CLOSE;
	else if (alert.level != ALERT_WARNING)
		refuse(out, ALERT_ILLEGAL_PARAMETER);
	else if (alert.description == ALERT_NO_CERTIFICATE)
		refuse(out, ALERT_UNEXPECTED_MESSAGE);
	else if (++warden->warnings > WARNING_ALERTS_MAX)
		refuse_unless(warden, DEFECT_BEARS_WARNING_FLOODS, out, ALERT_UNEXPECTED_MESSAGE);
}

/* Heartbleed: a request tells its payload's length, and the defect believes it. */
static void heartbeat_take(const struct warden *warden, struct span fragment,
			   struct warden_result *out)
{
	struct cursor c = cursor_over(fragment);
	uint8_t kind = cursor_u8(&c);
	uint16_t len = cursor_u16(&c);
	refuse(out, ALERT_UNEXPECTED_MESSAGE);
	if (warden->defect == DEFECT_HEARTBLEED && cursor_ok(&c) && kind == 1) {
		out->verdict = WARDEN_LEAK;
		out->leak = len;
	}
}

static void clear_take(struct warden *warden, uint8_t type, struct span fragment,
		       struct warden_result *out)
{
	switch (type) {
	case CONTENT_CHANGE_CIPHER_SPEC:
		ccs_take(warden, fragment, out);
		break;
	case CONTENT_ALERT:
		alert_take(warden, fragment, out);
		break;
	case CONTENT_HANDSHAKE:
		handshake_take(warden, fragment, out);
		break;
	case CONTENT_APPLICATION_DATA:
		refuse_unless(warden, DEFECT_IGNORES_CLEAR_APPLICATION_DATA, out,
			      ALERT_UNEXPECTED_MESSAGE);
		break;
	default:
		heartbeat_take(warden, fragment, out);
	}
}

/* A protected record is mbedTLS's; its header is read here because mbedTLS forgives some. */
static void protected_take(struct warden *warden, uint8_t type, struct span fragment,
			   struct warden_result *out)
{
	bool ccs = type == CONTENT_CHANGE_CIPHER_SPEC;
	if (ccs || type < CONTENT_CHANGE_CIPHER_SPEC || type > CONTENT_APPLICATION_DATA ||
	    (!warden->open && type == CONTENT_APPLICATION_DATA)) {
		refuse(out, ALERT_UNEXPECTED_MESSAGE);
		return;
	}
	warden->protected_len = fragment.len;
	out->verdict = WARDEN_PASS;
	out->type = type;
	out->bytes = fragment;
}

/* The header alone: true when its record may follow. */
static bool header_is_possible(const struct warden *warden, struct cursor in,
			       struct warden_result *out)
{
	size_t limit =
		warden->stage == WARDEN_AT_FINISHED ? RECORD_CIPHERTEXT_MAX : RECORD_PLAINTEXT_MAX;
	uint8_t type = cursor_u8(&in);
	uint16_t version = cursor_u16(&in);
	bool other = cursor_ok(&in) && version != version_code(warden->version);
	size_t len = cursor_u16(&in);
	bool overflow = cursor_ok(&in) && len > limit;
	if (type < CONTENT_CHANGE_CIPHER_SPEC || type > CONTENT_HEARTBEAT)
		refuse(out, ALERT_UNEXPECTED_MESSAGE);
	else if (other && warden->defect != DEFECT_IGNORES_RECORD_VERSION)
		refuse(out, ALERT_PROTOCOL_VERSION);
	else if (overflow && warden->defect != DEFECT_ACCEPTS_RECORD_OVERFLOW)
		refuse(out, ALERT_RECORD_OVERFLOW);
	return out->verdict == WARDEN_MORE;
}

void warden_take(struct warden *warden, struct cursor *in, struct warden_result *out)
{
	*out = (struct warden_result){ .verdict = WARDEN_MORE };
	if (warden->pending.len) {
		handshake_step(warden, out);
		return;
	}
	if (!cursor_left(in) || !header_is_possible(warden, *in, out))
		return;
	struct cursor at = *in;
	uint8_t type = cursor_u8(&at);
	cursor_u16(&at);
	struct span fragment = cursor_vec16(&at);
	if (!cursor_ok(&at))
		return;
	*in = at;
	if (warden->stage == WARDEN_AT_FINISHED)
		protected_take(warden, type, fragment, out);
	else
		clear_take(warden, type, fragment, out);
}
