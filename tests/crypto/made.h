/* made.h - certificates made inside a test, with everything about them chosen. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_CRYPTO_MADE_H
#define TESTS_CRYPTO_MADE_H

#include <mbedtls/pk.h>

#include "base/span.h"

/* What to make; zero members mean: P-256, SHA-256, 2020-01-01 to 2030-12-31, no extension. */
struct recipe {
	const char *subject;		    /* "CN=leaf" */
	const char *not_before, *not_after; /* "20200101000000" */
	mbedtls_md_type_t md;
	unsigned rsa_bits;
	bool ca;
	int max_path_len; /* with `ca`: -1 or 0 for none, else RFC 5280's value plus one */
	struct span san;  /* the contents of the SEQUENCE of GeneralNames */
	struct span extended_key_usage; /* one OID's contents */
};

struct made {
	char subject[96];
	mbedtls_pk_context key;
	uint8_t bytes[2048];
	struct span der;
	struct made *before; /* all of a test stay reachable until it ends */
};

/* make signs with `issuer`'s key and name; NULL: with its own. It lives until the test ends. */
struct made *make(const struct recipe *recipe, struct made *issuer);

/* made_pem writes the PEM form into `out` of `cap` bytes and returns its view. */
struct span made_pem(const struct made *made, char *out, size_t cap);

#endif
