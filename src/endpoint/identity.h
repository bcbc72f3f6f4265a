/* identity.h - the keys and certificates of the reference endpoint, as each of its threads reads
 * them. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ENDPOINT_IDENTITY_H
#define ENDPOINT_IDENTITY_H

#include "endpoint/endpoint.h"

#define IDENTITY_DER_MAX 2048
#define IDENTITY_PEM_MAX 8192

/* The certificate that is meant, and those that defects show instead; the key is the same. */
enum identity_flaw {
	IDENTITY_SOUND,
	IDENTITY_OTHER_ROOT,
	IDENTITY_EXPIRED,
	IDENTITY_NOT_YET_VALID,
	IDENTITY_WRONG_HOST,
	IDENTITY_FLAWS_LEN
};

struct der {
	uint8_t bytes[IDENTITY_DER_MAX];
	size_t len;
};

struct certified {
	struct der certificates[IDENTITY_FLAWS_LEN];
	struct der key;
};

/*
 * Bytes only: mbedTLS changes a key's context while it uses the key, so every endpoint parses its
 * own. The RSA certificate comes from an RSA authority and the ECDSA certificate from an ECDSA
 * authority, so that a client which names one signature algorithm can verify the whole path
 * (RFC 5246 7.4.2).
 */
struct endpoint_identity {
	struct certified rsa, ecdsa;
	char ca_pem[IDENTITY_PEM_MAX];
};

#endif
