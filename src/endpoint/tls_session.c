/* SPDX-License-Identifier: Apache-2.0 */
#include <mbedtls/ssl_internal.h>

#include "endpoint/tls_session.h"
#include "registry/registry.h"
#include "wire/record.h"

bool tls_session_start(struct tls_session *session, const mbedtls_ssl_config *config,
		       const struct gate_result *heard, const struct repertoire *repertoire)
{
	uint8_t bytes[HELLO_DIGEST_MAX];
	struct builder digest;
	builder_init(&digest, bytes, sizeof bytes, NULL, 0);
	hello_digest_write(&digest, heard, repertoire);
	warden_init(&session->warden, heard->version, repertoire->defect, heard->behind);
	session->heard = heard;
	mbedtls_ssl_init(&session->ssl);
	return builder_fault(&digest) == FAULT_NONE &&
	       input_append(&session->approved, builder_view(&digest)) &&
	       mbedtls_ssl_setup(&session->ssl, config) == 0;
}

void tls_session_release(struct tls_session *session)
{
	mbedtls_ssl_free(&session->ssl);
	input_release(&session->approved);
}

void tls_session_sent(struct tls_session *session, struct span record)
{
	struct span message = span_skip(record, RECORD_HEADER_LEN);
	bool server_hello = record.len > RECORD_HEADER_LEN && record.at[0] == CONTENT_HANDSHAKE &&
			    message.at[0] == HANDSHAKE_SERVER_HELLO;
	if (!server_hello || session->server_hello.len ||
	    message.len > sizeof session->server_hello_bytes)
		return;
	memcpy(session->server_hello_bytes, message.at, message.len);
	session->server_hello = span_of(session->server_hello_bytes, message.len);
}

static void hash(struct tls_session *session, struct span message)
{
	session->ssl.handshake->update_checksum(&session->ssl, message.at, message.len);
}

/* The client_version that an RSA premaster secret repeats is the one that was sent (RFC 5246
 * 7.4.7.1). */
static void hello_retell(struct tls_session *session)
{
	mbedtls_ssl_handshake_params *handshake = session->ssl.handshake;
	uint16_t version = session->heard->hello.legacy_version;
	handshake->max_major_ver = (uint8_t)(version >> 8);
	handshake->max_minor_ver = (uint8_t)version;
	mbedtls_ssl_reset_checksum(&session->ssl);
	hash(session, session->heard->message);
	session->hello_retold = true;
}

#define SERVER_RANDOM_AT 6 /* behind the message's header and the version */

static void answer_retell(struct tls_session *session)
{
	struct span answer = session->server_hello;
	session->answer_retold = true;
	if (answer.len < SERVER_RANDOM_AT + RANDOM_LEN)
		return;
	memcpy(session->ssl.handshake->randbytes + RANDOM_LEN, answer.at + SERVER_RANDOM_AT,
	       RANDOM_LEN);
	mbedtls_ssl_reset_checksum(&session->ssl);
	hash(session, session->heard->message);
	hash(session, answer);
}

int tls_session_handshake(struct tls_session *session)
{
	mbedtls_ssl_context *ssl = &session->ssl;
	int result = 0;
	while (result == 0 && ssl->state != MBEDTLS_SSL_HANDSHAKE_OVER) {
		result = mbedtls_ssl_handshake_step(ssl);
		if (ssl->state == MBEDTLS_SSL_SERVER_HELLO && !session->hello_retold)
			hello_retell(session);
		if (ssl->state == MBEDTLS_SSL_SERVER_CERTIFICATE && !session->answer_retold)
			answer_retell(session);
	}
	return result;
}

static bool record_approve(struct tls_session *session, const struct warden_result *result)
{
	uint8_t header[RECORD_HEADER_LEN];
	record_header_encode(header, result->type, version_code(session->warden.version),
			     (uint16_t)result->bytes.len);
	return input_append(&session->approved, span_of(header, sizeof header)) &&
	       input_append(&session->approved, result->bytes);
}

bool tls_session_admit(struct tls_session *session, struct input *in, struct warden_result *out)
{
	bool any = false;
	struct cursor c = input_cursor(in);
	do {
		warden_take(&session->warden, &c, out);
		if (out->verdict != WARDEN_PASS)
			continue;
		any = true;
		if (!record_approve(session, out)) {
			out->verdict = WARDEN_ALERT;
			out->alert = ALERT_INTERNAL_ERROR;
		}
	} while (out->verdict == WARDEN_PASS || out->verdict == WARDEN_SKIP);
	input_consumed(in, &c);
	return any;
}
