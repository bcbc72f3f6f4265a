/* endpoint.h - the reference endpoint: a TLS server that enforces a policy, for tests and for a
 * first run. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ENDPOINT_ENDPOINT_H
#define ENDPOINT_ENDPOINT_H

#include "endpoint/defect.h"
#include "policy/ruling.h"
#include "upgrade/upgrade.h"

/* Keys and certificates, made once (RSA takes a while) and shared by several endpoints. */
struct endpoint_identity;

/* endpoint_identity_make creates a CA, and RSA and ECDSA certificates for `host_name`, 127.0.0.1
 * and ::1. */
MUST_USE enum fault endpoint_identity_make(struct endpoint_identity **out, const char *host_name);
void endpoint_identity_free(struct endpoint_identity *identity);

/* endpoint_identity_ca returns the CA's certificate as PEM text. */
const char *endpoint_identity_ca(const struct endpoint_identity *identity);

/* How a version below the minimum is turned away; the managed service was seen to do either. */
enum version_refusal {
	REFUSE_BY_ALERT,
	REFUSE_BY_ERROR, /* the handshake completes, then a PostgreSQL FATAL 28000 inside TLS */
};

struct endpoint_options {
	const struct settings *settings;
	const struct upgrade *upgrade;
	const struct endpoint_identity *identity;
	const char *listen_address; /* NULL: 127.0.0.1 */
	uint16_t port;		    /* 0: a free one */
	enum version_refusal version_refusal;
	enum defect defect; /* the one rule to break; DEFECT_NONE breaks none */
};

/*
 * The pre-shared key that every suite of the PSK families uses here: no secret, and documented in
 * docs/reference-endpoint.md.
 */
#define ENDPOINT_PSK_IDENTITY "tlsgauge"
#define ENDPOINT_PSK	      "reference-endpoint-test-key-0001"

/*
 * endpoint_supports says whether this endpoint could agree on the suite in the version if a policy
 * allowed it; where it cannot, a report has to say "not applicable".
 */
bool endpoint_supports(enum version version, uint16_t suite);

struct endpoint;

/* endpoint_start listens and serves in a thread of its own. Faults: IO, CRYPTO, NO_MEMORY; `why`
 * gets a sentence. */
MUST_USE enum fault endpoint_start(struct endpoint **out, const struct endpoint_options *options,
				   char *why, size_t why_len);

/* endpoint_port returns the port that it listens on. */
uint16_t endpoint_port(const struct endpoint *endpoint);

/* endpoint_stop ends the thread and frees everything. */
void endpoint_stop(struct endpoint *endpoint);

#endif
