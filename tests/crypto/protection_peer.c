/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "base/limits.h"
#include "crypto/prf.h"
#include "crypto/protection.h"
#include "peer.h"
#include "registry/registry.h"
#include "vectors.h"
#include "wire/record.h"

/* Our two directions of what mbedTLS does; `sealed` is told all that its client has sent. */
struct mirror {
	struct suite_params params;
	struct protection *from_client, *from_server, *as_client;
	struct arena arena;
	struct rng rng;
};

static struct span piece(const struct peers *peers, size_t *at, size_t len)
{
	struct span bytes = span_of(peers->key_block + *at, len);
	*at += len;
	return bytes;
}

/* RFC 5246 6.3: MACs, keys, IVs; the client's before the server's. */
static void mirror_init(struct mirror *mirror, const struct peers *peers, bool encrypt_then_mac)
{
	const struct suite_params *params = &mirror->params;
	struct protection_keys client, server;
	size_t at = 0;
	client.mac = piece(peers, &at, params->mac_len);
	server.mac = piece(peers, &at, params->mac_len);
	client.key = piece(peers, &at, params->key_len);
	server.key = piece(peers, &at, params->key_len);
	client.iv = piece(peers, &at, params->fixed_iv_len);
	server.iv = piece(peers, &at, params->fixed_iv_len);
	mirror->from_client = protection_new(params, &client, encrypt_then_mac, false);
	mirror->from_server = protection_new(params, &server, encrypt_then_mac, false);
	mirror->as_client = protection_new(params, &client, encrypt_then_mac, true);
	cr_assert(mirror->from_client && mirror->from_server && mirror->as_client);
	arena_init(&mirror->arena, PROBE_ARENA_MAX);
	rng_init(&mirror->rng, params->code, 0);
}

static void mirror_release(struct mirror *mirror)
{
	protection_free(mirror->from_client);
	protection_free(mirror->from_server);
	protection_free(mirror->as_client);
	arena_release(&mirror->arena);
}

static void expect_key_block(const struct mirror *mirror, const struct peers *peers)
{
	const struct suite_params *params = &mirror->params;
	size_t half = params->mac_len, len;
	half += params->key_len;
	half += params->fixed_iv_len;
	len = 2 * half;
	uint8_t seed[64], ours[KEY_BLOCK_MAX];
	memcpy(seed, peers->server_random, 32);
	memcpy(seed + 32, peers->client_random, 32);
	cr_assert_eq(tls_prf(ours, len, params->version, params->prf, span_of(peers->master, 48),
			     "key expansion", span_of(seed, 64)),
		     FAULT_NONE);
	assert_bytes(span_of(ours, len), span_of(peers->key_block, len), "the key block");
}

/* Seals what the client sealed; where no IV is chosen freely the bytes must be its own. */
static void imitate(struct mirror *mirror, const struct record *record, uint8_t type,
		    struct span plain)
{
	uint8_t bytes[PIPE_MAX];
	struct builder out;
	builder_init(&out, bytes, sizeof bytes, NULL, 0);
	cr_assert_eq(protection_seal(mirror->as_client, &out, type, record->version, plain,
				     &mirror->rng, 0),
		     FAULT_NONE);
	if (mirror->params.record_iv_len == 0)
		assert_bytes(span_skip(builder_view(&out), RECORD_HEADER_LEN), record->fragment,
			     "our record");
	cr_assert_eq(out.len, RECORD_HEADER_LEN + record->fragment.len);
}

/* Opens everything after the ChangeCipherSpec: a Finished and then `expected`. */
static void expect_sent(struct mirror *mirror, const struct pipe *pipe, bool client,
			const char *expected)
{
	struct cursor in = cursor_over(span_of(pipe->bytes, pipe->len));
	struct record record;
	struct protection *protection = client ? mirror->from_client : mirror->from_server;
	bool protected = false, finished = false;
	char text[256] = "";
	while (cursor_left(&in)) {
		cr_assert_eq(record_decode(&record, &in), FAULT_NONE);
		struct span plain = record.fragment;
		uint8_t type = record.type;
		if (protected)
			cr_assert_eq(protection_open(protection, &mirror->arena, &type,
						     record.version, record.fragment, &plain),
				     FAULT_NONE, "0x%04X in %s", mirror->params.code,
				     version_name(mirror->params.version));
		if (protected && client)
			imitate(mirror, &record, type, plain);
		if (protected && type == CONTENT_HANDSHAKE)
			finished = plain.len == 16 && plain.at[0] == HANDSHAKE_FINISHED;
		if (type == CONTENT_APPLICATION_DATA)
			strncat(text, (const char *)plain.at, plain.len);
		if (type == CONTENT_CHANGE_CIPHER_SPEC)
		protected = true;
	}
	cr_assert(finished);
	cr_assert_str_eq(text, expected);
}

/* A record of ours, which mbedTLS's server must accept. */
static void expect_read(struct mirror *mirror, struct peers *peers, const char *text)
{
	struct builder out;
	char read[256] = "";
	struct pipe *pipe = &peers->to_server;
	builder_init(&out, pipe->bytes + pipe->len, PIPE_MAX - pipe->len, NULL, 0);
	cr_assert_eq(protection_seal(mirror->as_client, &out, CONTENT_APPLICATION_DATA,
				     version_code(mirror->params.version), span_text(text),
				     &mirror->rng, 0),
		     FAULT_NONE);
	pipe->len += out.len;
	int len = mbedtls_ssl_read(&peers->server.ssl, (uint8_t *)read, sizeof read - 1);
	cr_assert_eq(len, (int)strlen(text), "0x%04X in %s: -0x%x", mirror->params.code,
		     version_name(mirror->params.version), (unsigned)-len);
	cr_assert_str_eq(read, text);
}

static void drain(struct side *side, const char *text)
{
	uint8_t bytes[256];
	for (size_t left = strlen(text); left > 0;) {
		int len = mbedtls_ssl_read(&side->ssl, bytes, sizeof bytes);
		cr_assert_gt(len, 0);
		left -= (size_t)len;
	}
}

static bool compare(uint16_t suite, enum version version, bool encrypt_then_mac)
{
	static const char question[] = "what the client says, in a few more bytes than a block";
	static const char answer[] = "and what the server answers";
	static struct peers peers;
	struct mirror mirror;
	if (!suite_params(&mirror.params, suite, version, NULL) ||
	    !peers_connect(&peers, suite, version, encrypt_then_mac))
		return false;
	side_write(&peers.client, question);
	side_write(&peers.server, answer);
	cr_assert_eq(peers.mac_len, mirror.params.mac_len);
	cr_assert_eq(peers.key_len, mirror.params.key_len);
	expect_key_block(&mirror, &peers);
	mirror_init(&mirror, &peers, encrypt_then_mac);
	expect_sent(&mirror, &peers.to_client, false, answer);
	expect_sent(&mirror, &peers.to_server, true, question);
	drain(&peers.server, question);
	expect_read(&mirror, &peers, "and what we say in its name");
	mirror_release(&mirror);
	peers_release(&peers);
	return true;
}

/* Plain PSK suites have every cipher; mbedTLS is built without the NULL ones. */
Test(protection_peer, agrees_with_mbedtls_on_every_cipher_in_every_version)
{
	unsigned modes[VERSIONS_LEN] = { 0 };
	for (size_t i = 0; i < cipher_suites_len; i++) {
		const struct cipher_suite *suite = &cipher_suites[i];
		struct suite_params params;
		for (enum version version = TLS1_0; version <= TLS1_2; version++)
			for (int etm = 0; etm < 2; etm++)
				if (suite->kx == KX_PSK &&
				    suite_params(&params, suite->code, version, NULL) &&
				    compare(suite->code, version, etm))
					modes[version] |= 1u << params.mode;
	}
	unsigned old = 1u << MODE_STREAM | 1u << MODE_CBC;
	cr_assert_eq(modes[TLS1_0], old);
	cr_assert_eq(modes[TLS1_1], old);
	cr_assert_eq(modes[TLS1_2], old | 1u << MODE_GCM | 1u << MODE_CCM | 1u << MODE_CHACHA);
}
