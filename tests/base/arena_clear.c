/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include <criterion/criterion.h>

Test(arena, cleared_memory_is_zero_again_and_counts_from_zero)
{
	struct arena arena;
	arena_init(&arena, 100000);
	for (int round = 0; round < 5; round++) {
		uint8_t *small = arena_alloc(&arena, 1000), *large = arena_alloc(&arena, 50000);
		cr_assert(small && large);
		for (size_t i = 0; i < 1000; i++)
			cr_assert_eq(small[i], 0);
		memset(small, 0xAB, 1000);
		memset(large, 0xCD, 50000);
		cr_assert_eq(arena.used, 51000);
		arena_clear(&arena);
		cr_assert_eq(arena.used, 0);
	}
	arena_release(&arena);
}

/* The harnesses count what is allocated and freed between two clearings: the block that stays must
 * not be one that was allocated since. */
Test(arena, the_oldest_chunk_is_the_one_that_is_kept)
{
	struct arena arena;
	arena_init(&arena, 100000);
	const struct arena_chunk *oldest = NULL;
	cr_assert_not_null(arena_alloc(&arena, 50000));
	for (int round = 0; round < 5; round++) {
		for (int i = 0; i < 5; i++) {
			cr_assert_not_null(arena_alloc(&arena, 10000));
			oldest = oldest ? oldest : arena.chunks;
		}
		arena_clear(&arena);
		cr_assert_eq(arena.chunks, oldest);
	}
	arena_release(&arena);
}

Test(arena, clearing_ends_a_refusal)
{
	struct arena arena;
	arena_init(&arena, 100);
	cr_assert_null(arena_alloc(&arena, 101));
	arena_clear(&arena);
	cr_assert_not_null(arena_alloc(&arena, 100));
	arena_release(&arena);
}
