/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "endpoint/connection.h"
#include "endpoint/mangle_server_hello.h"
#include "registry/registry.h"
#include "wire/record.h"

#define CRASH_MS 300

void dialogue_start(struct connection *connection)
{
	const struct service *service = connection->service;
	enum defect defect = service->repertoire.defect;
	connection->phase = service->clear_first ? PHASE_CLEAR : PHASE_GATE;
	connection->postgres.plaintext = service->repertoire.plaintext;
	connection->postgres.defect = defect;
	connection->mangle.defect = defect;
	gate_init(&connection->gate);
}

void dialogue_release(struct connection *connection)
{
	gate_release(&connection->gate);
	input_release(&connection->in);
	input_release(&connection->plain);
	input_release(&connection->drip);
	if (connection->tls)
		tls_session_release(connection->tls);
	free(connection->tls);
}

/*
 * A message that is not the Finished in its place is decode_error to mbedTLS, and
 * unexpected_message to RFC 5246 7.4. Until our own ChangeCipherSpec alerts go out in clear.
 */
static bool is_unexpected(const struct connection *connection, struct span record)
{
	const mbedtls_ssl_context *ssl = &connection->tls->ssl;
	return connection->phase == PHASE_HANDSHAKE && record.len == RECORD_HEADER_LEN + 2 &&
	       record.at[0] == CONTENT_ALERT && record.at[6] == ALERT_DECODE_ERROR &&
	       connection->tls->warden.stage == WARDEN_AT_FINISHED &&
	       ssl->in_msgtype == MBEDTLS_SSL_MSG_HANDSHAKE && ssl->in_msg[0] != HANDSHAKE_FINISHED;
}

/* mbedTLS hands over whole records, so the first byte is always a content type. */
static int tls_send(void *context, const unsigned char *bytes, size_t len)
{
	struct connection *connection = context;
	if (connection->closing)
		return MBEDTLS_ERR_SSL_CONN_EOF;
	connection->alert_sent = len > 0 && bytes[0] == CONTENT_ALERT;
	if (!connection->handshake_done)
		warden_overhear(&connection->tls->warden, span_of(bytes, len));
	if (is_unexpected(connection, span_of(bytes, len)))
		speech_alert(connection, version_code(connection->version),
			     ALERT_UNEXPECTED_MESSAGE);
	else
		speech_say(connection, span_of(bytes, len));
	return (int)len;
}

static int tls_receive(void *context, unsigned char *bytes, size_t len)
{
	struct connection *connection = context;
	struct input *approved = &connection->tls->approved;
	struct cursor c = input_cursor(approved);
	struct span got = cursor_take(&c, len < cursor_left(&c) ? len : cursor_left(&c));
	if (!got.len)
		return MBEDTLS_ERR_SSL_WANT_READ;
	memcpy(bytes, got.at, got.len);
	input_consumed(approved, &c);
	return (int)got.len;
}

/* What the client offered that bears on how the answer goes out. */
static void mangle_prepare(struct connection *connection)
{
	const struct client_hello *hello = &connection->heard.hello;
	version_set versions = connection->service->repertoire.versions;
	struct mangle *mangle = &connection->mangle;
	mangle->sentinel =
		connection->heard.version < TLS1_2 && (versions & VERSION_BIT(TLS1_2)) != 0;
	mangle->offers_heartbeat = client_hello_has(hello, EXTENSION_HEARTBEAT);
	mangle->offers_etm = client_hello_has(hello, EXTENSION_ENCRYPT_THEN_MAC);
	if (hello->session_id.len && hello->session_id.len <= sizeof mangle->session_id) {
		memcpy(mangle->session_id, hello->session_id.at, hello->session_id.len);
		mangle->session_id_len = hello->session_id.len;
	}
	struct span fragment = client_hello_view(hello, EXTENSION_MAX_FRAGMENT_LENGTH);
	mangle->fragment_max = fragment.len ? (size_t)256 << fragment.at[0] : 0;
}

static bool tls_start(struct connection *connection)
{
	const struct service *service = connection->service;
	struct tls_session *session = calloc(1, sizeof *session);
	if (!session)
		return false;
	/* A handshake is several small writes in a row; a refusal is one. */
	uv_tcp_nodelay(&connection->tcp, 1);
	mangle_prepare(connection);
	connection->tls = session;
	bool started =
		tls_session_start(session, tls_server_config(service->tls, connection->version),
				  &connection->heard, &service->repertoire);
	mbedtls_ssl_set_bio(&session->ssl, connection, tls_send, tls_receive, NULL);
	return started;
}

static void service_crash(struct service *service)
{
	service->down_until_ms = uv_now(service->loop) + CRASH_MS;
	while (service->connections)
		connection_reset(service->connections);
}

/* Defects that are about the connection rather than about the hello: true when one has acted. */
static bool gate_disturb(struct connection *connection)
{
	struct service *service = connection->service;
	const struct gate_result *heard = &connection->heard;
	bool bad_name = (heard->hello.malformed >> EXTENSION_SERVER_NAME & 1) != 0;
	switch (service->repertoire.defect) {
	case DEFECT_NEVER_ANSWERS:
		connection->phase = PHASE_DEAF;
		return true;
	case DEFECT_DROPS_EVERY_THIRD:
		if (++service->hellos % 3 != 0)
			return false;
		connection_finish(connection);
		return true;
	case DEFECT_CRASHES_ON_MALFORMED_NAME:
		if (heard->verdict != GATE_ALERT || !bad_name)
			return false;
		service_crash(service);
		return true;
	default:
		return false;
	}
}

static void forge(struct connection *connection)
{
	uint8_t random[RANDOM_LEN], bytes[256];
	struct builder out;
	tls_server_random(connection->service->tls, random, sizeof random);
	builder_init(&out, bytes, sizeof bytes, NULL, 0);
	server_hello_forge(&out, connection->heard.version, connection->heard.suite,
			   span_of(random, sizeof random));
	connection_output(connection, builder_view(&out));
	connection->phase = PHASE_DEAF;
}

/* The client starts in clear although 'S' was the answer. */
static bool goes_on_in_clear(struct connection *connection)
{
	struct cursor c = input_cursor(&connection->in);
	if (!repertoire_is(&connection->service->repertoire, DEFECT_GOES_ON_IN_CLEAR) ||
	    !connection->service->clear_first || !cursor_left(&c) || cursor_u8(&c) != 0)
		return false;
	connection->postgres.plaintext = true;
	connection->phase = PHASE_CLEAR;
	return true;
}

static void gate_act(struct connection *connection)
{
	struct gate_result *heard = &connection->heard;
	switch (heard->verdict) {
	case GATE_MORE:
		break;
	case GATE_PASS:
		connection->version = heard->version;
		connection->phase = PHASE_HANDSHAKE;
		if (tls_start(connection))
			break;
		heard->alert = ALERT_INTERNAL_ERROR;
		/* fallthrough */
	case GATE_ALERT:
		speech_alert(connection, heard->record_version, heard->alert);
		connection_finish(connection);
		break;
	case GATE_CLOSE:
		connection_finish(connection);
		break;
	case GATE_HANG:
		connection->phase = PHASE_DEAF;
		break;
	case GATE_FORGE:
		forge(connection);
		break;
	}
}

static bool step_gate(struct connection *connection)
{
	if (goes_on_in_clear(connection))
		return true;
	struct cursor c = input_cursor(&connection->in);
	gate_take(&connection->gate, &c, &connection->service->repertoire, &connection->heard);
	input_consumed(&connection->in, &c);
	if (connection->heard.verdict == GATE_MORE || gate_disturb(connection))
		return false;
	gate_act(connection);
	return connection->phase == PHASE_HANDSHAKE;
}

/*
 * Some failures of mbedTLS end without an alert; a client deserves one. The warden has read the
 * header, so an invalid record is wrong inside: its MAC, or content of more than 2^14 bytes.
 */
static uint8_t alert_for(const struct connection *connection, int error)
{
	switch (error) {
	case MBEDTLS_ERR_SSL_UNEXPECTED_MESSAGE:
		return ALERT_UNEXPECTED_MESSAGE;
	case MBEDTLS_ERR_SSL_INVALID_RECORD:
		return connection->tls->warden.protected_len > RECORD_PLAINTEXT_MAX
			       ? ALERT_RECORD_OVERFLOW
			       : ALERT_BAD_RECORD_MAC;
	case MBEDTLS_ERR_SSL_INVALID_MAC:
	case MBEDTLS_ERR_SSL_BAD_INPUT_DATA: /* a record too long for its buffer */
		return ALERT_BAD_RECORD_MAC;
	case MBEDTLS_ERR_SSL_NO_CIPHER_CHOSEN:
		return ALERT_HANDSHAKE_FAILURE;
	case MBEDTLS_ERR_SSL_ALLOC_FAILED:
		return ALERT_INTERNAL_ERROR;
	default:
		return ALERT_DECODE_ERROR;
	}
}

static void tls_failed(struct connection *connection, int error)
{
	/* RFC 5246 7.2.2: after a fatal alert nothing is said, not even close_notify. */
	if (error == MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE)
		connection->alert_sent = true;
	if (!connection->alert_sent && error != MBEDTLS_ERR_SSL_CONN_EOF)
		mbedtls_ssl_send_alert_message(&connection->tls->ssl, MBEDTLS_SSL_ALERT_LEVEL_FATAL,
					       alert_for(connection, error));
	connection_finish(connection);
}

static bool tls_waits(int result)
{
	return result == MBEDTLS_ERR_SSL_WANT_READ || result == MBEDTLS_ERR_SSL_WANT_WRITE;
}

/* mbedTLS wants more; true when the warden had something for it. */
static bool tls_feed(struct connection *connection)
{
	struct warden_result result;
	bool any = tls_session_admit(connection->tls, &connection->in, &result);
	switch (result.verdict) {
	case WARDEN_ALERT:
		mbedtls_ssl_send_alert_message(&connection->tls->ssl, MBEDTLS_SSL_ALERT_LEVEL_FATAL,
					       result.alert);
		connection_finish(connection);
		return false;
	case WARDEN_CLOSE:
		connection_finish(connection);
		return false;
	case WARDEN_HANG:
		connection->phase = PHASE_DEAF;
		return false;
	case WARDEN_LEAK:
		speech_leak(connection, result.leak);
		return true;
	default:
		return any;
	}
}

static bool step_handshake(struct connection *connection)
{
	const struct service *service = connection->service;
	int result = tls_session_handshake(connection->tls);
	if (tls_waits(result))
		return tls_feed(connection);
	if (result != 0) {
		tls_failed(connection, result);
		return false;
	}
	gate_release(&connection->gate);
	connection->handshake_done = true;
	connection->tls->warden.open = true;
	connection->phase = PHASE_SESSION;
	connection->postgres.tls = true;
	connection->postgres.turned_away =
		(service->repertoire.refused & VERSION_BIT(connection->version)) != 0;
	bool spoken = mbedtls_ssl_get_alpn_protocol(&connection->tls->ssl) != NULL;
	if ((!service->alpn_required || spoken) &&
	    !repertoire_is(&service->repertoire, DEFECT_CLOSES_AFTER_HANDSHAKE))
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
		int written = mbedtls_ssl_write(&connection->tls->ssl, reply.at, reply.len);
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
	int result = mbedtls_ssl_read(&connection->tls->ssl, bytes, sizeof bytes);
	if (tls_waits(result))
		return tls_feed(connection);
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
		case PHASE_DEAF:
		case PHASE_LINGER:
			on = false;
			break;
		}
	}
}
