/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "base/builder.h"
#include "endpoint/warden.h"
#include "registry/registry.h"
#include "wire/record.h"

#define ECDHE_RSA_AES_128_GCM 0xC02F
#define RSA_AES_128_CBC_SHA   0x002F
#define DHE_RSA_AES_128_GCM   0x009E
#define PSK_AES_128_GCM	      0x00A8

static const uint8_t x25519_point[32] = { 9 };

/* A client that has been sent everything up to ServerHelloDone. */
static struct warden *awaiting(uint16_t suite, uint16_t group)
{
	static struct warden warden;
	warden_init(&warden, TLS1_2, DEFECT_NONE, span_of(NULL, 0));
	warden.suite = cipher_suite_by_code(suite);
	warden.group = group;
	return &warden;
}

static struct warden *awaiting_x25519(void)
{
	return awaiting(ECDHE_RSA_AES_128_GCM, GROUP_X25519);
}

static struct span record_of(uint8_t type, struct span fragment)
{
	static uint8_t bytes[4096];
	struct builder b;
	builder_init(&b, bytes, sizeof bytes, NULL, 0);
	record_encode(&b, &(struct record){ .type = type, .version = 0x0303, .fragment = fragment },
		      0);
	return builder_view(&b);
}

static struct span message_of(uint8_t type, struct span body)
{
	static uint8_t bytes[1024];
	struct builder b;
	builder_init(&b, bytes, sizeof bytes, NULL, 0);
	builder_u8(&b, "type", type);
	builder_u24(&b, "length", (uint32_t)body.len);
	builder_bytes(&b, "body", body);
	return builder_view(&b);
}

/* A ClientKeyExchange with one vector of a prefix of `width` bytes. */
static struct span key_exchange_of(struct span value, uint8_t width)
{
	static uint8_t bytes[1024];
	struct builder b;
	builder_init(&b, bytes, sizeof bytes, NULL, 0);
	struct prefix prefix = builder_open(&b, "value", width);
	builder_bytes(&b, "bytes", value);
	builder_close(&b, prefix, 0);
	return message_of(HANDSHAKE_CLIENT_KEY_EXCHANGE, builder_view(&b));
}

/* The verdict behind all that passes; `passed` counts what did. */
static struct warden_result hear_all(struct warden *warden, struct span bytes, size_t *passed)
{
	struct warden_result result;
	struct cursor in = cursor_over(bytes);
	*passed = 0;
	do {
		warden_take(warden, &in, &result);
		*passed += result.verdict == WARDEN_PASS;
	} while (result.verdict == WARDEN_PASS || result.verdict == WARDEN_SKIP);
	return result;
}

static void expect_pass(struct warden *warden, uint8_t type, struct span fragment)
{
	size_t passed;
	struct warden_result result = hear_all(warden, record_of(type, fragment), &passed);
	cr_expect_eq(result.verdict, WARDEN_MORE, "alert %u", result.alert);
	cr_expect_eq(passed, 1);
}

static void expect_alert(struct warden *warden, uint8_t type, struct span fragment, uint8_t alert)
{
	size_t passed;
	struct warden_result result = hear_all(warden, record_of(type, fragment), &passed);
	cr_expect_eq(result.verdict, WARDEN_ALERT, "verdict %d", result.verdict);
	cr_expect_eq(result.alert, alert, "%u, not %u", result.alert, alert);
}

static struct span point(void)
{
	return key_exchange_of(span_of(x25519_point, sizeof x25519_point), 1);
}

Test(warden, second_flight_passes_in_its_order)
{
	struct warden *warden = awaiting_x25519();
	expect_pass(warden, CONTENT_HANDSHAKE, point());
	expect_pass(warden, CONTENT_CHANGE_CIPHER_SPEC, span_of("\1", 1));
	expect_pass(warden, CONTENT_HANDSHAKE, span_text("protected, so anything"));
}

Test(warden, message_in_fragments_is_joined)
{
	struct warden *warden = awaiting_x25519();
	struct span message = point();
	size_t passed = 0, all = 0;
	for (size_t i = 0; i < message.len; i++) {
		struct span record = record_of(CONTENT_HANDSHAKE, span_of(message.at + i, 1));
		cr_expect_eq(hear_all(warden, record, &passed).verdict, WARDEN_MORE);
		all += passed;
	}
	cr_expect_eq(all, 1);
	cr_expect_eq(warden->stage, WARDEN_AT_CCS);
}

Test(warden, ccs_before_the_key_exchange_is_refused)
{
	expect_alert(awaiting_x25519(), CONTENT_CHANGE_CIPHER_SPEC, span_of("\1", 1),
		     ALERT_UNEXPECTED_MESSAGE);
}

Test(warden, ccs_has_one_byte_of_one)
{
	struct warden *warden = awaiting_x25519();
	expect_pass(warden, CONTENT_HANDSHAKE, point());
	expect_alert(warden, CONTENT_CHANGE_CIPHER_SPEC, span_of("\2", 1), ALERT_ILLEGAL_PARAMETER);
	expect_alert(warden, CONTENT_CHANGE_CIPHER_SPEC, span_of("\1\1", 2), ALERT_DECODE_ERROR);
	expect_alert(warden, CONTENT_CHANGE_CIPHER_SPEC, span_of(NULL, 0), ALERT_DECODE_ERROR);
}

Test(warden, messages_that_are_not_due_are_unexpected)
{
	static const uint8_t types[] = { 0, 1, 2, 4, 11, 14, 15, 20, 24, 99 };
	for (size_t i = 0; i < sizeof types; i++)
		expect_alert(awaiting_x25519(), CONTENT_HANDSHAKE,
			     message_of(types[i], span_of(NULL, 0)), ALERT_UNEXPECTED_MESSAGE);
	struct warden *warden = awaiting_x25519();
	expect_pass(warden, CONTENT_HANDSHAKE, point());
	expect_alert(warden, CONTENT_HANDSHAKE, point(), ALERT_UNEXPECTED_MESSAGE);
}

Test(warden, certificate_is_due_only_where_it_was_asked_for)
{
	struct warden *warden = awaiting_x25519();
	warden_overhear(warden,
			record_of(CONTENT_HANDSHAKE,
				  message_of(HANDSHAKE_CERTIFICATE_REQUEST, span_of("\0", 1))));
	expect_alert(warden, CONTENT_HANDSHAKE, point(), ALERT_UNEXPECTED_MESSAGE);
	expect_pass(warden, CONTENT_HANDSHAKE,
		    message_of(HANDSHAKE_CERTIFICATE, span_of("\0\0\0", 3)));
	expect_pass(warden, CONTENT_HANDSHAKE, point());
	cr_expect_eq(warden->stage, WARDEN_AT_CCS, "no CertificateVerify for no certificate");
}

Test(warden, other_records_are_unexpected)
{
	expect_alert(awaiting_x25519(), CONTENT_APPLICATION_DATA, span_text("x"),
		     ALERT_UNEXPECTED_MESSAGE);
	expect_alert(awaiting_x25519(), CONTENT_HEARTBEAT, span_of("\1\x40\0", 3),
		     ALERT_UNEXPECTED_MESSAGE);
	expect_alert(awaiting_x25519(), CONTENT_HANDSHAKE, span_of(NULL, 0),
		     ALERT_UNEXPECTED_MESSAGE);
	expect_alert(awaiting_x25519(), 99, span_text("x"), ALERT_UNEXPECTED_MESSAGE);
}

Test(warden, header_alone_tells_version_and_overflow)
{
	size_t passed;
	struct warden_result result =
		hear_all(awaiting_x25519(), span_of("\x16\x03\x01", 3), &passed);
	cr_expect_eq(result.alert, ALERT_PROTOCOL_VERSION);
	result = hear_all(awaiting_x25519(), span_of("\x16\x03\x03\x40\x01", 5), &passed);
	cr_expect_eq(result.alert, ALERT_RECORD_OVERFLOW);
	struct warden *warden = awaiting_x25519();
	warden->stage = WARDEN_AT_FINISHED;
	result = hear_all(warden, span_of("\x16\x03\x03\x48\x00", 5), &passed);
	cr_expect_eq(result.verdict, WARDEN_MORE);
	result = hear_all(warden, span_of("\x16\x03\x03\x48\x01", 5), &passed);
	cr_expect_eq(result.alert, ALERT_RECORD_OVERFLOW);
}

Test(warden, huge_message_is_refused_before_it_comes)
{
	expect_alert(awaiting_x25519(), CONTENT_HANDSHAKE, span_of("\x10\xff\xff\xff", 4),
		     ALERT_DECODE_ERROR);
}

Test(warden, alerts_end_or_are_counted)
{
	size_t passed;
	struct warden *warden = awaiting_x25519();
	struct span warning = span_of("\1\x5a", 2);
	for (size_t i = 0; i < WARNING_ALERTS_MAX; i++)
		cr_expect_eq(hear_all(warden, record_of(CONTENT_ALERT, warning), &passed).verdict,
			     WARDEN_MORE);
	expect_alert(warden, CONTENT_ALERT, warning, ALERT_UNEXPECTED_MESSAGE);
	expect_alert(awaiting_x25519(), CONTENT_ALERT, span_of("\1", 1), ALERT_DECODE_ERROR);
	expect_alert(awaiting_x25519(), CONTENT_ALERT, span_of("\3\x28", 2),
		     ALERT_ILLEGAL_PARAMETER);
	struct span fatal = record_of(CONTENT_ALERT, span_of("\2\x28", 2));
	cr_expect_eq(hear_all(awaiting_x25519(), fatal, &passed).verdict, WARDEN_CLOSE);
	struct span notify = record_of(CONTENT_ALERT, span_of("\1\0", 2));
	cr_expect_eq(hear_all(awaiting_x25519(), notify, &passed).verdict, WARDEN_CLOSE);
}

static void expect_judgement(struct warden *warden, struct span message, uint8_t alert)
{
	if (alert)
		expect_alert(warden, CONTENT_HANDSHAKE, message, alert);
	else
		expect_pass(warden, CONTENT_HANDSHAKE, message);
}

Test(key_exchange, x25519_has_32_bytes_that_are_not_all_zero)
{
	static const uint8_t zero[33];
	static const uint8_t some[33] = { 9 };
	expect_judgement(awaiting_x25519(), key_exchange_of(span_of(zero, 32), 1),
			 ALERT_ILLEGAL_PARAMETER);
	expect_judgement(awaiting_x25519(), key_exchange_of(span_of(some, 31), 1),
			 ALERT_ILLEGAL_PARAMETER);
	expect_judgement(awaiting_x25519(), key_exchange_of(span_of(some, 33), 1),
			 ALERT_ILLEGAL_PARAMETER);
	expect_judgement(awaiting_x25519(), key_exchange_of(span_of(some, 0), 1),
			 ALERT_DECODE_ERROR);
	expect_judgement(awaiting_x25519(),
			 message_of(HANDSHAKE_CLIENT_KEY_EXCHANGE, span_of(NULL, 0)),
			 ALERT_DECODE_ERROR);
	expect_judgement(awaiting_x25519(),
			 message_of(HANDSHAKE_CLIENT_KEY_EXCHANGE, span_of("\2\1\1\1", 4)),
			 ALERT_DECODE_ERROR);
	expect_judgement(awaiting_x25519(),
			 message_of(HANDSHAKE_CLIENT_KEY_EXCHANGE, span_of("\2\1", 2)),
			 ALERT_DECODE_ERROR);
}

/* The base point of P-256 (SEC 2, 2.4.2). */
static const uint8_t base_point[65] =
	"\x04\x6b\x17\xd1\xf2\xe1\x2c\x42\x47\xf8\xbc\xe6\xe5\x63\xa4\x40\xf2\x77\x03\x7d\x81"
	"\x2d\xeb\x33\xa0\xf4\xa1\x39\x45\xd8\x98\xc2\x96\x4f\xe3\x42\xe2\xfe\x1a\x7f\x9b\x8e"
	"\xe7\xeb\x4a\x7c\x0f\x9e\x16\x2b\xce\x33\x57\x6b\x31\x5e\xce\xcb\xb6\x40\x68\x37\xbf"
	"\x51\xf5";

static struct warden *awaiting_p256(void)
{
	return awaiting(ECDHE_RSA_AES_128_GCM, GROUP_SECP256R1);
}

Test(key_exchange, point_is_uncompressed_and_on_the_curve)
{
	uint8_t bent[65];
	expect_judgement(awaiting_p256(), key_exchange_of(span_of(base_point, 65), 1), 0);
	memcpy(bent, base_point, sizeof bent);
	bent[64] ^= 1;
	expect_judgement(awaiting_p256(), key_exchange_of(span_of(bent, 65), 1),
			 ALERT_ILLEGAL_PARAMETER);
	bent[0] = 3;
	expect_judgement(awaiting_p256(), key_exchange_of(span_of(bent, 33), 1),
			 ALERT_ILLEGAL_PARAMETER);
	expect_judgement(awaiting_p256(), key_exchange_of(span_of("\0", 1), 1),
			 ALERT_ILLEGAL_PARAMETER);
}

Test(key_exchange, number_lies_between_one_and_the_prime_less_one)
{
	static const uint8_t prime[] = { 0x17 };
	static const struct {
		const char *number;
		uint8_t alert;
	} numbers[] = {
		{ "\0", ALERT_ILLEGAL_PARAMETER },
		{ "\1", ALERT_ILLEGAL_PARAMETER },
		{ "\2", 0 },
		{ "\x15", 0 },
		{ "\x16", ALERT_ILLEGAL_PARAMETER },
		{ "\x17", ALERT_ILLEGAL_PARAMETER },
	};
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
		struct warden *warden = awaiting(DHE_RSA_AES_128_GCM, 0);
		warden->dh_p[0] = prime[0];
		warden->dh_p_len = 1;
		expect_judgement(warden, key_exchange_of(span_of(numbers[i].number, 1), 2),
				 numbers[i].alert);
	}
}

Test(key_exchange, rsa_and_psk_are_one_vector)
{
	struct span vector = key_exchange_of(span_of(x25519_point, 32), 2);
	expect_judgement(awaiting(RSA_AES_128_CBC_SHA, 0), vector, 0);
	expect_judgement(awaiting(PSK_AES_128_GCM, 0), vector, 0);
	struct span trailing = message_of(HANDSHAKE_CLIENT_KEY_EXCHANGE, span_of("\0\1xx", 4));
	expect_judgement(awaiting(RSA_AES_128_CBC_SHA, 0), trailing, ALERT_DECODE_ERROR);
	expect_judgement(awaiting(PSK_AES_128_GCM, 0), trailing, ALERT_DECODE_ERROR);
}
