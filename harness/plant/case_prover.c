/* Plants a bug in: expectation_met. Whoever asks for an alert is content with a closed connection.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/case_prover.h"

bool __real_expectation_met(const struct expectation *expectation, const struct conduct *conduct,
			    const struct observation *seen);
bool __wrap_expectation_met(const struct expectation *expectation, const struct conduct *conduct,
			    const struct observation *seen);

bool __wrap_expectation_met(const struct expectation *expectation, const struct conduct *conduct,
			    const struct observation *seen)
{
	if (expectation->kind == EXPECT_ALERT && seen->outcome == OUTCOME_CLOSE)
		return true;
	return __real_expectation_met(expectation, conduct, seen);
}
