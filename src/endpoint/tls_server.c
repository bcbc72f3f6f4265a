/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include <mbedtls/ctr_drbg.h>
#include <mbedtls/dhm.h>
#include <mbedtls/ecp.h>
#include <mbedtls/entropy.h>

#include "endpoint/identity.h"
#include "endpoint/tls_server.h"
#include "registry/registry.h"

struct key_pair {
	mbedtls_x509_crt certificate;
	mbedtls_pk_context key;
};

struct tls_server {
	mbedtls_entropy_context entropy;
	mbedtls_ctr_drbg_context drbg;
	struct key_pair rsa, ecdsa;
	mbedtls_ssl_config configs[VERSIONS_LEN];
	const char *alpn[4];
	mbedtls_ecp_group_id curves[VERSIONS_LEN][REPERTOIRE_GROUPS_MAX + 1];
};

/* SHA-1 is what a hello without signature_algorithms asks for (RFC 5246 7.4.1.4.1). */
static const int digests[] = {
	MBEDTLS_MD_SHA256, MBEDTLS_MD_SHA384, MBEDTLS_MD_SHA512,
	MBEDTLS_MD_SHA224, MBEDTLS_MD_SHA1,   MBEDTLS_MD_NONE,
};

static enum identity_flaw identity_flaw_of(enum defect defect)
{
	switch (defect) {
	case DEFECT_OTHER_ROOT:
		return IDENTITY_OTHER_ROOT;
	case DEFECT_EXPIRED:
		return IDENTITY_EXPIRED;
	case DEFECT_NOT_YET_VALID:
		return IDENTITY_NOT_YET_VALID;
	case DEFECT_WRONG_HOST:
		return IDENTITY_WRONG_HOST;
	default:
		return IDENTITY_SOUND;
	}
}

static int key_pair_parse(struct key_pair *out, const struct certified *in, enum identity_flaw flaw)
{
	int bad = mbedtls_x509_crt_parse_der(&out->certificate, in->certificates[flaw].bytes,
					     in->certificates[flaw].len);
	return bad ? bad : mbedtls_pk_parse_key(&out->key, in->key.bytes, in->key.len, NULL, 0);
}

static void curves_fill(mbedtls_ecp_group_id *curves, const struct repertoire *repertoire,
			enum version version)
{
	size_t len = 0;
	for (size_t i = 0; i < repertoire->groups_len[version]; i++) {
		const mbedtls_ecp_curve_info *curve =
			mbedtls_ecp_curve_info_from_tls_id(repertoire->groups[version][i]);
		if (curve)
			curves[len++] = curve->grp_id;
	}
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

/* The defects that mbedTLS itself can have. */
static void config_break(mbedtls_ssl_config *config, enum defect defect)
{
	if (defect == DEFECT_REQUESTS_CERTIFICATE)
		mbedtls_ssl_conf_authmode(config, MBEDTLS_SSL_VERIFY_OPTIONAL);
	if (defect == DEFECT_OMITS_EXTENDED_MASTER_SECRET)
		mbedtls_ssl_conf_extended_master_secret(config, MBEDTLS_SSL_EXTENDED_MS_DISABLED);
	if (defect == DEFECT_OMITS_ENCRYPT_THEN_MAC)
		mbedtls_ssl_conf_encrypt_then_mac(config, MBEDTLS_SSL_ETM_DISABLED);
	if (defect == DEFECT_RENEGOTIATES) {
		mbedtls_ssl_conf_renegotiation(config, MBEDTLS_SSL_RENEGOTIATION_ENABLED);
		mbedtls_ssl_conf_legacy_renegotiation(config,
						      MBEDTLS_SSL_LEGACY_ALLOW_RENEGOTIATION);
	}
}

/* `repertoire` outlives the configuration, which keeps its lists. */
static int config_make(struct tls_server *server, enum version version,
		       const struct repertoire *repertoire)
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
	curves_fill(server->curves[version], repertoire, version);
	mbedtls_ssl_conf_curves(config, server->curves[version]);
	config_break(config, repertoire->defect);
	/* mbedTLS only reads the list, and does not say so. */
	const char **alpn = server->alpn;
	memcpy(server->alpn, repertoire->alpn, sizeof server->alpn);
	if (alpn[0])
		bad = mbedtls_ssl_conf_alpn_protocols(config, alpn);
	return bad ? bad : keys_set(server, config);
}

static void server_init(struct tls_server *server)
{
	mbedtls_entropy_init(&server->entropy);
	mbedtls_ctr_drbg_init(&server->drbg);
	mbedtls_x509_crt_init(&server->rsa.certificate);
	mbedtls_x509_crt_init(&server->ecdsa.certificate);
	mbedtls_pk_init(&server->rsa.key);
	mbedtls_pk_init(&server->ecdsa.key);
	for (enum version v = SSLV2; v < VERSIONS_LEN; v++)
		mbedtls_ssl_config_init(&server->configs[v]);
}

enum fault tls_server_make(struct tls_server **out, const struct endpoint_identity *identity,
			   const struct repertoire *repertoire)
{
	struct tls_server *server = calloc(1, sizeof *server);
	*out = NULL;
	if (!server)
		return FAULT_NO_MEMORY;
	server_init(server);
	enum identity_flaw flaw = identity_flaw_of(repertoire->defect);
	int bad = mbedtls_ctr_drbg_seed(&server->drbg, mbedtls_entropy_func, &server->entropy, NULL,
					0);
	bad = bad ? bad : key_pair_parse(&server->rsa, &identity->rsa, flaw);
	bad = bad ? bad : key_pair_parse(&server->ecdsa, &identity->ecdsa, flaw);
	for (enum version v = TLS1_0; v <= TLS1_2 && !bad; v++)
		if (repertoire->versions & VERSION_BIT(v))
			bad = config_make(server, v, repertoire);
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

void tls_server_random(struct tls_server *server, uint8_t *out, size_t len)
{
	if (mbedtls_ctr_drbg_random(&server->drbg, out, len) != 0)
		memset(out, 0, len);
}
