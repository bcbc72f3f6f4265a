/* server_hello.h - ServerHello and HelloRetryRequest (RFC 5246 7.4.1.3, RFC 8446 4.1.3, 4.1.4). */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WIRE_SERVER_HELLO_H
#define WIRE_SERVER_HELLO_H

#include "base/builder.h"
#include "base/cursor.h"
#include "base/fault.h"
#include "registry/version.h"

/* Views into the message. Absent and empty extensions differ on the wire, and here. */
struct server_hello {
	uint16_t legacy_version;
	struct span random, session_id;
	uint16_t suite;
	uint8_t compression;
	bool has_extensions;
	struct span extensions;
	/* Derived: */
	uint16_t version;	 /* supported_versions if present, else legacy_version */
	bool is_retry_request;	 /* random is the constant of RFC 8446 4.1.3 */
	uint8_t downgrade;	 /* sentinel: 0 none, 1 "DOWNGRD\x00", 2 "DOWNGRD\x01" */
	uint16_t selected_group; /* of key_share; 0 when absent */
	struct span key_share;	 /* the server's share; empty in a HelloRetryRequest */
	struct span cookie;
	struct span alpn; /* the selected protocol */
};

/* The random that makes a ServerHello a HelloRetryRequest (RFC 8446 4.1.3). */
extern const uint8_t server_hello_retry_random[32];

/* server_hello_decode reads a body without its header. Fault: MALFORMED. */
MUST_USE enum fault server_hello_decode(struct server_hello *out, struct cursor body);

/* server_hello_encode writes legacy_version .. extensions as they are, header included. */
void server_hello_encode(struct builder *b, const struct server_hello *hello);

#endif
