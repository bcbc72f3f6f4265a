/* tls_session.h - one client's TLS after the gate: mbedTLS, the warden before it, and what leaves
 * it. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ENDPOINT_TLS_SESSION_H
#define ENDPOINT_TLS_SESSION_H

#include <mbedtls/ssl.h>

#include "endpoint/gate.h"
#include "endpoint/hello_digest.h"
#include "endpoint/input.h"
#include "endpoint/warden.h"

/*
 * mbedTLS answers a digest of the hello. The transcript that it hashes has the hello as it came and
 * the ServerHello as it left, so that the Finished messages are right for the client.
 */
struct tls_session {
	mbedtls_ssl_context ssl;
	struct warden warden;
	struct input approved; /* what mbedTLS may read */
	const struct gate_result *heard;
	struct span server_hello; /* as it left, without the record's header */
	uint8_t server_hello_bytes[HELLO_DIGEST_MAX];
	bool hello_retold, answer_retold;
};

/* tls_session_start prepares for the hello that `heard` views, until the ServerHello is out. */
bool tls_session_start(struct tls_session *session, const mbedtls_ssl_config *config,
		       const struct gate_result *heard, const struct repertoire *repertoire);

void tls_session_release(struct tls_session *session);

/* tls_session_sent notes a record as it left. */
void tls_session_sent(struct tls_session *session, struct span record);

/* tls_session_handshake goes on until mbedTLS wants something: its result. */
int tls_session_handshake(struct tls_session *session);

/*
 * tls_session_admit gives what the warden lets through to mbedTLS; `out` has its last verdict, MORE
 * when all is well. True when mbedTLS has something to read.
 */
bool tls_session_admit(struct tls_session *session, struct input *in, struct warden_result *out);

#endif
