/* SPDX-License-Identifier: Apache-2.0 */
#include "lies.h"

#include <mbedtls/dhm.h>

#include "registry/registry.h"
#include "wire/handshake.h"

/* Lies behind the ServerHello: certificates, shares, signatures, Finished, records. */

static void another_key(struct scene *scene)
{
	scene->rogue.key = "ecdsa";
}

static void rsa_key(struct scene *scene)
{
	scene->rogue.key = "rsa";
}

static void edwards_key(struct scene *scene)
{
	scene->rogue.key = "ed25519";
}

static void bad_signature(struct scene *scene)
{
	scene->rogue.spoil_signature = true;
}

static void no_signature_in(struct rogue *rogue, enum step step, struct builder *message)
{
	(void)rogue;
	if (step != STEP_EXCHANGE)
		return;
	/* type, three of length, curve, two of group, one of length and its share, scheme: */
	size_t at = 4 + 3 + 1 + 32 + 2;
	message->at[at] = message->at[at + 1] = 0;
	message->len = at + 2;
	message->at[2] = 0;
	message->at[3] = (uint8_t)(message->len - 4);
}

static void no_signature(struct scene *scene)
{
	scene->rogue.lie_message = no_signature_in;
}

static void unasked_status(struct scene *scene)
{
	size_t at = script_find(&scene->rogue, STEP_CERTIFICATE) + 1;
	script_insert(&scene->rogue, at, STEP_STATUS);
}

static void strange_scheme(struct scene *scene)
{
	scene->rogue.scheme = 0x0601;
}

static void scheme_of_certificates(struct scene *scene)
{
	scene->rogue.scheme = 0x0401;
}

static void scheme_of_another_key(struct scene *scene)
{
	scene->rogue.scheme = 0x0403;
}

static void bad_finished(struct scene *scene)
{
	scene->rogue.spoil_finished = true;
}

static void bad_record(struct scene *scene)
{
	scene->rogue.spoil_record = 1;
}

static void bad_third_record(struct scene *scene)
{
	scene->rogue.spoil_record = 3;
}

static void encrypt_then_mac(struct scene *scene)
{
	scene->rogue.encrypt_then_mac = true;
}

static void bad_mac_over_cipher(struct scene *scene)
{
	encrypt_then_mac(scene);
	bad_record(scene);
}

static void handshake_as_data(struct scene *scene)
{
	scene->rogue.protected_type = CONTENT_APPLICATION_DATA;
}

static void handshake_as_nonsense(struct scene *scene)
{
	scene->rogue.protected_type = 99;
}

static void handshake_as_heartbeat(struct scene *scene)
{
	scene->rogue.protected_type = CONTENT_HEARTBEAT;
}

static void strange_group(struct scene *scene)
{
	scene->rogue.group = GROUP_SECP521R1;
}

static void zeros_x25519(struct rogue *rogue, struct server_key_exchange *exchange)
{
	static const uint8_t zeros[32];
	(void)rogue;
	exchange->ec_public = span_of(zeros, 32);
}

static void share_of_zeros(struct scene *scene)
{
	scene->rogue.lie_exchange = zeros_x25519;
}

static void off_curve(struct rogue *rogue, struct server_key_exchange *exchange)
{
	static const uint8_t point[65] = { 4, 1, 2, 3 };
	(void)rogue;
	exchange->group = GROUP_SECP256R1;
	exchange->ec_public = span_of(point, 65);
}

static void share_off_the_curve(struct scene *scene)
{
	scene->rogue.lie_exchange = off_curve;
}

static void infinity(struct rogue *rogue, struct server_key_exchange *exchange)
{
	(void)rogue;
	exchange->group = GROUP_SECP256R1;
	exchange->ec_public = span_of("\0", 1);
}

static void share_at_infinity(struct scene *scene)
{
	scene->rogue.lie_exchange = infinity;
}

static void y_is_1(struct rogue *rogue, struct server_key_exchange *exchange)
{
	(void)rogue;
	exchange->dh_public = span_of("\1", 1);
}

static void dh_of_1(struct scene *scene)
{
	scene->rogue.lie_exchange = y_is_1;
}

static void y_is_p(struct rogue *rogue, struct server_key_exchange *exchange)
{
	(void)rogue;
	exchange->dh_public = exchange->dh_p;
}

static void dh_of_p(struct scene *scene)
{
	scene->rogue.lie_exchange = y_is_p;
}

static void p_is_even(struct rogue *rogue, struct server_key_exchange *exchange)
{
	static uint8_t even[] = MBEDTLS_DHM_RFC7919_FFDHE2048_P_BIN;
	(void)rogue;
	even[sizeof even - 1] = 0xFE;
	exchange->dh_p = span_of(even, sizeof even);
}

static void dh_even(struct scene *scene)
{
	scene->rogue.lie_exchange = p_is_even;
}

static void replace_by(struct builder *message, const char *bytes, size_t len)
{
	memcpy(message->at, bytes, len);
	message->len = len;
}

static void empty_list(struct rogue *rogue, enum step step, struct builder *message)
{
	if (step != STEP_CERTIFICATE)
		return;
	if (rogue->version == TLS1_3)
		replace_by(message, "\13\0\0\4\0\0\0\0", 8);
	else
		replace_by(message, "\13\0\0\3\0\0\0", 7);
}

static void no_certificate(struct scene *scene)
{
	scene->rogue.lie_message = empty_list;
}

static void no_x509(struct rogue *rogue, enum step step, struct builder *message)
{
	(void)rogue;
	if (step == STEP_CERTIFICATE)
		replace_by(message, "\13\0\0\7\0\0\4\0\0\1\60", 11);
}

static void junk_certificate(struct scene *scene)
{
	scene->rogue.lie_message = no_x509;
}

static void trailing(struct rogue *rogue, enum step step, struct builder *message)
{
	(void)rogue;
	if (step != STEP_CERTIFICATE)
		return;
	message->at[message->len++] = 0;
	if (++message->at[3] == 0)
		message->at[2]++;
}

static void trailing_byte(struct scene *scene)
{
	scene->rogue.lie_message = trailing;
}

static void behind_hello(struct rogue *rogue, enum step step, struct builder *message)
{
	(void)rogue;
	if (step == STEP_SERVER_HELLO)
		builder_bytes(message, "encrypted_extensions", span_of("\10\0\0\2\0\0", 6));
}

static void clear_behind_hello(struct scene *scene)
{
	scene->rogue.lie_message = behind_hello;
}

static void half_behind(struct rogue *rogue, enum step step, struct builder *message)
{
	(void)rogue;
	if (step == STEP_FINISHED)
		builder_bytes(message, "half", span_of("\4\0\0", 3));
}

static void half_behind_finished(struct scene *scene)
{
	scene->rogue.lie_message = half_behind;
}

/* Half a Certificate, then a record of another kind. */
static void half(struct rogue *rogue, enum step step, struct builder *message)
{
	(void)rogue;
	if (step == STEP_CERTIFICATE)
		message->len /= 2;
}

static void ccs_inside(struct scene *scene)
{
	scene->rogue.lie_message = half;
	script_insert(&scene->rogue, script_find(&scene->rogue, STEP_CERTIFICATE) + 1, STEP_CCS);
}

static void warning_inside(struct scene *scene)
{
	scene->rogue.lie_message = half;
	script_insert(&scene->rogue, script_find(&scene->rogue, STEP_CERTIFICATE) + 1,
		      STEP_WARNING);
}

static void early_data(struct scene *scene)
{
	size_t at = script_find(&scene->rogue, STEP_FINISHED);
	script_insert(&scene->rogue, at, STEP_APPLICATION);
}

static void data_at_once(struct scene *scene)
{
	script_insert(&scene->rogue, 0, STEP_APPLICATION);
}

static void vast(struct rogue *rogue, enum step step, struct builder *message)
{
	(void)rogue;
	if (step == STEP_CERTIFICATE)
		message->at[1] = message->at[2] = message->at[3] = 0xFF;
}

static void vast_message(struct scene *scene)
{
	scene->rogue.lie_message = vast;
}

static void request_of_anonymous(struct scene *scene)
{
	script_insert(&scene->rogue, script_find(&scene->rogue, STEP_DONE), STEP_REQUEST);
}

static void context(struct rogue *rogue, enum step step, struct builder *message)
{
	(void)rogue;
	if (step != STEP_REQUEST)
		return;
	memmove(message->at + 6, message->at + 5, message->len - 5);
	message->at[4] = 1;
	message->len++;
	message->at[3]++;
}

static void request_with_context(struct scene *scene)
{
	scene->rogue.lie_message = context;
	script_insert(&scene->rogue, script_find(&scene->rogue, STEP_CERTIFICATE), STEP_REQUEST);
}

/* The server hashes what it should have sent. */
static void change_certificate(struct rogue *rogue, enum step step, struct builder *message)
{
	(void)rogue;
	if (step == STEP_CERTIFICATE) /* a bit of the certificate's own signature */
		message->at[message->len - 3] ^= 1;
}

static void tampered(struct scene *scene)
{
	scene->rogue.hash_silently = true;
	scene->rogue.extended_master_secret = false; /* or the keys would differ already */
	scene->rogue.lie_message = change_certificate;
}

#define V(name) VIOLATION_##name

static const struct lie lies[] = {
	{ "an ECDSA key", TLS1_2, 0xC02F, another_key, NULL, V(BAD_CERTIFICATE) },
	{ "an ECDSA key", TLS1_2, 0x002F, another_key, NULL, V(BAD_CERTIFICATE) },
	{ "an RSA key", TLS1_2, 0xC02C, rsa_key, NULL, V(BAD_CERTIFICATE) },
	{ "an Ed25519 key", TLS1_2, 0xC02F, edwards_key, NULL, V(BAD_CERTIFICATE) },
	{ "a bad signature", TLS1_0, 0xC013, bad_signature, NULL, V(BAD_SIGNATURE) },
	{ "a bad signature", TLS1_2, 0xC02F, bad_signature, NULL, V(BAD_SIGNATURE) },
	{ "a bad signature", TLS1_2, 0xC02C, bad_signature, NULL, V(BAD_SIGNATURE) },
	{ "a bad signature", TLS1_3, 0x1301, bad_signature, NULL, V(BAD_SIGNATURE) },
	{ "no signature", TLS1_2, 0xC02F, no_signature, NULL, V(BAD_SIGNATURE) },
	{ "a status that was not announced", TLS1_2, 0xC02F, unasked_status, NULL,
	  V(UNEXPECTED_MESSAGE) },
	{ "a strange scheme", TLS1_2, 0xC02F, strange_scheme, NULL, V(SCHEME_NOT_OFFERED) },
	{ "a strange scheme", TLS1_3, 0x1301, strange_scheme, NULL, V(SCHEME_NOT_OFFERED) },
	{ "PKCS #1", TLS1_3, 0x1301, scheme_of_certificates, NULL, V(BAD_SIGNATURE) },
	{ "ECDSA of an RSA key", TLS1_3, 0x1301, scheme_of_another_key, NULL, V(BAD_SIGNATURE) },
	{ "a bad Finished", TLS1_0, 0x002F, bad_finished, NULL, V(BAD_FINISHED) },
	{ "a bad Finished", TLS1_2, 0xC02F, bad_finished, NULL, V(BAD_FINISHED) },
	{ "a bad Finished", TLS1_3, 0x1301, bad_finished, NULL, V(BAD_FINISHED) },
	{ "a bad MAC", TLS1_0, 0x002F, bad_record, NULL, V(BAD_RECORD_MAC) },
	{ "a bad MAC", TLS1_2, 0x0005, bad_record, NULL, V(BAD_RECORD_MAC) },
	{ "encrypt-then-MAC", TLS1_2, 0x002F, encrypt_then_mac, NULL, V(NONE) },
	{ "encrypt-then-MAC", TLS1_0, 0xC013, encrypt_then_mac, NULL, V(NONE) },
	{ "a bad MAC of encrypt-then-MAC", TLS1_2, 0x002F, bad_mac_over_cipher, NULL,
	  V(BAD_RECORD_MAC) },
	{ "a bad tag", TLS1_2, 0xC02F, bad_record, NULL, V(BAD_RECORD_MAC) },
	{ "a bad tag", TLS1_2, 0xCCA8, bad_record, NULL, V(BAD_RECORD_MAC) },
	{ "a bad tag", TLS1_3, 0x1303, bad_third_record, NULL, V(BAD_RECORD_MAC) },
	{ "Finished as data", TLS1_2, 0xC02F, handshake_as_data, NULL, V(UNEXPECTED_MESSAGE) },
	{ "the handshake as data", TLS1_3, 0x1301, handshake_as_data, NULL, V(UNEXPECTED_MESSAGE) },
	{ "an unknown inner type", TLS1_3, 0x1301, handshake_as_nonsense, NULL,
	  V(UNEXPECTED_MESSAGE) },
	{ "heartbeats", TLS1_2, 0xC02F, handshake_as_heartbeat, NULL, V(UNEXPECTED_MESSAGE) },
	{ "a strange group", TLS1_2, 0xC02F, strange_group, NULL, V(GROUP_NOT_OFFERED) },
	{ "zeros for x25519", TLS1_2, 0xC02F, share_of_zeros, NULL, V(BAD_SHARE) },
	{ "a point off the curve", TLS1_2, 0xC02F, share_off_the_curve, NULL, V(BAD_SHARE) },
	{ "a point off the curve", TLS1_2, 0xC018, share_off_the_curve, NULL, V(BAD_SHARE) },
	{ "the point at infinity", TLS1_2, 0xC02F, share_at_infinity, NULL, V(BAD_SHARE) },
	{ "dh_y of 1", TLS1_2, 0x009E, dh_of_1, NULL, V(BAD_SHARE) },
	{ "dh_y of 1", TLS1_2, 0x0034, dh_of_1, NULL, V(BAD_SHARE) },
	{ "dh_y of p", TLS1_2, 0x0034, dh_of_p, NULL, V(BAD_SHARE) },
	{ "an even p", TLS1_2, 0x0034, dh_even, NULL, V(BAD_SHARE) },
	{ "no certificate", TLS1_2, 0xC02F, no_certificate, NULL, V(BAD_CERTIFICATE) },
	{ "no certificate", TLS1_3, 0x1301, no_certificate, NULL, V(BAD_CERTIFICATE) },
	{ "junk for a certificate", TLS1_2, 0x002F, junk_certificate, NULL, V(BAD_CERTIFICATE) },
	{ "a byte behind", TLS1_2, 0xC02F, trailing_byte, NULL, V(MALFORMED_MESSAGE) },
	{ "a byte behind", TLS1_3, 0x1301, trailing_byte, NULL, V(MALFORMED_MESSAGE) },
	{ "in clear behind ServerHello", TLS1_3, 0x1301, clear_behind_hello, NULL,
	  V(UNEXPECTED_MESSAGE) },
	{ "half a message behind Finished", TLS1_3, 0x1301, half_behind_finished, NULL,
	  V(UNEXPECTED_MESSAGE) },
	{ "ChangeCipherSpec in a message", TLS1_2, 0xC02F, ccs_inside, NULL,
	  V(UNEXPECTED_MESSAGE) },
	{ "ChangeCipherSpec in a message", TLS1_3, 0x1301, ccs_inside, NULL,
	  V(UNEXPECTED_MESSAGE) },
	{ "an alert in a message", TLS1_2, 0xC02F, warning_inside, NULL, V(UNEXPECTED_MESSAGE) },
	{ "data before Finished", TLS1_2, 0xC02F, early_data, NULL, V(UNEXPECTED_MESSAGE) },
	{ "data before Finished", TLS1_3, 0x1301, early_data, NULL, V(UNEXPECTED_MESSAGE) },
	{ "data at once", TLS1_2, 0xC02F, data_at_once, NULL, V(UNEXPECTED_MESSAGE) },
	{ "data at once", TLS1_3, 0x1301, data_at_once, NULL, V(UNEXPECTED_MESSAGE) },
	{ "a message of 2^24 - 1", TLS1_2, 0xC02F, vast_message, NULL, V(TOO_MUCH) },
	{ "a message of 2^24 - 1", TLS1_3, 0x1301, vast_message, NULL, V(TOO_MUCH) },
	{ "a request of anonymous", TLS1_2, 0xC018, request_of_anonymous, NULL,
	  V(UNEXPECTED_MESSAGE) },
	{ "a request with a context", TLS1_3, 0x1301, request_with_context, NULL,
	  V(MALFORMED_MESSAGE) },
	{ "a tampered certificate", TLS1_2, 0x002F, tampered, NULL, V(BAD_FINISHED) },
	{ "a tampered certificate", TLS1_3, 0x1301, tampered, NULL, V(BAD_SIGNATURE) },
};

Test(lies, behind_a_server_hello_have_their_names)
{
	lies_play(lies, sizeof lies / sizeof lies[0]);
}

/* Nothing is wrong with the server: this build's mbedTLS has no Ed25519. */
Test(lies, are_not_what_we_cannot_verify)
{
	static const enum version versions[] = { TLS1_2, TLS1_3 };
	for (size_t i = 0; i < 2; i++) {
		struct scene scene;
		scene_init(&scene, versions[i], versions[i] == TLS1_3 ? 0x1301 : 0xC02C);
		scene.rogue.key = "ed25519";
		scene.rogue.scheme = 0x0807;
		const struct handshake_facts *facts = scene_play(&scene);
		cr_expect_eq(facts->phase, PHASE_UNABLE, "%d", facts->phase);
		cr_expect_eq(facts->violation, VIOLATION_UNSUPPORTED_SUITE, "%s",
			     violation_name(facts->violation));
		scene_release(&scene);
	}
}
