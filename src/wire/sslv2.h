/* sslv2.h - SSLv2 CLIENT-HELLO and SERVER-HELLO (draft-hickman-netscape-ssl-00, RFC 5246 E.2). */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WIRE_SSLV2_H
#define WIRE_SSLV2_H

#include "base/builder.h"
#include "base/cursor.h"
#include "base/fault.h"

/* `kinds` are 3 bytes each. `version` is 0x0002, or a TLS version in a compatible hello. */
struct sslv2_client_hello {
	uint16_t version;
	struct span kinds, session_id, challenge;
};

struct sslv2_server_hello {
	bool session_id_hit;
	uint8_t certificate_type;
	uint16_t version;
	struct span certificate, kinds, connection_id;
};

/* Decoders take the record's content without its length header. Fault: MALFORMED. */
MUST_USE enum fault sslv2_client_hello_decode(struct sslv2_client_hello *out, struct cursor body);
MUST_USE enum fault sslv2_server_hello_decode(struct sslv2_server_hello *out, struct cursor body);

/* Encoders write the two-byte record header as well. */
void sslv2_client_hello_encode(struct builder *b, const struct sslv2_client_hello *hello);
void sslv2_server_hello_encode(struct builder *b, const struct sslv2_server_hello *hello);

#endif
