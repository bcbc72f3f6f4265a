/* peer.h - mbedTLS's own client and server talking to each other in memory, by a PSK. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_CRYPTO_PEER_H
#define TESTS_CRYPTO_PEER_H

#include <mbedtls/ssl.h>

#include "base/rng.h"
#include "crypto/suite_params.h"

#define PIPE_MAX      16384
#define KEY_BLOCK_MAX 256

/* What one side sent, all of it; the other has read up to `at`. */
struct pipe {
	uint8_t bytes[PIPE_MAX];
	size_t len, at;
};

struct side {
	mbedtls_ssl_config config;
	mbedtls_ssl_context ssl;
	struct pipe *in, *out;
	struct rng rng;
	int suites[2];
};

struct peers {
	struct side client, server;
	struct pipe to_client, to_server;
	uint8_t master[48], client_random[32], server_random[32];
	uint8_t key_block[KEY_BLOCK_MAX];
	size_t mac_len, key_len;
};

/* peers_connect runs a handshake to its end; false where mbedTLS has not got the suite. */
bool peers_connect(struct peers *peers, uint16_t suite, enum version version,
		   bool encrypt_then_mac);
void peers_release(struct peers *peers);

/* side_write sends application data. */
void side_write(struct side *side, const char *text);

#endif
