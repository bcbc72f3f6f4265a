/* SPDX-License-Identifier: Apache-2.0 */
#include "rig_mbedtls.h"

#define FAMILY_LEN 6

static const int families[][FAMILY_LEN + 1] = {
	{ 0 },						    /* all */
	{ 0x009C, 0x002F, 0x003D, 0xC09D, 0x0041 },	    /* RSA */
	{ 0xC02F, 0xC013, 0xC028, 0xCCA8, 0xC076 },	    /* ECDHE_RSA */
	{ 0xC02B, 0xC009, 0xC024, 0xCCA9, 0xC0AC, 0xC0AE }, /* ECDHE_ECDSA */
	{ 0x009E, 0x0033, 0x006B, 0xCCAA, 0xC09F },	    /* DHE_RSA */
	{ 0x00A8, 0x008C, 0x00AF, 0xC0A4, 0xC0A8, 0xCCAB }, /* PSK */
	{ 0xC037, 0xC035, 0xC036, 0xC038, 0xCCAC },	    /* ECDHE_PSK */
	{ 0x00AA, 0x0090, 0x00B3, 0xC0A6, 0xCCAD },	    /* DHE_PSK */
	{ 0x00AC, 0x0094, 0x00B7, 0xCCAE },		    /* RSA_PSK */
	{ 0xC02D, 0xC004, 0xC031, 0xC00E },		    /* ECDH */
	{ 0xC027, 0xC023, 0x003C, 0x0067, 0xC014, 0x0035 }, /* CBC */
	{ 0xCCA8, 0xCCA9, 0xCCAA, 0xCCAC, 0xCCAB },	    /* ChaCha20 */
	{ 0xC0AE, 0xC0A2, 0xC0A0, 0xC0A8, 0xC0AF },	    /* CCM with 8 bytes */
	{ 0xC02F, 0x0001, 0xFFFF, 0x1301, 0x00FF },	    /* some that it does not know */
	{ 0xC030, 0xC02C, 0x009F, 0x009D, 0x00A9 },	    /* AES_256_GCM */
	{ 0xC07A, 0xC086, 0xC08A, 0xC08E, 0xC092, 0xC076 }, /* Camellia */
};

static const mbedtls_ecp_group_id groups[][4] = {
	{ MBEDTLS_ECP_DP_NONE },
	{ MBEDTLS_ECP_DP_CURVE25519, MBEDTLS_ECP_DP_NONE },
	{ MBEDTLS_ECP_DP_SECP521R1, MBEDTLS_ECP_DP_SECP384R1, MBEDTLS_ECP_DP_NONE },
	{ MBEDTLS_ECP_DP_BP256R1, MBEDTLS_ECP_DP_SECP256K1, MBEDTLS_ECP_DP_SECP256R1,
	  MBEDTLS_ECP_DP_NONE },
};

static const int hashes[][4] = {
	{ MBEDTLS_MD_NONE },
	{ MBEDTLS_MD_SHA256, MBEDTLS_MD_NONE },
	{ MBEDTLS_MD_SHA1, MBEDTLS_MD_SHA384, MBEDTLS_MD_NONE },
	{ MBEDTLS_MD_SHA512, MBEDTLS_MD_SHA224, MBEDTLS_MD_MD5, MBEDTLS_MD_NONE },
};

static int look_up_psk(void *opaque, mbedtls_ssl_context *ssl, const unsigned char *name,
		       size_t len)
{
	(void)opaque;
	if (!span_is(span_of(name, len), "Client_identity"))
		return -1;
	return mbedtls_ssl_set_hs_psk(ssl, (const unsigned char *)"a key of 16 byte", 16);
}

static void choose_versions(mbedtls_ssl_config *conf, uint8_t byte)
{
	int min = MBEDTLS_SSL_MINOR_VERSION_1 + (byte & 3) % 3;
	int max = MBEDTLS_SSL_MINOR_VERSION_3 - (byte >> 2 & 3) % 3;
	mbedtls_ssl_conf_min_version(conf, MBEDTLS_SSL_MAJOR_VERSION_3, min);
	mbedtls_ssl_conf_max_version(conf, MBEDTLS_SSL_MAJOR_VERSION_3, max < min ? min : max);
}

static void choose_limits(mbedtls_ssl_config *conf, uint8_t byte)
{
	static const unsigned char period[8] = { [7] = 2 };
	uint8_t fragment = byte & 7, curve = byte >> 3 & 3, hash = byte >> 5 & 3;
	if (fragment < MBEDTLS_SSL_MAX_FRAG_LEN_INVALID)
		CHECK(!mbedtls_ssl_conf_max_frag_len(conf, fragment));
	if (curve)
		mbedtls_ssl_conf_curves(conf, groups[curve]);
	if (hash)
		mbedtls_ssl_conf_sig_hashes(conf, hashes[hash]);
	if (byte >> 7)
		mbedtls_ssl_conf_renegotiation_period(conf, period);
}

static bool has(unsigned flags, enum rig_flag flag)
{
	return flags >> flag & 1;
}

static void choose_protocols(mbedtls_ssl_config *conf, unsigned flags)
{
	static const char *usual[] = { "postgresql", "h2", NULL }, *other[] = { "http/1.1", NULL };
	if (has(flags, RIG_ALPN))
		CHECK(!mbedtls_ssl_conf_alpn_protocols(conf,
						       has(flags, RIG_ALPN_OTHER) ? other : usual));
}

static void choose_extensions(mbedtls_ssl_config *conf, unsigned flags)
{
	mbedtls_ssl_conf_extended_master_secret(conf, !has(flags, RIG_NO_EXTENDED_SECRET));
	mbedtls_ssl_conf_encrypt_then_mac(conf, !has(flags, RIG_NO_ENCRYPT_THEN_MAC));
	mbedtls_ssl_conf_truncated_hmac(conf, has(flags, RIG_TRUNCATED_MAC));
	mbedtls_ssl_conf_renegotiation(conf, has(flags, RIG_RENEGOTIATION));
	mbedtls_ssl_conf_legacy_renegotiation(
		conf, has(flags, RIG_SECURE_ONLY) ? MBEDTLS_SSL_LEGACY_BREAK_HANDSHAKE
						  : MBEDTLS_SSL_LEGACY_ALLOW_RENEGOTIATION);
	mbedtls_ssl_conf_cbc_record_splitting(conf, !has(flags, RIG_NO_SPLITTING));
	choose_protocols(conf, flags);
}

static void choose_for_server(mbedtls_ssl_config *conf, unsigned flags)
{
	mbedtls_ssl_conf_cert_req_ca_list(conf, !has(flags, RIG_NO_AUTHORITIES));
	if (has(flags, RIG_TICKETS))
		rig_mbedtls_tickets(conf);
	if (has(flags, RIG_RESUMES))
		rig_mbedtls_cache(conf);
	if (has(flags, RIG_NAMES))
		rig_mbedtls_names(conf);
	if (has(flags, RIG_PSK_CALLBACK))
		mbedtls_ssl_conf_psk_cb(conf, look_up_psk, NULL);
}

static void choose_for_client(struct rig_mbedtls *rig, unsigned flags)
{
	static const char *const hosts[] = { NULL, "PolarSSL Test CA", "rsa", "nobody" };
	unsigned host = 2u * has(flags, RIG_PSK_CALLBACK) + has(flags, RIG_NAMES);
	mbedtls_ssl_conf_session_tickets(&rig->conf, has(flags, RIG_TICKETS));
	mbedtls_ssl_conf_fallback(&rig->conf, has(flags, RIG_FALLBACK));
	rig->host = hosts[host];
}

void rig_mbedtls_choose(struct rig_mbedtls *rig, struct cursor *head)
{
	static const int modes[] = { MBEDTLS_SSL_VERIFY_NONE, MBEDTLS_SSL_VERIFY_OPTIONAL,
				     MBEDTLS_SSL_VERIFY_REQUIRED, MBEDTLS_SSL_VERIFY_REQUIRED };
	uint8_t first = cursor_u8(head), family = cursor_u8(head);
	unsigned flags = cursor_u8(head);
	flags |= (unsigned)cursor_u8(head) << 8;
	rig->conf = *rig_mbedtls_configuration(rig->side, first >> 6);
	mbedtls_ssl_conf_rng(&rig->conf, rig_mbedtls_random, &rig->rng);
	choose_versions(&rig->conf, first);
	mbedtls_ssl_conf_authmode(&rig->conf, modes[first >> 4 & 3]);
	family %= sizeof(families) / sizeof(families[0]);
	if (family)
		mbedtls_ssl_conf_ciphersuites(&rig->conf, families[family]);
	choose_extensions(&rig->conf, flags);
	choose_limits(&rig->conf, cursor_u8(head));
	rig->bytewise = has(flags, RIG_BYTEWISE);
	rig->resumes = has(flags, RIG_RESUMES);
	rig->asks_anew = has(flags, RIG_ASKS_ANEW);
	if (rig->side == RIG_SERVER)
		choose_for_server(&rig->conf, flags);
	else
		choose_for_client(rig, flags);
}
