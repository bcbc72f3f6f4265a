/* hello_digest.h - a ClientHello reduced to what mbedTLS needs to answer it as the gate decided.
 * Pure. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ENDPOINT_HELLO_DIGEST_H
#define ENDPOINT_HELLO_DIGEST_H

#include "base/builder.h"
#include "endpoint/gate.h"

#define HELLO_DIGEST_MAX 2048

/*
 * hello_digest_write writes one record: the version, random and session id, the possible suites
 * alone, and of the extensions those that change mbedTLS's answer. mbedTLS has limits of its own
 * (one record, 16 compression methods, no curve without supported_groups), which the client cannot
 * see this way; the transcript is set right afterwards (see tls_session.c).
 */
void hello_digest_write(struct builder *out, const struct gate_result *hello,
			const struct repertoire *repertoire);

#endif
