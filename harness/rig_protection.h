/* rig_protection.h - both ends of a protected direction, with keys that nobody else has. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HARNESS_RIG_PROTECTION_H
#define HARNESS_RIG_PROTECTION_H

#include "crypto/protection.h"
#include "harness.h"

struct rig_protection {
	struct suite_params params;
	struct protection *seal, *open;
	struct arena *arena;
	struct rng rng;
};

/* rig_protection_init chooses among the kinds of ciphers that we have; false for none.
 * The keys depend on `bytes`. */
bool rig_protection_init(struct rig_protection *rig, uint8_t choice, struct span bytes);
void rig_protection_release(struct rig_protection *rig);

/* rig_protection_round_trip seals a record of at most 16 KiB: it opens to the same bytes, or, when
 * `spoil` bits were flipped, not at all. */
void rig_protection_round_trip(struct rig_protection *rig, struct span bytes, unsigned spoil);

/* rig_protection_forged opens bytes that were never sealed: only a NULL cipher may believe them. */
void rig_protection_forged(struct rig_protection *rig, struct span bytes);

#endif
