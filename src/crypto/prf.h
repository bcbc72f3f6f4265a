/* prf.h - the PRFs of TLS 1.0 to 1.2 (RFC 2246 5, RFC 5246 5) and what is derived with them. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CRYPTO_PRF_H
#define CRYPTO_PRF_H

#include <mbedtls/md.h>

#include "base/fault.h"
#include "base/span.h"
#include "registry/version.h"

#define MASTER_SECRET_LEN 48
#define VERIFY_DATA_LEN	  12

/* tls_prf fills `out`. `md` is used in TLS 1.2 only. Fault: CRYPTO. */
MUST_USE enum fault tls_prf(uint8_t *out, size_t out_len, enum version version,
			    mbedtls_md_type_t md, struct span secret, const char *label,
			    struct span seed);

/* transcript_hash hashes handshake messages as the version does: MD5 and SHA-1 side by side
 * below 1.2. Fault: CRYPTO. */
MUST_USE enum fault transcript_hash(uint8_t out[64], size_t *out_len, enum version version,
				    mbedtls_md_type_t md, struct span messages);

#endif
