/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include <mbedtls/dhm.h>

#include "registry/registry.h"
#include "rogue.h"
#include "wire/certificate.h"
#include "wire/certificate_request.h"
#include "wire/handshake.h"
#include "wire/server_hello.h"

static void put_extension(struct builder *b, uint16_t type, struct span body)
{
	builder_u16(b, "type", type);
	struct prefix prefix = builder_open(b, "body", 2);
	builder_bytes(b, "bytes", body);
	builder_close(b, prefix, 0);
}

static void put_share(struct builder *b, uint16_t group, bool retry)
{
	struct span share = group_share(group);
	builder_u16(b, "type", EXT_KEY_SHARE);
	struct prefix prefix = builder_open(b, "body", 2);
	builder_u16(b, "group", group);
	if (!retry) {
		struct prefix inner = builder_open(b, "share", 2);
		builder_bytes(b, "bytes", share);
		builder_close(b, inner, 0);
	}
	builder_close(b, prefix, 0);
}

static void extensions12(struct rogue *rogue, struct builder *b)
{
	put_extension(b, EXT_RENEGOTIATION_INFO, span_of("\0", 1));
	if (rogue->extended_master_secret)
		put_extension(b, EXT_EXTENDED_MASTER_SECRET, span_of("", 0));
	if (rogue->encrypt_then_mac)
		put_extension(b, EXT_ENCRYPT_THEN_MAC, span_of("", 0));
	if (rogue->ticket)
		put_extension(b, EXT_SESSION_TICKET, span_of("", 0));
	if (rogue->status)
		put_extension(b, EXT_STATUS_REQUEST, span_of("", 0));
}

static void extensions13(struct rogue *rogue, struct builder *b, bool retry)
{
	put_extension(b, EXT_SUPPORTED_VERSIONS, span_of("\3\4", 2));
	if (retry)
		put_extension(b, EXT_COOKIE, span_of("\0\5honey", 7));
	if (rogue->group)
		put_share(b, rogue->group, retry);
	if (rogue->resumed && !retry)
		put_extension(b, EXT_PRE_SHARED_KEY, span_of("\0\0", 2));
}

static void put_hello(struct rogue *rogue, struct builder *out, bool retry)
{
	uint8_t bytes[2048];
	struct builder b;
	bool tls13 = rogue->version == TLS1_3;
	builder_init(&b, bytes, sizeof bytes, NULL, 0);
	if (tls13)
		extensions13(rogue, &b, retry);
	else if (rogue->hello.has_extensions)
		extensions12(rogue, &b);
	builder_bytes(&b, "extra", rogue->hello_extra);
	struct server_hello hello = {
		.legacy_version = version_code(tls13 ? TLS1_2 : rogue->version),
		.random =
			retry ? span_of(server_hello_retry_random, 32) : span_of(rogue->random, 32),
		.session_id = tls13 || rogue->resumed ? rogue->hello.session_id
						      : span_of(rogue->session_id, 32),
		.suite = rogue->suite,
		.has_extensions = b.len > 0,
		.extensions = builder_view(&b),
	};
	if (rogue->lie_hello)
		rogue->lie_hello(rogue, &hello);
	if (hello.random.len == 32 && !retry)
		memcpy(rogue->random, hello.random.at, 32);
	server_hello_encode(out, &hello);
}

static void put_certificate(struct rogue *rogue, struct builder *b)
{
	struct certificate_list list = { .der = { rogue_certificate(rogue->key) }, .len = 1 };
	certificate_list_encode(b, &list, rogue->version == TLS1_3);
}

/* The params are encoded once without, once with the signature over them. */
static void sign_exchange(struct rogue *rogue, struct server_key_exchange *exchange, uint8_t *out)
{
	uint8_t bytes[2048];
	struct builder b;
	struct tape content = { .len = 0 };
	size_t len;
	builder_init(&b, bytes, sizeof bytes, NULL, 0);
	struct server_key_exchange unsigned_exchange = *exchange, decoded;
	unsigned_exchange.signature = span_of("?", 1);
	server_key_exchange_encode(&b, &unsigned_exchange, rogue->row, rogue->version);
	struct cursor body = cursor_over(span_skip(builder_view(&b), HANDSHAKE_HEADER_LEN));
	cr_assert_eq(server_key_exchange_decode(&decoded, body, rogue->row, rogue->version),
		     FAULT_NONE);
	tape_add(&content, span_of(rogue->client_random, 32));
	tape_add(&content, span_of(rogue->random, 32));
	tape_add(&content, decoded.params);
	rogue_sign(rogue, exchange->signature_scheme, tape_view(&content), out, &len);
	exchange->signature = span_of(out, len);
	free(content.at);
}

static void put_exchange(struct rogue *rogue, struct builder *b)
{
	static const uint8_t p[] = MBEDTLS_DHM_RFC7919_FFDHE2048_P_BIN;
	uint8_t signature[PUBLIC_SHARE_MAX];
	struct tape share = { .len = 0 };
	const struct cipher_suite *row = rogue->row;
	struct server_key_exchange exchange = {
		.psk_hint = span_text("hint"),
		.signature_scheme = rogue->version == TLS1_2 ? rogue->scheme : 0,
	};
	if (row->kx == KX_DHE || row->kx == KX_DH) {
		rogue_dh(span_of("\2", 1), &share, NULL);
		exchange.dh_p = span_of(p, sizeof p);
		exchange.dh_g = span_of("\2", 1);
		exchange.dh_public = tape_view(&share);
	} else {
		exchange.group = rogue->group;
		exchange.ec_public = group_share(rogue->group);
	}
	if (rogue->lie_exchange)
		rogue->lie_exchange(rogue, &exchange);
	if (row->auth == AUTH_RSA || row->auth == AUTH_ECDSA)
		sign_exchange(rogue, &exchange, signature);
	server_key_exchange_encode(b, &exchange, row, rogue->version);
	free(share.at);
}

static void put_request(struct rogue *rogue, struct builder *b)
{
	static const uint8_t schemes[] = { 8, 4, 4, 3, 4, 1 };
	uint8_t extensions[64];
	struct builder e;
	builder_init(&e, extensions, sizeof extensions, NULL, 0);
	put_extension(&e, EXT_SIGNATURE_ALGORITHMS, span_of("\0\6\10\4\4\3\4\1", 8));
	struct certificate_request request = {
		.types = span_of("\1\100", 2),
		.signature_algorithms = span_of(schemes, sizeof schemes),
		.extensions = builder_view(&e),
	};
	certificate_request_encode(b, &request, rogue->version);
}

static void put_status(struct builder *b)
{
	struct handshake_open open =
		handshake_open(b, "certificate_status", HANDSHAKE_CERTIFICATE_STATUS);
	builder_u8(b, "status_type", 1);
	struct prefix prefix = builder_open(b, "response", 3);
	builder_bytes(b, "bytes", span_text("not looked at"));
	builder_close(b, prefix, 0);
	handshake_close(b, open, 0);
}

static void put_ticket(struct rogue *rogue, struct builder *b)
{
	struct handshake_open open =
		handshake_open(b, "new_session_ticket", HANDSHAKE_NEW_SESSION_TICKET);
	builder_u32(b, "lifetime", 3600);
	if (rogue->version == TLS1_3) {
		builder_u32(b, "age_add", 12345);
		struct prefix nonce = builder_open(b, "nonce", 1);
		builder_bytes(b, "bytes", span_of("\7\7", 2));
		builder_close(b, nonce, 0);
	}
	struct prefix ticket = builder_open(b, "ticket", 2);
	builder_bytes(b, "bytes", span_text("a ticket to ride"));
	builder_close(b, ticket, 0);
	if (rogue->version == TLS1_3) {
		struct prefix extensions = builder_open(b, "extensions", 2);
		builder_close(b, extensions, 0);
	}
	handshake_close(b, open, 0);
}

static void put_encrypted_extensions(struct rogue *rogue, struct builder *b)
{
	struct handshake_open open =
		handshake_open(b, "encrypted_extensions", HANDSHAKE_ENCRYPTED_EXTENSIONS);
	struct prefix prefix = builder_open(b, "extensions", 2);
	put_extension(b, EXT_ALPN, span_of("\0\13\12postgresql", 13));
	builder_bytes(b, "extra", rogue->other_extra);
	builder_close(b, prefix, 0);
	handshake_close(b, open, 0);
}

static void put_verify(struct rogue *rogue, struct builder *b)
{
	uint8_t signature[PUBLIC_SHARE_MAX];
	size_t len;
	rogue_sign(rogue, rogue->scheme, rogue_content13(rogue, true), signature, &len);
	struct handshake_open open =
		handshake_open(b, "certificate_verify", HANDSHAKE_CERTIFICATE_VERIFY);
	builder_u16(b, "algorithm", rogue->scheme);
	struct prefix prefix = builder_open(b, "signature", 2);
	builder_bytes(b, "bytes", span_of(signature, len));
	builder_close(b, prefix, 0);
	handshake_close(b, open, 0);
}

static void put_finished(struct rogue *rogue, struct builder *b)
{
	uint8_t verify[64];
	size_t len;
	rogue_finished(rogue, true, verify, &len);
	if (rogue->spoil_finished)
		verify[len - 1] ^= 0x80;
	handshake_encode(b, HANDSHAKE_FINISHED, span_of(verify, len), 0);
}

bool rogue_message(struct rogue *rogue, enum step step, struct builder *b)
{
	switch (step) {
	case STEP_RETRY:
	case STEP_SERVER_HELLO:
		put_hello(rogue, b, step == STEP_RETRY);
		return true;
	case STEP_CERTIFICATE:
		put_certificate(rogue, b);
		return true;
	case STEP_STATUS:
		put_status(b);
		return true;
	case STEP_EXCHANGE:
		put_exchange(rogue, b);
		return true;
	case STEP_REQUEST:
		put_request(rogue, b);
		return true;
	case STEP_DONE:
		server_hello_done_encode(b);
		return true;
	case STEP_TICKET:
		put_ticket(rogue, b);
		return true;
	case STEP_ENCRYPTED_EXTENSIONS:
		put_encrypted_extensions(rogue, b);
		return true;
	case STEP_VERIFY:
		put_verify(rogue, b);
		return true;
	case STEP_FINISHED:
		put_finished(rogue, b);
		return true;
	case STEP_HELLO_REQUEST:
		handshake_encode(b, HANDSHAKE_HELLO_REQUEST, span_of(NULL, 0), 0);
		return true;
	case STEP_KEY_UPDATE:
	case STEP_KEY_UPDATE_SILENT:
		handshake_encode(b, HANDSHAKE_KEY_UPDATE,
				 span_of(step == STEP_KEY_UPDATE ? "\1" : "\0", 1), 0);
		return true;
	default:
		return false;
	}
}
