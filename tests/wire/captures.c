/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"
#include "support.h"
#include "wire/fingerprint.h"
#include "wire/hello_input.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

static struct text *next_word(struct text *out)
{
	if (out->len)
		text_printf(out, " ");
	return out;
}

static void expect(const struct capture *capture, const char *column, struct text *got)
{
	cr_expect_str_eq(text_view(got), capture_expected(capture, column), "%s of %s: %s", column,
			 capture->columns[0], text_view(got));
	text_release(got);
	text_init(got);
}

static void append_list(struct text *out, struct span list)
{
	for (size_t i = 0; i < list_u16_len(list); i++)
		text_printf(next_word(out), "%04X", list_u16(list, i));
}

static void check_lists(const struct capture *capture, const struct client_hello *hello)
{
	struct text got;
	text_init(&got);
	append_list(&got, hello->suites);
	expect(capture, "suites", &got);
	append_list(&got, client_hello_view(hello, EXTENSION_SUPPORTED_VERSIONS));
	expect(capture, "supported_versions", &got);
	append_list(&got, client_hello_view(hello, EXTENSION_SUPPORTED_GROUPS));
	expect(capture, "groups", &got);
	append_list(&got, client_hello_view(hello, EXTENSION_SIGNATURE_ALGORITHMS));
	expect(capture, "sigalgs", &got);
	struct span formats = client_hello_view(hello, EXTENSION_EC_POINT_FORMATS);
	for (size_t i = 0; i < formats.len; i++)
		text_printf(next_word(&got), "%u", formats.at[i]);
	expect(capture, "point_formats", &got);
}

static void check_rest(const struct capture *capture, const struct client_hello *hello)
{
	struct text got;
	text_init(&got);
	text_printf(next_word(&got), "%04X", hello->legacy_version);
	expect(capture, "legacy_version", &got);
	text_printf(next_word(&got), "%u", (unsigned)hello->session_id.len);
	expect(capture, "sid_len", &got);
	struct cursor in = cursor_over(hello->extensions);
	struct extension_item item;
	while (extension_next(&in, &item))
		text_printf(next_word(&got), "%u", item.type);
	expect(capture, "extensions", &got);
	in = cursor_over(client_hello_view(hello, EXTENSION_KEY_SHARE));
	struct key_share_entry entry;
	while (key_share_next(&in, &entry))
		text_printf(next_word(&got), "%04X:%zu", entry.group, entry.key_exchange.len);
	expect(capture, "key_shares", &got);
	in = cursor_over(client_hello_view(hello, EXTENSION_ALPN));
	struct span protocol;
	while (alpn_next(&in, &protocol)) {
		text_append(next_word(&got), protocol);
	}
	expect(capture, "alpn", &got);
	text_append(&got, client_hello_host(hello));
	expect(capture, "sni", &got);
}

Test(captures, every_recorded_value_is_decoded)
{
	struct capture *captures = captures_load();
	for (size_t i = 0; i < CORPUS_LEN; i++) {
		struct client_hello hello;
		struct wire_error error;
		enum fault fault = client_hello_decode(
			&hello, cursor_over(capture_body(&captures[i])), STRICT, &error);
		cr_assert_eq(fault, FAULT_NONE, "%s", captures[i].columns[0]);
		check_lists(&captures[i], &hello);
		check_rest(&captures[i], &hello);
	}
}

Test(captures, fingerprints_are_the_recorded_ones)
{
	struct capture *captures = captures_load();
	for (size_t i = 0; i < CORPUS_LEN; i++) {
		struct client_hello hello;
		char hash[JA3_HASH_LEN + 1], fingerprint[JA4_LEN + 1];
		cr_assert_eq(client_hello_decode(&hello, cursor_over(capture_body(&captures[i])),
						 STRICT, NULL),
			     FAULT_NONE);
		cr_assert_eq(ja3_hash(hash, &hello), FAULT_NONE);
		cr_assert_eq(ja4(fingerprint, &hello), FAULT_NONE);
		cr_expect_str_eq(hash, capture_expected(&captures[i], "ja3"));
		cr_expect_str_eq(fingerprint, capture_expected(&captures[i], "ja4"));
	}
}

static void check_identity(const struct capture *capture)
{
	static uint8_t bytes[HELLO_BYTES_MAX];
	static struct field fields[HELLO_FIELDS(HELLO_BYTES_MAX)];
	struct arena arena;
	struct hello_input input;
	struct wire_error error;
	struct hello_draft draft;
	struct builder b;
	arena_init(&arena, 1 << 20);
	struct span file = span_of(capture->bytes, capture->len);
	cr_assert_eq(hello_input_read(&input, file, STRICT, &arena, &error), FAULT_NONE);
	cr_assert_eq(input.records_len, 1);
	char version[8];
	snprintf(version, sizeof(version), "%04X", input.records[0].version);
	cr_expect_str_eq(version, capture_expected(capture, "record_version"));
	cr_expect_eq(file.len, strtoul(capture_expected(capture, "bytes"), NULL, 10));
	cr_assert_eq(hello_draft_of(&draft, &input.hello, input.records[0].version, &arena),
		     FAULT_NONE);
	for (int map = 0; map < 2; map++) {
		builder_init(&b, bytes, sizeof(bytes), map ? fields : NULL,
			     map ? sizeof(fields) / sizeof(fields[0]) : 0);
		hello_draft_record(&b, &draft);
		cr_assert_eq(builder_fault(&b), FAULT_NONE);
		cr_expect(span_equal(builder_view(&b), file), "%s", capture->columns[0]);
	}
	arena_release(&arena);
}

Test(captures, decode_then_encode_is_byte_identical)
{
	struct capture *captures = captures_load();
	for (size_t i = 0; i < CORPUS_LEN; i++)
		check_identity(&captures[i]);
}

/* A hello that ends before the extensions is a whole hello without any: RFC 5246 7.4.1.2. */
static size_t length_without_extensions(struct span body)
{
	struct client_hello hello;
	cr_assert_eq(client_hello_decode(&hello, cursor_over(body), STRICT, NULL), FAULT_NONE);
	return (size_t)(hello.extensions.at - body.at) - 2;
}

static void check_truncations(const struct capture *capture)
{
	struct span body = capture_body(capture);
	size_t bare = length_without_extensions(body);
	for (size_t len = 0; len < body.len; len++) {
		struct client_hello hello;
		struct wire_error error;
		struct cursor in = cursor_over(span_of(body.at, len));
		enum fault fault = client_hello_decode(&hello, in, STRICT, &error);
		cr_assert_eq(fault, len == bare ? FAULT_NONE : FAULT_MALFORMED, "%s at %zu",
			     capture->columns[0], len);
		cr_assert(fault == FAULT_NONE ||
			  (error.field && error.what && error.offset <= len));
	}
}

Test(captures, every_truncation_of_a_body_is_refused_with_an_offset)
{
	struct capture *captures = captures_load();
	for (size_t i = 0; i < CORPUS_LEN; i++)
		check_truncations(&captures[i]);
}

Test(captures, every_truncation_of_a_file_is_refused_with_an_offset)
{
	struct capture *captures = captures_load();
	for (size_t i = 0; i < CORPUS_LEN; i++) {
		for (size_t len = 0; len < captures[i].len; len++) {
			struct hello_input input;
			struct wire_error error;
			struct arena arena;
			arena_init(&arena, 1 << 20);
			struct span file = span_of(captures[i].bytes, len);
			cr_assert_eq(hello_input_read(&input, file, STRICT, &arena, &error),
				     FAULT_TRUNCATED);
			cr_assert(error.field && error.what && error.offset <= len);
			arena_release(&arena);
		}
	}
}

static uint32_t get_uint(const uint8_t *at, size_t width)
{
	uint32_t value = 0;
	for (size_t i = 0; i < width; i++)
		value = value << 8 | at[i];
	return value;
}

static void put_uint(uint8_t *at, size_t width, uint32_t value)
{
	for (size_t i = 0; i < width; i++)
		at[i] = (uint8_t)(value >> 8 * (width - 1 - i));
}

/* The three lengths outside the body are the concern of records and messages, not of the hello. */
static size_t check_lengths(const struct capture *capture)
{
	static uint8_t bytes[HELLO_BYTES_MAX];
	static struct field fields[HELLO_FIELDS(HELLO_BYTES_MAX)];
	struct arena arena;
	struct hello_draft draft;
	struct client_hello hello;
	struct builder b;
	size_t checked = 0;
	arena_init(&arena, 1 << 20);
	cr_assert_eq(client_hello_decode(&hello, cursor_over(capture_body(capture)), STRICT, NULL),
		     FAULT_NONE);
	cr_assert_eq(hello_draft_of(&draft, &hello, 0x0301, &arena), FAULT_NONE);
	builder_init(&b, bytes, sizeof(bytes), fields, sizeof(fields) / sizeof(fields[0]));
	hello_draft_record(&b, &draft);
	for (size_t i = 0; i < b.fields_len; i++) {
		const struct field *field = &fields[i];
		if (strcmp(field->name, "length") != 0 || field->offset < 9)
			continue;
		uint32_t length = get_uint(bytes + field->offset, field->len);
		for (int lie = -1; lie <= 1; lie += 2) {
			struct wire_error error;
			put_uint(bytes + field->offset, field->len, length + (uint32_t)lie);
			struct cursor in = cursor_over(span_of(bytes + 9, b.len - 9));
			cr_expect_eq(client_hello_decode(&hello, in, STRICT, &error),
				     FAULT_MALFORMED, "%s: length at %u %+d", capture->columns[0],
				     field->offset, lie);
			cr_expect(error.field && error.offset <= b.len - 9);
			checked++;
		}
		put_uint(bytes + field->offset, field->len, length);
	}
	arena_release(&arena);
	return checked;
}

Test(captures, every_length_that_is_off_by_one_is_refused)
{
	struct capture *captures = captures_load();
	size_t checked = 0;
	for (size_t i = 0; i < CORPUS_LEN; i++)
		checked += check_lengths(&captures[i]);
	cr_expect_gt(checked, CORPUS_LEN * 30, "%zu", checked);
}
