/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "case/catalogue.h"
#include "script/builtin.h"

static struct arena arena;
static struct diags diags;
static struct catalogue catalogue;

static void read_all(void)
{
	arena_init(&arena, CASE_ARENA_MAX);
	diags_init(&diags, &arena);
	catalogue_init(&catalogue, &arena, &diags);
	for (size_t i = 0; i < builtin_cases_len; i++)
		cr_assert_eq(
			catalogue_read(&catalogue, builtin_cases[i].path, builtin_cases[i].text),
			FAULT_NONE, "%s", builtin_cases[i].path);
	cr_assert_eq(catalogue_link(&catalogue), FAULT_NONE);
}

static void release(void)
{
	arena_release(&arena);
}

TestSuite(shipped, .init = read_all, .fini = release);

Test(shipped, more_than_seven_hundred_rules_are_written_by_hand)
{
	cr_assert_geq(catalogue.cases_len, 700);
}

Test(shipped, every_case_says_what_is_at_stake_and_where_the_rule_stands)
{
	for (size_t i = 0; i < catalogue.cases_len; i++) {
		const struct conformance_case *of = catalogue.cases[i];
		cr_expect(of->why != NULL, "%s has no 'why'", of->name);
		cr_expect_geq(of->citations_len, 1, "%s", of->name);
	}
}

Test(shipped, every_case_is_named_after_its_theme)
{
	for (size_t i = 0; i < catalogue.cases_len; i++)
		cr_expect(strchr(catalogue.cases[i]->name, '.') != NULL, "%s has no theme",
			  catalogue.cases[i]->name);
}

Test(shipped, nothing_is_left_for_the_lint_to_say)
{
	cr_assert_eq(diags.warnings, 0);
	cr_assert_eq(diags.errors, 0);
}
