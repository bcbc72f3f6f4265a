/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include <stdio.h>

#include "endpoint/hello_digest.h"
#include "registry/registry.h"
#include "wire/record.h"
#include "world.h"

#define AES128_SHA	      0x002F
#define ECDHE_RSA_AES_128_GCM 0xC02F

static struct repertoire repertoire;

/* What mbedTLS is given for a hello that passes the gate. */
static struct client_hello digest_of(const struct said *said)
{
	static uint8_t bytes[HELLO_DIGEST_MAX], hello[512];
	static struct gate gate;
	struct gate_result heard;
	struct cursor in = cursor_over(hello_say(hello, said));
	gate_init(&gate);
	gate_take(&gate, &in, &repertoire, &heard);
	cr_assert_eq(heard.verdict, GATE_PASS);
	struct builder b;
	builder_init(&b, bytes, sizeof bytes, NULL, 0);
	hello_digest_write(&b, &heard, &repertoire);
	cr_assert_eq(builder_fault(&b), FAULT_NONE);
	struct client_hello digest;
	struct span message = span_skip(builder_view(&b), RECORD_HEADER_LEN + 4);
	cr_assert_eq(client_hello_decode(&digest, cursor_over(message), STRICT, NULL), FAULT_NONE);
	gate_release(&gate);
	return digest;
}

Test(hello_digest, has_the_possible_suites_alone)
{
	repertoire_init(&repertoire, settings_of(strict_policy), REFUSE_BY_ALERT);
	struct client_hello digest = digest_of(&(struct said){
		.suites = { AES128_SHA, 0x9F9F, ECDHE_RSA_AES_128_GCM }, .suites_len = 3 });
	cr_expect_eq(list_u16_len(digest.suites), 1);
	cr_expect(list_u16_has(digest.suites, ECDHE_RSA_AES_128_GCM));
}

/* mbedTLS goes by its own order: it is left no choice. */
Test(hello_digest, has_the_clients_favourite_where_its_order_counts)
{
	char text[2048];
	struct said said = { .suites = { 0x9F9F, AES128_SHA, ECDHE_RSA_AES_128_GCM },
			     .suites_len = 3 };
	snprintf(text, sizeof text, "%sprefer client at TLS1.2 cite \"d\"\n", open_policy);
	repertoire_init(&repertoire, settings_of(text), REFUSE_BY_ALERT);
	struct client_hello digest = digest_of(&said);
	cr_expect_eq(list_u16_len(digest.suites), 1);
	cr_expect(list_u16_has(digest.suites, AES128_SHA));
	repertoire_break(&repertoire, DEFECT_PREFERS_THE_LAST);
	digest = digest_of(&said);
	cr_expect(list_u16_has(digest.suites, ECDHE_RSA_AES_128_GCM));
	said.legacy_version = 0x0302;
	said.suites[2] = 0x0035;
	cr_expect_eq(list_u16_len(digest_of(&said).suites), 2);
}

Test(hello_digest, speaks_the_version_that_was_chosen)
{
	repertoire_init(&repertoire, settings_of(open_policy), REFUSE_BY_ALERT);
	struct client_hello digest = digest_of(&(struct said){ .suites = { AES128_SHA },
							       .suites_len = 1,
							       .versions = { 0x0304, 0x0302 },
							       .versions_len = 2 });
	cr_expect_eq(digest.legacy_version, 0x0302);
	cr_expect_not(client_hello_has(&digest, EXTENSION_SUPPORTED_VERSIONS));
}

Test(hello_digest, chooses_a_curve_for_a_client_that_names_none)
{
	repertoire_init(&repertoire, settings_of(strict_policy), REFUSE_BY_ALERT);
	struct client_hello digest =
		digest_of(&(struct said){ .suites = { ECDHE_RSA_AES_128_GCM }, .suites_len = 1 });
	struct span groups = client_hello_view(&digest, EXTENSION_SUPPORTED_GROUPS);
	cr_expect(list_u16_has(groups, GROUP_SECP256R1));
	cr_expect_not(client_hello_has(&digest, EXTENSION_SIGNATURE_ALGORITHMS));
}
