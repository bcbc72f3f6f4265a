/* SPDX-License-Identifier: Apache-2.0 */
#include "live/generator.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#include "live/reading.h"
#include "policies.h"

#define PROBES 20000

#define TWO_SUITES                                                                                 \
	"table version\n TLS1.2 accept\n * reject\n"                                               \
	"table suite\n TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 accept\n"                             \
	" TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384 accept\n * reject\n"

static struct arena arena, mutation;
static struct settings settings;
static struct shape shape;
static struct generator generator;
static uint8_t made[GENERATED_MAX], other[GENERATED_MAX];

static void seed(uint64_t number)
{
	generator_init(&generator, number, &settings, &shape, upgrade_by_name(span_text("tls")),
		       &mutation);
}

static void begin(void)
{
	arena_init(&arena, 1 << 22);
	arena_init(&mutation, MUTATE_ARENA(GENERATED_MAX));
	settings = policy_of(&arena, TWO_SUITES);
	shape = (struct shape){ .server_name = "gauge.test" };
	seed(1);
}

static void end(void)
{
	arena_release(&mutation);
	arena_release(&arena);
}

TestSuite(generator, .init = begin, .fini = end);

static struct probe_index root(uint32_t number)
{
	return (struct probe_index){ .root = number };
}

static bool same(size_t a_len, size_t b_len)
{
	return a_len == b_len && memcmp(made, other, a_len) == 0;
}

Test(generator, a_probe_is_the_same_whatever_was_made_before)
{
	struct probe_index at = root(17), child = probe_index_child(&at, 3);
	struct probe_index of[] = { at, child, probe_index_child(&child, 1) };
	for (size_t i = 0; i < 3; i++) {
		size_t len = generator_make(&generator, &of[i], made);
		for (uint32_t n = 0; n < 50; n++) {
			struct probe_index noise = root(n);
			generator_make(&generator, &noise, other);
		}
		begin();
		memset(other, 0xA5, sizeof(other));
		cr_assert(same(len, generator_make(&generator, &of[i], other)), "%zu", i);
		cr_assert_eq(generator_cut(&generator, &of[i], len),
			     generator_cut(&generator, &of[i], len));
	}
}

Test(generator, other_seeds_and_other_roots_are_other_probes)
{
	size_t by_seed = 0, by_root = 0;
	for (uint32_t n = 0; n < 200; n++) {
		struct probe_index at = root(n), next = root(n + 1);
		seed(1);
		size_t len = generator_make(&generator, &at, made);
		by_root += same(len, generator_make(&generator, &next, other));
		seed(2);
		by_seed += same(len, generator_make(&generator, &at, other));
	}
	cr_assert_leq(by_seed, 2, "%zu of 200 are alike", by_seed);
	cr_assert_leq(by_root, 2, "%zu of 200 are alike", by_root);
}

Test(generator, children_differ_from_their_parent_and_from_each_other)
{
	size_t unchanged = 0, twins = 0;
	for (uint32_t n = 0; n < 300; n++) {
		struct probe_index at = root(n), first = probe_index_child(&at, 1);
		struct probe_index second = probe_index_child(&at, 2);
		size_t parent = generator_make(&generator, &at, made);
		size_t len = generator_make(&generator, &first, other);
		unchanged += same(parent, len);
		generator_make(&generator, &first, made);
		twins += same(len, generator_make(&generator, &second, other));
	}
	cr_assert_leq(unchanged, 60, "%zu of 300 are their parents", unchanged);
	cr_assert_leq(twins, 60, "%zu of 300 are twins", twins);
}

Test(generator, a_probe_fits_and_writes_nothing_behind_its_room)
{
	uint8_t *room = malloc(GENERATED_MAX + 64);
	struct probe_index deep = root(5);
	for (uint16_t i = 0; i < PROBE_INDEX_DEPTH_MAX; i++)
		deep = probe_index_child(&deep, (uint16_t)(i + 1));
	for (uint32_t n = 0; n < 3000; n++) {
		memset(room + GENERATED_MAX, 0x5A, 64);
		deep.root = n;
		size_t len = generator_make(&generator, &deep, room);
		cr_assert_leq(len, GENERATED_MAX);
		for (size_t i = 0; i < 64; i++)
			cr_assert_eq(room[GENERATED_MAX + i], 0x5A, "probe %u", n);
	}
	free(room);
}

static bool is_single(const struct reading *reading, uint16_t suite)
{
	return reading->kind == READING_HELLO && reading->hello.suites.len == 2 &&
	       list_u16(reading->hello.suites, 0) == suite;
}

Test(generator, every_kind_of_reading_has_its_share)
{
	size_t kinds[READING_UNDECIDED + 1] = { 0 }, singles = 0, cut = 0;
	struct arena room;
	arena_init(&room, 1 << 20);
	for (uint32_t n = 0; n < PROBES; n++) {
		struct probe_index at = root(n);
		struct reading reading;
		size_t len = generator_make(&generator, &at, made);
		arena_clear(&room);
		reading_of(&reading, span_of(made, len), &room);
		kinds[reading.kind]++;
		singles += is_single(&reading, 0xC02F) || is_single(&reading, 0xC030);
		size_t where = generator_cut(&generator, &at, len);
		cr_assert(!where || where < len);
		cut += where > 0;
	}
	arena_release(&room);
	cr_assert_gt(kinds[READING_HELLO], PROBES / 4, "%zu hellos", kinds[READING_HELLO]);
	cr_assert_gt(kinds[READING_BROKEN], PROBES / 20, "%zu broken", kinds[READING_BROKEN]);
	cr_assert_gt(kinds[READING_PARTIAL], PROBES / 100, "%zu partial", kinds[READING_PARTIAL]);
	cr_assert_gt(kinds[READING_SSLV2], PROBES / 100, "%zu SSLv2", kinds[READING_SSLV2]);
	cr_assert_gt(kinds[READING_UNDECIDED], 0);
	cr_assert_gt(singles, PROBES / 200, "%zu with an accepted suite alone", singles);
	cr_assert(cut > PROBES / 128 && cut < PROBES / 32, "%zu cut", cut);
}

Test(generator, a_policy_that_accepts_nothing_has_probes_as_well)
{
	settings = policy_of(&arena, "table suite\n * reject\n");
	seed(1);
	size_t some = 0;
	for (uint32_t n = 0; n < 100; n++) {
		struct probe_index at = root(n);
		some += generator_make(&generator, &at, made) > 0;
	}
	cr_assert_eq(generator.versions, 0);
	cr_assert_gt(some, 95);
}
