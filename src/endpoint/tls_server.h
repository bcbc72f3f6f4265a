/* tls_server.h - mbedTLS as a server that agrees to one version and the suites given for it. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ENDPOINT_TLS_SERVER_H
#define ENDPOINT_TLS_SERVER_H

#include <mbedtls/ssl.h>

#include "endpoint/repertoire.h"

/* One configuration a version, with keys and random numbers of its own; used by one thread. */
struct tls_server;

/*
 * tls_server_make parses the identity's keys. `repertoire` must outlive it. Faults: CRYPTO,
 * NO_MEMORY.
 */
MUST_USE enum fault tls_server_make(struct tls_server **out,
				    const struct endpoint_identity *identity,
				    const struct repertoire *repertoire);

void tls_server_free(struct tls_server *server);

/* tls_server_config returns the configuration for a version of the repertoire. */
const mbedtls_ssl_config *tls_server_config(const struct tls_server *server, enum version version);

/* tls_server_random fills `out` from the same generator. */
void tls_server_random(struct tls_server *server, uint8_t *out, size_t len);

#endif
