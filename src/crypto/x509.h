/* x509.h - facts of certificates and chains, over mbedTLS's parser and verifier; no clock is read.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CRYPTO_X509_H
#define CRYPTO_X509_H

#include "base/arena.h"
#include "wire/certificate.h"

/* Seconds are days since 1970-01-01 here: validity is judged by the day that the caller names. */
struct certificate_facts {
	const char *subject, *issuer;		      /* distinguished names, quoted for display */
	const char *common_name, *issuer_common_name; /* or "" */
	char sha256[65];			      /* of the DER, lower-case hex */
	const char *key_type; /* "rsa", "ecdsa", "dsa", "ed25519", "ed448", "unknown" */
	uint32_t key_bits;
	const char *signature;	       /* "RSA with SHA-256" */
	int32_t not_before, not_after; /* days */
	bool self_signed;	       /* issuer and subject are one name */
};

/* x509_facts reads one certificate. Fault: MALFORMED (no X.509), NO_MEMORY. */
MUST_USE enum fault x509_facts(struct certificate_facts *out, struct arena *arena, struct span der);

/*
 * x509_name_matches says whether the leaf is for `name` as libpq's verify-full would (RFC 6125:
 * subject alternative names of type dNSName, one wildcard as the whole left-most label; IP
 * addresses by iPAddress; the common name only when there is no dNSName).
 */
bool x509_name_matches(struct span der, const char *name);

/*
 * x509_end_point hashes the certificate as tls-server-end-point asks (RFC 5929 4.1): with the hash
 * of its signature, but SHA-256 in place of MD5 and SHA-1. Fault: MALFORMED, UNSUPPORTED.
 */
MUST_USE enum fault x509_end_point(uint8_t out[64], size_t *out_len, struct span der);

/* certificate_chain_read reads PEM certificates, the leaf first. Faults: MALFORMED, TOO_LARGE, with
 * a phrase in `why`. */
MUST_USE enum fault certificate_chain_read(struct certificate_list *out, struct arena *arena,
					   struct span pem, char *why, size_t why_len);

struct trust_store;

/* trust_store_read reads one or more PEM certificates. NULL with `why` (of `why_len`) on failure.
 */
struct trust_store *trust_store_read(struct span pem, char *why, size_t why_len);
void trust_store_free(struct trust_store *store);

enum chain_result {
	CHAIN_TRUSTED,
	CHAIN_UNTRUSTED, /* no path to an anchor */
	CHAIN_EXPIRED,	 /* or not yet valid, on the day asked */
	CHAIN_WEAK,	 /* a key or a signature that the default profile refuses */
	CHAIN_MALFORMED,
	CHAIN_WRONG_PURPOSE, /* a leaf whose extended key usage leaves out servers */
};

/* chain_result_text returns a phrase: "no path to a trusted root". */
const char *chain_result_text(enum chain_result result);

/*
 * x509_chain_verify builds a path from the leaf `der[0]` over `der[1..]` to the store, as of the
 * day `today`; `anchor` gets the subject's common name of the root that was used, "" without one.
 */
enum chain_result x509_chain_verify(const struct span *der, size_t len,
				    const struct trust_store *store, int32_t today,
				    struct arena *arena, const char **anchor);

#endif
