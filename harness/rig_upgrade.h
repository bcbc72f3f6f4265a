/* rig_upgrade.h - dialogues in clear with a server that is the input. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HARNESS_RIG_UPGRADE_H
#define HARNESS_RIG_UPGRADE_H

#include "harness.h"
#include "rig_stream.h"
#include "upgrade/upgrade.h"

/* rig_upgrade talks to the end of the answer, which comes in these pieces; of each it reads as much
 * as the dialogue wants, and never past the byte that answers an SSLRequest. */
void rig_upgrade(struct upgrade_dialogue *dialogue, uint8_t choice, struct span answer,
		 struct rig_pieces pieces);

/* rig_upgrade_same compares two that heard the same. */
void rig_upgrade_same(const struct upgrade_dialogue *a, const struct upgrade_dialogue *b);

#endif
