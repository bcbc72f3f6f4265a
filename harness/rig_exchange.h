/* rig_exchange.h - one probe's conversation with a peer that is the input. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HARNESS_RIG_EXCHANGE_H
#define HARNESS_RIG_EXCHANGE_H

#include "harness.h"
#include "probe/exchange.h"

struct rig_exchange {
	struct probe probe;
	struct exchange exchange;
};

/*
 * rig_exchange talks to the end of the peer's bytes, with the arenas `first` and `first` + 1, and
 * then ends as `end` says. Every conversation comes to an observation; what is sent, heard and
 * kept is bounded. The caller releases the exchange.
 */
void rig_exchange(struct rig_exchange *rig, size_t first, uint8_t choice, struct span peer,
		  size_t chunk, uint8_t end);

/* rig_exchange_same compares two that heard the same, and notes what was seen. */
void rig_exchange_same(const struct rig_exchange *a, const struct rig_exchange *b);

#endif
