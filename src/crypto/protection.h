/* protection.h - record protection in one direction: NULL, RC4, CBC, GCM, CCM, ChaCha20; TLS 1.0
 * to 1.3. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CRYPTO_PROTECTION_H
#define CRYPTO_PROTECTION_H

#include "base/arena.h"
#include "base/builder.h"
#include "base/limits.h"
#include "base/rng.h"
#include "crypto/suite_params.h"

struct protection;

/* Keys as derived: `mac` is empty for AEAD suites, `iv` has fixed_iv_len bytes (RFC 5246 6.3, RFC
 * 8446 7.3). */
struct protection_keys {
	struct span mac, key, iv;
};

/*
 * protection_new prepares one direction, with sequence number 0. It holds mbedTLS contexts: free
 * it. `encrypt_then_mac` is RFC 7366. NULL when the parameters cannot be used or memory is short.
 */
struct protection *protection_new(const struct suite_params *params,
				  const struct protection_keys *keys, bool encrypt_then_mac,
				  bool sealing);
void protection_free(struct protection *protection);

#define SEAL_FRAGMENT_MAX (RECORD_PLAINTEXT_MAX + 1024)

/*
 * protection_seal writes one whole record, header included. The explicit IVs of CBC come from
 * `rng`; the nonces of GCM and CCM count. In TLS 1.3 `type` is the inner type, and the outer one
 * application_data. `spoil`, if not 0, flips that many bits of the MAC or tag: a deviation on
 * purpose. Faults: CRYPTO, TOO_LARGE (a fragment over SEAL_FRAGMENT_MAX, which is more
 * than a record may hold, or the builder).
 */
MUST_USE enum fault protection_seal(struct protection *protection, struct builder *out,
				    uint8_t type, uint16_t record_version, struct span fragment,
				    struct rng *rng, unsigned spoil);

/*
 * protection_open decrypts one record's fragment into `arena`. `type` is the outer type going in
 * and the true one coming out. Faults: CRYPTO (MAC, tag or padding wrong: the record must be
 * rejected with bad_record_mac), MALFORMED (too short, no inner type), TOO_LARGE (over
 * RECORD_PLAINTEXT_MAX), NO_MEMORY. After any of them the direction is of no more use.
 */
MUST_USE enum fault protection_open(struct protection *protection, struct arena *arena,
				    uint8_t *type, uint16_t record_version, struct span fragment,
				    struct span *out);

#endif
