/* SPDX-License-Identifier: Apache-2.0 */
#include "endpoint/mangle.h"
#include "endpoint/mangle_server_hello.h"
#include "registry/registry.h"
#include "wire/alert.h"
#include "wire/handshake.h"
#include "wire/record.h"

static void record_write(struct builder *out, uint8_t type, uint16_t version, struct span fragment)
{
	record_encode(
		out, &(struct record){ .type = type, .version = version, .fragment = fragment }, 0);
}

/* --- alerts --- */

static void alert_write(struct builder *out, uint16_t version, uint8_t level, uint8_t description)
{
	const uint8_t bytes[] = { level, description };
	record_write(out, CONTENT_ALERT, version, span_of(bytes, sizeof bytes));
}

/* Which description goes out instead of the one that is due. */
static uint8_t description_of(enum defect defect, uint8_t due)
{
	switch (defect) {
	case DEFECT_ALWAYS_HANDSHAKE_FAILURE:
		return ALERT_HANDSHAKE_FAILURE;
	case DEFECT_INTERNAL_ERROR_FOR_DECODE_ERROR:
		return due == ALERT_DECODE_ERROR ? ALERT_INTERNAL_ERROR : due;
	case DEFECT_DECODE_ERROR_FOR_ILLEGAL_PARAMETER:
		return due == ALERT_ILLEGAL_PARAMETER ? ALERT_DECODE_ERROR : due;
	case DEFECT_PROTOCOL_VERSION_FOR_SUITES:
		return due == ALERT_HANDSHAKE_FAILURE ? ALERT_PROTOCOL_VERSION : due;
	case DEFECT_HANDSHAKE_FAILURE_FOR_VERSIONS:
		return due == ALERT_PROTOCOL_VERSION ? ALERT_HANDSHAKE_FAILURE : due;
	case DEFECT_DECODE_ERROR_FOR_UNEXPECTED_MESSAGE:
		return due == ALERT_UNEXPECTED_MESSAGE ? ALERT_DECODE_ERROR : due;
	case DEFECT_DECODE_ERROR_FOR_RECORD_OVERFLOW:
		return due == ALERT_RECORD_OVERFLOW ? ALERT_DECODE_ERROR : due;
	case DEFECT_UNKNOWN_ALERT:
		return 255;
	default:
		return due;
	}
}

static enum mangle_end alert_end(enum defect defect, uint8_t due)
{
	switch (defect) {
	case DEFECT_CLOSES_SILENTLY:
		return MANGLE_FINISH;
	case DEFECT_RESETS_SILENTLY:
		return MANGLE_RESET;
	case DEFECT_HANGS_SILENTLY:
	case DEFECT_STAYS_AFTER_ALERT:
		return MANGLE_HANG;
	case DEFECT_IGNORES_BAD_MAC:
		return due == ALERT_BAD_RECORD_MAC ? MANGLE_HANG : MANGLE_GO_ON;
	default:
		return MANGLE_GO_ON;
	}
}

static bool alert_is_dropped(enum defect defect, uint8_t due)
{
	return defect == DEFECT_CLOSES_SILENTLY || defect == DEFECT_RESETS_SILENTLY ||
	       defect == DEFECT_HANGS_SILENTLY ||
	       (defect == DEFECT_IGNORES_BAD_MAC && due == ALERT_BAD_RECORD_MAC);
}

static enum mangle_end alert_mangle(const struct mangle *mangle, const struct record *record,
				    struct alert alert, struct builder *out)
{
	enum defect defect = mangle->defect;
	uint8_t description = description_of(defect, alert.description);
	uint8_t level = defect == DEFECT_WARNS_ONLY ? ALERT_WARNING : alert.level;
	uint16_t version = defect == DEFECT_WRONG_ALERT_RECORD_VERSION ? 0xFFFF : record->version;
	if (alert_is_dropped(defect, alert.description))
		return alert_end(defect, alert.description);
	if (defect == DEFECT_SPLITS_ALERTS) {
		record_write(out, CONTENT_ALERT, version, span_of(&level, 1));
		record_write(out, CONTENT_ALERT, version, span_of(&description, 1));
	} else if (defect == DEFECT_LONG_ALERTS) {
		const uint8_t bytes[] = { level, description, 0 };
		record_write(out, CONTENT_ALERT, version, span_of(bytes, sizeof bytes));
	} else if (defect == DEFECT_CLEAR_TEXT_FOR_ALERT) {
		builder_bytes(out, "text", span_text("HTTP/1.0 400 Bad Request\r\n\r\n"));
	} else {
		alert_write(out, version, level, description);
	}
	if (defect == DEFECT_TWO_ALERTS)
		alert_write(out, version, level, ALERT_INTERNAL_ERROR);
	return alert_end(defect, alert.description);
}

/* --- the rest of the server's flight --- */

/* The last byte of a ServerKeyExchange is one of its signature's. */
static void last_byte_flip(struct builder *out)
{
	out->at[out->len - 1] ^= 1;
}

/* Where the group stands: record header, message header, curve_type. */
#define NAMED_CURVE_AT (RECORD_HEADER_LEN + HANDSHAKE_HEADER_LEN + 1)

static enum mangle_end message_mangle(const struct mangle *mangle, uint8_t type, struct span record,
				      struct builder *out)
{
	enum defect defect = mangle->defect;
	bool key_exchange = type == HANDSHAKE_SERVER_KEY_EXCHANGE;
	bool done = type == HANDSHAKE_SERVER_HELLO_DONE;
	if (done && defect == DEFECT_OMITS_SERVER_HELLO_DONE)
		return MANGLE_HANG;
	if (key_exchange && defect == DEFECT_OMITS_SERVER_KEY_EXCHANGE)
		return MANGLE_GO_ON;
	if (type == HANDSHAKE_CERTIFICATE && defect == DEFECT_OMITS_CERTIFICATE)
		return MANGLE_GO_ON;
	builder_bytes(out, "record", record);
	if (key_exchange && defect == DEFECT_WRONG_SIGNATURE)
		last_byte_flip(out);
	if (key_exchange && defect == DEFECT_UNOFFERED_GROUP && record.len > NAMED_CURVE_AT + 1) {
		out->at[NAMED_CURVE_AT] = 0;
		out->at[NAMED_CURVE_AT + 1] = 9; /* sect283k1 */
	}
	if (done && defect == DEFECT_SERVER_HELLO_DONE_WITH_BODY) {
		out->at[RECORD_HEADER_LEN - 1]++;
		out->at[RECORD_HEADER_LEN + HANDSHAKE_HEADER_LEN - 1]++;
		builder_u8(out, "body", 0);
	}
	if (type == HANDSHAKE_CERTIFICATE && defect == DEFECT_SENDS_CERTIFICATE_TWICE)
		builder_bytes(out, "again", record);
	return MANGLE_GO_ON;
}

static enum mangle_end handshake_mangle(const struct mangle *mangle, const struct record *parsed,
					struct span record, struct builder *out)
{
	struct cursor in = cursor_over(parsed->fragment);
	struct handshake_message message;
	if (handshake_decode(&message, &in) != FAULT_NONE) {
		builder_bytes(out, "record", record);
		return MANGLE_GO_ON;
	}
	if (message.type != HANDSHAKE_SERVER_HELLO)
		return message_mangle(mangle, message.type, record, out);
	server_hello_mangle(mangle, parsed->version, message.body, out);
	return mangle->defect == DEFECT_HANGS_AFTER_SERVER_HELLO ? MANGLE_HANG : MANGLE_GO_ON;
}

static void protected_mangle(const struct mangle *mangle, struct span record, struct builder *out)
{
	builder_bytes(out, "record", record);
	if (mangle->defect == DEFECT_CORRUPTS_FINISHED)
		last_byte_flip(out);
}

enum mangle_end mangle_record(struct mangle *mangle, struct span record, struct builder *out)
{
	struct cursor in = cursor_over(record);
	struct record parsed;
	struct alert alert;
	bool whole = record_decode(&parsed, &in) == FAULT_NONE;
	if (!whole || mangle->protect) {
		protected_mangle(mangle, record, out);
		return MANGLE_GO_ON;
	}
	if (parsed.type == CONTENT_HANDSHAKE)
		return handshake_mangle(mangle, &parsed, record, out);
	if (parsed.type == CONTENT_ALERT &&
	    alert_decode(&alert, cursor_over(parsed.fragment)) == FAULT_NONE &&
	    alert.level == ALERT_FATAL)
		return alert_mangle(mangle, &parsed, alert, out);
	mangle->protect = parsed.type == CONTENT_CHANGE_CIPHER_SPEC;
	builder_bytes(out, "record", record);
	return MANGLE_GO_ON;
}
