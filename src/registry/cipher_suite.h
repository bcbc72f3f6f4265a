/* cipher_suite.h - the IANA registry of cipher suites, and the unregistered suites known in the
 * wild. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REGISTRY_CIPHER_SUITE_H
#define REGISTRY_CIPHER_SUITE_H

#include "registry/version.h"

/* NONE means that the suite does not fix it (an SCSV), or that it is not known (an unregistered
 * suite). */
enum kx {
	KX_NONE,
	KX_NULL,
	KX_RSA,
	KX_RSA_EXPORT,
	KX_DH,
	KX_DH_EXPORT,
	KX_DHE,
	KX_DHE_EXPORT,
	KX_ECDH,
	KX_ECDHE,
	KX_KRB5,
	KX_KRB5_EXPORT,
	KX_PSK,
	KX_SRP,
	KX_ECCPWD,
	KX_GOST,
	KX_TLS13,
};
enum auth {
	AUTH_NONE,
	AUTH_NULL,
	AUTH_RSA,
	AUTH_DSS,
	AUTH_ECDSA,
	AUTH_ANON,
	AUTH_PSK,
	AUTH_KRB5,
	AUTH_SRP,
	AUTH_ECCPWD,
	AUTH_GOST,
	AUTH_TLS13,
};

/*
 * `openssl`, `gnutls` and `mbedtls` are NULL where that library has no name for it. `cipher` and
 * `mac` are the words of the registry data, "AES_128_GCM", "HMAC-SHA256", "AEAD"; never NULL, but
 * empty where not known. min and max say in which versions the suite exists (RFC 4346 A.5, RFC
 * 5469, RFC 5487, RFC 8446 B.4). A PSK suite has auth PSK and the exchange that goes with it, so
 * RSA_PSK has kx RSA, and a certificate is sent (RFC 4279 4). An unregistered suite has
 * `registered` false, kx and auth NONE unless its name tells, min SSLV3 and max TLS1_2.
 * `recommended` is 'Y', 'N', 'D' or '-'.
 */
struct cipher_suite {
	uint16_t code;
	const char *name, *openssl, *gnutls, *mbedtls;
	enum version min, max;
	enum kx kx;
	enum auth auth;
	const char *cipher, *mac;
	char recommended;
	bool registered;
};

/* Sorted by code: the 352 registered suites (SCSVs included) and the unregistered ones, together.
 */
extern const struct cipher_suite cipher_suites[];
extern const size_t cipher_suites_len;

/* cipher_suite_by_code returns NULL for a code point that nobody is known to use. */
const struct cipher_suite *cipher_suite_by_code(uint16_t code);

/* cipher_suite_by_name knows IANA names and, for unregistered suites, "0xFFC0" and their nicknames.
 */
const struct cipher_suite *cipher_suite_by_name(struct span name);

/* cipher_suite_by_openssl_name knows the names of `openssl ciphers`, "ECDHE-RSA-AES128-SHA256". */
const struct cipher_suite *cipher_suite_by_openssl_name(struct span name);

/*
 * cipher_suite_label writes the name used in ids: the IANA name, or "0xFFC0" for an unregistered or
 * unassigned code point. `out` has room for CIPHER_SUITE_LABEL_MAX bytes.
 */
#define CIPHER_SUITE_LABEL_MAX 64
void cipher_suite_label(char *out, uint16_t code);

/* cipher_suite_in says whether the suite exists in the version; a signal exists in none. */
bool cipher_suite_in(const struct cipher_suite *suite, enum version version);

/* cipher_suite_is_signal says whether the code is an SCSV (RFC 5746, RFC 7507): never a cell. */
bool cipher_suite_is_signal(uint16_t code);

/* cipher_suite_is_aead is false for the integrity-only suites of TLS 1.3 (RFC 9150). */
bool cipher_suite_is_aead(const struct cipher_suite *suite);

/* cipher_suite_is_cbc says whether records are protected by a block cipher in CBC mode. */
bool cipher_suite_is_cbc(const struct cipher_suite *suite);

/*
 * cipher_suite_is_forward_secret holds for ephemeral Diffie-Hellman, anonymous and export suites
 * included, and for every TLS 1.3 suite.
 */
bool cipher_suite_is_forward_secret(const struct cipher_suite *suite);

/* kx_name returns the enumerator's own word: "RSA", "ECDHE", "RSA_EXPORT", "TLS13", "NONE". */
const char *kx_name(enum kx kx);

/* auth_name returns the enumerator's own word: "RSA", "ECDSA", "ANON", "TLS13", "NONE". */
const char *auth_name(enum auth auth);

#endif
