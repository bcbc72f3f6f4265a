/* SPDX-License-Identifier: Apache-2.0 */
#include "live/reading.h"

#include "base/hex.h"
#include "registry/registry.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

/* A hello of TLS 1.2 with one suite, in parts that the tests replace. */
#define RANDOM                                                                                     \
	"00000000000000000000000000000000"                                                         \
	"00000000000000000000000000000000"

#define HEX_MAX 8192

static struct arena arena;

static struct span bytes_of(const char *hex)
{
	size_t len = strlen(hex) / 2;
	uint8_t *bytes = malloc(len + 1);
	for (size_t i = 0; i < len; i++)
		bytes[i] = (uint8_t)(hex_digit((uint8_t)hex[2 * i]) << 4 |
				     hex_digit((uint8_t)hex[2 * i + 1]));
	return span_of(bytes, len);
}

/* A record of `type` and `version` around the message `type` with that body. */
static void put_record(char *out, const char *head, const char *fragment)
{
	snprintf(out, HEX_MAX, "%s%04zx%s", head, strlen(fragment) / 2, fragment);
}

static void put_hello(char *out, const char *body)
{
	char message[HEX_MAX / 2];
	snprintf(message, sizeof(message), "01%06zx%s", strlen(body) / 2, body);
	put_record(out, "160301", message);
}

static void read_hex(struct reading *out, const char *hex)
{
	arena_init(&arena, 1 << 20);
	reading_of(out, bytes_of(hex), &arena);
}

static enum form_rule rule_of_hello(const char *body)
{
	char hex[HEX_MAX];
	struct reading reading;
	put_hello(hex, body);
	read_hex(&reading, hex);
	return reading.kind == READING_BROKEN ? reading.rule : FORM_SOUND;
}

#define SOUND                                                                                      \
	"0303" RANDOM "00"                                                                         \
	"0002c02f"                                                                                 \
	"0100"

Test(reading, a_sound_hello_is_one_in_any_number_of_records)
{
	char whole[HEX_MAX], split[HEX_MAX], rest[HEX_MAX], both[2 * HEX_MAX], part[HEX_MAX];
	struct reading reading;
	put_hello(whole, SOUND);
	read_hex(&reading, whole);
	cr_assert_eq(reading.kind, READING_HELLO);
	cr_assert(reading.decoded);
	cr_assert_eq(reading.records, 1);
	cr_assert_eq(reading.hello.legacy_version, 0x0303);

	snprintf(part, sizeof(part), "%.6s", whole + 10);
	put_record(split, "160301", part);
	put_record(rest, "160301", whole + 16);
	snprintf(both, sizeof(both), "%s%s", split, rest);
	read_hex(&reading, both);
	cr_assert_eq(reading.kind, READING_HELLO);
	cr_assert_eq(reading.records, 2);
	cr_assert_eq(reading.message.len, strlen(whole) / 2 - 5);
}

Test(reading, what_a_hello_breaks_has_a_name)
{
	static const struct {
		const char *body;
		enum form_rule rule;
	} cases[] = {
		{ SOUND, FORM_SOUND },
		{ "0303" RANDOM "00"
		  "0002c02f",
		  FORM_HELLO_ENDS },
		{ "0303" RANDOM "00"
		  "0003c02f00"
		  "0100",
		  FORM_SUITES },
		{ "0303" RANDOM "00"
		  "0000"
		  "0100",
		  FORM_SUITES },
		{ "0303" RANDOM "00"
		  "0002c02f"
		  "00",
		  FORM_COMPRESSION },
		{ "0303" RANDOM "00"
		  "0002c02f"
		  "0101",
		  FORM_COMPRESSION_NULL },
		{ SOUND "0004"
			"00170000"
			"00",
		  FORM_HELLO_TAIL },
		{ SOUND "0008"
			"00170000"
			"00170000",
		  FORM_DUPLICATE },
		{ SOUND "0003"
			"001700",
		  FORM_EXTENSIONS },
		{ SOUND "0005"
			"0017000100",
		  FORM_EXTENSION_BODY },
		{ SOUND "0005"
			"000a000100",
		  FORM_EXTENSION_CORE },
		{ SOUND "0006"
			"ff0100020100",
		  FORM_RENEGOTIATION },
		{ SOUND "0006"
			"000b00020101",
		  FORM_POINT_FORMATS },
		{ "0303" RANDOM "00"
		  "00021301"
		  "020001"
		  "0007"
		  "002b0003020304",
		  FORM_COMPRESSION_13 },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		cr_assert_eq(rule_of_hello(cases[i].body), cases[i].rule, "%zu: %s", i,
			     form_rule_info(rule_of_hello(cases[i].body))->word);
}

Test(reading, what_stands_around_a_hello_has_a_name)
{
	char hello[HEX_MAX], hex[2 * HEX_MAX];
	static const struct {
		const char *before;
		enum reading_kind kind;
		enum form_rule rule;
	} cases[] = {
		{ "", READING_HELLO, FORM_SOUND },
		{ "15030300020164", READING_HELLO, FORM_SOUND },
		{ "1503030003016400", READING_BROKEN, FORM_ALERT_MALFORMED },
		{ "15030300020228", READING_BROKEN, FORM_ALERT_ENDING },
		{ "15030300020100", READING_BROKEN, FORM_ALERT_ENDING },
		{ "15030300020764", READING_BROKEN, FORM_ALERT_LEVEL },
		{ "140303000101", READING_BROKEN, FORM_EARLY_CCS },
		{ "170303000101", READING_BROKEN, FORM_EARLY_DATA },
		{ "1603030000", READING_BROKEN, FORM_RECORD_EMPTY },
		{ "630303000101", READING_BROKEN, FORM_RECORD_TYPE },
		{ "160200000101", READING_BROKEN, FORM_RECORD_VERSION },
		{ "1603034001", READING_BROKEN, FORM_RECORD_OVERFLOW },
		{ "160303000410000000", READING_BROKEN, FORM_MESSAGE_TYPE },
		{ "160303000401020001", READING_BROKEN, FORM_MESSAGE_LENGTH },
		{ "180303000101", READING_UNDECIDED, FORM_SOUND },
	};
	put_hello(hello, SOUND);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct reading reading;
		snprintf(hex, sizeof(hex), "%s%s", cases[i].before, hello);
		read_hex(&reading, hex);
		cr_assert_eq(reading.kind, cases[i].kind, "%s", cases[i].before);
		cr_assert_eq(reading.rule, cases[i].rule, "%s", cases[i].before);
	}
}

Test(reading, a_prefix_of_a_hello_is_partial)
{
	char hex[HEX_MAX];
	put_hello(hex, SOUND);
	struct span whole = bytes_of(hex);
	arena_init(&arena, 1 << 20);
	for (size_t len = 0; len < whole.len; len++) {
		struct reading reading;
		reading_of(&reading, span_of(whole.at, len), &arena);
		cr_assert_eq(reading.kind, READING_PARTIAL, "%zu bytes", len);
	}
}

Test(reading, more_in_the_record_of_the_hello_is_broken)
{
	char hex[HEX_MAX], message[HEX_MAX / 2];
	struct reading reading;
	snprintf(message, sizeof(message), "01%06zx%s", strlen(SOUND) / 2, SOUND "14000000");
	put_record(hex, "160301", message);
	read_hex(&reading, hex);
	cr_assert_eq(reading.rule, FORM_MESSAGE_BEHIND);
}

Test(reading, an_sslv2_hello_is_one)
{
	struct reading reading;
	read_hex(&reading, "801c0100020003000000100700c0000102030405060708090a0b0c0d0e0f");
	cr_assert_eq(reading.kind, READING_SSLV2);
	read_hex(&reading, "801c0100020003000000100700c0000102030405060708090a0b0c0d0e");
	cr_assert_eq(reading.kind, READING_UNDECIDED);
}

Test(reading, certificate_types_are_a_list)
{
	const char *head = "0303" RANDOM "00"
			   "0002c02f"
			   "0100";
	char body[HEX_MAX / 4];
	static const struct {
		const char *block;
		enum form_rule rule;
	} rows[] = {
		{ "0006001400020100", FORM_SOUND },
		{ "0007001400030102"
		  "02",
		  FORM_EXTENSION_BODY },
		{ "00050013000100", FORM_EXTENSION_BODY },
		{ "00040013"
		  "0000",
		  FORM_EXTENSION_BODY },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(body, sizeof(body), "%s%s", head, rows[i].block);
		cr_expect_eq(rule_of_hello(body), rows[i].rule, "%s", rows[i].block);
	}
}
