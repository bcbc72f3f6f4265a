/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"
#include "base/arena.h"
#include "base/cursor.h"
#include "base/diag.h"
#include "base/hex.h"
#include "base/plain.h"
#include "base/rng.h"

#include <criterion/criterion.h>

Test(text, strangers_bytes_are_quoted)
{
	struct text text;
	text_init(&text);
	text_quote(&text, span_of("a\x1b[2J\\", 6));
	cr_assert_str_eq(text_view(&text), "a\\x1b[2J\\x5c");
	text_release(&text);
}

/* One character at a time, so that the room that is left has every length. */
Test(text, formatted_text_is_whole_whatever_room_is_left)
{
	struct text text;
	text_init(&text);
	for (size_t i = 0; i < 1100; i++) {
		text_printf(&text, "%zu", i % 10);
		cr_assert_eq(text.len, i + 1);
		cr_assert_eq(text.at[i], '0' + (char)(i % 10));
		cr_assert_eq(text.at[i + 1], '\0');
	}
	text.fault = FAULT_TOO_LARGE;
	text_printf(&text, "more");
	cr_assert_eq(strlen(text_view(&text)), 1100);
	text_release(&text);
}

/* More than one piece of them. */
Test(text, bytes_are_two_digits_each)
{
	uint8_t bytes[100];
	struct text text;
	text_init(&text);
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 5);
	text_put_hex(&text, span_of(bytes, sizeof(bytes)));
	cr_assert_eq(text.len, 200);
	cr_assert(memcmp(text.at, "00050a0f14", 10) == 0);
	cr_assert_str_eq(text.at + 190, "dbe0e5eaef");
	text_release(&text);
}

Test(text, numbers_are_filled_with_zeros)
{
	struct text text;
	text_init(&text);
	text_put_decimal(&text, 0, 0);
	text_put_char(&text, ' ');
	text_put_decimal(&text, UINT64_MAX, 3);
	text_put_char(&text, ' ');
	text_put_decimal(&text, 42, 6);
	cr_assert_str_eq(text_view(&text), "0 18446744073709551615 000042");
	text_release(&text);
}

static bool take_into(void *context, struct span bytes)
{
	text_append(context, bytes);
	return true;
}

static bool take_nothing(void *context, struct span bytes)
{
	(void)context;
	(void)bytes;
	return false;
}

/* What went to the drain, and what is still here, is all that was written. */
Test(text, settled_pieces_go_to_the_drain)
{
	struct text text, taken, whole;
	text_init(&text);
	text_init(&taken);
	text_init(&whole);
	const struct text_drain drain = { take_into, &taken };
	text.drain = &drain;
	for (size_t i = 0; i < 30000; i++) {
		text_put_decimal(&text, i, 0);
		text_put_decimal(&whole, i, 0);
		text_settle(&text);
		cr_assert_lt(text.len, TEXT_PIECE);
	}
	cr_assert_geq(taken.len, TEXT_PIECE);
	text_append(&taken, span_of(text_view(&text), text.len));
	cr_assert_str_eq(text_view(&taken), text_view(&whole));
	text_release(&text);
	text_release(&taken);
	text_release(&whole);
}

Test(text, a_drain_that_takes_nothing_is_a_fault)
{
	struct text text;
	const struct text_drain drain = { take_nothing, NULL };
	text_init(&text);
	text.drain = &drain;
	for (size_t i = 0; i < TEXT_PIECE; i++)
		text_put_char(&text, 'x');
	cr_assert_eq(text.fault, FAULT_NONE);
	text_settle(&text);
	cr_assert_eq(text.fault, FAULT_IO);
	text_release(&text);
}

/* Every byte at every place of a word, beside the same said one byte at a time. */
Test(plain, a_word_is_plain_when_its_bytes_are)
{
	for (unsigned c = 0; c <= UINT8_MAX; c++) {
		bool plain = c >= ' ' && c < 0x7F && c != '"' && c != '\\';
		for (size_t at = 0; at < 20; at++) {
			uint8_t bytes[20];
			memset(bytes, '~', sizeof(bytes));
			bytes[at] = (uint8_t)c;
			cr_assert_eq(plain_len(span_of(bytes, sizeof(bytes)), "\"\\"),
				     plain ? sizeof(bytes) : at, "0x%02x at %zu", c, at);
		}
	}
	cr_assert_eq(plain_len(span_of("a\"", 2), ""), 2);
}

Test(text, nearest_name_of_many_is_the_first_of_the_nearest)
{
	static const char *const names[] = { "abcdefghijkl", "abcdefghij", "abcdefghix",
					     "bcdefghi",     "abcxefghij", NULL };
	cr_assert_str_eq(text_nearest("abcdefghiy", names), "abcdefghij");
	cr_assert_str_eq(text_nearest("bcdefgh", names), "bcdefghi");
	cr_assert_str_eq(text_nearest("abcxxfghij", names), "abcxefghij");
	cr_assert_null(text_nearest("zzzzzzzzzz", names));
	cr_assert_null(text_nearest("a", names));
}

Test(text, nearest_name_is_offered_only_when_near)
{
	static const char *const names[] = { "minimum_tls_version", "ssl_enforcement", NULL };
	cr_assert_str_eq(text_nearest("minimum_tls_verison", names), "minimum_tls_version");
	cr_assert_null(text_nearest("colour", names));
}

Test(glob, star_backtracks)
{
	cr_assert(glob_match("suite/*/TLS_RSA_*SHA", "suite/TLS1.2/TLS_RSA_WITH_AES_128_CBC_SHA"));
	cr_assert_not(
		glob_match("suite/*/TLS_RSA_*SHA", "suite/TLS1.2/TLS_RSA_WITH_AES_128_CBC_SHA256"));
	cr_assert(glob_match("version/TLS1.?", "version/TLS1.1"));
}

Test(hex, bad_digit_is_located)
{
	uint8_t out[4];
	size_t len, fell = 0;
	cr_assert_eq(hex_decode(out, sizeof(out), &len, span_text("16 03 0g"), &fell),
		     FAULT_MALFORMED);
	cr_assert_eq(fell, 7);
	cr_assert_eq(hex_decode(out, sizeof(out), &len, span_text("16:03\n01"), &fell), FAULT_NONE);
	cr_assert_eq(len, 3);
}

Test(arena, ceiling_latches)
{
	struct arena arena;
	arena_init(&arena, 100);
	cr_assert_not_null(arena_alloc(&arena, 60));
	cr_assert_null(arena_alloc(&arena, 60));
	cr_assert_null(arena_alloc(&arena, 1));
	cr_assert_eq(arena.fault, FAULT_TOO_LARGE);
	arena_release(&arena);
	cr_assert_eq(arena.fault, FAULT_NONE);
}

Test(arena, product_that_overflows_is_refused)
{
	struct arena arena;
	arena_init(&arena, SIZE_MAX);
	cr_assert_null(arena_array(&arena, SIZE_MAX / 2, 3));
}

Test(cursor, first_short_read_latches_its_offset)
{
	struct cursor c = cursor_over(span_of("\x01\x02\x03", 3));
	cr_assert_eq(cursor_u16(&c), 0x0102);
	cr_assert_eq(cursor_u16(&c), 0);
	cr_assert_eq(cursor_u8(&c), 0);
	cr_assert_eq(c.fell, 2);
	cr_assert_not(cursor_ok(&c));
}

Test(rng, same_seed_same_bytes_other_stream_other_bytes)
{
	struct rng a, b, other;
	rng_init(&a, 1, 0);
	rng_init(&b, 1, 0);
	rng_init(&other, 1, 1);
	uint64_t first = rng_u64(&a);
	cr_assert_eq(first, rng_u64(&b));
	cr_assert_neq(first, rng_u64(&other));
}

Test(diag, counts_past_what_it_keeps)
{
	struct arena arena;
	struct diags diags;
	arena_init(&arena, 1 << 20);
	diags_init(&diags, &arena);
	for (int i = 0; i < DIAGS_MAX + 5; i++)
		diag_add(&diags, DIAG_ERROR, (struct place){ "f", 1, 2 }, "number %d", i);
	cr_assert_eq(diags.errors, DIAGS_MAX + 5);
	cr_assert_str_eq(diags.first->text, "number 0");
	cr_assert_str_eq(diags.last->text, "number 99");
	arena_release(&arena);
}
