/* key_schedule.h - HKDF and the key schedule of TLS 1.3 (RFC 5869, RFC 8446 7.1). */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CRYPTO_KEY_SCHEDULE_H
#define CRYPTO_KEY_SCHEDULE_H

#include <mbedtls/md.h>

#include "base/fault.h"
#include "base/span.h"

#define HASH_MAX 48

/* hkdf_expand_label derives `out_len` bytes; the label is given without "tls13 ". Fault: CRYPTO. */
MUST_USE enum fault hkdf_expand_label(uint8_t *out, size_t out_len, mbedtls_md_type_t md,
				      struct span secret, const char *label, struct span context);

/* derive_secret is Derive-Secret with the hash of the transcript already taken. Fault: CRYPTO. */
MUST_USE enum fault derive_secret(uint8_t *out, mbedtls_md_type_t md, struct span secret,
				  const char *label, struct span transcript);

/* The schedule under way; each step needs the one before. Secrets are `hash_len` bytes long. */
struct key_schedule {
	mbedtls_md_type_t md;
	size_t hash_len;
	uint8_t secret[HASH_MAX]; /* early, handshake or main secret */
};

/* key_schedule_early starts with a PSK, or with zeros where `psk` is empty. Fault: CRYPTO. */
MUST_USE enum fault key_schedule_early(struct key_schedule *schedule, mbedtls_md_type_t md,
				       struct span psk);
/* key_schedule_handshake mixes the (EC)DHE secret in. Fault: CRYPTO. */
MUST_USE enum fault key_schedule_handshake(struct key_schedule *schedule, struct span shared);
/* key_schedule_main ends it. Fault: CRYPTO. */
MUST_USE enum fault key_schedule_main(struct key_schedule *schedule);

#endif
