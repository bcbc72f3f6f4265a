/* identity.h - the keys and certificates of the reference endpoint, as each of its threads reads
 * them. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ENDPOINT_IDENTITY_H
#define ENDPOINT_IDENTITY_H

#include "endpoint/endpoint.h"

#define IDENTITY_DER_MAX 2048
#define IDENTITY_PEM_MAX 8192

/* One certificate and its private key, both in DER. */
struct certified {
	uint8_t certificate[IDENTITY_DER_MAX], key[IDENTITY_DER_MAX];
	size_t certificate_len, key_len;
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
