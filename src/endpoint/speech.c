/* SPDX-License-Identifier: Apache-2.0 */
#include "endpoint/connection.h"
#include "registry/registry.h"
#include "wire/record.h"

#define HEARTBEAT_RESPONSE    2
#define HEARTBEAT_PADDING     16
#define HEARTBEAT_PAYLOAD_MAX (RECORD_PLAINTEXT_MAX - 3 - HEARTBEAT_PADDING)

static void fragments_output(struct connection *connection, const struct record *record)
{
	struct span rest = record->fragment;
	while (rest.len && !connection->closing) {
		size_t max = connection->mangle.fragment_max;
		size_t n = rest.len < max ? rest.len : max;
		uint8_t header[RECORD_HEADER_LEN];
		record_header_encode(header, record->type, record->version, (uint16_t)n);
		connection_output(connection, span_of(header, sizeof header));
		connection_output(connection, span_of(rest.at, n));
		rest = span_skip(rest, n);
	}
}

/* mbedTLS agrees to max_fragment_length and sends its Certificate whole (RFC 6066 4). */
static void records_output(struct connection *connection, struct span bytes)
{
	const struct mangle *mangle = &connection->mangle;
	struct cursor in = cursor_over(bytes);
	struct cursor at = in;
	struct record record;
	bool clear = mangle->fragment_max && !mangle->protect;
	while (clear && cursor_left(&in) && record_decode(&record, &in) == FAULT_NONE &&
	       record.type == CONTENT_HANDSHAKE) {
		fragments_output(connection, &record);
		at = in;
	}
	connection_output(connection, cursor_rest(&at));
}

void speech_say(struct connection *connection, struct span record)
{
	uint8_t bytes[MANGLE_RECORD_MAX];
	struct builder out;
	if (connection->phase == PHASE_DEAF)
		return;
	builder_init(&out, bytes, sizeof bytes, NULL, 0);
	enum mangle_end end = mangle_record(&connection->mangle, record, &out);
	if (connection->tls)
		tls_session_sent(connection->tls, builder_view(&out));
	records_output(connection, builder_view(&out));
	if (end == MANGLE_FINISH)
		connection_finish(connection);
	if (end == MANGLE_RESET)
		connection_reset(connection);
	if (end == MANGLE_HANG && !connection->closing)
		connection->phase = PHASE_DEAF;
}

void speech_alert(struct connection *connection, uint16_t version, uint8_t alert)
{
	uint8_t bytes[RECORD_HEADER_LEN + 2];
	record_header_encode(bytes, CONTENT_ALERT, version, 2);
	bytes[RECORD_HEADER_LEN] = ALERT_FATAL;
	bytes[RECORD_HEADER_LEN + 1] = alert;
	speech_say(connection, span_of(bytes, sizeof bytes));
}

/* The bytes are no memory of ours: what a client has to see is how many there are. */
void speech_leak(struct connection *connection, size_t len)
{
	uint8_t bytes[RECORD_HEADER_LEN + RECORD_PLAINTEXT_MAX] = { 0 };
	if (len > HEARTBEAT_PAYLOAD_MAX)
		len = HEARTBEAT_PAYLOAD_MAX;
	size_t content = 3 + len + HEARTBEAT_PADDING;
	record_header_encode(bytes, CONTENT_HEARTBEAT, version_code(connection->version),
			     (uint16_t)content);
	bytes[RECORD_HEADER_LEN] = HEARTBEAT_RESPONSE;
	bytes[RECORD_HEADER_LEN + 1] = (uint8_t)(len >> 8);
	bytes[RECORD_HEADER_LEN + 2] = (uint8_t)len;
	memset(bytes + RECORD_HEADER_LEN + 3, 'M', len);
	connection_output(connection, span_of(bytes, RECORD_HEADER_LEN + content));
}
