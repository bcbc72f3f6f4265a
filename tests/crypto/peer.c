/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include <mbedtls/ssl_ciphersuites.h>

#include "crypto/random.h"
#include "peer.h"

static int pipe_send(void *context, const unsigned char *bytes, size_t len)
{
	struct pipe *out = ((struct side *)context)->out;
	cr_assert_leq(len, PIPE_MAX - out->len);
	memcpy(out->bytes + out->len, bytes, len);
	out->len += len;
	return (int)len;
}

static int pipe_receive(void *context, unsigned char *bytes, size_t len)
{
	struct pipe *in = ((struct side *)context)->in;
	size_t left = in->len - in->at;
	if (!left)
		return MBEDTLS_ERR_SSL_WANT_READ;
	len = len < left ? len : left;
	memcpy(bytes, in->bytes + in->at, len);
	in->at += len;
	return (int)len;
}

static int keys_export(void *context, const unsigned char *master, const unsigned char *key_block,
		       size_t mac_len, size_t key_len, size_t iv_len,
		       const unsigned char client_random[32], const unsigned char server_random[32],
		       mbedtls_tls_prf_types prf)
{
	struct peers *peers = context;
	(void)prf;
	memcpy(peers->master, master, 48);
	memcpy(peers->client_random, client_random, 32);
	memcpy(peers->server_random, server_random, 32);
	memcpy(peers->key_block, key_block, 2 * (mac_len + key_len + iv_len));
	peers->mac_len = mac_len;
	peers->key_len = key_len;
	return 0;
}

static void side_init(struct side *side, int endpoint)
{
	static const uint8_t psk[] = "a key that is shared";
	mbedtls_ssl_config *config = &side->config;
	mbedtls_ssl_config_init(config);
	mbedtls_ssl_init(&side->ssl);
	rng_init(&side->rng, (uint64_t)side->suites[0], (uint64_t)endpoint);
	cr_assert_eq(mbedtls_ssl_config_defaults(config, endpoint, MBEDTLS_SSL_TRANSPORT_STREAM,
						 MBEDTLS_SSL_PRESET_DEFAULT),
		     0);
	mbedtls_ssl_conf_rng(config, random_bytes, &side->rng);
	mbedtls_ssl_conf_ciphersuites(config, side->suites);
	mbedtls_ssl_conf_arc4_support(config, MBEDTLS_SSL_ARC4_ENABLED);
	cr_assert_eq(mbedtls_ssl_conf_psk(config, psk, sizeof psk, psk, 5), 0);
}

static void side_start(struct side *side, enum version version, bool encrypt_then_mac)
{
	int minor = (int)(version_code(version) & 0xFF);
	mbedtls_ssl_conf_min_version(&side->config, 3, minor);
	mbedtls_ssl_conf_max_version(&side->config, 3, minor);
	mbedtls_ssl_conf_encrypt_then_mac(&side->config, encrypt_then_mac
								 ? MBEDTLS_SSL_ETM_ENABLED
								 : MBEDTLS_SSL_ETM_DISABLED);
	cr_assert_eq(mbedtls_ssl_setup(&side->ssl, &side->config), 0);
	mbedtls_ssl_set_bio(&side->ssl, side, pipe_send, pipe_receive, NULL);
}

bool peers_connect(struct peers *peers, uint16_t suite, enum version version, bool encrypt_then_mac)
{
	const mbedtls_ssl_ciphersuite_t *info = mbedtls_ssl_ciphersuite_from_id(suite);
	int minor = (int)(version_code(version) & 0xFF);
	if (!info || info->min_minor_ver > minor || info->max_minor_ver < minor)
		return false;
	memset(peers, 0, sizeof *peers);
	peers->client.suites[0] = peers->server.suites[0] = suite;
	peers->client.in = peers->server.out = &peers->to_client;
	peers->client.out = peers->server.in = &peers->to_server;
	side_init(&peers->client, MBEDTLS_SSL_IS_CLIENT);
	side_init(&peers->server, MBEDTLS_SSL_IS_SERVER);
	mbedtls_ssl_conf_export_keys_ext_cb(&peers->client.config, keys_export, peers);
	side_start(&peers->client, version, encrypt_then_mac);
	side_start(&peers->server, version, encrypt_then_mac);
	int client = MBEDTLS_ERR_SSL_WANT_READ, server = client;
	for (int i = 0; i < 20 && (client || server); i++) {
		client = mbedtls_ssl_handshake(&peers->client.ssl);
		server = mbedtls_ssl_handshake(&peers->server.ssl);
	}
	cr_assert(client == 0 && server == 0, "0x%04X in %s: -0x%x, -0x%x", suite,
		  version_name(version), (unsigned)-client, (unsigned)-server);
	return true;
}

void peers_release(struct peers *peers)
{
	struct side *sides[] = { &peers->client, &peers->server };
	for (size_t i = 0; i < 2; i++) {
		mbedtls_ssl_free(&sides[i]->ssl);
		mbedtls_ssl_config_free(&sides[i]->config);
	}
}

void side_write(struct side *side, const char *text)
{
	size_t len = strlen(text);
	for (size_t at = 0; at < len;) {
		int sent = mbedtls_ssl_write(&side->ssl, (const uint8_t *)text + at, len - at);
		cr_assert_gt(sent, 0);
		at += (size_t)sent;
	}
}
