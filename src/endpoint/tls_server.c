/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include <mbedtls/ctr_drbg.h>
#include <mbedtls/dhm.h>
#include <mbedtls/ecp.h>
#include <mbedtls/entropy.h>

#include "endpoint/identity.h"
#include "endpoint/tls_server.h"
#include "registry/registry.h"

#define CURVES_MAX 16

struct key_pair {
	mbedtls_x509_crt certificate;
	mbedtls_pk_context key;
};

struct tls_server {
	mbedtls_entropy_context entropy;
	mbedtls_ctr_drbg_context drbg;
	struct key_pair rsa, ecdsa;
	mbedtls_ssl_config configs[VERSIONS_LEN];
	mbedtls_ecp_group_id curves[VERSIONS_LEN][CURVES_MAX + 1];
	const char *alpn[2];
};

/* SHA-1 is what a hello without signature_algorithms asks for (RFC 5246 7.4.1.4.1). */
static const int digests[] = {
	MBEDTLS_MD_SHA256, MBEDTLS_MD_SHA384, MBEDTLS_MD_SHA512,
	MBEDTLS_MD_SHA224, MBEDTLS_MD_SHA1,   MBEDTLS_MD_NONE,
};

static int key_pair_parse(struct key_pair *out, const struct certified *in)
{
	int bad =
		mbedtls_x509_crt_parse_der(&out->certificate, in->certificate, in->certificate_len);
	return bad ? bad : mbedtls_pk_parse_key(&out->key, in->key, in->key_len, NULL, 0);
}

static size_t curve_add(mbedtls_ecp_group_id *curves, size_t len, const struct settings *settings,
			enum version version, const mbedtls_ecp_curve_info *curve)
{
	for (size_t i = 0; i < len; i++)
		if (curves[i] == curve->grp_id)
			return len;
	if (len == CURVES_MAX || !repertoire_group(settings, version, curve->tls_id))
		return len;
	curves[len] = curve->grp_id;
	return len + 1;
}

/* P-256 and X25519 first, for speed; then whatever mbedTLS has. */
static void curves_fill(mbedtls_ecp_group_id *curves, const struct settings *settings,
			enum version version)
{
	static const uint16_t first[] = { GROUP_SECP256R1, GROUP_X25519 };
	size_t len = 0;
	for (size_t i = 0; i < 2; i++) {
		const mbedtls_ecp_curve_info *curve = mbedtls_ecp_curve_info_from_tls_id(first[i]);
		if (curve)
			len = curve_add(curves, len, settings, version, curve);
	}
	for (const mbedtls_ecp_curve_info *curve = mbedtls_ecp_curve_list(); curve->grp_id; curve++)
		len = curve_add(curves, len, settings, version, curve);
	curves[len] = MBEDTLS_ECP_DP_NONE;
}

static int keys_set(struct tls_server *server, mbedtls_ssl_config *config)
{
	static const uint8_t dh_p[] = MBEDTLS_DHM_RFC7919_FFDHE2048_P_BIN;
	static const uint8_t dh_g[] = MBEDTLS_DHM_RFC7919_FFDHE2048_G_BIN;
	int bad = mbedtls_ssl_conf_own_cert(config, &server->rsa.certificate, &server->rsa.key);
	if (!bad)
		bad = mbedtls_ssl_conf_own_cert(config, &server->ecdsa.certificate,
						&server->ecdsa.key);
	if (!bad)
		bad = mbedtls_ssl_conf_dh_param_bin(config, dh_p, sizeof dh_p, dh_g, sizeof dh_g);
	if (!bad)
		bad = mbedtls_ssl_conf_psk(
			config, (const uint8_t *)ENDPOINT_PSK, strlen(ENDPOINT_PSK),
			(const uint8_t *)ENDPOINT_PSK_IDENTITY, strlen(ENDPOINT_PSK_IDENTITY));
	return bad;
}

static int config_make(struct tls_server *server, enum version version,
		       const struct repertoire *repertoire, const struct settings *settings)
{
	mbedtls_ssl_config *config = &server->configs[version];
	int bad = mbedtls_ssl_config_defaults(config, MBEDTLS_SSL_IS_SERVER,
					      MBEDTLS_SSL_TRANSPORT_STREAM,
					      MBEDTLS_SSL_PRESET_DEFAULT);
	if (bad)
		return bad;
	int minor = version_code(version) & 0xFF;
	mbedtls_ssl_conf_min_version(config, MBEDTLS_SSL_MAJOR_VERSION_3, minor);
	mbedtls_ssl_conf_max_version(config, MBEDTLS_SSL_MAJOR_VERSION_3, minor);
	mbedtls_ssl_conf_ciphersuites(config, repertoire->suites[version]);
	mbedtls_ssl_conf_rng(config, mbedtls_ctr_drbg_random, &server->drbg);
	mbedtls_ssl_conf_authmode(config, MBEDTLS_SSL_VERIFY_NONE);
	mbedtls_ssl_conf_sig_hashes(config, digests);
	mbedtls_ssl_conf_renegotiation(config, MBEDTLS_SSL_RENEGOTIATION_DISABLED);
	curves_fill(server->curves[version], settings, version);
	mbedtls_ssl_conf_curves(config, server->curves[version]);
	if (server->alpn[0])
		bad = mbedtls_ssl_conf_alpn_protocols(config, server->alpn);
	return bad ? bad : keys_set(server, config);
}

static void server_init(struct tls_server *server, const char *alpn)
{
	mbedtls_entropy_init(&server->entropy);
	mbedtls_ctr_drbg_init(&server->drbg);
	mbedtls_x509_crt_init(&server->rsa.certificate);
	mbedtls_x509_crt_init(&server->ecdsa.certificate);
	mbedtls_pk_init(&server->rsa.key);
	mbedtls_pk_init(&server->ecdsa.key);
	for (enum version v = SSLV2; v < VERSIONS_LEN; v++)
		mbedtls_ssl_config_init(&server->configs[v]);
	server->alpn[0] = alpn;
}

enum fault tls_server_make(struct tls_server **out, const struct endpoint_identity *identity,
			   const struct repertoire *repertoire, const struct settings *settings,
			   const char *alpn)
{
	struct tls_server *server = calloc(1, sizeof *server);
	*out = NULL;
	if (!server)
		return FAULT_NO_MEMORY;
	server_init(server, alpn);
	int bad = mbedtls_ctr_drbg_seed(&server->drbg, mbedtls_entropy_func, &server->entropy, NULL,
					0);
	bad = bad ? bad : key_pair_parse(&server->rsa, &identity->rsa);
	bad = bad ? bad : key_pair_parse(&server->ecdsa, &identity->ecdsa);
	for (enum version v = TLS1_0; v <= TLS1_2 && !bad; v++)
		if (repertoire->versions & VERSION_BIT(v))
			bad = config_make(server, v, repertoire, settings);
	if (bad) {
		tls_server_free(server);
		return FAULT_CRYPTO;
	}
	*out = server;
	return FAULT_NONE;
}

void tls_server_free(struct tls_server *server)
{
	if (!server)
		return;
	for (enum version v = SSLV2; v < VERSIONS_LEN; v++)
		mbedtls_ssl_config_free(&server->configs[v]);
	mbedtls_pk_free(&server->rsa.key);
	mbedtls_pk_free(&server->ecdsa.key);
	mbedtls_x509_crt_free(&server->rsa.certificate);
	mbedtls_x509_crt_free(&server->ecdsa.certificate);
	mbedtls_ctr_drbg_free(&server->drbg);
	mbedtls_entropy_free(&server->entropy);
	free(server);
}

const mbedtls_ssl_config *tls_server_config(const struct tls_server *server, enum version version)
{
	return &server->configs[version];
}
