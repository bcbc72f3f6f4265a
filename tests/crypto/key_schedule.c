/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "base/limits.h"
#include "crypto/key_exchange.h"
#include "crypto/key_schedule.h"
#include "crypto/prf.h"
#include "crypto/protection.h"
#include "registry/registry.h"
#include "vectors.h"

#define MD MBEDTLS_MD_SHA256

static struct span trace(const char *name)
{
	return vector("rfc8448.txt", name);
}

static void expect_secret(const struct key_schedule *schedule, const char *name)
{
	assert_bytes(span_of(schedule->secret, schedule->hash_len), trace(name), name);
}

static void expect_derived(const struct key_schedule *schedule, const char *label, const char *hash,
			   const char *name)
{
	uint8_t out[HASH_MAX];
	struct span secret = span_of(schedule->secret, schedule->hash_len);
	cr_assert_eq(derive_secret(out, MD, secret, label, trace(hash)), FAULT_NONE);
	assert_bytes(span_of(out, schedule->hash_len), trace(name), name);
}

Test(key_schedule, goes_through_the_stages_of_rfc_8448)
{
	struct key_schedule schedule;
	cr_assert_eq(key_schedule_early(&schedule, MD, span_of(NULL, 0)), FAULT_NONE);
	expect_secret(&schedule, "early_secret");
	cr_assert_eq(key_schedule_handshake(&schedule, trace("shared")), FAULT_NONE);
	expect_secret(&schedule, "handshake_secret");
	expect_derived(&schedule, "c hs traffic", "hash_of_hellos", "client_handshake_traffic");
	expect_derived(&schedule, "s hs traffic", "hash_of_hellos", "server_handshake_traffic");
	cr_assert_eq(key_schedule_main(&schedule), FAULT_NONE);
	expect_secret(&schedule, "main_secret");
	expect_derived(&schedule, "c ap traffic", "hash_to_server_finished",
		       "client_application_traffic");
	expect_derived(&schedule, "s ap traffic", "hash_to_server_finished",
		       "server_application_traffic");
	expect_derived(&schedule, "exp master", "hash_to_server_finished", "exporter_main");
	expect_derived(&schedule, "res master", "hash_to_client_finished", "resumption_main");
}

static void expect_expanded(const char *secret, const char *label, struct span context,
			    const char *name)
{
	uint8_t out[64];
	struct span expected = trace(name);
	cr_assert_eq(hkdf_expand_label(out, expected.len, MD, trace(secret), label, context),
		     FAULT_NONE);
	assert_bytes(span_of(out, expected.len), expected, name);
}

Test(key_schedule, expands_the_traffic_keys_of_rfc_8448)
{
	struct span none = span_of(NULL, 0);
	expect_expanded("server_handshake_traffic", "key", none, "server_handshake_key");
	expect_expanded("server_handshake_traffic", "iv", none, "server_handshake_iv");
	expect_expanded("client_handshake_traffic", "key", none, "client_handshake_key");
	expect_expanded("client_handshake_traffic", "iv", none, "client_handshake_iv");
	expect_expanded("server_application_traffic", "key", none, "server_application_key");
	expect_expanded("client_application_traffic", "iv", none, "client_application_iv");
	expect_expanded("server_handshake_traffic", "finished", none, "server_finished_key");
	expect_expanded("client_handshake_traffic", "finished", none, "client_finished_key");
	expect_expanded("resumption_main", "resumption", span_of("\0\0", 2), "resumption_psk");
}

Test(key_schedule, takes_sha_384_and_a_psk)
{
	struct key_schedule with, without;
	cr_assert_eq(key_schedule_early(&with, MBEDTLS_MD_SHA384, trace("shared")), FAULT_NONE);
	cr_assert_eq(key_schedule_early(&without, MBEDTLS_MD_SHA384, span_of(NULL, 0)), FAULT_NONE);
	cr_assert_eq(with.hash_len, 48);
	cr_assert_neq(memcmp(with.secret, without.secret, 48), 0);
	cr_assert_eq(key_schedule_early(&with, MBEDTLS_MD_SHA512, span_of(NULL, 0)), FAULT_CRYPTO,
		     "no suite of TLS 1.3 has so long a hash");
}

static struct protection *direction(const char *key, const char *iv, bool sealing)
{
	struct suite_params params;
	cr_assert(suite_params(&params, 0x1301, TLS1_3, NULL));
	struct protection_keys keys = { .key = trace(key), .iv = trace(iv) };
	struct protection *protection = protection_new(&params, &keys, false, sealing);
	cr_assert_not_null(protection);
	return protection;
}

static struct span record_open(struct protection *protection, struct arena *arena, const char *name,
			       uint8_t expected_type)
{
	struct span record = trace(name), out;
	uint8_t type = record.at[0];
	cr_assert_eq(protection_open(protection, arena, &type, 0x0303, span_skip(record, 5), &out),
		     FAULT_NONE, "%s", name);
	cr_assert_eq(type, expected_type, "%s", name);
	return out;
}

static void transcript_expect(const uint8_t *messages, size_t len, const char *name)
{
	uint8_t hash[64];
	size_t hash_len;
	cr_assert_eq(transcript_hash(hash, &hash_len, TLS1_3, MD, span_of(messages, len)),
		     FAULT_NONE);
	assert_bytes(span_of(hash, hash_len), trace(name), name);
}

static size_t append(uint8_t *to, size_t at, struct span bytes)
{
	memcpy(to + at, bytes.at, bytes.len);
	return at + bytes.len;
}

Test(records, of_rfc_8448_open_and_their_messages_make_its_transcript)
{
	struct arena arena;
	arena_init(&arena, PROBE_ARENA_MAX);
	struct protection *server = direction("server_handshake_key", "server_handshake_iv", false);
	struct protection *client = direction("client_handshake_key", "client_handshake_iv", false);
	uint8_t messages[2048];
	size_t len = append(messages, 0, trace("client_hello"));
	len = append(messages, len, trace("server_hello"));
	transcript_expect(messages, len, "hash_of_hellos");
	struct span flight = record_open(server, &arena, "server_flight_record", CONTENT_HANDSHAKE);
	len = append(messages, len, flight);
	transcript_expect(messages, len, "hash_to_server_finished");
	struct span finished =
		record_open(client, &arena, "client_finished_record", CONTENT_HANDSHAKE);
	len = append(messages, len, finished);
	transcript_expect(messages, len, "hash_to_client_finished");
	assert_bytes(span_skip(finished, 4), trace("client_finished"), "the client's Finished");
	protection_free(server);
	protection_free(client);
	arena_release(&arena);
}

Test(records, of_rfc_8448_open_one_after_the_other)
{
	struct arena arena;
	arena_init(&arena, PROBE_ARENA_MAX);
	struct protection *server =
		direction("server_application_key", "server_application_iv", false);
	struct span ticket = record_open(server, &arena, "ticket_record", CONTENT_HANDSHAKE);
	cr_assert_eq(ticket.at[0], HANDSHAKE_NEW_SESSION_TICKET);
	struct span data =
		record_open(server, &arena, "server_data_record", CONTENT_APPLICATION_DATA);
	cr_assert_eq(data.len, 50);
	for (uint8_t i = 0; i < 50; i++)
		cr_assert_eq(data.at[i], i);
	protection_free(server);
	arena_release(&arena);
}

Test(records, are_sealed_as_in_rfc_8448)
{
	uint8_t bytes[128], plain[50];
	struct rng rng;
	struct builder out;
	rng_init(&rng, 1, 1);
	for (uint8_t i = 0; i < 50; i++)
		plain[i] = i;
	struct protection *client =
		direction("client_application_key", "client_application_iv", true);
	builder_init(&out, bytes, sizeof bytes, NULL, 0);
	cr_assert_eq(protection_seal(client, &out, CONTENT_APPLICATION_DATA, 0x0303,
				     span_of(plain, 50), &rng, 0),
		     FAULT_NONE);
	assert_bytes(builder_view(&out), trace("client_data_record"), "the first record");
	builder_init(&out, bytes, sizeof bytes, NULL, 0);
	cr_assert_eq(
		protection_seal(client, &out, CONTENT_ALERT, 0x0303, span_of("\1\0", 2), &rng, 0),
		FAULT_NONE);
	assert_bytes(builder_view(&out), trace("client_alert_record"), "the second record");
	protection_free(client);
}

/* The flight is EncryptedExtensions of 40 bytes, then the Certificate of 445. */
Test(signature, of_rfc_8448_verifies)
{
	static const char context[] = "TLS 1.3, server CertificateVerify";
	struct arena arena;
	arena_init(&arena, PROBE_ARENA_MAX);
	struct protection *server = direction("server_handshake_key", "server_handshake_iv", false);
	struct span flight = record_open(server, &arena, "server_flight_record", CONTENT_HANDSHAKE);
	uint8_t messages[2048], content[64 + sizeof context + 64];
	size_t len = append(messages, 0, trace("client_hello")), hash_len;
	len = append(messages, len, trace("server_hello"));
	len = append(messages, len, span_of(flight.at, 40 + 445));
	memset(content, 0x20, 64);
	memcpy(content + 64, context, sizeof context);
	cr_assert_eq(transcript_hash(content + 64 + sizeof context, &hash_len, TLS1_3, MD,
				     span_of(messages, len)),
		     FAULT_NONE);
	struct span certificate = span_of(flight.at + 40 + 11, 432);
	struct span signature = span_of(flight.at + 40 + 445 + 8, 128);
	struct span bytes = span_of(content, 64 + sizeof context + hash_len);
	cr_assert_eq(signature_verify(certificate, TLS1_3, 0x0804, bytes, signature),
		     SIGNATURE_GOOD);
	content[70] ^= 1;
	cr_assert_eq(signature_verify(certificate, TLS1_3, 0x0804, bytes, signature),
		     SIGNATURE_BAD);
	protection_free(server);
	arena_release(&arena);
}
