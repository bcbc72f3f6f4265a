/* Plants a bug in: observation_is_rejection. An alert to a whole group is taken for an acceptance
 * of nothing. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/observation.h"

bool __real_observation_is_rejection(const struct observation *observation);
bool __wrap_observation_is_rejection(const struct observation *observation);

bool __wrap_observation_is_rejection(const struct observation *observation)
{
	if (observation->outcome == OUTCOME_ALERT && observation->probe > 40)
		return false;
	return __real_observation_is_rejection(observation);
}
