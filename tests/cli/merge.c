/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/check.h"

#include <criterion/criterion.h>
#include <stdio.h>

#define RUNS 2

/* Two addresses of one name, each with one finding about the same cell. */
struct pair {
	struct check_options options;
	struct check check;
	struct check_run runs[RUNS];
	struct finding findings[RUNS];
};

static void pair_init(struct pair *pair)
{
	*pair = (struct pair){ .options = { .who = "test" } };
	pair->check = (struct check){
		.options = &pair->options, .runs = pair->runs, .runs_len = RUNS, .runs_done = RUNS
	};
	arena_init(&pair->check.arena, 1 << 20);
	for (size_t i = 0; i < RUNS; i++) {
		struct finding *finding = &pair->findings[i];
		arena_init(&pair->runs[i].arena, 1 << 20);
		snprintf(pair->runs[i].address.text, sizeof(pair->runs[i].address.text),
			 "[::%zu]:1", i + 1);
		*finding = (struct finding){ .kind = FINDING_SUITE,
					     .version = TLS1_2,
					     .has_suite = true,
					     .suite = 5,
					     .verdict = VERDICT_PASS,
					     .reason = "rejected" };
		snprintf(finding->id, FINDING_ID_MAX, "suite/TLS1.2/TLS_RSA_WITH_RC4_128_SHA");
		finding->observed.outcome = OUTCOME_ALERT;
		pair->runs[i].result.findings = finding;
		pair->runs[i].result.findings_len = 1;
		check_run_count(&pair->runs[i]);
	}
}

static void accept_cell(struct finding *finding)
{
	finding->observed = (struct observation){ .outcome = OUTCOME_SERVER_HELLO,
						  .version = TLS1_2,
						  .suite = 5 };
	finding->verdict = VERDICT_FAIL;
}

static void pair_release(struct pair *pair)
{
	arena_release(&pair->check.arena);
}

Test(merge, addresses_that_disagree_make_the_cell_inconclusive_in_all_runs)
{
	struct pair pair;
	pair_init(&pair);
	accept_cell(&pair.findings[1]);
	cr_assert_eq(check_merge(&pair.check), FAULT_NONE);
	for (size_t i = 0; i < RUNS; i++) {
		cr_assert_eq(pair.findings[i].verdict, VERDICT_INCONCLUSIVE);
		cr_assert_str_eq(pair.findings[i].remarks[0],
				 "inconsistent: rejected at [::1]:1, accepted at [::2]:1");
		cr_assert_eq(pair.runs[i].result.counts[VERDICT_INCONCLUSIVE], 1);
		cr_assert_eq(pair.runs[i].result.counts[VERDICT_FAIL], 0);
	}
	pair_release(&pair);
}

Test(merge, different_rejections_agree)
{
	struct pair pair;
	pair_init(&pair);
	pair.findings[1].observed.outcome = OUTCOME_CLOSE;
	cr_assert_eq(check_merge(&pair.check), FAULT_NONE);
	cr_assert_eq(pair.findings[0].verdict, VERDICT_PASS);
	cr_assert_eq(pair.findings[0].remarks_len, 0);
	pair_release(&pair);
}

Test(merge, address_that_did_not_settle_the_cell_contradicts_nobody)
{
	struct pair pair;
	pair_init(&pair);
	accept_cell(&pair.findings[0]);
	pair.findings[1].observed.outcome = OUTCOME_TIMEOUT;
	pair.findings[1].verdict = VERDICT_INCONCLUSIVE;
	cr_assert_eq(check_merge(&pair.check), FAULT_NONE);
	cr_assert_eq(pair.findings[0].verdict, VERDICT_FAIL);
	pair_release(&pair);
}

Test(merge, silent_cell_is_remarked_but_stays_unjudged)
{
	struct pair pair;
	pair_init(&pair);
	accept_cell(&pair.findings[1]);
	pair.findings[0].verdict = pair.findings[1].verdict = VERDICT_UNJUDGED;
	cr_assert_eq(check_merge(&pair.check), FAULT_NONE);
	cr_assert_eq(pair.findings[0].verdict, VERDICT_UNJUDGED);
	cr_assert_eq(pair.findings[0].remarks_len, 1);
	pair_release(&pair);
}
