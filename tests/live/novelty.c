/* SPDX-License-Identifier: Apache-2.0 */
#include "live/novelty.h"

#include <criterion/criterion.h>

static struct arena arena;
static struct novelty novelty;

static void begin(void)
{
	arena_init(&arena, 1 << 22);
	novelty_init(&novelty, &arena);
	cr_assert_eq(arena.fault, FAULT_NONE);
}

static void end(void)
{
	arena_release(&arena);
}

TestSuite(novelty, .init = begin, .fini = end);

static bool take(uint32_t root, uint64_t class)
{
	const struct probe_index index = { .root = root };
	return novelty_take(&novelty, &index, class);
}

Test(novelty, the_first_of_a_class_is_kept_and_no_other)
{
	cr_assert(take(1, 42));
	cr_assert_not(take(2, 42));
	cr_assert(take(3, 43));
	cr_assert_eq(novelty.kept_len, 2);
	cr_assert_eq(novelty.kept[1].index.root, 3);
	cr_assert_eq(novelty.classes_len, 2);
}

/* 0 marks a free place, so it counts as 1; classes that meet in one place are still two. */
Test(novelty, a_class_of_zero_and_classes_of_one_place_are_told_apart)
{
	cr_assert(take(1, 0));
	cr_assert_not(take(2, 0));
	cr_assert(take(3, 7));
	cr_assert(take(4, 7 + NOVELTY_CLASSES_MAX));
	cr_assert_not(take(5, 7 + NOVELTY_CLASSES_MAX));
	cr_assert(take(6, NOVELTY_CLASSES_MAX - 1));
	cr_assert(take(7, 2 * NOVELTY_CLASSES_MAX - 1));
}

Test(novelty, nothing_is_new_once_it_is_full)
{
	for (uint32_t i = 0; i < NOVELTY_KEPT_MAX; i++)
		cr_assert(take(i, i + 1), "%u", i);
	cr_assert_not(take(0, UINT64_MAX));
	cr_assert_not(take(0, 1));
	cr_assert_eq(novelty.kept_len, NOVELTY_KEPT_MAX);
}

Test(novelty, children_come_by_turns_and_the_youngest_begins)
{
	struct probe_index next;
	cr_assert_not(novelty_next(&novelty, &next));
	take(1, 1);
	take(2, 2);
	for (uint16_t i = 1; i <= 4; i++) {
		cr_assert(novelty_next(&novelty, &next));
		cr_assert_eq(next.root, 2);
		cr_assert_eq(next.depth, 1);
		cr_assert_eq(next.children[0], i);
	}
	cr_assert(novelty_next(&novelty, &next));
	cr_assert_eq(next.root, 1);
	cr_assert_eq(next.children[0], 1);
}

Test(novelty, no_child_comes_twice_and_there_is_an_end)
{
	struct probe_index next;
	bool came[2][NOVELTY_CHILDREN + 1] = { { false } };
	take(0, 1);
	take(1, 2);
	for (size_t i = 0; i < 2 * (size_t)NOVELTY_CHILDREN; i++) {
		cr_assert(novelty_next(&novelty, &next), "%zu", i);
		cr_assert_not(came[next.root][next.children[0]]);
		came[next.root][next.children[0]] = true;
	}
	cr_assert_not(novelty_next(&novelty, &next));
	take(2, 3);
	cr_assert(novelty_next(&novelty, &next));
	cr_assert_eq(next.root, 2);
}

Test(novelty, who_is_at_the_greatest_depth_has_no_children)
{
	struct probe_index deep = { .root = 1, .depth = PROBE_INDEX_DEPTH_MAX }, next;
	cr_assert(novelty_take(&novelty, &deep, 1));
	cr_assert_not(novelty_next(&novelty, &next));
	take(2, 2);
	cr_assert(novelty_next(&novelty, &next));
	cr_assert_eq(next.root, 2);
}
