/* server_key_exchange.h - ServerKeyExchange (RFC 5246 7.4.3, RFC 8422 5.4, RFC 4279 2). */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WIRE_SERVER_KEY_EXCHANGE_H
#define WIRE_SERVER_KEY_EXCHANGE_H

#include "base/builder.h"
#include "base/cursor.h"
#include "base/fault.h"
#include "registry/cipher_suite.h"

/* What the suite's key exchange makes of the body; unused members are empty or zero. */
struct server_key_exchange {
	struct span psk_hint;
	struct span dh_p, dh_g, dh_public;
	uint16_t group; /* named_curve */
	struct span ec_public;
	struct span rsa_modulus, rsa_exponent; /* RSA export */
	struct span params;		       /* what the signature covers */
	uint16_t signature_scheme;	       /* TLS 1.2 only, else 0 */
	struct span signature;
};

/* server_key_exchange_decode needs the suite and the version to know the form. Faults: MALFORMED,
 * UNSUPPORTED. */
MUST_USE enum fault server_key_exchange_decode(struct server_key_exchange *out, struct cursor body,
					       const struct cipher_suite *suite,
					       enum version version);

/* server_key_exchange_encode writes the message, header included. */
void server_key_exchange_encode(struct builder *b, const struct server_key_exchange *exchange,
				const struct cipher_suite *suite, enum version version);

#endif
