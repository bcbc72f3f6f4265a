/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "base/hex.h"
#include "base/rng.h"
#include "mutate/mutate.h"
#include "mutate/operation.h"
#include "registry/registry.h"
#include "shrunk.h"

#define PSQL "client_hello/d12-psql15-require.bin"

static struct shrunk shrunk;

static void begin(void)
{
	shrunk_init(&shrunk);
	shrunk_load(&shrunk, PSQL);
}

static void end(void)
{
	shrunk_release(&shrunk);
}

TestSuite(shrink, .init = begin, .fini = end);

/* mutate changes what was loaded by one operation. */
static void mutate(enum operation_id operation, uint64_t seed)
{
	struct arena arena;
	arena_init(&arena, MUTATE_ARENA(STREAM_MAX));
	struct mutator mutator = { .arena = &arena };
	size_t len = 0;
	for (uint64_t i = 0; i < 64 && !len; i++)
		len = mutate_by(&mutator, operation, shrunk.bytes, shrunk.len, STREAM_MAX,
				seed + (i << 32));
	arena_release(&arena);
	cr_assert(len > 0);
	shrunk.len = len;
}

/* expect_minimal shrinks, and wants the end to be reached with exactly so many bytes. */
static struct span expect_minimal(finding *shows, size_t len)
{
	struct span best = shrunk_run(&shrunk, shows);
	char hex[2 * 1024 + 1] = "";
	if (best.len <= 1024)
		hex_encode(hex, best);
	cr_assert(shrink_is_minimal(&shrunk.shrink), "%zu asked", shrunk.shrink.asked);
	cr_assert_eq(best.len, len, "%zu bytes after %zu questions: %s", best.len,
		     shrunk.shrink.asked, hex);
	return best;
}

/* A record's and a message's header, version, random, and the lengths of three empty fields. */
#define BARE 47

static bool is_hello(const struct seen *seen, struct span stream)
{
	(void)stream;
	return seen->has_hello;
}

Test(shrink, a_hello_loses_everything_but_its_frame)
{
	struct span best = expect_minimal(is_hello, BARE);
	static const uint8_t head[] = { 22, 3, 1, 0, 42, 1, 0, 0, 38, 3, 3, 0 };
	cr_assert_arr_eq(best.at, head, sizeof(head));
}

static bool has_groups_twice(const struct seen *seen, struct span stream)
{
	(void)stream;
	return seen_extension(seen, EXT_SUPPORTED_GROUPS) >= 2;
}

Test(shrink, an_extension_that_comes_twice_stays_twice)
{
	static struct seen seen;
	for (uint64_t seed = 0; seed < 200; seed++) {
		shrunk_load(&shrunk, PSQL);
		mutate(OPERATION_extension_duplicate, seed);
		seen_read(&seen, span_of(shrunk.bytes, shrunk.len));
		if (has_groups_twice(&seen, span_of(NULL, 0)))
			break;
	}
	expect_minimal(has_groups_twice, BARE + 2 + 2 * 4);
}

static bool has_suite_among_many(const struct seen *seen, struct span stream)
{
	(void)stream;
	return seen_suite(seen, 0xC02F) && seen->hello.suites.len / 2 > 128;
}

Test(shrink, a_suite_among_more_than_128_keeps_128_others)
{
	static struct seen seen;
	for (uint64_t seed = 0; seed < 200; seed++) {
		shrunk_load(&shrunk, PSQL);
		mutate(OPERATION_list_flood, seed);
		seen_read(&seen, span_of(shrunk.bytes, shrunk.len));
		if (has_suite_among_many(&seen, span_of(NULL, 0)))
			break;
	}
	expect_minimal(has_suite_among_many, BARE + 129 * 2);
}

static bool has_long_session_id(const struct seen *seen, struct span stream)
{
	(void)stream;
	return seen->has_hello && seen->hello.session_id.len > 32;
}

Test(shrink, a_session_id_that_is_too_long_is_so_by_one)
{
	static struct seen seen;
	for (uint64_t seed = 0; seed < 200; seed++) {
		shrunk_load(&shrunk, PSQL);
		mutate(OPERATION_session_id_set, seed);
		seen_read(&seen, span_of(shrunk.bytes, shrunk.len));
		if (has_long_session_id(&seen, span_of(NULL, 0)))
			break;
	}
	struct span best = expect_minimal(has_long_session_id, BARE + 33);
	for (size_t i = 0; i < 33; i++)
		cr_assert_eq(best.at[5 + 4 + 2 + 32 + 1 + i], 0);
}

/* The message is as long as it says, but its extensions are not; read by hand. */
static bool has_long_block(const struct seen *seen, struct span stream)
{
	(void)stream;
	size_t at = 4 + 2 + 32;
	if (!seen->message_len || seen->content[0] != 1 || seen->message_len < at + 1)
		return false;
	at += 1u + seen->content[at];
	if (at + 2 > seen->message_len)
		return false;
	at += 2u + (size_t)(seen->content[at] << 8 | seen->content[at + 1]);
	if (at + 1 > seen->message_len)
		return false;
	at += 1u + seen->content[at];
	return at + 2 <= seen->message_len &&
	       at + 2u + (size_t)(seen->content[at] << 8 | seen->content[at + 1]) ==
		       seen->message_len + 1;
}

Test(shrink, a_length_that_lies_by_one_goes_on_doing_so)
{
	struct outline of;
	cr_assert_eq(outline_init(&of, &shrunk.other, STREAM_MAX), FAULT_NONE);
	outline_read(&of, span_of(shrunk.bytes, shrunk.len));
	for (uint32_t i = 0; i < of.lists_len; i++)
		if (of.lists[i].kind == OUTLINE_BLOCK)
			shrunk.bytes[of.stream[of.lists[i].from + 1]]++;
	expect_minimal(has_long_block, BARE + 2);
}

static bool has_order(const struct seen *seen, struct span stream)
{
	(void)stream;
	bool groups = false;
	struct cursor in = cursor_over(seen->hello.extensions);
	struct extension_item item;
	while (seen->has_hello && extension_next(&in, &item)) {
		if (groups && item.type == EXT_SIGNATURE_ALGORITHMS)
			return true;
		groups |= item.type == EXT_SUPPORTED_GROUPS;
	}
	return false;
}

Test(shrink, two_extensions_that_are_needed_in_their_order_stay)
{
	expect_minimal(has_order, BARE + 2 + 4 + 4);
}

static bool is_cut(const struct seen *seen, struct span stream)
{
	(void)stream;
	return seen->has_hello && seen->hello_records > 1;
}

Test(shrink, a_hello_in_many_records_is_left_in_two)
{
	mutate(OPERATION_record_shred, 7);
	expect_minimal(is_cut, BARE + 5);
}

static bool has_middle_length(const struct seen *seen, struct span stream)
{
	(void)stream;
	return seen->has_hello && seen->message_len >= 256 && seen->message_len <= 511;
}

/* Between what is there and the fewest bytes there are many lengths that do not show it. */
Test(shrink, a_message_of_256_to_511_bytes_has_256)
{
	static struct seen seen;
	for (uint64_t seed = 0; seed < 400; seed++) {
		shrunk_load(&shrunk, PSQL);
		mutate(OPERATION_list_flood, seed);
		seen_read(&seen, span_of(shrunk.bytes, shrunk.len));
		if (has_middle_length(&seen, span_of(NULL, 0)))
			break;
	}
	expect_minimal(has_middle_length, 5 + 256);
}

static bool has_alert_first(const struct seen *seen, struct span stream)
{
	(void)stream;
	return seen->first_type == CONTENT_ALERT && seen->has_hello;
}

Test(shrink, an_alert_in_front_stays_without_its_content)
{
	static const uint8_t alert[] = { 21, 3, 3, 0, 2, 1, 90 };
	memmove(shrunk.bytes + sizeof(alert), shrunk.bytes, shrunk.len);
	memcpy(shrunk.bytes, alert, sizeof(alert));
	shrunk.len += sizeof(alert);
	expect_minimal(has_alert_first, 5 + BARE);
}

static bool is_anything(const struct seen *seen, struct span stream)
{
	(void)seen;
	return stream.len > 0;
}

Test(shrink, one_byte_is_left_when_anything_will_do)
{
	expect_minimal(is_anything, 1);
	shrunk_load(&shrunk, "client_hello/d12-go119-tls.bin");
	expect_minimal(is_anything, 1);
}

/* What is needed, by the bits of a number: each alone, and together. */
static uint64_t wanted;

static bool has_wanted(const struct seen *seen, struct span stream)
{
	static const uint16_t types[] = { EXT_SUPPORTED_GROUPS, EXT_SIGNATURE_ALGORITHMS,
					  EXT_SUPPORTED_VERSIONS, EXT_KEY_SHARE };
	bool shows = stream.len > wanted % 11;
	if (wanted & 16)
		shows = shows && seen_extension(seen, types[wanted >> 8 & 3]);
	if (wanted & 32)
		shows = shows && seen->has_hello && seen->hello.suites.len >= (wanted >> 10 & 7);
	if (wanted & 64)
		shows = shows && seen->records > (wanted >> 13 & 1);
	if (wanted & 128)
		shows = shows && seen->message_len > (wanted >> 14 & 63);
	return shows;
}

/* Whatever the mutator makes of a hello, and whatever the finding: what is left shows it and, when
 * the end was reached, needs every part. */
Test(shrink, hellos_of_the_mutator_shrink_to_what_is_needed)
{
	struct arena arena;
	arena_init(&arena, MUTATE_ARENA(STREAM_MAX));
	struct mutator mutator = { .arena = &arena };
	struct rng rng;
	static struct seen seen;
	size_t done = 0, minimal = 0;
	rng_init(&rng, 20261129, 1);
	for (size_t i = 0; i < 400; i++) {
		shrunk_load(&shrunk, i % 2 ? PSQL : "client_hello/d12-go119-tls.bin");
		for (size_t k = rng_below(&rng, 4); k < 4; k++)
			shrunk.len = mutate_flight(&mutator, shrunk.bytes, shrunk.len, 2048,
						   rng_u64(&rng));
		wanted = rng_u64(&rng);
		seen_read(&seen, span_of(shrunk.bytes, shrunk.len));
		if (!has_wanted(&seen, span_of(shrunk.bytes, shrunk.len)))
			continue;
		shrunk_run(&shrunk, has_wanted);
		done++;
		minimal += shrink_is_minimal(&shrunk.shrink);
	}
	arena_release(&arena);
	cr_assert(done > 150, "%zu", done);
	cr_assert_eq(minimal, done);
}

static bool has_marked_bytes(const struct seen *seen, struct span stream)
{
	(void)seen;
	size_t count = 0;
	for (size_t i = 0; i < stream.len; i++)
		count += stream.at[i] % 5 == 0;
	return count >= wanted;
}

/* Bytes that are nothing, or begin like something. */
Test(shrink, random_bytes_shrink_to_those_that_count)
{
	static const uint8_t heads[][4] = { { 22, 3, 1, 0 }, { 0x80, 46, 1, 0 }, { 0, 40, 0, 1 } };
	struct rng rng;
	rng_init(&rng, 20261129, 2);
	for (size_t i = 0; i < 200; i++) {
		shrunk.len = 1 + rng_below(&rng, 300);
		rng_fill(&rng, shrunk.bytes, shrunk.len);
		if (i % 4)
			memcpy(shrunk.bytes, heads[i % 4 - 1], 4);
		shrunk.len = shrunk.len < 4 ? 4 : shrunk.len;
		wanted = 0;
		for (size_t k = 0; k < shrunk.len; k++)
			wanted += shrunk.bytes[k] % 5 == 0;
		wanted = wanted < 3 ? wanted : 3;
		struct span best = shrunk_run(&shrunk, has_marked_bytes);
		cr_assert(best.len >= wanted);
	}
}

/* Every answer is no after the first question but those that leave a certain length. */
static bool is_even(const struct seen *seen, struct span stream)
{
	(void)seen;
	uint64_t print = 7;
	for (size_t i = 0; i < stream.len; i++)
		print = print * 31 + stream.at[i];
	return stream.len == shrunk.len || print % 3 == 0;
}

Test(shrink, answers_without_sense_come_to_an_end)
{
	shrunk_run(&shrunk, is_even);
	cr_assert(shrunk.shrink.asked <= SHRINK_CANDIDATES_MAX);
}

Test(shrink, the_same_answers_lead_to_the_same_bytes)
{
	static uint8_t first[STREAM_MAX];
	struct span best = shrunk_run(&shrunk, has_order);
	size_t len = best.len;
	memcpy(first, best.at, len);
	best = shrunk_run(&shrunk, has_order);
	cr_assert(span_equal(best, span_of(first, len)));
}

Test(shrink, what_is_empty_or_too_long_is_refused)
{
	cr_assert_eq(shrink_start(&shrunk.shrink, &shrunk.arena, span_of(shrunk.bytes, 0)),
		     FAULT_TOO_LARGE);
	cr_assert_eq(shrink_start(&shrunk.shrink, &shrunk.arena,
				  span_of(shrunk.bytes, (size_t)SHRINK_BYTES_MAX + 1)),
		     FAULT_TOO_LARGE);
}

Test(shrink, a_stream_with_too_many_bytes_to_ask_about_is_not_called_minimal)
{
	struct rng rng;
	rng_init(&rng, 1, 1);
	shrunk.len = STREAM_MAX / 2;
	rng_fill(&rng, shrunk.bytes, shrunk.len);
	struct span candidate;
	cr_assert_eq(shrink_start(&shrunk.shrink, &shrunk.arena, span_of(shrunk.bytes, shrunk.len)),
		     FAULT_NONE);
	size_t asked = 0;
	while (shrink_next(&shrunk.shrink, &candidate)) {
		asked++;
		shrink_take(&shrunk.shrink, false);
	}
	cr_assert_eq(asked, SHRINK_CANDIDATES_MAX);
	cr_assert_not(shrink_is_minimal(&shrunk.shrink));
}

/* A quarter of a million zeros: next to no candidates, and as many ways to them. */
Test(shrink, a_stream_of_the_same_byte_ends_soon)
{
	struct arena arena;
	struct span candidate;
	arena_init(&arena, SHRINK_ARENA(SHRINK_BYTES_MAX) + SHRINK_BYTES_MAX);
	uint8_t *zeros = arena_alloc(&arena, SHRINK_BYTES_MAX);
	cr_assert_eq(shrink_start(&shrunk.shrink, &arena, span_of(zeros, SHRINK_BYTES_MAX)),
		     FAULT_NONE);
	while (shrink_next(&shrunk.shrink, &candidate))
		shrink_take(&shrunk.shrink, false);
	cr_expect(shrunk.shrink.asked < 100);
	cr_expect(shrunk.shrink.work <= SHRINK_WORK_MAX + SHRINK_BYTES_MAX);
	cr_expect_not(shrink_is_minimal(&shrunk.shrink));
	arena_release(&arena);
}
