/* rig_case.h - cases: read, linked, written; and one performed before a peer that is the input. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HARNESS_RIG_CASE_H
#define HARNESS_RIG_CASE_H

#include "case/catalogue.h"
#include "harness.h"
#include "probe/exchange.h"

/* rig_case_format reads and links `text`, and formats it into `out` when it can be read. A refusal
 * comes with an error. */
bool rig_case_format(struct text *out, struct span text);

/* rig_case returns one of the cases of our own catalogue, read once. */
const struct conformance_case *rig_case(uint16_t choice);

/*
 * rig_performance performs a case in a version: `peer` comes in pieces of `chunk` bytes, and `end`
 * after it, or silence. Whatever comes, it is over in bounded time with an observation.
 */
void rig_performance(const struct conformance_case *of, enum version version, struct span peer,
		     size_t chunk, uint8_t end);

#endif
