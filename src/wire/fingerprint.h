/* fingerprint.h - JA3 and JA4 of a ClientHello: which client stack sent it. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WIRE_FINGERPRINT_H
#define WIRE_FINGERPRINT_H

#include "base/text.h"
#include "wire/client_hello.h"

#define JA3_HASH_LEN 32
#define JA4_LEN	     36

/* ja3_string appends version,suites,extensions,groups,formats in decimal, GREASE left out. */
void ja3_string(struct text *out, const struct client_hello *hello);

/* ja3_hash writes the MD5 of that string in hexadecimal. Faults: NO_MEMORY, TOO_LARGE, CRYPTO. */
MUST_USE enum fault ja3_hash(char out[JA3_HASH_LEN + 1], const struct client_hello *hello);

/*
 * ja4 writes the JA4 of a hello over TCP: protocol, version, server name, counts and first ALPN
 * protocol; then the truncated SHA-256 of the sorted suites, and of the sorted extensions with the
 * signature algorithms in their order. GREASE is left out everywhere, signature algorithms
 * included. Faults as above.
 */
MUST_USE enum fault ja4(char out[JA4_LEN + 1], const struct client_hello *hello);

#endif
