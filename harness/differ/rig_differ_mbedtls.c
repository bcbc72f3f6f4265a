/* SPDX-License-Identifier: Apache-2.0 */
#include "rig_differ_mbedtls.h"

#include <mbedtls/certs.h>
#include <mbedtls/ssl_internal.h>

#include "endpoint/gate.h"
#include "registry/registry.h"
#include "unseen.h"
#include "wire/extension/view.h"
#include "wire/handshake.h"

#define OUTPUT_MAX 64

static const char *alpn[] = { "postgresql", "http/1.1", NULL };

/* One server, set up once; what one input leaves behind is cleared before the next. */
static struct mbedtls_server {
	mbedtls_ssl_config config;
	mbedtls_ssl_context ssl;
	mbedtls_x509_crt certificates[2];
	mbedtls_pk_context keys[2];
	struct repertoire repertoire;
	struct span in; /* what is not read yet */
	uint8_t out[OUTPUT_MAX];
	size_t out_len;
	struct span host, ticket;
} server;

UNSEEN_BEGIN

static int give(void *state, unsigned char *out, size_t len)
{
	struct mbedtls_server *s = state;
	size_t n = len < s->in.len ? len : s->in.len;
	if (!n)
		return MBEDTLS_ERR_SSL_WANT_READ;
	memcpy(out, s->in.at, n);
	s->in = span_skip(s->in, n);
	return (int)n;
}

static int take(void *state, const unsigned char *bytes, size_t len)
{
	struct mbedtls_server *s = state;
	CHECK(s->out_len + len <= OUTPUT_MAX);
	memcpy(s->out + s->out_len, bytes, len);
	s->out_len += len;
	return (int)len;
}

/* Nothing that is kept may depend on chance. */
static int no_random(void *state, unsigned char *out, size_t len)
{
	(void)state;
	memset(out, 0x5A, len);
	return 0;
}

static int note_host(void *state, mbedtls_ssl_context *ssl, const unsigned char *name, size_t len)
{
	(void)ssl;
	((struct mbedtls_server *)state)->host = span_of(name, len);
	return 0;
}

static int no_ticket(void *state, const mbedtls_ssl_session *session, unsigned char *start,
		     const unsigned char *end, size_t *len, uint32_t *lifetime)
{
	(void)state, (void)session, (void)start, (void)end;
	*len = *lifetime = 0;
	return 0;
}

static int note_ticket(void *state, mbedtls_ssl_session *session, unsigned char *bytes, size_t len)
{
	(void)session;
	((struct mbedtls_server *)state)->ticket = span_of(bytes, len);
	return MBEDTLS_ERR_SSL_INVALID_MAC;
}

static void fill_repertoire(struct repertoire *out)
{
	for (enum version v = TLS1_0; v <= TLS1_2; v++) {
		size_t len = 0;
		for (const int *id = mbedtls_ssl_list_ciphersuites(); *id; id++) {
			uint16_t suite = (uint16_t)*id;
			if (!endpoint_supports(v, suite))
				continue;
			CHECK(len < REPERTOIRE_SUITES_MAX);
			out->suites[v][len++] = suite;
			out->allowed[v][suite / 8] |= (uint8_t)(1u << suite % 8);
		}
		const mbedtls_ecp_curve_info *curve = mbedtls_ecp_curve_list();
		for (len = 0; curve[len].grp_id && len < REPERTOIRE_GROUPS_MAX; len++)
			out->groups[v][len] = curve[len].tls_id;
		out->groups_len[v] = len;
		out->versions |= VERSION_BIT(v);
	}
	memcpy(out->alpn, alpn, sizeof(alpn));
}

static void add_identity(size_t index, const void *certificate, size_t certificate_len,
			 const void *key, size_t key_len)
{
	mbedtls_x509_crt_init(&server.certificates[index]);
	mbedtls_pk_init(&server.keys[index]);
	CHECK(!mbedtls_x509_crt_parse(&server.certificates[index], certificate, certificate_len));
	CHECK(!mbedtls_pk_parse_key(&server.keys[index], key, key_len, NULL, 0));
	CHECK(!mbedtls_ssl_conf_own_cert(&server.config, &server.certificates[index],
					 &server.keys[index]));
}

static void set_up(void)
{
	static const int digests[] = { MBEDTLS_MD_SHA256, MBEDTLS_MD_SHA384, MBEDTLS_MD_SHA512,
				       MBEDTLS_MD_SHA224, MBEDTLS_MD_SHA1,   MBEDTLS_MD_NONE };
	mbedtls_ssl_config *config = &server.config;
	fill_repertoire(&server.repertoire);
	mbedtls_ssl_config_init(config);
	CHECK(!mbedtls_ssl_config_defaults(config, MBEDTLS_SSL_IS_SERVER,
					   MBEDTLS_SSL_TRANSPORT_STREAM,
					   MBEDTLS_SSL_PRESET_DEFAULT));
	for (int minor = MBEDTLS_SSL_MINOR_VERSION_1; minor <= MBEDTLS_SSL_MINOR_VERSION_3; minor++)
		mbedtls_ssl_conf_ciphersuites_for_version(
			config, server.repertoire.suites[TLS1_0 + minor - 1],
			MBEDTLS_SSL_MAJOR_VERSION_3, minor);
	mbedtls_ssl_conf_min_version(config, MBEDTLS_SSL_MAJOR_VERSION_3,
				     MBEDTLS_SSL_MINOR_VERSION_1);
	mbedtls_ssl_conf_rng(config, no_random, NULL);
	mbedtls_ssl_conf_sig_hashes(config, digests);
	mbedtls_ssl_conf_sni(config, note_host, &server);
	mbedtls_ssl_conf_session_tickets_cb(config, no_ticket, note_ticket, &server);
	CHECK(!mbedtls_ssl_conf_alpn_protocols(config, alpn));
	CHECK(!mbedtls_ssl_conf_psk(config, (const uint8_t *)"psk", 3, (const uint8_t *)"id", 2));
	add_identity(0, mbedtls_test_srv_crt_rsa_sha256, mbedtls_test_srv_crt_rsa_sha256_len,
		     mbedtls_test_srv_key_rsa, mbedtls_test_srv_key_rsa_len);
	add_identity(1, mbedtls_test_srv_crt_ec, mbedtls_test_srv_crt_ec_len,
		     mbedtls_test_srv_key_ec, mbedtls_test_srv_key_ec_len);
	mbedtls_ssl_init(&server.ssl);
	CHECK(!mbedtls_ssl_setup(&server.ssl, config));
	mbedtls_ssl_set_bio(&server.ssl, &server, take, give, NULL);
}

UNSEEN_END

static int read_hello(struct span bytes)
{
	static bool ready;
	if (harness_once(&ready)) {
		set_up();
		harness_prepared();
	}
	server.in = bytes;
	server.out_len = 0;
	server.host = server.ticket = span_of(NULL, 0);
	int result = 0;
	while (!result && server.ssl.state != MBEDTLS_SSL_SERVER_HELLO)
		result = mbedtls_ssl_handshake_step(&server.ssl);
	return result;
}

/* One code stands for every hello that it does not like; the alert tells them apart. */
static enum differ_verdict verdict_of(int result, uint8_t alert)
{
	switch (result) {
	case 0:
		return THEIRS_ACCEPTED;
	case MBEDTLS_ERR_SSL_WANT_READ:
		return THEIRS_MORE;
	case MBEDTLS_ERR_SSL_BAD_HS_CLIENT_HELLO:
		return !alert || alert == ALERT_DECODE_ERROR || alert == ALERT_ILLEGAL_PARAMETER
			       ? THEIRS_MALFORMED
			       : THEIRS_REFUSED;
	case MBEDTLS_ERR_SSL_BAD_HS_PROTOCOL_VERSION:
	case MBEDTLS_ERR_SSL_NO_USABLE_CIPHERSUITE:
	case MBEDTLS_ERR_SSL_NO_CIPHER_CHOSEN:
		CHECK(alert);
		return THEIRS_REFUSED;
	default:
		return THEIRS_MALFORMED;
	}
}

static uint8_t alert_sent(void)
{
	if (!server.out_len)
		return 0;
	CHECK(server.out_len == 7 && server.out[0] == CONTENT_ALERT &&
	      server.out[5] == ALERT_FATAL);
	return server.out[6];
}

static bool is_same(struct span view, const unsigned char *at, size_t len)
{
	return span_equal(view, span_of(at, len));
}

/* Each curve that it knows, in the client's order; it keeps no more than it has. */
static void check_groups(const struct client_hello *hello)
{
	struct span groups = client_hello_view(hello, EXTENSION_SUPPORTED_GROUPS);
	const mbedtls_ecp_curve_info **curve = server.ssl.handshake->curves;
	CHECK(!groups.at == !curve);
	for (size_t i = 0; curve && *curve && i < list_u16_len(groups); i++) {
		if ((*curve)->tls_id == list_u16(groups, i))
			curve++;
	}
	CHECK(!curve || !*curve);
}

static void check_flags(const struct client_hello *hello)
{
	const mbedtls_ssl_session *session = server.ssl.session_negotiate;
	struct span length = client_hello_view(hello, EXTENSION_MAX_FRAGMENT_LENGTH);
	CHECK(session->encrypt_then_mac == client_hello_has(hello, EXTENSION_ENCRYPT_THEN_MAC));
	CHECK(server.ssl.handshake->extended_ms ==
	      client_hello_has(hello, EXTENSION_EXTENDED_MASTER_SECRET));
	CHECK(session->mfl_code == (length.len ? length.at[0] : 0));
	CHECK(server.ssl.secure_renegotiation ==
	      (client_hello_has(hello, EXTENSION_RENEGOTIATION_INFO) ||
	       list_u16_has(hello->suites, SUITE_EMPTY_RENEGOTIATION_INFO_SCSV)));
}

/* What it read is what we read. */
static void check_content(const struct client_hello *hello)
{
	const mbedtls_ssl_session *session = server.ssl.session_negotiate;
	const struct mbedtls_ssl_handshake_params *handshake = server.ssl.handshake;
	struct span ticket = client_hello_view(hello, EXTENSION_SESSION_TICKET);
	struct span protocols = client_hello_view(hello, EXTENSION_ALPN), protocol;
	struct cursor list = cursor_over(protocols);
	bool ours = false;
	CHECK(hello->legacy_version == (handshake->max_major_ver << 8 | handshake->max_minor_ver));
	CHECK(is_same(hello->random, handshake->randbytes, RANDOM_LEN));
	CHECK(is_same(hello->session_id, session->id, session->id_len));
	CHECK(span_equal(client_hello_host(hello), server.host));
	CHECK(span_equal(ticket, server.ticket));
	while (alpn_next(&list, &protocol))
		ours = ours ||
		       span_is(protocol, server.ssl.alpn_chosen ? server.ssl.alpn_chosen : "");
	CHECK(ours == !!protocols.at);
	check_groups(hello);
	check_flags(hello);
}

/* What it chose was offered, is possible in the version, and is what the gate would agree to. */
static void check_choice(const struct differ_hello *ours, const struct gate_result *gate)
{
	const struct client_hello *hello = &ours->hello;
	uint16_t suite = (uint16_t)server.ssl.session_negotiate->ciphersuite;
	CHECK(server.ssl.major_ver == MBEDTLS_SSL_MAJOR_VERSION_3);
	CHECK(list_u16_has(hello->suites, suite));
	if (gate->verdict == GATE_PASS)
		differ_same(ours, version_code(gate->version) == (3 << 8 | server.ssl.minor_ver) &&
					  gate_suite_possible(hello, &server.repertoire,
							      gate->version, suite));
}

static void compare(const struct differ_hello *ours, const struct differ_answer *theirs)
{
	struct gate_result gate = { .verdict = GATE_MORE, .version = VERSION_NONE };
	differ_compare(ours, theirs);
	if (ours->flaws || ours->sslv2)
		return;
	gate_hello(cursor_over(span_skip(ours->message, HANDSHAKE_HEADER_LEN)), &server.repertoire,
		   &gate);
	if (theirs->verdict == THEIRS_ACCEPTED || theirs->verdict == THEIRS_REFUSED)
		differ_judge(ours, gate.verdict == GATE_PASS ? 0 : gate.alert, theirs);
	if (theirs->verdict == THEIRS_ACCEPTED) {
		check_content(&ours->hello);
		check_choice(ours, &gate);
	}
}

void rig_differ_mbedtls(const struct differ_hello *ours, struct span bytes)
{
	int result = read_hello(bytes);
	uint8_t alert = alert_sent();
	struct differ_answer theirs = { .verdict = verdict_of(result, alert), .alert = alert };
	compare(ours, &theirs);
	CHECK(!mbedtls_ssl_session_reset(&server.ssl));
}
