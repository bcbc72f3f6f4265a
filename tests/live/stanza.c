/* SPDX-License-Identifier: Apache-2.0 */
#include "live/stanza.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>

#include "base/hex.h"
#include "base/rng.h"
#include "case/catalogue.h"
#include "case/encode.h"
#include "mutate/mutate.h"
#include "wire/record.h"

#define BYTES_MAX 65536
#define HELLOS	  SOURCE_DIR "/corpus/client_hello"

static const struct stanza words = {
	.name = "fuzz.found-17.3",
	.cite = "\"RFC 8446 4.2\" MUST",
	.why = "a \"sentence\" with a \\ and a \x01",
	.expectation = "expect alert decode_error\nallow close",
};

static struct text text;
static struct arena arena;
static uint8_t bytes[CASE_STEP_BYTES_MAX + 1];

static void begin(void)
{
	text_init(&text);
	arena_init(&arena, CASE_ARENA_MAX);
}

static void end(void)
{
	text_release(&text);
	arena_release(&arena);
}

TestSuite(stanza, .init = begin, .fini = end);

static size_t load(const char *folder, const char *file)
{
	char path[1024];
	snprintf(path, sizeof(path), "%s/%s", folder, file);
	FILE *in = fopen(path, "rb");
	if (!in)
		return 0;
	size_t len = fread(bytes, 1, sizeof(bytes), in);
	fclose(in);
	return len;
}

/* What a step sends, written by hand from the records that the engine is given. */
static struct span sent(const struct conformance_case *of, const struct case_setting *setting)
{
	static uint8_t out[2 * CASE_STEP_BYTES_MAX];
	size_t len = 0;
	struct wire_units units;
	struct case_connection connection = { 0 };
	cr_assert_eq(case_encode_step(&units, of, &of->steps[0], setting, &connection, &arena),
		     FAULT_NONE);
	for (size_t i = 0; i < units.len; i++) {
		const struct wire_unit *unit = &units.at[i];
		size_t told = unit->fragment.len;
		cr_assert_neq(unit->length.kind, LIE_SET);
		if (unit->length.kind == LIE_ADD)
			told += (size_t)unit->length.by;
		if (!unit->raw) {
			record_header_encode(out + len, unit->type, unit->version, (uint16_t)told);
			len += RECORD_HEADER_LEN;
		}
		if (unit->fragment.len)
			memcpy(out + len, unit->fragment.at, unit->fragment.len);
		len += unit->fragment.len;
	}
	return span_of(out, len);
}

static size_t longest_line(const char *at)
{
	size_t longest = 0;
	for (size_t len; *at; at += len + (at[len] == '\n')) {
		len = strcspn(at, "\n");
		longest = len > longest ? len : longest;
	}
	return longest;
}

/* The stanza is read, is as the formatter would have it, and sends the bytes in every version,
 * whatever the base hello would hold. Says whether it names what it sends. */
static bool expect_exact(size_t len, const char *what)
{
	struct diags diags;
	struct catalogue catalogue;
	struct text again;
	text_release(&text);
	text_init(&text);
	arena_clear(&arena);
	cr_assert_eq(stanza_write(&text, &words, span_of(bytes, len)), FAULT_NONE, "%s", what);
	struct span written = span_of(text_view(&text), text.len);
	diags_init(&diags, &arena);
	catalogue_init(&catalogue, &arena, &diags);
	cr_assert_eq(catalogue_read(&catalogue, "a", written), FAULT_NONE, "%s\n%s", what, text.at);
	cr_assert_eq(catalogue_link(&catalogue), FAULT_NONE, "%s", what);
	cr_assert_eq(diags.errors + diags.warnings, 0);
	text_init(&again);
	cr_assert_eq(case_file_format(&again, &diags, "a", written), FAULT_NONE);
	cr_assert_str_eq(text_view(&again), text.at);
	text_release(&again);
	for (enum version version = SSLV3; version <= TLS1_3; version++) {
		const struct case_setting setting = { .version = version,
						      .server_name = "a.example",
						      .alpn = "postgresql",
						      .seed = version };
		cr_assert(span_equal(sent(catalogue.cases[0], &setting), span_of(bytes, len)),
			  "%s sends other bytes:\n%s", what, text.at);
	}
	cr_expect(longest_line(text.at) <= 100, "%s:\n%s", what, text.at);
	return !strstr(text.at, "send   bytes {");
}

static size_t from_hex(const char *hex)
{
	size_t len = 0, fell;
	cr_assert_eq(hex_decode(bytes, sizeof(bytes), &len, span_text(hex), &fell), FAULT_NONE);
	return len;
}

Test(stanza, a_hello_is_written_with_names)
{
	size_t len = from_hex("160301005a"
			      "010000560303"
			      "0000000000000000000000000000000000000000000000000000000000000000"
			      "03010203"
			      "0006c02f00ff0a0a"
			      "0100"
			      "0022"
			      "000a000800060017001dfefe"
			      "0010000500030268321234000201020a0a00010000ff");
	expect_exact(len, "named");
	cr_assert_str_eq(text.at,
			 "case fuzz.found-17.3\n"
			 "  cite   \"RFC 8446 4.2\" MUST\n"
			 "  why    \"a \\\"sentence\\\" with a \\\\ and a ?\"\n"
			 "  send   client_hello +2 {\n"
			 "    version TLS1.2\n"
			 "    random { fill 32 00 }\n"
			 "    session_id { 010203 }\n"
			 "    suites { TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 "
			 "TLS_EMPTY_RENEGOTIATION_INFO_SCSV 0a0a }\n"
			 "    compression { null }\n"
			 "    extensions {\n"
			 "      supported_groups { u16 { secp256r1 x25519 fefe } }\n"
			 "      application_layer_protocol_negotiation { u16 { u8 { \"h2\" } } }\n"
			 "      extension 4660 { 0102 }\n"
			 "      extension 0x0a0a { 00 }\n"
			 "      00ff\n"
			 "    }\n"
			 "  } in record { version TLS1.0 length +2 }\n"
			 "  expect alert decode_error\n"
			 "  allow  close\n");
}

static const char *send_of(const char *hex)
{
	expect_exact(from_hex(hex), hex);
	const char *from = strstr(text.at, "  send   "), *to = strstr(text.at, "  expect ");
	return arena_text(&arena, span_of(from + 9, (size_t)(to - from) - 9));
}

Test(stanza, records_and_their_cuts_are_written_as_items)
{
	cr_expect_str_eq(send_of("15030300020228"),
			 "alert fatal handshake_failure in record { version TLS1.2 }\n");
	cr_expect_str_eq(send_of("1503020002090a"),
			 "alert 9 unexpected_message in record { version TLS1.1 }\n");
	cr_expect_str_eq(send_of("1403030001011503030000"),
			 "change_cipher_spec { 01 } in record { version TLS1.2 }, "
			 "alert { } in record {\n    version TLS1.2\n  }\n");
	cr_expect_str_eq(send_of("1603010002010016030100031020ff"),
			 "handshake 1 +4127 { ff } in record { version TLS1.0 } in records split "
			 "2\n");
	cr_expect_str_eq(send_of("16030100021000160301000300021616030100012f"),
			 "client_key_exchange { 162f } in record { version TLS1.0 } in records "
			 "split 2 3\n");
	cr_expect_str_eq(send_of("160301000414000002160301000416161616"),
			 "record handshake { 14000002 } in record { version TLS1.0 }, record "
			 "handshake {\n    16161616\n  } in record { version TLS1.0 }\n");
	cr_expect_str_eq(send_of("63030100024142ff"),
			 "record 99 { 4142 } in record { version TLS1.0 }, bytes { ff }\n");
	cr_expect_str_eq(send_of("160303000914000000100000010042"),
			 "record handshake { finished { } client_key_exchange { 00 } } in record "
			 "{\n    version TLS1.2\n  }, bytes { 42 }\n");
}

/* More cuts than a list of sizes may have: then each record is an item of its own. */
Test(stanza, a_message_in_many_uneven_records_is_sent_exactly)
{
	size_t len = 0;
	for (size_t i = 0; i < 30; i++) {
		static const uint8_t head[] = { 22, 3, 1, 0, 0, 16, 0, 0, 44 };
		size_t n = i ? 1 + i % 2 : 4;
		memcpy(bytes + len, head, sizeof(head));
		bytes[len + 4] = (uint8_t)n;
		len += RECORD_HEADER_LEN + n;
	}
	expect_exact(len, "uneven");
	cr_expect(strstr(text.at, "  send   record handshake { 1000002c } in record "), "%s",
		  text.at);
	cr_expect_str_eq(send_of("16030100031000001603010001061603010001ff1603010004ffffffff"
				 "1603010001ee"),
			 "client_key_exchange { ffffffffffee } in record { version TLS1.0 } in "
			 "records split 3 1 1 4\n");
	cr_expect_str_eq(send_of("1603010003100000160301000306eeff1603010003ffffff1603010001ff"),
			 "client_key_exchange { eeffffffffff } in record { version TLS1.0 } in "
			 "records of 3\n");
}

Test(stanza, what_has_no_form_is_bytes_under_a_summary)
{
	expect_exact(from_hex("01007c"), "three bytes");
	cr_expect(strstr(text.at, "\n  # 3 bytes\n  send   bytes { 01007c }\n"), "%s", text.at);
}

Test(stanza, an_sslv2_hello_is_written_with_its_kinds)
{
	cr_expect_str_eq(send_of("80170100020006000000080100800700c0"
				 "0102030405060708"
				 "00"),
			 "sslv2_client_hello {\n"
			 "    version SSLv2\n"
			 "    specs { SSL_CK_RC4_128_WITH_MD5 SSL_CK_DES_192_EDE3_CBC_WITH_MD5 }\n"
			 "    session_id { }\n"
			 "    challenge { 0102030405060708 }\n"
			 "  }, bytes { 00 }\n");
}

Test(stanza, the_corpus_of_hellos_is_sent_exactly)
{
	size_t named = 0, count = 0;
	DIR *folder = opendir(HELLOS);
	cr_assert_not_null(folder);
	for (struct dirent *entry; (entry = readdir(folder));) {
		size_t len = load(HELLOS, entry->d_name);
		if (!len)
			continue;
		count++;
		named += expect_exact(len, entry->d_name);
	}
	closedir(folder);
	cr_assert(count > 100);
	/* One of them is three bytes. */
	cr_assert_eq(named, count - 1, "%zu of %zu", named, count);
}

/* Whatever the mutator makes: most of it can be named, all of it is sent exactly. */
Test(stanza, what_the_mutator_makes_is_sent_exactly)
{
	struct arena room;
	struct rng rng;
	size_t named = 0;
	arena_init(&room, MUTATE_ARENA(BYTES_MAX));
	struct mutator mutator = { .arena = &room };
	rng_init(&rng, 20261129, 3);
	for (size_t i = 0; i < 600; i++) {
		size_t len =
			load(SOURCE_DIR "/corpus", i % 2 ? "client_hello/d12-psql15-require.bin"
							 : "handshake/tls12-ecdhe-rsa.bin");
		/* PostgreSQL answers with a byte before TLS begins, and another stands before it.
		 */
		size_t preamble = i % 2 ? 0 : 2;
		len -= preamble;
		memmove(bytes, bytes + preamble, len);
		for (size_t k = rng_below(&rng, 3); k < 3; k++)
			len = mutate_flight(&mutator, bytes, len, 4096, rng_u64(&rng));
		named += expect_exact(len, "mutated");
	}
	arena_release(&room);
	cr_assert(named > 500, "%zu", named);
}

/* Lines are broken, and what has no form at all is bytes under a summary. */
Test(stanza, random_bytes_are_sent_exactly)
{
	struct rng rng;
	rng_init(&rng, 20261129, 4);
	for (size_t i = 0; i < 300; i++) {
		size_t len = rng_below(&rng, 600);
		rng_fill(&rng, bytes, len);
		expect_exact(len, "random");
	}
	rng_fill(&rng, bytes, BYTES_MAX);
	expect_exact(BYTES_MAX, "many");
}

Test(stanza, words_that_are_no_case_are_refused)
{
	struct stanza bad = words;
	bad.name = "no name";
	cr_expect_eq(stanza_write(&text, &bad, span_of("a", 1)), FAULT_INPUT);
	bad = words;
	bad.expectation = "expect alert no_such_alert";
	cr_expect_eq(stanza_write(&text, &bad, span_of("a", 1)), FAULT_INPUT);
	bad = words;
	cr_expect_eq(stanza_write(&text, &bad, span_of(bytes, CASE_STEP_BYTES_MAX + 1)),
		     FAULT_TOO_LARGE);
	cr_expect_eq(text.len, 0);
}
