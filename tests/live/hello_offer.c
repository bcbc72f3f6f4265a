/* SPDX-License-Identifier: Apache-2.0 */
#include "live/hello_offer.h"

#include <criterion/criterion.h>

#include "base/builder.h"
#include "base/hex.h"

#define ROOM 8
#define UP_TO_1_2                                                                                  \
	(VERSION_BIT(SSLV3) | VERSION_BIT(TLS1_0) | VERSION_BIT(TLS1_1) | VERSION_BIT(TLS1_2))

static uint8_t message[512];
static uint16_t room[ROOM];

static struct span bytes_of(uint8_t *out, size_t cap, const char *hex)
{
	size_t len = 0, fell;
	cr_assert_eq(hex_decode(out, cap, &len, span_text(hex), &fell), FAULT_NONE);
	return span_of(out, len);
}

/* A ClientHello with these suites and, unless NULL, this list of supported_versions. */
static struct hello_offer offered(uint16_t legacy_version, const char *suites, const char *versions)
{
	static const uint8_t random[32];
	uint8_t bytes[64];
	struct builder b;
	builder_init(&b, message, sizeof(message), NULL, 0);
	builder_u16(&b, "legacy_version", legacy_version);
	builder_bytes(&b, "random", span_of(random, sizeof(random)));
	builder_u8(&b, "session_id", 0);
	struct prefix list = builder_open(&b, "suites", 2);
	builder_bytes(&b, "suite", bytes_of(bytes, sizeof(bytes), suites));
	builder_close(&b, list, 0);
	builder_u16(&b, "compression", 0x0100);
	if (versions) {
		struct prefix block = builder_open(&b, "extensions", 2);
		builder_u16(&b, "type", 43);
		struct prefix body = builder_open(&b, "body", 2);
		struct prefix codes = builder_open(&b, "versions", 1);
		builder_bytes(&b, "version", bytes_of(bytes, sizeof(bytes), versions));
		builder_close(&b, codes, 0);
		builder_close(&b, body, 0);
		builder_close(&b, block, 0);
	}
	struct client_hello hello;
	struct hello_offer out;
	cr_assert_eq(client_hello_decode(&hello, cursor_over(builder_view(&b)), STRICT, NULL),
		     FAULT_NONE);
	offer_of(&out, &hello, room);
	return out;
}

static struct hello_offer offered_sslv2(uint16_t version, const char *kinds)
{
	uint8_t bytes[64];
	struct sslv2_client_hello hello = { .version = version,
					    .kinds = bytes_of(bytes, sizeof(bytes), kinds) };
	struct hello_offer out;
	offer_of_sslv2(&out, &hello, room);
	return out;
}

/* RFC 5246 E.1: the highest version, and with it every older one. */
Test(hello_offer, client_version_brings_every_older_version)
{
	cr_assert_eq(offered(0x0303, "c02f", NULL).offer.versions, UP_TO_1_2);
	cr_assert_eq(offered(0x0302, "c02f", NULL).offer.versions,
		     UP_TO_1_2 & ~VERSION_BIT(TLS1_2));
	cr_assert_eq(offered(0x0300, "c02f", NULL).offer.versions, VERSION_BIT(SSLV3));
}

/* RFC 8446 4.2.1: "even if ClientHello.legacy_version is 0x0304 or later". */
Test(hello_offer, client_version_never_brings_tls_1_3)
{
	cr_assert_eq(offered(0x0304, "1301", NULL).offer.versions, UP_TO_1_2);
	cr_assert_eq(offered(0x0399, "1301", NULL).offer.versions, UP_TO_1_2);
	cr_assert_eq(offered(0xFFFF, "1301", NULL).offer.versions, UP_TO_1_2);
}

Test(hello_offer, a_client_version_below_sslv3_brings_none)
{
	cr_assert_eq(offered(0x02FF, "c02f", NULL).offer.versions, 0);
	cr_assert_eq(offered(0x0002, "c02f", NULL).offer.versions, 0);
}

Test(hello_offer, supported_versions_are_what_is_listed)
{
	struct hello_offer hole = offered(0x0303, "1301c02f", "03040302");
	cr_assert_eq(hole.offer.versions, VERSION_BIT(TLS1_3) | VERSION_BIT(TLS1_1));
	cr_assert_eq(hole.old_versions, UP_TO_1_2);
	cr_assert(hole.listed);
	struct hello_offer newer = offered(0x0301, "1301", "0303");
	cr_assert_eq(newer.offer.versions, VERSION_BIT(TLS1_2));
	cr_assert_eq(newer.old_versions, VERSION_BIT(SSLV3) | VERSION_BIT(TLS1_0));
}

/* SSLv2 is no version of this message, and neither is DTLS. */
Test(hello_offer, unknown_versions_and_grease_are_passed_over)
{
	struct hello_offer of = offered(0x0303, "1301", "4a4a0304000203ff7f12fefd");
	cr_assert_eq(of.offer.versions, VERSION_BIT(TLS1_3));
	cr_assert_eq(of.grease_versions, 1);
	cr_assert_eq(of.unknown_versions, 4);
	struct hello_offer none = offered(0x0303, "1301", "0a0a");
	cr_assert_eq(none.offer.versions, 0);
	cr_assert(none.listed);
}

Test(hello_offer, suites_are_kept_in_order_and_signals_are_told)
{
	struct hello_offer of = offered(0x0303, "1a1ac02f00ff0005c02f", NULL);
	static const uint16_t suites[] = { 0x1A1A, 0xC02F, 0x00FF, 0x0005, 0xC02F };
	cr_assert_eq(of.offer.suites_len, 5);
	cr_assert_arr_eq(of.offer.suites, suites, sizeof(suites));
	cr_assert_eq(of.grease_suites, 1);
	cr_assert(of.renegotiation_scsv);
	cr_assert_not(of.fallback_scsv);
	cr_assert(offered(0x0302, "c02f5600", NULL).fallback_scsv);
}

Test(hello_offer, sslv2_offers_its_kinds_and_no_suite)
{
	struct hello_offer of = offered_sslv2(0x0002, "010080 00002f 0700c0");
	cr_assert_eq(of.offer.versions, VERSION_BIT(SSLV2));
	cr_assert_eq(of.offer.suites_len, 0);
	cr_assert_eq(of.kinds, 3);
	cr_assert_eq(offered_sslv2(0x0001, "010080").offer.versions, 0);
}

/* RFC 5246 E.2: suites go with a zero in front of them. */
Test(hello_offer, a_compatible_sslv2_hello_offers_later_versions_too)
{
	struct hello_offer of = offered_sslv2(0x0301, "00002f 010080 0000ff");
	static const uint16_t suites[] = { 0x002F, 0x00FF };
	cr_assert_eq(of.offer.versions,
		     VERSION_BIT(SSLV2) | VERSION_BIT(SSLV3) | VERSION_BIT(TLS1_0));
	cr_assert_eq(of.offer.suites_len, 2);
	cr_assert_arr_eq(of.offer.suites, suites, sizeof(suites));
	cr_assert_eq(of.kinds, 1);
	cr_assert(of.renegotiation_scsv);
	struct hello_offer without = offered_sslv2(0x0303, "00002f");
	cr_assert_eq(without.offer.versions, UP_TO_1_2);
	cr_assert_eq(without.kinds, 0);
	cr_assert(without.sslv2);
}
