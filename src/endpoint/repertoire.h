/* repertoire.h - what the endpoint agrees to: pairs of version and suite that the policy allows and
 * mbedTLS can do. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ENDPOINT_REPERTOIRE_H
#define ENDPOINT_REPERTOIRE_H

#include "endpoint/endpoint.h"

#define REPERTOIRE_SUITES_MAX 192

/*
 * `suites[v]` is in the order of preference and ends with 0, as mbedTLS wants it; `allowed[v]` has
 * a bit for each. A version of `refused` completes handshakes only to be told no inside TLS.
 */
struct repertoire {
	int suites[VERSIONS_LEN][REPERTOIRE_SUITES_MAX + 1];
	uint8_t allowed[VERSIONS_LEN][65536 / 8];
	version_set versions, refused;
	bool plaintext;
};

/* repertoire_init asks the policy about every pair once; settings are not needed afterwards. */
void repertoire_init(struct repertoire *out, const struct settings *settings,
		     enum version_refusal version_refusal);

/* repertoire_has says whether the pair may be agreed on. */
bool repertoire_has(const struct repertoire *repertoire, enum version version, uint16_t suite);

/* repertoire_group says whether the policy lets the endpoint use the group in the version. */
bool repertoire_group(const struct settings *settings, enum version version, uint16_t group);

#endif
