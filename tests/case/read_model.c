/* SPDX-License-Identifier: Apache-2.0 */
/* What is written is what is in the model. */
#include "reading.h"
#include "registry/registry.h"

#include <criterion/criterion.h>

static struct reading reading;

static void release(void)
{
	reading_release(&reading);
}

TestSuite(model, .fini = release);

static const struct conformance_case *only_case(const char *body)
{
	reading_case(&reading, body);
	cr_assert_eq(reading.catalogue.cases_len, 1);
	return reading.catalogue.cases[0];
}

/* The first item of a case that sends these. */
static const struct item *first_item(const char *items)
{
	struct text text;
	text_init(&text);
	text_printf(&text, "  send %s\n  expect close\n", items);
	const struct conformance_case *of = only_case(text_view(&text));
	text_release(&text);
	return &of->steps[0].items[0];
}

static bool bytes_are(const struct element *e, const char *bytes, size_t len)
{
	return e->kind == ELEMENT_BYTES && span_equal(e->bytes, span_of(bytes, len));
}

Test(model, a_stanza_knows_its_rule_and_its_place)
{
	const struct conformance_case *of =
		only_case("  cite \"R\" SHOULD-NOT sender\n  cve CVE-2014-0160 \"leaks\"\n"
			  "  edition \"RFC 9846\"\n  at TLS1.0 TLS1.3\n  over postgresql\n"
			  "  needs no TLS1.2\n  send client_hello\n  expect close\n");
	cr_assert_str_eq(of->name, "t.t");
	cr_assert_str_eq(of->theme, "t");
	cr_assert_eq(of->citations_len, 2);
	cr_assert_eq(of->citations[0].level, LEVEL_MUST);
	cr_assert(!of->citations[0].prohibits && !of->citations[0].sender);
	cr_assert_eq(of->citations[1].level, LEVEL_SHOULD);
	cr_assert(of->citations[1].prohibits && of->citations[1].sender);
	cr_assert_str_eq(of->cve, "CVE-2014-0160");
	cr_assert_str_eq(of->cve_shows, "leaks");
	cr_assert_str_eq(of->edition, "RFC 9846");
	cr_assert_str_eq(of->over, "postgresql");
	cr_assert_eq(of->versions, VERSION_BIT(TLS1_0) | VERSION_BIT(TLS1_3));
	cr_assert(of->needs[0].absent && of->needs[0].version == TLS1_2);
	cr_assert_eq(of->at.line, 1);
	cr_assert_eq(of->first_line, 0);
	cr_assert_eq(of->lines_len, 11);
}

Test(model, names_of_registries_are_as_wide_as_on_the_wire)
{
	const struct item *item = first_item("bytes { x25519 TLS1.3 rsa_pss_rsae_sha256 null "
					     "psk_dhe_ke SSL_CK_RC4_128_WITH_MD5 0017 \"a\\\"\" }");
	const struct element *e = item->body.at;
	cr_assert_eq(item->kind, ITEM_RAW);
	cr_assert(bytes_are(&e[0], "\x00\x1d", 2) && bytes_are(&e[1], "\x03\x04", 2));
	cr_assert(bytes_are(&e[2], "\x08\x04", 2) && bytes_are(&e[3], "\x00", 1));
	cr_assert(bytes_are(&e[4], "\x01", 1) && bytes_are(&e[5], "\x01\x00\x80", 3));
	cr_assert(bytes_are(&e[6], "\x00\x17", 2) && bytes_are(&e[7], "a\"", 2));
	cr_assert_str_eq(e[0].name, "x25519");
	cr_assert_null(e[6].name);
	cr_assert_eq(item->body.len, 8);
}

Test(model, elements_keep_their_numbers)
{
	const struct element *e =
		first_item("bytes { u24 0x010203 u16 -1 { 00 } fill 3 aa random 4 "
			   "numbered 2 from 7 { 01 } share x25519 repeat 5 { 02 03 } u8 =9 { } }")
			->body.at;
	cr_assert(e[0].kind == ELEMENT_NUMBER && e[0].width == 3 && e[0].value == 0x010203);
	cr_assert(e[1].kind == ELEMENT_VECTOR && e[1].width == 2 && e[1].children.len == 1);
	cr_assert(e[1].lie.kind == LIE_ADD && e[1].lie.by == -1);
	cr_assert(e[2].kind == ELEMENT_FILL && e[2].count == 3 && e[2].value == 0xAA);
	cr_assert(e[3].kind == ELEMENT_RANDOM && e[3].count == 4);
	cr_assert(e[4].kind == ELEMENT_NUMBERED && e[4].count == 2 && e[4].value == 7);
	cr_assert(e[5].kind == ELEMENT_SHARE && e[5].value == GROUP_X25519);
	cr_assert(e[6].kind == ELEMENT_REPEAT && e[6].count == 5 && e[6].children.len == 2);
	cr_assert(e[7].lie.kind == LIE_SET && e[7].lie.by == 9 && e[7].children.len == 0);
}

Test(model, edits_are_kept_in_their_order)
{
	const struct message *hello =
		&first_item("client_hello -2 cut -3 { version 0x0305 session_id +1 "
			    "suites without TLS_AES_128_GCM_SHA256 0x1302 "
			    "extensions without server_name 5 key_share { 00 } "
			    "extensions add { cookie extension 9 =1 { } } extensions reversed }")
			 ->message;
	const struct edit *edit = hello->edits;
	cr_assert_eq(hello->edits_len, 7);
	cr_assert(hello->lie.by == -2 && hello->is_cut && hello->cut == -3);
	cr_assert(edit[0].kind == EDIT_VERSION && edit[0].value == 0x0305);
	cr_assert(edit[1].kind == EDIT_SESSION_ID && edit[1].place == EDIT_LIE_ONLY);
	cr_assert(edit[2].kind == EDIT_SUITES && edit[2].place == EDIT_WITHOUT);
	cr_assert(edit[2].body.len == 2 && edit[2].body.at[1].value == 0x1302);
	cr_assert(edit[3].kind == EDIT_EXTENSIONS && edit[3].body.len == 2);
	cr_assert(edit[4].kind == EDIT_EXTENSION && edit[4].value == EXT_KEY_SHARE);
	cr_assert(edit[5].place == EDIT_ADD && edit[5].body.at[0].usual);
	cr_assert(!edit[5].body.at[1].usual && edit[5].body.at[1].value == 9);
	cr_assert_eq(edit[6].kind, EDIT_EXTENSIONS_REVERSED);
}

Test(model, an_item_keeps_its_framing)
{
	const struct item *item =
		first_item("3 times alert warning 90 in record { type 22 version TLS1.0 length +1 "
			   "spoil 2 clear } in records split 0 1, bytes { } in segments of 5 "
			   "withhold 6 after 7");
	const struct step *step = &reading.catalogue.cases[0]->steps[0];
	const struct framing *framing = &item->framing;
	cr_assert(item->kind == ITEM_RECORD && item->type == CONTENT_ALERT && item->times == 3);
	cr_assert(item->body.at[0].value == 1 && item->body.at[1].value == 90);
	cr_assert(framing->has_type && framing->type == 22);
	cr_assert(framing->has_version && framing->version == 0x0301);
	cr_assert(framing->length.by == 1 && framing->spoil == 2 && framing->clear);
	cr_assert(!framing->every && framing->sizes_len == 2 && framing->sizes[1] == 1);
	cr_assert(step->items_len == 2 && step->every_segment && step->segments[0] == 5);
	cr_assert(step->withhold == 6 && step->after_ms == 7);
}

Test(model, messages_without_braces_are_by_rule)
{
	const struct item *item =
		first_item("client_key_exchange, server_hello_done, certificate { }, "
			   "handshake 99 { 00 }, record 22 { client_hello client_hello again }");
	cr_assert(item[0].message.by_rule && item[0].message.type == HANDSHAKE_CLIENT_KEY_EXCHANGE);
	cr_assert(!item[1].message.by_rule && item[1].message.body.len == 0);
	cr_assert(!item[2].message.by_rule);
	cr_assert(item[3].message.type == 99 && item[3].message.name == NULL);
	cr_assert_eq(item[4].body.at[1].message->base, BASE_AGAIN);
}

Test(model, families_spell_their_values_out)
{
	const struct family *family =
		&only_case("  each value 7 0x10..18\n  send bytes { value u16 }\n  expect close\n")
			 ->family;
	cr_assert(family->kind == FAMILY_VALUES && family->values_len == 4);
	cr_assert(family->values[0] == 7 && family->values[1] == 16 && family->values[3] == 18);
}

Test(model, outcomes_and_facts_are_kept)
{
	const struct conformance_case *of = only_case(
		"  send client_hello\n"
		"  expect server_hello TLS1.2 TLS_RSA_WITH_AES_128_CBC_SHA\n"
		"  or alert decode_error 47\n  allow warning close_notify, fin, bytes { \"S\" }\n"
		"  assert session_id fresh\n  assert extension 65281 { 00 }\n"
		"  assert downgrade TLS1.1\n  assert group x25519 secp256r1\n"
		"  assert certificate_request absent\n  assert extension 43 absent in "
		"server_hello\n");
	const struct expectation *e = of->expectations;
	cr_assert_eq(of->expectations_len, 5);
	cr_assert(e[0].version == TLS1_2 && e[0].has_suite && e[0].suite == 0x002F);
	cr_assert(e[1].alerts_len == 2 && e[1].alerts[0] == 50 && e[1].alerts[1] == 47);
	cr_assert(!e[1].tolerated && e[2].tolerated && e[2].kind == EXPECT_WARNING);
	cr_assert(e[3].kind == EXPECT_FIN && e[4].prefix.len == 1);
	cr_assert_eq(of->facts[0].kind, FACT_SESSION_ID_FRESH);
	cr_assert_not(of->facts[1].in_server_hello);
	cr_assert(of->facts[1].kind == FACT_EXTENSION_BODY && of->facts[1].value == 65281);
	cr_assert_eq(of->facts[2].value, 0x0302);
	cr_assert_eq(of->facts[3].codes_len, 2);
	cr_assert_not(of->facts[4].present);
	cr_assert(of->facts[5].in_server_hello && !of->facts[5].present);
}
