/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/hello_input.h"

#include "base/hex.h"
#include "support.h"

#include <criterion/criterion.h>

static struct arena arena;
static struct hello_input input;
static struct wire_error error;

static void begin(void)
{
	arena_init(&arena, 4 << 20);
}

static void end(void)
{
	arena_release(&arena);
}

TestSuite(hello_input, .init = begin, .fini = end);

static enum fault read_bytes(struct span file)
{
	return hello_input_read(&input, file, STRICT, &arena, &error);
}

/* The first capture's message, header included, without its record. */
static struct span message(void)
{
	struct capture *captures = captures_load();
	return span_of(captures[0].bytes + 5, captures[0].len - 5);
}

/* Splits `content` into records of at most `size` bytes. */
static struct span in_records(struct span content, size_t size)
{
	static uint8_t out[16384];
	size_t len = 0;
	for (size_t at = 0; at < content.len;) {
		size_t take = content.len - at < size ? content.len - at : size;
		memcpy(out + len, "\x16\3\1", 3);
		out[len + 3] = (uint8_t)(take >> 8);
		out[len + 4] = (uint8_t)take;
		memcpy(out + len + 5, content.at + at, take);
		len += 5 + take;
		at += take;
	}
	return span_of(out, len);
}

Test(hello_input, fragments_are_put_together_whatever_their_size)
{
	struct span whole = message();
	for (size_t size = 1; size < whole.len; size += 13) {
		cr_assert_eq(read_bytes(in_records(whole, size)), FAULT_NONE, "%zu", size);
		cr_expect_eq(input.form, HELLO_FORM_RECORDS);
		cr_expect_eq(input.records_len, (whole.len + size - 1) / size);
		cr_expect(span_equal(input.message, whole));
		cr_expect_eq(input.after.len, 0);
		arena_release(&arena);
	}
}

Test(hello_input, error_offsets_count_the_headers_of_the_records_between)
{
	static uint8_t bytes[600];
	struct span whole = message();
	memcpy(bytes, whole.at, whole.len);
	cr_assert_eq(read_bytes(span_of(bytes, whole.len)), FAULT_NONE);
	size_t group =
		(size_t)(client_hello_view(&input.hello, EXTENSION_SUPPORTED_GROUPS).at - bytes) -
		1;
	bytes[group]++;
	cr_assert_eq(read_bytes(span_of(bytes, whole.len)), FAULT_MALFORMED);
	cr_expect_str_eq(error.field, "supported_groups");
	size_t bare = error.offset;
	cr_assert_eq(read_bytes(in_records(span_of(bytes, whole.len), 100)), FAULT_MALFORMED);
	cr_expect_eq(error.offset, bare + 5 * (bare / 100 + 1));
}

Test(hello_input, a_bare_message_is_recognised)
{
	cr_assert_eq(read_bytes(message()), FAULT_NONE);
	cr_expect_eq(input.form, HELLO_FORM_HANDSHAKE);
	cr_expect_eq(input.records_len, 0);
	cr_expect_eq(input.hello.legacy_version, 0x0303);
}

Test(hello_input, hexadecimal_text_is_recognised_in_any_layout)
{
	static char hex[4096], spaced[8192];
	struct span whole = message();
	hex_encode(hex, whole);
	size_t len = 0;
	for (size_t i = 0; i < whole.len; i++) {
		memcpy(spaced + len, hex + 2 * i, 2);
		spaced[len + 2] = i % 16 == 15 ? '\n' : i % 2 ? ' ' : ':';
		len += 3;
	}
	cr_assert_eq(read_bytes(span_text(hex)), FAULT_NONE);
	cr_expect(input.was_hex);
	cr_assert_eq(read_bytes(span_of(spaced, len)), FAULT_NONE);
	cr_expect(span_equal(input.message, whole));
}

Test(hello_input, half_a_byte_is_refused)
{
	cr_expect_eq(read_bytes(BYTES("16 03 0")), FAULT_MALFORMED);
	cr_expect_str_eq(error.field, "input");
	cr_expect_eq(error.offset, 7);
}

Test(hello_input, requests_for_encryption_before_the_hello_are_skipped)
{
	static uint8_t bytes[1024];
	struct capture *captures = captures_load();
	memcpy(bytes, "\0\0\0\x08\4\xD2\x16\x30\0\0\0\x08\4\xD2\x16\x2F", 16);
	memcpy(bytes + 16, captures[0].bytes, captures[0].len);
	cr_assert_eq(read_bytes(span_of(bytes, 16 + captures[0].len)), FAULT_NONE);
	cr_expect_eq(input.preamble.len, 16);
	cr_expect_eq(input.records_len, 1);
	cr_expect_eq(read_bytes(span_of(bytes, 16 + 100)), FAULT_TRUNCATED);
	cr_expect_eq(error.offset, 116);
}

Test(hello_input, what_follows_the_hello_is_kept)
{
	static uint8_t bytes[1024];
	struct span whole = message();
	memcpy(bytes, whole.at, whole.len);
	memcpy(bytes + whole.len, "\x0B\0\0\0", 4);
	struct span records = in_records(span_of(bytes, whole.len + 4), 300);
	memcpy(bytes, records.at, records.len);
	memcpy(bytes + records.len, "\x14\3\3\0\1\1", 6);
	cr_assert_eq(read_bytes(span_of(bytes, records.len + 6)), FAULT_NONE);
	cr_expect(span_equal(input.after, BYTES("\x0B\0\0\0")));
	cr_expect(span_equal(input.trailing, BYTES("\x14\3\3\0\1\1")));
}

Test(hello_input, sslv2_hello_is_recognised)
{
	struct span file = BYTES("\x80\x1C\1\0\2\0\3\0\0\0\x10\7\0\xC0"
				 "0123456789abcdef!");
	cr_assert_eq(read_bytes(file), FAULT_NONE);
	cr_expect_eq(input.form, HELLO_FORM_SSLV2);
	cr_expect_eq(input.sslv2.version, 2);
	cr_expect(span_is(input.trailing, "!"));
	for (size_t len = 0; len < file.len - 1; len++)
		cr_expect_eq(read_bytes(span_of(file.at, len)), FAULT_TRUNCATED, "%zu", len);
}

Test(hello_input, what_is_no_hello_is_refused_with_its_field)
{
	static const struct {
		struct span file;
		const char *field;
		size_t offset;
	} rows[] = {
		{ { (const uint8_t *)"", 0 }, "input", 0 },
		{ { (const uint8_t *)"GET / HTTP", 10 }, "record", 0 },
		{ { (const uint8_t *)"\x15\3\3\0\2\2\x28", 7 }, "record", 0 },
		{ { (const uint8_t *)"\x16\3\3\0\0", 5 }, "record", 0 },
		{ { (const uint8_t *)"\x16\3\3\x41\0", 5 }, "record", 5 },
		{ { (const uint8_t *)"\x16\3\3\0\4\2\0\0\0", 9 }, "handshake_type", 5 },
		{ { (const uint8_t *)"\x16\3\3\0\4\1\2\0\1", 9 }, "handshake", 5 },
		{ { (const uint8_t *)"\x16\3\3\0\4\1\0\0\0", 9 }, "legacy_version", 9 },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		cr_expect_neq(read_bytes(rows[i].file), FAULT_NONE);
		cr_expect_str_eq(error.field, rows[i].field, "%zu: %s", i, error.field);
		cr_expect_eq(error.offset, rows[i].offset, "%zu: %zu", i, error.offset);
	}
}

Test(hello_input, more_records_than_admitted_are_refused)
{
	static uint8_t bytes[6 * (HELLO_RECORDS_MAX + 1)];
	for (size_t i = 0; i <= HELLO_RECORDS_MAX; i++)
		memcpy(bytes + 6 * i, "\x16\3\1\0\1\1", 6);
	cr_expect_eq(read_bytes(span_of(bytes, sizeof(bytes))), FAULT_TOO_LARGE);
}

Test(hello_input, a_record_longer_than_plaintext_may_be_is_refused)
{
	static uint8_t bytes[5 + 16385] = "\x16\3\1\x40\1\1";
	cr_expect_eq(read_bytes(span_of(bytes, sizeof(bytes))), FAULT_MALFORMED);
	cr_expect_str_eq(error.what, "is longer than 16384 bytes");
}
