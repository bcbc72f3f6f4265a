/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/case_prover_internal.h"

/* Level 0, description 255: an alert that came protected, and that nobody can read. */
static bool is_unreadable(const struct observation *seen)
{
	return seen->outcome == OUTCOME_ALERT && seen->alert_level == 0 && seen->alert == 255;
}

static enum grade grade_of(const struct expectation *expected, const struct conduct *conduct,
			   const struct observation *seen)
{
	enum grade grade = GRADE_NONE;
	if (is_unreadable(seen) && expected->kind == EXPECT_ALERT)
		grade = expected->alerts_len ? GRADE_TOLERATED : GRADE_STRICT;
	else if (expectation_met(expected, conduct, seen))
		grade = GRADE_STRICT;
	return grade == GRADE_STRICT && expected->tolerated ? GRADE_TOLERATED : grade;
}

enum grade case_match(struct case_prover *prover, const struct trial *trial,
		      const struct observation *seen, const struct expectation **out)
{
	const struct conduct conduct = {
		.of = trial->of,
		.setting = {
			.version = trial->version,
			.seed = prover->options.seed,
			.member = trial->member,
			.captured_ticket = trial->ticket,
			.captured_session_id = trial->session_id,
		},
	};
	enum grade best = GRADE_NONE;
	for (size_t i = 0; i < trial->of->expectations_len; i++) {
		const struct expectation *expected = &trial->of->expectations[i];
		enum grade grade = grade_of(expected, &conduct, seen);
		if (grade == GRADE_NONE || (best != GRADE_NONE && grade >= best))
			continue;
		best = grade;
		*out = expected;
	}
	return best;
}
