/* order.h - whether a server chose against the order of suites that the policy demands. Pure. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LIVE_ORDER_H
#define LIVE_ORDER_H

#include "live/oracle.h"

/* `preference` is the statement; `better` the suite that was due, and why it is acceptable. */
struct order_flaw {
	const struct preference *preference;
	uint16_t better;
	struct ruling ruling;
};

/*
 * order_judge looks at a ServerHello that agrees on a pair of the highest version. Only a suite
 * that the policy accepts, in a hello that is to be accepted, could have been chosen instead.
 * "prefer server" without an order says whose order it is, and not which: there is nothing to
 * judge.
 */
bool order_judge(struct order_flaw *out, const struct oracle *oracle, const struct reading *reading,
		 const struct demand *demand, const struct observation *seen);

#endif
