/* handshake.h - the four bytes before every handshake message (RFC 8446 4, RFC 5246 7.4). */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WIRE_HANDSHAKE_H
#define WIRE_HANDSHAKE_H

#include "base/builder.h"
#include "base/cursor.h"
#include "base/fault.h"

#define HANDSHAKE_HEADER_LEN 4

struct handshake_message {
	uint8_t type;
	struct span body, whole;
};

/* handshake_decode reads one message and leaves the cursor behind it. Fault: TRUNCATED. */
MUST_USE enum fault handshake_decode(struct handshake_message *out, struct cursor *in);

/* handshake_encode writes header and body; the length prefix gets `lie` added. */
void handshake_encode(struct builder *b, uint8_t type, struct span body, int32_t lie);

/* An open handshake message: give it back to handshake_close. */
struct handshake_open {
	size_t field;
	struct prefix prefix;
};

/* handshake_open starts a message named `name` in the field map. */
struct handshake_open handshake_open(struct builder *b, const char *name, uint8_t type);

/* handshake_close writes the true length plus `lie`. */
void handshake_close(struct builder *b, struct handshake_open open, int32_t lie);

/* server_hello_done_decode reads an empty body. Fault: MALFORMED. */
MUST_USE enum fault server_hello_done_decode(struct cursor body);

/* server_hello_done_encode writes the message, header included (RFC 5246 7.4.5). */
void server_hello_done_encode(struct builder *b);

#endif
