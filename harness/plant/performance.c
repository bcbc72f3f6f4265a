/* Plants a bug in: performance_due. Whoever wants to be told the time after an alert of level 3
 * never stops. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/performance.h"

uint64_t __real_performance_due(const struct performance *performance);
uint64_t __wrap_performance_due(const struct performance *performance);

uint64_t __wrap_performance_due(const struct performance *performance)
{
	uint64_t due = __real_performance_due(performance);
	return due > 400 && due < 1000 ? 1 : due;
}
