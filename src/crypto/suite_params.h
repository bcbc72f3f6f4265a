/* suite_params.h - what the cryptography of a suite is made of, and whether we have it. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CRYPTO_SUITE_PARAMS_H
#define CRYPTO_SUITE_PARAMS_H

#include <mbedtls/cipher.h>
#include <mbedtls/md.h>

#include "registry/cipher_suite.h"

enum cipher_mode { MODE_NULL, MODE_STREAM, MODE_CBC, MODE_GCM, MODE_CCM, MODE_CHACHA };

/*
 * Lengths in bytes. `fixed_iv_len` is the part of the nonce that comes from the key block (4 for
 * GCM and CCM in TLS 1.2, 12 for ChaCha20 and TLS 1.3; the block size for CBC in TLS 1.0, else 0),
 * `tag_len` of an AEAD. `prf` is the hash of the PRF and the Finished in TLS 1.2 and of HKDF in
 * TLS 1.3 (MD_NONE below: MD5 and SHA-1).
 */
struct suite_params {
	uint16_t code;
	enum version version;
	enum kx kx;
	enum auth auth;
	enum cipher_mode mode;
	mbedtls_cipher_type_t cipher;
	mbedtls_md_type_t mac, prf;
	uint8_t key_len, mac_len, block_len, fixed_iv_len, record_iv_len, tag_len;
};

/*
 * suite_params fills `out`; false where this build has no cryptography to finish the suite in the
 * version
 * (`why`, if not NULL, gets a phrase: "no RC4 in this build's mbedTLS").
 */
bool suite_params(struct suite_params *out, uint16_t suite, enum version version, const char **why);

#endif
