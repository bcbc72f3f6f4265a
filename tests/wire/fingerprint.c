/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/fingerprint.h"

#include "support.h"

#include <criterion/criterion.h>

static struct client_hello hello;

static const char *ja4_of(struct sample *sample)
{
	static char out[JA4_LEN + 1];
	struct cursor body = cursor_over(sample_body(sample));
	cr_assert_eq(client_hello_decode(&hello, body, LENIENT_ALL, NULL), FAULT_NONE);
	cr_assert_eq(ja4(out, &hello), FAULT_NONE);
	return out;
}

static void expect_start(struct sample *sample, const char *start)
{
	const char *got = ja4_of(sample);
	cr_expect(strncmp(got, start, strlen(start)) == 0, "%s instead of %s", got, start);
}

/* FoxIO's example: no suites and no extensions give twelve zeros each. */
Test(ja4, what_is_empty_is_hashed_to_zeros)
{
	struct sample sample;
	sample_init(&sample);
	sample.draft.suites_len = 0;
	cr_expect_str_eq(ja4_of(&sample), "t12i000000_000000000000_000000000000");
	SAMPLE_ADD(&sample, 0, "\0\5\0\0\2ab");
	cr_expect_str_eq(ja4_of(&sample), "t12d000100_000000000000_000000000000");
}

Test(ja4, grease_is_left_out_everywhere)
{
	static const uint16_t suites[] = { 0x0A0A, 0x1301, 0xC02F };
	struct sample plain, greased;
	sample_init(&plain);
	SAMPLE_ADD(&plain, 43, "\4\3\4\3\3");
	SAMPLE_ADD(&plain, 13, "\0\4\4\3\x08\4");
	sample_init(&greased);
	greased.draft.suites = suites;
	greased.draft.suites_len = 3;
	SAMPLE_ADD(&greased, 0x1A1A, "");
	SAMPLE_ADD(&greased, 43, "\6\xFA\xFA\3\4\3\3");
	SAMPLE_ADD(&greased, 13, "\0\6\xDA\xDA\4\3\x08\4");
	SAMPLE_ADD(&greased, 0x2A2A, "\0");
	char expected[JA4_LEN + 1];
	memcpy(expected, ja4_of(&plain), sizeof(expected));
	cr_expect_str_eq(ja4_of(&greased), expected);
	expect_start(&greased, "t13i020200_");
}

Test(ja4, alpn_is_its_first_and_last_character)
{
	static const struct {
		const char *body;
		size_t len;
		const char *start;
	} rows[] = {
		{ "\0\x0C\2h2\x08http/1.1", 14, "t12i0201h2_" },
		{ "\0\x09\x08http/1.1", 11, "t12i0201h1_" },
		{ "\0\2\1x", 4, "t12i0201xx_" },
		{ "\0\2\1\xAB", 4, "t12i0201ab_" },
		{ "\0\3\2\x30\xAB", 5, "t12i02013b_" },
		{ "\0\4\3\xAB\x20\xCD", 6, "t12i0201ad_" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sample sample;
		sample_init(&sample);
		sample_add(&sample, 16, rows[i].body, rows[i].len);
		expect_start(&sample, rows[i].start);
	}
}

Test(ja4, counts_stop_at_99)
{
	static uint16_t suites[120];
	struct sample sample;
	sample_init(&sample);
	for (uint16_t i = 0; i < 120; i++)
		suites[i] = (uint16_t)(0x0100 + i);
	sample.draft.suites = suites;
	sample.draft.suites_len = 120;
	expect_start(&sample, "t12i990000_");
}

Test(ja4, versions_have_their_characters)
{
	static const struct {
		uint16_t version;
		const char *start;
	} rows[] = { { 0x0300, "ts3" }, { 0x0301, "t10" }, { 0x0302, "t11" },
		     { 0x0303, "t12" }, { 0x0304, "t13" }, { 0x0305, "t00" } };
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sample sample;
		sample_init(&sample);
		sample.draft.legacy_version = rows[i].version;
		expect_start(&sample, rows[i].start);
	}
}

Test(ja3, string_leaves_grease_out_and_keeps_empty_parts)
{
	static const uint16_t suites[] = { 0x0A0A, 0x1301, 0xC02F };
	struct sample sample;
	struct text text;
	sample_init(&sample);
	sample.draft.suites = suites;
	sample.draft.suites_len = 3;
	SAMPLE_ADD(&sample, 0xEAEA, "");
	SAMPLE_ADD(&sample, 10, "\0\6\x4A\x4A\0\x1D\0\x17");
	SAMPLE_ADD(&sample, 23, "");
	text_init(&text);
	cr_assert_eq(client_hello_decode(&hello, cursor_over(sample_body(&sample)), STRICT, NULL),
		     FAULT_NONE);
	ja3_string(&text, &hello);
	cr_expect_str_eq(text_view(&text), "771,4865-49199,10-23,29-23,");
	text_release(&text);
}
