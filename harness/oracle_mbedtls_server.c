/* SPDX-License-Identifier: Apache-2.0 */
#include "oracle_mbedtls.h"
#include "registry/registry.h"
#include "unseen.h"
#include "wire/certificate.h"
#include "wire/certificate_request.h"
#include "wire/client_hello.h"
#include "wire/handshake.h"
#include "wire/server_hello.h"
#include "wire/server_key_exchange.h"

UNSEEN_BEGIN

static bool lists(struct span codes, uint16_t code)
{
	struct cursor in = cursor_over(codes);
	while (cursor_left(&in)) {
		if (cursor_u16(&in) == code && cursor_ok(&in))
			return true;
	}
	return false;
}

/* The body of the first extension of this type in a block without its length; absent without. */
static struct span extension(struct span block, uint16_t type)
{
	struct cursor in = cursor_over(block);
	while (cursor_left(&in)) {
		uint16_t found = cursor_u16(&in);
		struct span body = cursor_vec16(&in);
		if (cursor_ok(&in) && found == type)
			return span_of(body.at ? body.at : block.at, body.len);
	}
	return span_of(NULL, 0);
}

static bool names_protocol(struct span body, struct span name)
{
	struct cursor in = cursor_over(body);
	struct cursor names = cursor_over(cursor_vec16(&in));
	while (cursor_left(&names)) {
		if (span_equal(cursor_vec8(&names), name))
			return true;
	}
	return false;
}

/* RFC 7301 3.2: one of the names that the client sent, and one that the configuration has. mbedTLS
 * takes an extension that comes twice, and selects from either; see docs/fuzzing.md. */
static void check_protocol(const mbedtls_ssl_config *conf, struct span name, struct span offered)
{
	struct cursor in = cursor_over(offered);
	bool was_offered = false, is_ours = false;
	while (cursor_left(&in)) {
		uint16_t type = cursor_u16(&in);
		struct span body = cursor_vec16(&in);
		was_offered |= type == EXT_ALPN && names_protocol(body, name);
	}
	for (const char **ours = conf->alpn_list; ours && *ours; ours++)
		is_ours |= span_is(name, *ours);
	CHECK(was_offered && is_ours);
}

/* RFC 5246 7.4.1.3 and 7.4.1.4, RFC 5746 3.6: what is answered was offered. Compression is not
 * looked at: mbedTLS selects null even where it was not offered; see docs/fuzzing.md. */
static void check_offered(const mbedtls_ssl_config *conf, const struct server_hello *answer,
			  const struct client_hello *offer)
{
	struct cursor in = cursor_over(answer->extensions);
	CHECK(lists(offer->suites, answer->suite));
	CHECK(answer->version <= offer->legacy_version);
	while (cursor_left(&in)) {
		uint16_t type = cursor_u16(&in);
		cursor_vec16(&in);
		CHECK(extension(offer->extensions, type).at ||
		      (type == EXT_RENEGOTIATION_INFO &&
		       lists(offer->suites, SUITE_EMPTY_RENEGOTIATION_INFO_SCSV)));
	}
	CHECK(cursor_done(&in));
	if (answer->alpn.len)
		check_protocol(conf, answer->alpn, offer->extensions);
}

static void check_hello(const mbedtls_ssl_config *conf, const struct server_hello *answer,
			const struct talk *heard)
{
	const struct cipher_suite *suite = cipher_suite_by_code(answer->suite);
	struct client_hello offer;
	CHECK(oracle_mbedtls_allows(conf, answer->version));
	CHECK(oracle_mbedtls_offers(conf, answer->suite));
	CHECK(oracle_mbedtls_exists(suite, answer->version));
	CHECK(!answer->is_retry_request && answer->compression == 0);
	struct span hello = talk_find(heard, HANDSHAKE_CLIENT_HELLO);
	if (client_hello_decode(&offer, cursor_over(hello), LENIENT_ALL, NULL) == FAULT_NONE)
		check_offered(conf, answer, &offer);
}

static void check_ticket(struct span body)
{
	struct cursor in = cursor_over(body);
	cursor_u32(&in);
	cursor_vec16(&in);
	CHECK(cursor_done(&in));
}

/*
 * Whether one of the configured hashes is one that mbedTLS lets a client sign with. Without, it
 * asks for a certificate with an empty list of them (RFC 5246 7.4.4: two bytes or more); see
 * docs/fuzzing.md.
 */
static bool has_hash(const mbedtls_ssl_config *conf)
{
	for (const int *hash = conf->sig_hashes; *hash != MBEDTLS_MD_NONE; hash++) {
		if (*hash == MBEDTLS_MD_SHA1 || *hash == MBEDTLS_MD_SHA256 ||
		    *hash == MBEDTLS_MD_SHA384)
			return true;
	}
	return false;
}

/* Each message of a flight can be read, and is there if the suite has it (RFC 5246 7.4.2, 7.4.3).
 */
static void check_flight(const struct rig_mbedtls *rig, const struct talk *sent,
			 const struct cipher_suite *suite, enum version version)
{
	struct certificate_list certificates;
	struct server_key_exchange exchange;
	struct certificate_request request;
	struct span certificate = talk_find(sent, HANDSHAKE_CERTIFICATE);
	struct span key = talk_find(sent, HANDSHAKE_SERVER_KEY_EXCHANGE);
	struct span asked = talk_find(sent, HANDSHAKE_CERTIFICATE_REQUEST);
	struct span ticket = talk_find(sent, HANDSHAKE_NEW_SESSION_TICKET);
	CHECK(certificate.at || suite->auth == AUTH_PSK);
	CHECK(key.at || !cipher_suite_is_forward_secret(suite));
	CHECK(!asked.at || rig->conf.authmode != MBEDTLS_SSL_VERIFY_NONE);
	CHECK(!certificate.at ||
	      !certificate_list_decode(&certificates, cursor_over(certificate), false));
	CHECK(!key.at || !server_key_exchange_decode(&exchange, cursor_over(key), suite, version));
	CHECK(!asked.at || !has_hash(&rig->conf) ||
	      !certificate_request_decode(&request, cursor_over(asked), version));
	if (ticket.at)
		check_ticket(ticket);
}

static bool said(const struct talk *talk, uint8_t type)
{
	return memchr(talk->types, type, talk->len) != NULL;
}

/* Who has to show a certificate has shown a good one, and that the key is there. */
static void check_client(const struct rig_mbedtls *rig, const struct talk *heard,
			 const struct cipher_suite *suite)
{
	const mbedtls_ssl_session *session = rig->ssl.session;
	if (rig->conf.authmode != MBEDTLS_SSL_VERIFY_REQUIRED || suite->auth == AUTH_PSK)
		return;
	CHECK(session->peer_cert && session->verify_result == 0);
	CHECK(!heard->is_readable || said(heard, HANDSHAKE_CERTIFICATE_VERIFY));
}

void oracle_mbedtls_server(const struct rig_mbedtls *rig, const struct talk *sent,
			   const struct talk *heard)
{
	static const uint8_t order[] = {
		HANDSHAKE_SERVER_HELLO,	       HANDSHAKE_CERTIFICATE,
		HANDSHAKE_SERVER_KEY_EXCHANGE, HANDSHAKE_CERTIFICATE_REQUEST,
		HANDSHAKE_SERVER_HELLO_DONE,   HANDSHAKE_NEW_SESSION_TICKET
	};
	struct server_hello answer;
	CHECK(talk_in_order(sent, span_of(order, sizeof(order))));
	CHECK(sent->len || !rig->is_done);
	if (!sent->len)
		return;
	struct span hello = talk_find(sent, HANDSHAKE_SERVER_HELLO);
	CHECK(server_hello_decode(&answer, cursor_over(hello)) == FAULT_NONE);
	check_hello(&rig->conf, &answer, heard);
	if (!said(sent, HANDSHAKE_SERVER_HELLO_DONE))
		return;
	const struct cipher_suite *suite = cipher_suite_by_code(answer.suite);
	check_flight(rig, sent, suite, version_by_code(answer.version));
	if (oracle_mbedtls_is_first(rig))
		check_client(rig, heard, suite);
}

UNSEEN_END
