/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "base/hex.h"
#include "shrunk.h"

#define ZEROS  "0000000000000000000000000000000000000000000000000000000000000000"
#define SOMEID "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20"

static struct shrunk shrunk;

static void begin(void)
{
	shrunk_init(&shrunk);
}

static void end(void)
{
	shrunk_release(&shrunk);
}

TestSuite(shrink_steps, .init = begin, .fini = end);

static struct span from_hex(const char *hex)
{
	size_t fell, len = 0, cap = strlen(hex) / 2;
	uint8_t *bytes = arena_alloc(&shrunk.other, cap + 1);
	cr_assert_eq(hex_decode(bytes, cap, &len, span_text(hex), &fell), FAULT_NONE, "%s", hex);
	return span_of(bytes, len);
}

/* Whether a step from the one leads to the other. */
static bool leads(const char *from, const char *to)
{
	struct span candidate, wanted = from_hex(to);
	bool found = false;
	arena_clear(&shrunk.arena);
	cr_assert_eq(shrink_start(&shrunk.shrink, &shrunk.arena, from_hex(from)), FAULT_NONE);
	while (shrink_next(&shrunk.shrink, &candidate)) {
		found = found || span_equal(candidate, wanted);
		shrink_take(&shrunk.shrink, false);
	}
	cr_assert(shrink_is_minimal(&shrunk.shrink));
	return found;
}

static const struct {
	const char *what, *from, *to;
} steps[] = {
	{ "one record, and its bytes in the length of the message",
	  "160301000510000004aa1603010003abcdef", "160301000510000001aa" },
	{ "a message", "160301000a14000002ffff14000000", "160301000414000000" },
	{ "a message with its record", "160301000614000002ffff160301000414000000",
	  "160301000414000000" },
	{ "two records become one", "16030100021000160301000300020a",
	  "160301000510000"
	  "0020a" },
	{ "a fragment, and the record stays", "15030100020228", "1503010000" },
	{ "the version of a record", "15030300020228", "15030100020228" },
	{ "the other version of a record", "15030500020228", "15030300020228" },
	{ "legacy_version", "160301002f0100002b0301" ZEROS "000002c02f01000000",
	  "160301002f0100002b0303" ZEROS "000002c02f01000000" },
	{ "GREASE among the suites", "160301002d010000290303" ZEROS "0000023a3a0100",
	  "160301002d010000290303" ZEROS "0000020a0a0100" },
	{ "the random", "160301002d010000290303" SOMEID "000002c02f0100",
	  "160301002d010000290303" ZEROS "000002c02f0100" },
	{ "a suite", "160301002f0100002b0303" ZEROS "000004c02f009c0100",
	  "160301002d010000290303" ZEROS "000002009c0100" },
	{ "the extensions with their length", "160301002f0100002b0303" ZEROS "000002c02f01000000",
	  "160301002d010000290303" ZEROS "000002c02f0100" },
	{ "a member of a list in an extension",
	  "1603010039010000350303" ZEROS "000002c02f0100000a000a00060004001d0017",
	  "1603010037010000330303" ZEROS "000002c02f01000008000a000400020017" },
	{ "a share, with a length that lies by one inside of it",
	  "160301003f0100003b0303" ZEROS "000002c02f01000010003300"
	  "0c000a001d0002aabb00170001cc",
	  "16030100390100003503"
	  "03" ZEROS "000002c02f0100000a00330006000400170001cc" },
	{ "all of a lie", "160301002d010000590303" ZEROS "000002c02f0100",
	  "160301002d010000290303" ZEROS "000002c02f0100" },
	{ "half of a lie", "160301002d010000590303" ZEROS "000002c02f0100",
	  "160301002d010000410303" ZEROS "000002c02f0100" },
	{ "all of a lie but one", "160301002d010000590303" ZEROS "000002c02f0100",
	  "160301002d0100002a0303" ZEROS "000002c02f0100" },
	{ "the lie of a record", "15030100990228", "15030100020228" },
	{ "what the stream ends with, without a repair", "15030100020228", "150301000202" },
	{ "a record inside of a message, without a repair",
	  "16030100061000000556aa1603010003010203", "16030100061000000556aa" },
	{ "a kind of an SSLv2 hello", "80160100020006000000070100800700c001020304050607",
	  "80130100020003000000070700c001020304050607" },
	{ "a byte of its challenge",
	  "801601000200060000000701008007"
	  "00c001020304050607",
	  "8015010002000600000006010080"
	  "0700c0010203040506" },
};

Test(shrink_steps, lead_from_one_stream_to_the_next)
{
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		cr_expect(leads(steps[i].from, steps[i].to), "%s", steps[i].what);
}

Test(shrink_steps, do_not_lead_to_nothing_or_back)
{
	cr_expect_not(leads("ff", ""));
	cr_expect_not(leads("15030100020228", "15030300020228"));
	cr_expect_not(leads("15030100020228", "15030100020228"));
}

/* The version of the record counts, until the record is cut off. */
static bool is_cut_off_or_of_tls12(const struct seen *seen, struct span stream)
{
	bool cut_off = stream.len >= 5 && !seen->records && stream.at[0] == 22;
	return cut_off || (seen->has_hello && stream.at[2] == 3);
}

Test(shrink_steps, begin_again_after_the_last)
{
	static const uint8_t wanted[] = { 22, 3, 1, 0, 1 };
	shrunk_load(&shrunk, "client_hello/d12-psql15-require.bin");
	shrunk.bytes[2] = 3;
	struct span best = shrunk_run(&shrunk, is_cut_off_or_of_tls12);
	cr_assert_eq(best.len, sizeof(wanted));
	cr_assert_arr_eq(best.at, wanted, sizeof(wanted));
}

/* How many questions it takes, of a capture with 60 records in front of it. */
static bool is_hello(const struct seen *seen, struct span stream)
{
	(void)stream;
	return seen->has_hello && seen_extension(seen, 10) && seen_suite(seen, 0xC02F);
}

Test(shrink_steps, are_big_before_they_are_small)
{
	static const uint8_t alert[] = { 21, 3, 3, 0, 2, 1, 90 };
	static uint8_t copy[STREAM_MAX];
	shrunk_load(&shrunk, "client_hello/d12-psql15-require.bin");
	memcpy(copy, shrunk.bytes, shrunk.len);
	for (size_t i = 0; i < 60; i++)
		memcpy(shrunk.bytes + i * sizeof(alert), alert, sizeof(alert));
	memcpy(shrunk.bytes + 60 * sizeof(alert), copy, shrunk.len);
	shrunk.len += 60 * sizeof(alert);
	struct span best = shrunk_run(&shrunk, is_hello), candidate;
	cr_expect_eq(best.len, 47 + 2 + 2 + 4);
	cr_expect(shrink_is_minimal(&shrunk.shrink));
	arena_clear(&shrunk.arena);
	cr_assert_eq(shrink_start(&shrunk.shrink, &shrunk.arena, span_of(shrunk.bytes, shrunk.len)),
		     FAULT_NONE);
	size_t asked = 0;
	static struct seen seen;
	while (shrink_best(&shrunk.shrink).len > 200 && shrink_next(&shrunk.shrink, &candidate)) {
		seen_read(&seen, candidate);
		shrink_take(&shrunk.shrink, is_hello(&seen, candidate));
		asked++;
	}
	cr_expect(asked < 40, "%zu", asked);
}

/* A hello that is padded beyond what a record may hold cannot lose a byte, and that is seen soon.
 */
Test(shrink_steps, padding_is_shrunk_to_the_end)
{
	static uint8_t bytes[17000];
	size_t least = 5 + 16385;
	struct arena arena;
	struct shrink shrink;
	struct span candidate;
	memcpy(bytes, "\x16\3\1\x42\x63\1\0\x42\x5f\3\3", 11);
	memcpy(bytes + 43, "\0\0\2\xc0\x2f\1\0\x42\x34\0\x15\x42\x30", 13);
	arena_init(&arena, SHRINK_ARENA(sizeof(bytes)));
	cr_assert_eq(shrink_start(&shrink, &arena, span_of(bytes, sizeof(bytes))), FAULT_NONE);
	while (shrink_next(&shrink, &candidate)) {
		size_t told = (size_t)candidate.at[3 < candidate.len ? 3 : 0] << 8;
		bool whole = candidate.len >= least && told + candidate.at[4] == candidate.len - 5;
		shrink_take(&shrink, whole);
	}
	cr_assert_eq(shrink_best(&shrink).len, least, "%zu", shrink_best(&shrink).len);
	cr_assert(shrink_is_minimal(&shrink));
	arena_release(&arena);
}
