/* certificate_key.h - the public key inside a certificate, ready for mbedTLS to use. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CRYPTO_CERTIFICATE_KEY_H
#define CRYPTO_CERTIFICATE_KEY_H

#include <mbedtls/pk.h>

#include "base/fault.h"
#include "base/span.h"

/* `pss` says that the key may be used for RSA-PSS only (RFC 4055 1.2). */
struct certificate_key {
	mbedtls_pk_context pk; /* MBEDTLS_PK_RSA or MBEDTLS_PK_ECKEY */
	bool pss;
};

/*
 * certificate_key_read reads the key of a DER certificate; free it whatever the answer. An RSA key
 * has at most 8192 bits, an EC key is a point of its curve. Faults: MALFORMED, UNSUPPORTED (another
 * algorithm, or a curve that mbedTLS has not), CRYPTO.
 */
MUST_USE enum fault certificate_key_read(struct certificate_key *out, struct span certificate);
void certificate_key_free(struct certificate_key *key);

#endif
