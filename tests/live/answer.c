/* SPDX-License-Identifier: Apache-2.0 */
#include "live/answer.h"

#include "base/hex.h"
#include "registry/registry.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#define CBC  0xC027
#define AEAD 0xC02F

static struct oracle oracle;
static struct reading reading;
static struct observation seen;
static struct answer_flaw flaw;

static struct span bytes_of(const char *hex)
{
	size_t len = strlen(hex) / 2;
	uint8_t *bytes = malloc(len + 1);
	for (size_t i = 0; i < len; i++)
		bytes[i] = (uint8_t)(hex_digit((uint8_t)hex[2 * i]) << 4 |
				     hex_digit((uint8_t)hex[2 * i + 1]));
	return span_of(bytes, len);
}

/* A hello with these extensions, and the answer in TLS 1.2 with those. */
static bool judged(const char *asked, const char *answered, uint16_t suite)
{
	struct span block = bytes_of(asked);
	uint8_t *body = calloc(1, 64 + block.len);
	memcpy(body, "\x03\x03", 2);
	memcpy(body + 35, "\0\2\xc0\x2f\1\0", 6);
	body[41] = (uint8_t)(block.len >> 8);
	body[42] = (uint8_t)block.len;
	memcpy(body + 43, block.at, block.len);
	reading = (struct reading){ .kind = READING_HELLO, .decoded = true };
	cr_assert_eq(client_hello_decode(&reading.hello, cursor_over(span_of(body, 43 + block.len)),
					 STRICT, NULL),
		     FAULT_NONE);
	if (!oracle.taken)
		oracle.taken = VERSION_BIT(TLS1_2);
	if (!seen.version_code) {
		seen.version = TLS1_2;
		seen.version_code = version_code(TLS1_2);
	}
	seen.outcome = OUTCOME_SERVER_HELLO;
	seen.suite = suite;
	seen.server_extensions = bytes_of(answered);
	flaw = (struct answer_flaw){ .subject = "" };
	return answer_judge(&flaw, &oracle, &reading, &seen);
}

Test(answer, whoever_asks_for_little_gets_little)
{
	cr_assert_not(judged("", "", AEAD));
	cr_assert_not(judged("ff01000100", "ff01000100", AEAD));
}

Test(answer, renegotiation_info_is_answered)
{
	cr_assert(judged("ff01000100", "", AEAD));
	cr_assert_eq(flaw.kind, ANOMALY_OMITTED);
	cr_assert_str_eq(flaw.subject, "renegotiation_info");
}

Test(answer, the_first_renegotiation_info_is_empty)
{
	cr_assert(judged("ff01000100", "ff0100020142", AEAD));
	cr_assert_eq(flaw.kind, ANOMALY_VIOLATION);
	cr_assert_str_eq(flaw.subject, "RENEGOTIATION_INFO");
}

Test(answer, extended_master_secret_is_answered)
{
	cr_assert(judged("00170000", "", AEAD));
	cr_assert_str_eq(flaw.subject, "extended_master_secret");
	cr_assert_not(judged("00170000", "00170000", AEAD));
}

Test(answer, encrypt_then_mac_is_answered_with_cbc_and_with_nothing_else)
{
	cr_assert(judged("00160000", "", CBC));
	cr_assert_str_eq(flaw.subject, "encrypt_then_mac");
	cr_assert_not(judged("00160000", "00160000", CBC));
	cr_assert_not(judged("00160000", "", AEAD));
	cr_assert(judged("00160000", "00160000", AEAD));
	cr_assert_eq(flaw.kind, ANOMALY_VIOLATION);
}

Test(answer, protocols_are_answered_by_who_is_said_to_speak_one)
{
	const char *h2 = "0010000500030268"
			 "32";
	cr_assert_not(judged(h2, "", AEAD));
	oracle.alpn = span_text("postgresql");
	cr_assert(judged(h2, "", AEAD));
	cr_assert_str_eq(flaw.subject, "alpn");
}

Test(answer, less_than_the_best_comes_with_a_sentinel)
{
	oracle.taken = VERSION_BIT(TLS1_1) | VERSION_BIT(TLS1_2);
	seen.version = TLS1_1;
	seen.version_code = version_code(TLS1_1);
	cr_assert(judged("", "", CBC));
	cr_assert_str_eq(flaw.subject, "downgrade-sentinel");
	seen.downgrade = 1;
	cr_assert_not(judged("", "", CBC));
}

Test(answer, the_best_comes_without_a_sentinel)
{
	/* supported_versions with TLS 1.3 and TLS 1.2: the client would give up. */
	const char *newer = "002b00050403040303";
	seen.downgrade = 2;
	cr_assert(judged(newer, "", AEAD));
	cr_assert_eq(flaw.kind, ANOMALY_VIOLATION);
	cr_assert_str_eq(flaw.subject, "DOWNGRADE");
	/* Nobody is deceived who offered no more. */
	cr_assert_not(judged("", "", AEAD));
	oracle.taken |= VERSION_BIT(TLS1_3);
	cr_assert_not(judged(newer, "", AEAD));
}

Test(answer, no_random_comes_again)
{
	oracle.random = 7;
	seen.random = 8;
	cr_assert_not(judged("", "", AEAD));
	seen.random = 7;
	cr_assert(judged("", "", AEAD));
	cr_assert_str_eq(flaw.subject, "RANDOM_REPEATED");
}

/* RFC 7919 4: ffdhe2048 is 0x0100; nobody has 0x01E3, and 0x0200 is no field. */
Test(answer, a_field_is_one_that_is_named)
{
	cr_assert(judged("000a0006000401e30017", "", 0x009E));
	cr_assert_str_eq(flaw.subject, "FFDHE_GROUP");
	cr_assert_eq(form_rule_info(flaw.rule)->level, FORM_INFERRED);
	cr_assert_not(judged("000a0006000401e30100", "", 0x009E));
	cr_assert_not(judged("000a0006000400170200", "", 0x009E));
	cr_assert_not(judged("000a0006000401e30017", "", AEAD));
	cr_assert_not(judged("", "", 0x009E));
}
