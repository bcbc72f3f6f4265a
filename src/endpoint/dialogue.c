/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "endpoint/connection.h"
#include "registry/registry.h"
#include "wire/record.h"

void dialogue_start(struct connection *connection)
{
	const struct service *service = connection->service;
	connection->phase = service->clear_first ? PHASE_CLEAR : PHASE_GATE;
	connection->postgres.plaintext = service->repertoire.plaintext;
	gate_init(&connection->gate);
}

void dialogue_release(struct connection *connection)
{
	gate_release(&connection->gate);
	input_release(&connection->in);
	input_release(&connection->plain);
	if (connection->tls)
		mbedtls_ssl_free(connection->tls);
	free(connection->tls);
}

static void alert_output(struct connection *connection, uint16_t version, uint8_t alert)
{
	uint8_t bytes[RECORD_HEADER_LEN + 2];
	record_header_encode(bytes, CONTENT_ALERT, version, 2);
	bytes[RECORD_HEADER_LEN] = ALERT_FATAL;
	bytes[RECORD_HEADER_LEN + 1] = alert;
	connection_output(connection, span_of(bytes, sizeof bytes));
}

/* mbedTLS hands over whole records, so the first byte is always a content type. */
static int tls_send(void *context, const unsigned char *bytes, size_t len)
{
	struct connection *connection = context;
	if (connection->closing)
		return MBEDTLS_ERR_SSL_CONN_EOF;
	connection->alert_sent = len > 0 && bytes[0] == CONTENT_ALERT;
	connection_output(connection, span_of(bytes, len));
	return (int)len;
}

static int tls_receive(void *context, unsigned char *bytes, size_t len)
{
	struct connection *connection = context;
	struct cursor c = input_cursor(&connection->in);
	struct span got = cursor_take(&c, len < cursor_left(&c) ? len : cursor_left(&c));
	if (!got.len)
		return MBEDTLS_ERR_SSL_WANT_READ;
	memcpy(bytes, got.at, got.len);
	input_consumed(&connection->in, &c);
	return (int)got.len;
}

static bool tls_setup(struct connection *connection)
{
	const struct service *service = connection->service;
	connection->tls = calloc(1, sizeof *connection->tls);
	if (!connection->tls)
		return false;
	/* A handshake is several small writes in a row; a refusal is one. */
	uv_tcp_nodelay(&connection->tcp, 1);
	mbedtls_ssl_init(connection->tls);
	mbedtls_ssl_set_bio(connection->tls, connection, tls_send, tls_receive, NULL);
	return mbedtls_ssl_setup(connection->tls,
				 tls_server_config(service->tls, connection->version)) == 0;
}

/* The hello goes to mbedTLS byte for byte, but in one record: it does not join fragments itself. */
static bool hello_hand_over(struct connection *connection, const struct gate_result *result)
{
	struct input joined = { 0 };
	struct cursor rest = input_cursor(&connection->in);
	uint8_t header[RECORD_HEADER_LEN];
	record_header_encode(header, CONTENT_HANDSHAKE, result->record_version,
			     (uint16_t)result->message.len);
	bool whole = input_append(&joined, span_of(header, sizeof header)) &&
		     input_append(&joined, result->message) &&
		     input_append(&joined, cursor_rest(&rest));
	input_release(&connection->in);
	connection->in = joined;
	gate_release(&connection->gate);
	return whole && tls_setup(connection);
}

static bool step_gate(struct connection *connection)
{
	struct gate_result result;
	struct cursor c = input_cursor(&connection->in);
	gate_take(&connection->gate, &c, &connection->service->repertoire, &result);
	input_consumed(&connection->in, &c);
	if (result.verdict == GATE_MORE)
		return false;
	if (result.verdict == GATE_PASS) {
		connection->version = result.version;
		connection->phase = PHASE_HANDSHAKE;
		if (hello_hand_over(connection, &result))
			return true;
		result.alert = ALERT_INTERNAL_ERROR;
	}
	if (result.verdict != GATE_CLOSE)
		alert_output(connection, result.record_version, result.alert);
	connection_finish(connection);
	return false;
}

/* Some failures of mbedTLS end without an alert; a client deserves one. */
static void tls_failed(struct connection *connection, int error)
{
	static const struct {
		int error;
		uint8_t alert;
	} alerts[] = {
		{ MBEDTLS_ERR_SSL_UNEXPECTED_MESSAGE, ALERT_UNEXPECTED_MESSAGE },
		{ MBEDTLS_ERR_SSL_INVALID_MAC, ALERT_BAD_RECORD_MAC },
		{ MBEDTLS_ERR_SSL_INVALID_RECORD, ALERT_DECODE_ERROR },
		{ MBEDTLS_ERR_SSL_NO_CIPHER_CHOSEN, ALERT_HANDSHAKE_FAILURE },
		{ MBEDTLS_ERR_SSL_ALLOC_FAILED, ALERT_INTERNAL_ERROR },
	};
	bool told = connection->alert_sent || error == MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE ||
		    error == MBEDTLS_ERR_SSL_CONN_EOF;
	uint8_t alert = ALERT_DECODE_ERROR;
	for (size_t i = 0; i < sizeof alerts / sizeof alerts[0]; i++)
		if (alerts[i].error == error)
			alert = alerts[i].alert;
	if (!told)
		mbedtls_ssl_send_alert_message(connection->tls, MBEDTLS_SSL_ALERT_LEVEL_FATAL,
					       alert);
	connection_finish(connection);
}

static bool tls_waits(int result)
{
	return result == MBEDTLS_ERR_SSL_WANT_READ || result == MBEDTLS_ERR_SSL_WANT_WRITE;
}

static bool step_handshake(struct connection *connection)
{
	const struct service *service = connection->service;
	int result = mbedtls_ssl_handshake(connection->tls);
	if (tls_waits(result))
		return false;
	if (result != 0) {
		tls_failed(connection, result);
		return false;
	}
	connection->handshake_done = true;
	connection->phase = PHASE_SESSION;
	connection->postgres.tls = true;
	connection->postgres.turned_away =
		(service->repertoire.refused & VERSION_BIT(connection->version)) != 0;
	if (!service->alpn_required || mbedtls_ssl_get_alpn_protocol(connection->tls))
		return true;
	connection_finish(connection);
	return false;
}

static void reply_output(struct connection *connection, struct span reply)
{
	if (!connection->tls) {
		connection_output(connection, reply);
		return;
	}
	/* In TLS 1.0 a record of one byte may go first (the 1/n-1 split). */
	while (reply.len) {
		int written = mbedtls_ssl_write(connection->tls, reply.at, reply.len);
		if (written <= 0)
			return;
		reply = span_skip(reply, (size_t)written);
	}
}

/* One message of PostgreSQL's protocol; true when there may be another. */
static bool postgres_step(struct connection *connection, struct input *input)
{
	uint8_t bytes[POSTGRES_REPLY_MAX];
	struct builder reply;
	builder_init(&reply, bytes, sizeof bytes, NULL, 0);
	struct cursor c = input_cursor(input);
	enum postgres_action action = postgres_server_take(&connection->postgres, &c, &reply);
	bool consumed = c.at > 0;
	input_consumed(input, &c);
	reply_output(connection, builder_view(&reply));
	if (action == POSTGRES_TLS)
		connection->phase = PHASE_GATE;
	if (action == POSTGRES_FINISH)
		connection_finish(connection);
	return consumed && action != POSTGRES_FINISH;
}

static bool step_session(struct connection *connection)
{
	uint8_t bytes[4096];
	int result = mbedtls_ssl_read(connection->tls, bytes, sizeof bytes);
	if (tls_waits(result))
		return false;
	if (result == 0 || result == MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY) {
		connection_finish(connection);
		return false;
	}
	if (result < 0) {
		tls_failed(connection, result);
		return false;
	}
	/* Without PostgreSQL there is no application: what is said to it is read and forgotten. */
	if (!connection->service->postgres)
		return true;
	if (!input_append(&connection->plain, span_of(bytes, (size_t)result))) {
		connection_close(connection);
		return false;
	}
	while (connection->phase == PHASE_SESSION && postgres_step(connection, &connection->plain))
		continue;
	return true;
}

void dialogue_step(struct connection *connection)
{
	bool on = true;
	while (on && !connection->closing) {
		switch (connection->phase) {
		case PHASE_CLEAR:
			on = postgres_step(connection, &connection->in);
			break;
		case PHASE_GATE:
			on = step_gate(connection);
			break;
		case PHASE_HANDSHAKE:
			on = step_handshake(connection);
			break;
		case PHASE_SESSION:
			on = step_session(connection);
			break;
		case PHASE_LINGER:
			on = false;
			break;
		}
	}
}
