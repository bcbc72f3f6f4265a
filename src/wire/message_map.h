/* message_map.h - the field map of a handshake message that somebody else wrote. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WIRE_MESSAGE_MAP_H
#define WIRE_MESSAGE_MAP_H

#include "base/arena.h"
#include "base/builder.h"
#include "registry/cipher_suite.h"
#include "wire/handshake.h"

/* What a ServerHello has said, which later messages are read by; VERSION_NONE and NULL before it.
 */
struct message_context {
	enum version version;
	const struct cipher_suite *suite;
};

struct message_map {
	const struct field *fields;
	size_t len;
};

/*
 * message_map_of decodes the message and encodes it anew, for the sake of the builder's map. A
 * message that does not come out as it went in, or of a type without an encoder, has a type, a
 * length and a body. `context` is updated by a ServerHello. Faults: those of the arena.
 */
MUST_USE enum fault message_map_of(struct message_map *out, const struct handshake_message *message,
				   struct message_context *context, struct arena *arena);

/* sslv2_map_of does the same for a whole SSLv2 hello, its record header included; `len` is 0 where
 * it is none. */
MUST_USE enum fault sslv2_map_of(struct message_map *out, struct span record, bool server,
				 struct arena *arena);

#endif
