/* repertoire.h - what the endpoint agrees to: pairs of version and suite that the policy allows and
 * mbedTLS can do. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ENDPOINT_REPERTOIRE_H
#define ENDPOINT_REPERTOIRE_H

#include "endpoint/defect.h"
#include "endpoint/endpoint.h"

#define REPERTOIRE_SUITES_MAX 192
#define REPERTOIRE_GROUPS_MAX 16

/*
 * `suites[v]` is in the order of preference and ends with 0, as mbedTLS wants it; `allowed[v]` has
 * a bit for each; `groups[v]` are the curves, the preferred first. A version of `refused` completes
 * handshakes only to be told no inside TLS. `alpn` ends with NULL, as mbedTLS wants it. `defect` is
 * the one rule to break. In a version of `client_order` the client's order decides.
 */
struct repertoire {
	int suites[VERSIONS_LEN][REPERTOIRE_SUITES_MAX + 1];
	uint8_t allowed[VERSIONS_LEN][65536 / 8];
	uint16_t groups[VERSIONS_LEN][REPERTOIRE_GROUPS_MAX];
	size_t groups_len[VERSIONS_LEN];
	version_set versions, refused, client_order;
	const char *alpn[4];
	bool plaintext;
	enum defect defect;
};

/* repertoire_init asks the policy about every pair once; settings are not needed afterwards. */
void repertoire_init(struct repertoire *out, const struct settings *settings,
		     enum version_refusal version_refusal);

/* repertoire_break applies the defects that are about what is agreed on. */
void repertoire_break(struct repertoire *repertoire, enum defect defect);

/* repertoire_has says whether the pair may be agreed on. */
bool repertoire_has(const struct repertoire *repertoire, enum version version, uint16_t suite);

/* repertoire_has_group says whether the curve may be agreed on in the version. */
bool repertoire_has_group(const struct repertoire *repertoire, enum version version,
			  uint16_t group);

/* repertoire_speaks says whether the protocol may be agreed on by ALPN. */
bool repertoire_speaks(const struct repertoire *repertoire, struct span protocol);

/* repertoire_is says whether the endpoint has the defect. */
static inline bool repertoire_is(const struct repertoire *repertoire, enum defect defect)
{
	return repertoire->defect == defect;
}

#endif
