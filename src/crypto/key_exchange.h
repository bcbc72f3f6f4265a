/* key_exchange.h - our side of every key exchange, and the server's signatures. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CRYPTO_KEY_EXCHANGE_H
#define CRYPTO_KEY_EXCHANGE_H

#include "base/arena.h"
#include "base/rng.h"
#include "crypto/suite_params.h"

#define SHARED_SECRET_MAX 1024
#define PUBLIC_SHARE_MAX  1024

/*
 * Our key pairs are fixed constants, one a group: what is exchanged with a server under test is
 * nobody's secret, a run can be replayed byte for byte, and a hello costs no scalar multiplication.
 */

/* group_share returns our public share (RFC 8446 4.2.8.2 form) for a group; an absent view where we
 * have none: x25519, x448 (absent if mbedTLS has none), secp256r1, secp384r1, secp521r1, brainpool
 * where mbedTLS has them; also the older curves that it has, and ffdhe2048 to ffdhe8192. */
struct span group_share(uint16_t group);

/* group_agree computes the shared secret with the server's share. Faults: UNSUPPORTED, MALFORMED
 * (no point of the group), CRYPTO. */
MUST_USE enum fault group_agree(uint8_t out[SHARED_SECRET_MAX], size_t *out_len, uint16_t group,
				struct span peer);

/* dh_agree answers finite-field parameters: our public value and the shared secret, leading zeros
 * stripped (RFC 5246 8.1.2). Faults: MALFORMED (a modulus of no use, a value out of range),
 * TOO_LARGE (over 8192 bits), CRYPTO. */
MUST_USE enum fault dh_agree(uint8_t share[PUBLIC_SHARE_MAX], size_t *share_len,
			     uint8_t secret[SHARED_SECRET_MAX], size_t *secret_len, struct span p,
			     struct span g, struct span peer);

/* rsa_encrypt encrypts a premaster secret to the key of the leaf (PKCS #1 v1.5). Faults: MALFORMED
 * (no RSA key), CRYPTO. */
MUST_USE enum fault rsa_encrypt(uint8_t out[PUBLIC_SHARE_MAX], size_t *out_len,
				struct span certificate, struct span premaster, struct rng *rng);

/* static_ecdh_agree agrees with the key inside the leaf (ECDH_RSA, ECDH_ECDSA). */
MUST_USE enum fault static_ecdh_agree(uint8_t share[PUBLIC_SHARE_MAX], size_t *share_len,
				      uint8_t secret[SHARED_SECRET_MAX], size_t *secret_len,
				      struct span certificate);

enum signature_check { SIGNATURE_GOOD, SIGNATURE_BAD, SIGNATURE_UNSUPPORTED, SIGNATURE_WRONG_KEY };

/*
 * signature_verify checks a ServerKeyExchange or a CertificateVerify. Below TLS 1.2 `scheme` is 0
 * and the form follows from the key: MD5 and SHA-1 for RSA, SHA-1 for ECDSA and DSS. In TLS 1.3 RSA
 * means PSS (RFC 8446 4.2.3).
 */
enum signature_check signature_verify(struct span certificate, enum version version,
				      uint16_t scheme, struct span signed_bytes,
				      struct span signature);

/* signature_make signs for a client certificate with a PEM key: the twin of signature_verify.
 * Faults: CRYPTO, UNSUPPORTED. */
struct signing_key;
struct signing_key *signing_key_read(struct span pem, char *why, size_t why_len);
void signing_key_free(struct signing_key *key);

/* signing_key_fits says whether signature_make can sign with the scheme (any, below TLS 1.2). */
bool signing_key_fits(const struct signing_key *key, enum version version, uint16_t scheme);

MUST_USE enum fault signature_make(uint8_t out[PUBLIC_SHARE_MAX], size_t *out_len,
				   const struct signing_key *key, enum version version,
				   uint16_t scheme, struct span bytes, struct rng *rng);

#endif
