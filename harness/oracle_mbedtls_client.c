/* SPDX-License-Identifier: Apache-2.0 */
#include "oracle_mbedtls.h"
#include "registry/cipher_suite.h"
#include "registry/registry.h"
#include "unseen.h"
#include "wire/client_hello.h"
#include "wire/server_hello.h"

UNSEEN_BEGIN

/* Our strict reader takes its hello; what it offers is what its configuration has. */
static void check_offer(const mbedtls_ssl_config *conf, const struct client_hello *offer)
{
	struct cursor in = cursor_over(offer->suites);
	CHECK(oracle_mbedtls_allows(conf, offer->legacy_version));
	while (cursor_left(&in)) {
		uint16_t suite = cursor_u16(&in);
		CHECK(cipher_suite_is_signal(suite) || oracle_mbedtls_offers(conf, suite));
	}
	CHECK(cursor_done(&in));
}

static bool has_protocol(const mbedtls_ssl_config *conf, const char *name)
{
	const char **ours = conf->alpn_list;
	while (ours && *ours && strcmp(*ours, name))
		ours++;
	return ours && *ours;
}

/* RFC 5246 7.4.2, 7.4.3: nobody is believed without what the suite makes him show. */
static void check_shown(const struct rig_mbedtls *rig, const struct talk *heard,
			const struct cipher_suite *suite)
{
	const mbedtls_ssl_session *session = rig->ssl.session;
	bool has_certificate = suite->auth != AUTH_PSK || suite->kx == KX_RSA;
	CHECK(!has_certificate || talk_find(heard, HANDSHAKE_CERTIFICATE).at);
	CHECK(talk_find(heard, HANDSHAKE_SERVER_KEY_EXCHANGE).at ||
	      !cipher_suite_is_forward_secret(suite));
	if (has_certificate && rig->conf.authmode == MBEDTLS_SSL_VERIFY_REQUIRED)
		CHECK(session->peer_cert && session->verify_result == 0);
}

static void check_answer(const struct rig_mbedtls *rig, const struct talk *heard,
			 const struct client_hello *offer)
{
	struct server_hello answer;
	struct cursor in = cursor_over(offer->suites);
	struct span body = talk_find(heard, HANDSHAKE_SERVER_HELLO);
	CHECK(server_hello_decode(&answer, cursor_over(body)) == FAULT_NONE);
	CHECK(oracle_mbedtls_allows(&rig->conf, answer.version));
	CHECK(answer.version <= offer->legacy_version && answer.compression == 0);
	while (cursor_left(&in) && cursor_u16(&in) != answer.suite)
		CHECK(cursor_left(&in));
	const struct cipher_suite *suite = cipher_suite_by_code(answer.suite);
	CHECK(oracle_mbedtls_exists(suite, answer.version));
	if (memchr(heard->types, HANDSHAKE_SERVER_HELLO_DONE, heard->len))
		check_shown(rig, heard, suite);
	else
		CHECK(rig->resumes);
	const char *protocol = mbedtls_ssl_get_alpn_protocol(&rig->ssl);
	CHECK(!protocol || has_protocol(&rig->conf, protocol));
}

void oracle_mbedtls_client(const struct rig_mbedtls *rig, const struct talk *sent,
			   const struct talk *heard)
{
	static const uint8_t order[] = { HANDSHAKE_CLIENT_HELLO, HANDSHAKE_CERTIFICATE,
					 HANDSHAKE_CLIENT_KEY_EXCHANGE,
					 HANDSHAKE_CERTIFICATE_VERIFY };
	struct client_hello offer;
	CHECK(talk_in_order(sent, span_of(order, sizeof(order))));
	struct span hello = talk_find(sent, HANDSHAKE_CLIENT_HELLO);
	if (!hello.at)
		return;
	CHECK(client_hello_decode(&offer, cursor_over(hello), STRICT, NULL) == FAULT_NONE);
	check_offer(&rig->conf, &offer);
	if (oracle_mbedtls_is_first(rig) && heard->is_readable)
		check_answer(rig, heard, &offer);
}

UNSEEN_END
