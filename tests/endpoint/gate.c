/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include <stdio.h>

#include "endpoint/gate.h"
#include "registry/registry.h"
#include "world.h"

#define AES128_GCM    0xC02F
#define AES128_SHA    0x002F
#define RC4_128_SHA   0x0005
#define ALERT_NONE    255
#define AES128_SHA256 0x003C

static struct repertoire repertoire;

/* What the gate says of bytes that come in pieces of `step`: PASS is ALERT_NONE with a version. */
static struct gate_result hear_in(struct span bytes, size_t step)
{
	struct gate gate;
	struct gate_result result = { .verdict = GATE_MORE };
	gate_init(&gate);
	size_t at = 0;
	for (size_t end = step; at < bytes.len && result.verdict == GATE_MORE; end += step) {
		size_t until = end < bytes.len ? end : bytes.len;
		struct cursor in = cursor_over(span_of(bytes.at + at, until - at));
		gate_take(&gate, &in, &repertoire, &result);
		at += in.at;
		if (until == bytes.len)
			break;
	}
	gate_release(&gate);
	return result;
}

static void expect_alert(struct span bytes, uint8_t alert)
{
	size_t steps[] = { bytes.len, 1, 5, 7 };
	for (size_t i = 0; i < 4; i++) {
		struct gate_result result = hear_in(bytes, steps[i]);
		cr_expect_eq(result.verdict, GATE_ALERT);
		cr_expect_eq(result.alert, alert, "%u, not %u", result.alert, alert);
	}
}

static void expect_version(struct span bytes, enum version version)
{
	size_t steps[] = { bytes.len, 1, 5 };
	for (size_t i = 0; i < 3; i++) {
		struct gate_result result = hear_in(bytes, steps[i]);
		cr_expect_eq(result.verdict, GATE_PASS, "alert %u", result.alert);
		cr_expect_eq(result.version, version);
	}
}

static void said_is_refused(const struct said *said, uint8_t alert)
{
	uint8_t bytes[512];
	expect_alert(hello_say(bytes, said), alert);
}

static void said_passes(const struct said *said, enum version version)
{
	uint8_t bytes[512];
	expect_version(hello_say(bytes, said), version);
}

static void enforce(const char *policy)
{
	repertoire_init(&repertoire, settings_of(policy), REFUSE_BY_ALERT);
}

Test(gate, allowed_pair_passes_with_the_highest_allowed_version)
{
	enforce(open_policy);
	said_passes(&(struct said){ .suites = { AES128_SHA }, .suites_len = 1 }, TLS1_2);
	said_passes(&(struct said){ .legacy_version = 0x0302,
				    .suites = { AES128_SHA },
				    .suites_len = 1 },
		    TLS1_1);
	said_passes(&(struct said){ .legacy_version = 0x0301,
				    .suites = { AES128_SHA },
				    .suites_len = 1 },
		    TLS1_0);
}

Test(gate, version_below_the_minimum_is_protocol_version)
{
	enforce(strict_policy);
	said_is_refused(&(struct said){ .legacy_version = 0x0302,
					.suites = { AES128_GCM },
					.suites_len = 1 },
			ALERT_PROTOCOL_VERSION);
	said_is_refused(&(struct said){ .legacy_version = 0x0300,
					.suites = { AES128_GCM },
					.suites_len = 1 },
			ALERT_PROTOCOL_VERSION);
	said_is_refused(&(struct said){ .legacy_version = 0x0200,
					.suites = { AES128_GCM },
					.suites_len = 1 },
			ALERT_PROTOCOL_VERSION);
}

Test(gate, suites_that_the_policy_rejects_are_handshake_failure)
{
	enforce(strict_policy);
	said_is_refused(&(struct said){ .suites = { AES128_SHA, AES128_SHA256, RC4_128_SHA },
					.suites_len = 3 },
			ALERT_HANDSHAKE_FAILURE);
	said_passes(&(struct said){ .suites = { AES128_SHA, AES128_GCM }, .suites_len = 2 },
		    TLS1_2);
}

Test(gate, suite_that_does_not_exist_in_the_version_is_handshake_failure)
{
	enforce(open_policy);
	said_is_refused(&(struct said){ .legacy_version = 0x0301,
					.suites = { AES128_GCM },
					.suites_len = 1 },
			ALERT_HANDSHAKE_FAILURE);
}

Test(gate, supported_versions_beats_the_legacy_version)
{
	enforce(open_policy);
	said_is_refused(&(struct said){ .suites = { AES128_SHA },
					.suites_len = 1,
					.versions = { 0x0304 },
					.versions_len = 1 },
			ALERT_PROTOCOL_VERSION);
	said_passes(&(struct said){ .suites = { AES128_SHA },
				    .suites_len = 1,
				    .versions = { 0x0304, 0x0302, 0x0301 },
				    .versions_len = 3 },
		    TLS1_1);
}

Test(gate, legacy_version_of_sslv3_is_refused_whatever_is_listed)
{
	enforce(open_policy);
	struct said said = { .legacy_version = 0x0301,
			     .suites = { AES128_SHA },
			     .suites_len = 1,
			     .versions = { 0x0303 },
			     .versions_len = 1 };
	said_passes(&said, TLS1_2);
	said.legacy_version = 0x0300;
	said_is_refused(&said, ALERT_PROTOCOL_VERSION);
}

Test(gate, needless_fallback_is_inappropriate)
{
	enforce(open_policy);
	struct said said = { .legacy_version = 0x0302,
			     .suites = { AES128_SHA, SUITE_FALLBACK_SCSV },
			     .suites_len = 2 };
	said_is_refused(&said, ALERT_INAPPROPRIATE_FALLBACK);
	said.legacy_version = 0x0303;
	said_passes(&said, TLS1_2);
	/* RFC 8446 4.2.1: a version that nobody knows is ignored; TLS 1.3 is more than ours. */
	said.versions[0] = 0x7F1C;
	said.versions[1] = 0x0302;
	said.versions_len = 2;
	said_is_refused(&said, ALERT_INAPPROPRIATE_FALLBACK);
	said.versions[0] = 0x0304;
	said_passes(&said, TLS1_1);
}

Test(gate, malformed_hello_is_decode_error)
{
	enforce(open_policy);
	said_is_refused(&(struct said){ .suites = { AES128_SHA },
					.suites_len = 1,
					.versions = { 0x0303 },
					.versions_len = 1,
					.trailing_byte = true },
			ALERT_DECODE_ERROR);
	said_is_refused(&(struct said){ .suites_len = 0 }, ALERT_DECODE_ERROR);
}

Test(gate, what_is_no_hello_gets_the_alert_that_fits)
{
	enforce(open_policy);
	expect_alert(span_text("GET / HTTP/1.0\r\n\r\n"), ALERT_UNEXPECTED_MESSAGE);
	expect_alert(STARTUP, ALERT_UNEXPECTED_MESSAGE);
	expect_alert(span_of("\x16\x02\x00\x00\x05hello", 10), ALERT_PROTOCOL_VERSION);
	expect_alert(span_of("\x16\x03\x01\xff\xff", 5), ALERT_RECORD_OVERFLOW);
	expect_alert(span_of("\x16\x03\x01\x00\x00", 5), ALERT_UNEXPECTED_MESSAGE);
	expect_alert(span_of("\x17\x03\x03\x00\x01x", 6), ALERT_UNEXPECTED_MESSAGE);
	expect_alert(span_of("\x14\x03\x03\x00\x01\x01", 6), ALERT_UNEXPECTED_MESSAGE);
	expect_alert(span_of("\x16\x03\x01\x00\x04\x02\x00\x00\x00", 9), ALERT_UNEXPECTED_MESSAGE);
	expect_alert(span_of("\x16\x03\x01\x00\x04\x01\xff\xff\xff", 9), ALERT_DECODE_ERROR);
	expect_alert(span_of("\x15\x03\x01\x00\x01\x02", 6), ALERT_DECODE_ERROR);
	expect_alert(span_of("\x80\x2e\x01\x00\x02", 5), ALERT_PROTOCOL_VERSION);
}

Test(gate, alert_from_the_client_ends_it)
{
	enforce(open_policy);
	cr_assert_eq(hear_in(span_of("\x15\x03\x01\x00\x02\x01\x00", 7), 7).verdict, GATE_CLOSE);
	cr_assert_eq(hear_in(span_of("\x15\x03\x01\x00\x02\x02\x28", 7), 7).verdict, GATE_CLOSE);
}

Test(gate, bytes_behind_the_hello_in_its_record_are_unexpected)
{
	enforce(open_policy);
	uint8_t bytes[512];
	struct span hello =
		hello_say(bytes, &(struct said){ .suites = { AES128_SHA }, .suites_len = 1 });
	bytes[4]++;
	bytes[hello.len] = 0;
	expect_alert(span_of(bytes, hello.len + 1), ALERT_UNEXPECTED_MESSAGE);
}

Test(gate, hello_in_many_records_is_joined)
{
	enforce(open_policy);
	uint8_t bytes[512], pieces[4096];
	struct span hello =
		hello_say(bytes, &(struct said){ .suites = { AES128_SHA }, .suites_len = 1 });
	size_t len = 0;
	for (size_t i = 5; i < hello.len; i++) {
		memcpy(pieces + len, "\x16\x03\x01\x00\x01", 5);
		pieces[len + 5] = bytes[i];
		len += 6;
	}
	expect_version(span_of(pieces, len), TLS1_2);
	/* Another type between the fragments is not (RFC 8446 5.1). */
	memcpy(pieces + 60, "\x15\x03\x01\x00\x02\x01\x5a", 7);
	expect_alert(span_of(pieces, 67), ALERT_UNEXPECTED_MESSAGE);
	/* Nor is an empty fragment allowed (RFC 5246 6.2.1). */
	memcpy(pieces + 60, "\x16\x03\x01\x00\x00", 5);
	expect_alert(span_of(pieces, 65), ALERT_UNEXPECTED_MESSAGE);
}

Test(gate, alert_speaks_the_version_of_the_client)
{
	enforce(strict_policy);
	uint8_t bytes[512];
	struct said said = { .legacy_version = 0x0302, .suites = { AES128_GCM }, .suites_len = 1 };
	struct span hello = hello_say(bytes, &said);
	cr_assert_eq(hear_in(hello, hello.len).record_version, 0x0302);
	said.legacy_version = 0x0304;
	said.suites[0] = AES128_SHA;
	hello = hello_say(bytes, &said);
	cr_assert_eq(hear_in(hello, hello.len).record_version, 0x0303);
}

Test(repertoire, four_suites_of_the_page_and_nothing_else)
{
	enforce(strict_policy);
	cr_assert_eq(repertoire.versions, VERSION_BIT(TLS1_2));
	size_t count = 0;
	for (unsigned code = 0; code < 65536; code++)
		count += repertoire_has(&repertoire, TLS1_2, (uint16_t)code);
	cr_assert_eq(count, 4);
	cr_assert_eq(repertoire.suites[TLS1_2][4], 0);
	cr_assert_not(repertoire.plaintext);
}

Test(repertoire, refusal_by_error_completes_lower_versions_only)
{
	repertoire_init(&repertoire, settings_of(strict_policy), REFUSE_BY_ERROR);
	cr_assert_eq(repertoire.refused, VERSION_BIT(TLS1_0) | VERSION_BIT(TLS1_1));
	cr_assert(repertoire_has(&repertoire, TLS1_0, AES128_SHA));
	cr_assert_not(repertoire_has(&repertoire, TLS1_2, AES128_SHA));
}

Test(repertoire, preference_of_the_document_orders_the_suites)
{
	char text[4096];
	snprintf(text, sizeof text,
		 "%sprefer server TLS_RSA_WITH_AES_128_CBC_SHA > TLS_RSA_WITH_AES_256_CBC_SHA cite "
		 "\"p\"\n",
		 open_policy);
	enforce(text);
	cr_assert_eq(repertoire.suites[TLS1_2][0], AES128_SHA);
}

Test(repertoire, what_mbedtls_lacks_is_not_supported)
{
	cr_assert(endpoint_supports(TLS1_2, AES128_GCM));
	cr_assert(endpoint_supports(TLS1_0, AES128_SHA));
	cr_assert_not(endpoint_supports(TLS1_1, AES128_GCM));
	cr_assert_not(endpoint_supports(TLS1_2, RC4_128_SHA));
	cr_assert_not(endpoint_supports(TLS1_2, 0x000A));
	cr_assert_not(endpoint_supports(TLS1_2, 0x0002));
	cr_assert_not(endpoint_supports(TLS1_3, 0x1301));
	cr_assert_not(endpoint_supports(SSLV3, AES128_SHA));
	cr_assert_not(endpoint_supports(TLS1_2, 0x9F9F));
	/* mbedTLS would use it in TLS 1.0; RFC 6367 has it in TLS 1.2 alone. */
	cr_assert_not(endpoint_supports(TLS1_0, 0xC076));
	cr_assert(endpoint_supports(TLS1_2, 0xC076));
}

/* What `whole` does to a hello before it is written. */
static struct span drafted(const struct extension_draft *extensions, size_t len,
			   const uint16_t *suites, size_t suites_len)
{
	static uint8_t bytes[4096];
	static const uint8_t random[RANDOM_LEN] = { 7 };
	struct hello_draft draft = {
		.record_version = 0x0301,
		.legacy_version = 0x0303,
		.random = span_of(random, sizeof random),
		.compression = span_of("", 1),
		.suites = suites,
		.suites_len = suites_len,
		.extensions = extensions,
		.extensions_len = len,
		.has_extensions = true,
	};
	struct builder b;
	builder_init(&b, bytes, sizeof bytes, NULL, 0);
	hello_draft_record(&b, &draft);
	return builder_view(&b);
}

#define ECDHE_RSA_AES_128_GCM 0xC02F
#define DHE_RSA_AES_128_GCM   0x009E

/* One extension beside an ECDHE suite: the alert, or 0. */
static uint8_t alert_for(uint16_t type, const char *body, size_t len)
{
	static const uint16_t suites[] = { ECDHE_RSA_AES_128_GCM };
	struct extension_draft extension = { .type = type, .body = span_of(body, len) };
	struct span hello = drafted(&extension, 1, suites, 1);
	struct gate_result result = hear_in(hello, hello.len);
	return result.verdict == GATE_ALERT ? result.alert : 0;
}

#define ALERT_FOR(type, body) alert_for(type, body, sizeof(body) - 1)

Test(gate, extensions_are_judged_by_their_rules)
{
	enforce(open_policy);
	cr_expect_eq(ALERT_FOR(EXT_RENEGOTIATION_INFO, "\0"), 0);
	cr_expect_eq(ALERT_FOR(EXT_RENEGOTIATION_INFO, "\1x"), ALERT_HANDSHAKE_FAILURE);
	cr_expect_eq(ALERT_FOR(EXT_RENEGOTIATION_INFO, "\5x"), ALERT_DECODE_ERROR);
	cr_expect_eq(ALERT_FOR(EXT_EC_POINT_FORMATS, "\2\1\2"), ALERT_ILLEGAL_PARAMETER);
	cr_expect_eq(ALERT_FOR(EXT_EC_POINT_FORMATS, "\2\1\0"), 0);
	cr_expect_eq(ALERT_FOR(4, ""), 0);
	cr_expect_eq(ALERT_FOR(4, "x"), ALERT_DECODE_ERROR);
	cr_expect_eq(ALERT_FOR(20, "\1\2"), 43, "raw public keys only");
	cr_expect_eq(ALERT_FOR(20, "\2\2\0"), 0);
	cr_expect_eq(ALERT_FOR(20, "\0"), ALERT_DECODE_ERROR);
	cr_expect_eq(ALERT_FOR(EXT_HEARTBEAT, "\3"), ALERT_ILLEGAL_PARAMETER);
	cr_expect_eq(ALERT_FOR(EXT_MAX_FRAGMENT_LENGTH, "\5"), ALERT_ILLEGAL_PARAMETER);
	cr_expect_eq(ALERT_FOR(0xABCD, "whatever"), 0);
	cr_expect_eq(ALERT_FOR(3, "\0\1\0"), 0);
	cr_expect_eq(ALERT_FOR(3, "\0\5\1\1\1\1\1"), ALERT_DECODE_ERROR, "a hash has 20 bytes");
	cr_expect_eq(ALERT_FOR(14, "\0\2\0\1\0"), 0);
	cr_expect_eq(ALERT_FOR(14, "\0\1\0\0"), ALERT_DECODE_ERROR);
	cr_expect_eq(ALERT_FOR(EXT_STATUS_REQUEST, "\1\0\0\0\0"), 0);
	cr_expect_eq(ALERT_FOR(EXT_STATUS_REQUEST, "\1\0\4\0\2\xa1\0\0\0"), 0);
	cr_expect_eq(ALERT_FOR(EXT_STATUS_REQUEST, "\1\0\4\0\2xx\0\0"), ALERT_DECODE_ERROR);
}

Test(gate, groups_and_schemes_go_with_the_suite)
{
	enforce(open_policy);
	cr_expect_eq(ALERT_FOR(EXT_SUPPORTED_GROUPS, "\0\2\x01\xf0"), ALERT_HANDSHAKE_FAILURE);
	cr_expect_eq(ALERT_FOR(EXT_SUPPORTED_GROUPS, "\0\4\x01\xf0\0\x17"), 0);
	cr_expect_eq(ALERT_FOR(EXT_SIGNATURE_ALGORITHMS, "\0\2\4\1"), 0);
	cr_expect_eq(ALERT_FOR(EXT_SIGNATURE_ALGORITHMS, "\0\2\2\1"), ALERT_HANDSHAKE_FAILURE);
	cr_expect_eq(ALERT_FOR(EXT_SIGNATURE_ALGORITHMS, "\0\2\4\3"), ALERT_HANDSHAKE_FAILURE);
}

Test(gate, unknown_finite_field_groups_are_insufficient_security)
{
	enforce(open_policy);
	static const uint16_t suites[] = { DHE_RSA_AES_128_GCM };
	struct extension_draft groups = { .type = EXT_SUPPORTED_GROUPS };
	groups.body = span_of("\0\2\x01\xf0", 4);
	expect_alert(drafted(&groups, 1, suites, 1), ALERT_INSUFFICIENT_SECURITY);
	groups.body = span_of("\0\2\x01\0", 4);
	expect_version(drafted(&groups, 1, suites, 1), TLS1_2);
	groups.body = span_of("\0\2\0\x17", 4);
	expect_version(drafted(&groups, 1, suites, 1), TLS1_2);
}

Test(gate, protocol_in_common_is_asked_for)
{
	enforce(open_policy);
	cr_expect_eq(ALERT_FOR(EXT_ALPN, "\0\3\2xx"), 0, "an endpoint without ALPN ignores it");
	repertoire.alpn[0] = "h2";
	cr_expect_eq(ALERT_FOR(EXT_ALPN, "\0\3\2xx"), ALERT_NO_APPLICATION_PROTOCOL);
	cr_expect_eq(ALERT_FOR(EXT_ALPN, "\0\6\2xx\2h2"), 0);
}

Test(gate, warning_alerts_pass_until_they_are_too_many)
{
	enforce(open_policy);
	uint8_t bytes[512], before[1024];
	struct said said = { .suites = { AES128_SHA }, .suites_len = 1 };
	struct span hello = hello_say(bytes, &said);
	for (size_t i = 0; i <= WARNING_ALERTS_MAX; i++)
		memcpy(before + 7 * i, "\x15\x03\x01\x00\x02\x01\x5a", 7);
	expect_alert(span_of(before, 7 * (WARNING_ALERTS_MAX + 1)), ALERT_UNEXPECTED_MESSAGE);
	memcpy(before + 7, hello.at, hello.len);
	expect_version(span_of(before, 7 + hello.len), TLS1_2);
	expect_alert(span_of("\x15\x03\x01\x00\x02\x03\x28", 7), ALERT_ILLEGAL_PARAMETER);
}

Test(gate, any_record_version_from_3_0_is_heard)
{
	enforce(open_policy);
	static const uint8_t majors[] = { 3, 4, 0x7F, 0xFF };
	uint8_t bytes[512];
	struct span hello =
		hello_say(bytes, &(struct said){ .suites = { AES128_SHA }, .suites_len = 1 });
	for (size_t i = 0; i < sizeof majors; i++) {
		bytes[1] = majors[i];
		expect_version(hello, TLS1_2);
	}
	bytes[1] = 2;
	expect_alert(hello, ALERT_PROTOCOL_VERSION);
}

Test(gate, old_hello_may_end_with_extra_data)
{
	enforce(open_policy);
	uint8_t bytes[512];
	struct said said = { .legacy_version = 0x0302,
			     .suites = { AES128_SHA },
			     .suites_len = 1,
			     .trailing_byte = true };
	expect_version(hello_say(bytes, &said), TLS1_1);
	said.legacy_version = 0x0303;
	expect_alert(hello_say(bytes, &said), ALERT_DECODE_ERROR);
	/* A block with a wrong length is none. */
	said.legacy_version = 0x0302;
	said.versions[0] = 0x0302;
	said.versions_len = 1;
	expect_alert(hello_say(bytes, &said), ALERT_DECODE_ERROR);
}

Test(gate, fallback_is_seen_in_an_sslv2_frame)
{
	enforce(open_policy);
	static const char hello[] = "\x80\x1f\1\3\2\0\6\0\0\0\x10\0\0\x2f\0\x56\0"
				    "0123456789abcdef";
	struct span whole = span_of(hello, sizeof hello - 1);
	cr_expect_eq(hear_in(whole, whole.len).alert, ALERT_INAPPROPRIATE_FALLBACK);
}

Test(gate, needless_fallback_below_the_minimum_is_inappropriate)
{
	enforce(strict_policy);
	said_is_refused(&(struct said){ .legacy_version = 0x0302,
					.suites = { AES128_GCM, SUITE_FALLBACK_SCSV },
					.suites_len = 2 },
			ALERT_INAPPROPRIATE_FALLBACK);
}

Test(gate, defect_lets_its_own_fault_pass_and_no_other)
{
	enforce(open_policy);
	repertoire_break(&repertoire, DEFECT_IGNORES_BODY_SUPPORTED_GROUPS);
	cr_expect_eq(ALERT_FOR(EXT_SUPPORTED_GROUPS, "\0\1x"), 0);
	cr_expect_eq(ALERT_FOR(EXT_SIGNATURE_ALGORITHMS, "\0\1x"), ALERT_DECODE_ERROR);
	repertoire_break(&repertoire, DEFECT_INTOLERANT_OF_UNKNOWN_EXTENSIONS);
	cr_expect_neq(ALERT_FOR(0xABCD, ""), 0);
	cr_expect_eq(ALERT_FOR(0x1A1A, ""), 0, "GREASE is another defect's");
}

Test(gate, forged_suite_is_a_last_resort)
{
	enforce(strict_policy);
	repertoire_break(&repertoire, DEFECT_ACCEPTS_RC4);
	uint8_t bytes[512];
	struct said said = { .suites = { RC4_128_SHA, AES128_GCM }, .suites_len = 2 };
	said_passes(&said, TLS1_2);
	said.suites_len = 1;
	struct span hello = hello_say(bytes, &said);
	struct gate_result result = hear_in(hello, hello.len);
	cr_expect_eq(result.verdict, GATE_FORGE);
	cr_expect_eq(result.suite, RC4_128_SHA);
}

Test(repertoire, defect_adds_or_takes_one_thing)
{
	enforce(strict_policy);
	repertoire_break(&repertoire, DEFECT_ACCEPTS_RSA_AES_128_CBC_SHA);
	cr_expect(repertoire_has(&repertoire, TLS1_2, AES128_SHA));
	enforce(strict_policy);
	repertoire_break(&repertoire, DEFECT_REFUSES_AES_128_GCM);
	cr_expect_not(repertoire_has(&repertoire, TLS1_2, AES128_GCM));
	cr_expect(repertoire_has(&repertoire, TLS1_2, 0xC030));
	enforce(strict_policy);
	repertoire_break(&repertoire, DEFECT_ACCEPTS_TLS10);
	cr_expect_eq(repertoire.versions, VERSION_BIT(TLS1_0) | VERSION_BIT(TLS1_2));
}
