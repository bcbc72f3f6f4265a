/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "crypto/x509.h"
#include "crypto/x509_parts.h"
#include "made.h"

static struct certificate_facts facts_of(struct arena *arena, struct span der)
{
	struct certificate_facts facts;
	arena_init(arena, 1 << 20);
	cr_assert_eq(x509_facts(&facts, arena, der), FAULT_NONE);
	return facts;
}

Test(x509_facts, names_key_signature_and_days_are_read)
{
	struct made *ca =
		make(&(struct recipe){ .subject = "CN=Test Root,O=Us", .ca = true }, NULL);
	struct made *leaf = make(&(struct recipe){ .subject = "CN=db,O=Them",
						   .rsa_bits = 1024,
						   .md = MBEDTLS_MD_SHA384 },
				 ca);
	struct arena arena;
	struct certificate_facts facts = facts_of(&arena, leaf->der);
	cr_assert_str_eq(facts.subject, "CN=db, O=Them");
	cr_assert_str_eq(facts.issuer, "CN=Test Root, O=Us");
	cr_assert_str_eq(facts.common_name, "db");
	cr_assert_str_eq(facts.issuer_common_name, "Test Root");
	cr_assert_str_eq(facts.key_type, "rsa");
	cr_assert_eq(facts.key_bits, 1024);
	cr_assert_str_eq(facts.signature, "ECDSA with SHA-384");
	cr_assert_eq(facts.not_before, 18262);
	cr_assert_eq(facts.not_after, 22279);
	cr_assert_not(facts.self_signed);
	cr_assert_eq(strlen(facts.sha256), 64);
	arena_release(&arena);
	facts = facts_of(&arena, ca->der);
	cr_assert(facts.self_signed);
	cr_assert_str_eq(facts.key_type, "ecdsa");
	cr_assert_eq(facts.key_bits, 256);
	arena_release(&arena);
}

Test(x509_facts, control_bytes_of_a_name_are_escaped)
{
	struct made *leaf = make(&(struct recipe){ .subject = "CN=a\033[2Jb" }, NULL);
	struct arena arena;
	struct certificate_facts facts = facts_of(&arena, leaf->der);
	cr_assert_str_eq(facts.common_name, "a\\x1b[2Jb");
	arena_release(&arena);
}

Test(x509_facts, days_follow_the_calendar)
{
	cr_assert_eq(days_of(1970, 1, 1), 0);
	cr_assert_eq(days_of(1969, 12, 31), -1);
	cr_assert_eq(days_of(2000, 2, 29), 11016);
	cr_assert_eq(days_of(2000, 3, 1), 11017);
	cr_assert_eq(days_of(2022, 11, 30), 19326);
}

/* Every truncation and every changed byte: an answer or a fault, never a crash. */
Test(x509_facts, damaged_certificates_do_no_harm)
{
	struct made *leaf = make(&(struct recipe){ .subject = "CN=db",
						   .san = span_of("\x82\x02"
								  "db",
								  4) },
				 NULL);
	struct arena arena;
	for (size_t cut = 0; cut < leaf->der.len; cut++) {
		struct certificate_facts facts;
		uint8_t *exact = malloc(cut + 1);
		memcpy(exact, leaf->der.at, cut);
		arena_init(&arena, 1 << 20);
		cr_assert_eq(x509_facts(&facts, &arena, span_of(exact, cut)), FAULT_MALFORMED);
		cr_assert_not(x509_name_matches(span_of(exact, cut), "db"));
		arena_release(&arena);
		free(exact);
	}
	uint8_t *exact = malloc(leaf->der.len);
	for (size_t i = 0; i < leaf->der.len * 8; i++) {
		struct certificate_facts facts;
		memcpy(exact, leaf->der.at, leaf->der.len);
		exact[i / 8] ^= (uint8_t)(1 << i % 8);
		arena_init(&arena, 1 << 20);
		enum fault fault = x509_facts(&facts, &arena, span_of(exact, leaf->der.len));
		cr_assert(fault == FAULT_NONE || fault == FAULT_MALFORMED);
		x509_name_matches(span_of(exact, leaf->der.len), "db");
		arena_release(&arena);
	}
	free(exact);
}
