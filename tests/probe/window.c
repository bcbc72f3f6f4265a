/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "probe/prover_internal.h"

static struct arena arena;
static struct prover prover;

static void note(uint64_t started_us, uint64_t ended_us, bool success)
{
	struct observation seen = { .started_us = started_us, .ended_us = ended_us };
	window_note(&prover, &seen, success);
}

static bool covers(uint64_t started_us, uint64_t ended_us)
{
	struct observation seen = { .started_us = started_us, .ended_us = ended_us };
	return window_covers(&prover, &seen);
}

static void begin(void)
{
	arena_init(&arena, 1 << 20);
	prover = (struct prover){ .arena = &arena };
}

static void end(void)
{
	arena_release(&arena);
}

TestSuite(window, .init = begin, .fini = end);

Test(window, rejection_between_two_controls_counts)
{
	note(0, 10, true);
	note(30, 40, true);
	cr_assert(covers(10, 30));
}

Test(window, control_that_had_not_ended_is_none_before)
{
	note(0, 11, true);
	note(30, 40, true);
	cr_assert_not(covers(10, 30));
}

Test(window, control_that_began_before_the_answer_is_none_after)
{
	note(0, 10, true);
	note(29, 40, true);
	cr_assert_not(covers(10, 30));
}

Test(window, control_that_fails_in_between_voids_it)
{
	note(0, 10, true);
	note(15, 18, false);
	note(30, 40, true);
	cr_assert_not(covers(20, 25));
	cr_assert_not(covers(11, 14));
}

Test(window, control_that_failed_outside_does_not)
{
	note(0, 5, false);
	note(6, 10, true);
	note(30, 40, true);
	note(50, 60, false);
	cr_assert(covers(12, 20));
}
