/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/client_hello.h"

#include "support.h"

#include <criterion/criterion.h>

static struct client_hello hello;
static struct wire_error error;

static enum fault decode(struct sample *sample, unsigned leniency)
{
	return client_hello_decode(&hello, cursor_over(sample_body(sample)), leniency, &error);
}

/* Refused strictly in `field` with `alert`; accepted with that one leniency and with all of them.
 */
static void expect_lenient(struct sample *sample, unsigned leniency, const char *field, int alert)
{
	cr_assert_eq(decode(sample, STRICT), FAULT_MALFORMED);
	cr_expect_str_eq(error.field, field);
	cr_expect_eq(error.alert, alert);
	cr_expect_eq(decode(sample, LENIENT_ALL & ~leniency), FAULT_MALFORMED);
	cr_expect_eq(decode(sample, LENIENT_ALL), FAULT_NONE);
	cr_assert_eq(decode(sample, leniency), FAULT_NONE);
}

/* The draft of the decoded hello gives the same bytes again. */
static void expect_identity(struct sample *sample)
{
	struct arena arena;
	struct hello_draft draft;
	static uint8_t bytes[HELLO_BYTES_MAX];
	struct builder b;
	struct span body = sample_body(sample);
	arena_init(&arena, 1 << 20);
	cr_assert_eq(client_hello_decode(&hello, cursor_over(body), LENIENT_ALL, NULL), FAULT_NONE);
	cr_assert_eq(hello_draft_of(&draft, &hello, 0x0301, &arena), FAULT_NONE);
	builder_init(&b, bytes, sizeof(bytes), NULL, 0);
	hello_draft_message(&b, &draft);
	cr_expect(span_equal(span_skip(builder_view(&b), 4), body));
	arena_release(&arena);
}

Test(client_hello, absent_and_empty_extensions_differ)
{
	struct sample sample;
	sample_init(&sample);
	cr_assert_eq(decode(&sample, STRICT), FAULT_NONE);
	cr_expect(hello.has_extensions);
	expect_identity(&sample);
	sample.draft.has_extensions = false;
	cr_assert_eq(decode(&sample, STRICT), FAULT_NONE);
	cr_expect_not(hello.has_extensions);
	expect_identity(&sample);
}

Test(client_hello, trailing_bytes_are_a_leniency)
{
	struct sample sample;
	sample_init(&sample);
	sample.draft.tail = BYTES("xyz");
	expect_lenient(&sample, LENIENT_TRAILING_BYTES, "client_hello", 50);
	cr_expect(span_is(hello.tail, "xyz"));
	expect_identity(&sample);
}

Test(client_hello, long_session_id_is_a_leniency)
{
	struct sample sample;
	sample_init(&sample);
	sample.draft.session_id = BYTES("0123456789abcdef0123456789abcdef0");
	expect_lenient(&sample, LENIENT_LONG_SESSION_ID, "session_id", 50);
	expect_identity(&sample);
}

Test(client_hello, odd_suites_are_a_leniency)
{
	struct sample sample;
	sample_init(&sample);
	sample.draft.suites_tail = BYTES("\xC0");
	expect_lenient(&sample, LENIENT_ODD_SUITES, "cipher_suites", 50);
	cr_expect_eq(list_u16_len(hello.suites), 2);
	cr_expect(span_is(hello.suites_tail, "\xC0"));
	expect_identity(&sample);
}

Test(client_hello, empty_suites_are_a_leniency)
{
	struct sample sample;
	sample_init(&sample);
	sample.draft.suites_len = 0;
	expect_lenient(&sample, LENIENT_EMPTY_SUITES, "cipher_suites", 50);
	expect_identity(&sample);
}

Test(client_hello, empty_compression_is_a_leniency)
{
	struct sample sample;
	sample_init(&sample);
	sample.draft.compression.len = 0;
	expect_lenient(&sample, LENIENT_EMPTY_COMPRESSION, "compression_methods", 50);
	expect_identity(&sample);
}

Test(client_hello, missing_null_compression_is_a_leniency)
{
	struct sample sample;
	sample_init(&sample);
	sample.draft.compression = BYTES("\1\100");
	expect_lenient(&sample, LENIENT_NO_NULL_COMPRESSION, "compression_methods", 47);
	sample.draft.compression = BYTES("\1\0");
	cr_expect_eq(decode(&sample, STRICT), FAULT_NONE);
}

Test(client_hello, duplicate_known_extension_is_a_leniency_and_the_first_is_viewed)
{
	struct sample sample;
	sample_init(&sample);
	SAMPLE_ADD(&sample, 10, "\0\2\0\x17");
	SAMPLE_ADD(&sample, 23, "");
	SAMPLE_ADD(&sample, 10, "\0\2\0\x1D");
	expect_lenient(&sample, LENIENT_DUPLICATE_EXTENSIONS, "extensions", 47);
	cr_expect_eq(list_u16(client_hello_view(&hello, EXTENSION_SUPPORTED_GROUPS), 0), 0x17);
	expect_identity(&sample);
}

Test(client_hello, duplicate_unknown_extension_is_found_among_few_and_among_many)
{
	for (uint16_t others = 0; others <= 30; others += 10) {
		struct sample sample;
		sample_init(&sample);
		SAMPLE_ADD(&sample, 0xAAAA, "");
		for (uint16_t i = 0; i < others; i++)
			SAMPLE_ADD(&sample, (uint16_t)(1000 + i), "ab");
		cr_assert_eq(decode(&sample, STRICT), FAULT_NONE);
		SAMPLE_ADD(&sample, 0xAAAA, "");
		size_t offset = sample_body(&sample).len - 4;
		expect_lenient(&sample, LENIENT_DUPLICATE_EXTENSIONS, "extensions", 47);
		cr_assert_eq(decode(&sample, STRICT), FAULT_MALFORMED);
		cr_expect_eq(error.offset, offset, "%zu", error.offset);
	}
}

Test(client_hello, block_that_ends_within_an_extension_is_a_leniency)
{
	struct sample sample;
	sample_init(&sample);
	SAMPLE_ADD(&sample, 23, "");
	sample.draft.tail = BYTES("\0\x0A\0\7ab");
	sample.draft.extensions_lie = 6;
	expect_lenient(&sample, LENIENT_EXTENSIONS_TAIL, "extensions", 50);
	cr_expect_eq(hello.extensions_tail.len, 6);
	cr_expect_eq(hello.extensions_len, 1);
	expect_identity(&sample);
	sample.draft.tail = BYTES("\0\x0A\0\7abxy");
	expect_identity(&sample);
}

Test(client_hello, malformed_body_is_a_leniency_that_makes_the_extension_unknown)
{
	struct sample sample;
	sample_init(&sample);
	SAMPLE_ADD(&sample, 10, "\0\3\0\x17\0");
	expect_lenient(&sample, LENIENT_EXTENSION_BODIES, "supported_groups", 50);
	cr_expect_not(client_hello_has(&hello, EXTENSION_SUPPORTED_GROUPS));
	cr_expect_null(client_hello_view(&hello, EXTENSION_SUPPORTED_GROUPS).at);
	cr_expect(hello.malformed >> EXTENSION_SUPPORTED_GROUPS & 1);
	expect_identity(&sample);
}

Test(client_hello, duplicate_is_found_among_the_last_of_many_extensions)
{
	struct sample sample;
	sample_init(&sample);
	for (uint16_t i = 0; i < 30; i++)
		SAMPLE_ADD(&sample, (uint16_t)(1000 + i), "ab");
	SAMPLE_ADD(&sample, 0xAAAA, "");
	cr_assert_eq(decode(&sample, STRICT), FAULT_NONE);
	SAMPLE_ADD(&sample, 0xAAAA, "");
	size_t offset = sample_body(&sample).len - 4;
	expect_lenient(&sample, LENIENT_DUPLICATE_EXTENSIONS, "extensions", 47);
	cr_assert_eq(decode(&sample, STRICT), FAULT_MALFORMED);
	cr_expect_eq(error.offset, offset);
}

#define PSK                                                                                        \
	"\0\x0A\0\4abcd\0\0\0\1\0\x21\x20"                                                         \
	"0123456789abcdef0123456789abcdef"

Test(client_hello, pre_shared_key_stands_last_or_is_a_leniency)
{
	struct sample sample;
	sample_init(&sample);
	SAMPLE_ADD(&sample, 41, PSK);
	cr_assert_eq(decode(&sample, STRICT), FAULT_NONE);
	SAMPLE_ADD(&sample, 23, "");
	expect_lenient(&sample, LENIENT_PSK_NOT_LAST, "extensions", 47);
}

Test(client_hello, what_strict_accepts_every_leniency_accepts_with_the_same_result)
{
	struct capture *captures = captures_load();
	for (size_t i = 0; i < CORPUS_LEN; i++) {
		struct cursor body = cursor_over(capture_body(&captures[i]));
		struct client_hello strict, lenient;
		memset(&strict, 0, sizeof(strict));
		cr_assert_eq(client_hello_decode(&strict, body, STRICT, NULL), FAULT_NONE);
		for (unsigned bit = 0; bit <= LENIENCIES_LEN; bit++) {
			unsigned leniency = bit < LENIENCIES_LEN ? 1u << bit : LENIENT_ALL;
			memset(&lenient, 0, sizeof(lenient));
			cr_assert_eq(client_hello_decode(&lenient, body, leniency, NULL),
				     FAULT_NONE);
			cr_expect(memcmp(&strict, &lenient, sizeof(strict)) == 0);
		}
	}
}

Test(client_hello, leniencies_have_words)
{
	cr_expect_str_eq(leniency_word(0), "trailing-bytes");
	cr_expect_null(leniency_word(LENIENCIES_LEN));
	cr_expect_eq(leniency_by_word(span_text("odd-suites")), LENIENT_ODD_SUITES);
	cr_expect_eq(leniency_by_word(span_text("all")), LENIENT_ALL);
	cr_expect_eq(leniency_by_word(span_text("odd")), 0);
}

Test(client_hello, highest_version_offered_leaves_grease_out)
{
	struct sample sample;
	sample_init(&sample);
	cr_assert_eq(decode(&sample, STRICT), FAULT_NONE);
	cr_expect_eq(client_hello_version(&hello), 0x0303);
	SAMPLE_ADD(&sample, 43, "\6\x7A\x7A\3\2\3\4");
	cr_assert_eq(decode(&sample, STRICT), FAULT_NONE);
	cr_expect_eq(client_hello_version(&hello), 0x0304);
}

Test(client_hello, an_error_may_be_ignored)
{
	cr_expect_eq(client_hello_decode(&hello, cursor_over(BYTES("\3")), STRICT, NULL),
		     FAULT_MALFORMED);
	cr_expect_eq(client_hello_decode(&hello, cursor_over(span_of(NULL, 0)), STRICT, &error),
		     FAULT_MALFORMED);
	cr_expect_str_eq(error.field, "legacy_version");
	cr_expect_eq(error.offset, 0);
}
