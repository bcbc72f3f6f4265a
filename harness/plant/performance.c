/* Plants a bug in: performance_end. That the peer reset the connection goes unnoticed. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/performance.h"

void __real_performance_end(struct performance *performance, enum exchange_end end);
void __wrap_performance_end(struct performance *performance, enum exchange_end end);

void __wrap_performance_end(struct performance *performance, enum exchange_end end)
{
	if (end != EXCHANGE_RST)
		__real_performance_end(performance, end);
}
