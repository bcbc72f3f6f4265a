/* rig_upgrade.h - dialogues in clear with a server that is the input. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HARNESS_RIG_UPGRADE_H
#define HARNESS_RIG_UPGRADE_H

#include "harness.h"
#include "upgrade/upgrade.h"

#define RIG_UPGRADE_PIECES 64

/*
 * rig_upgrade talks to the end of the answer, reading as much as the dialogue wants and at most
 * `chunk` bytes at a time, RIG_UPGRADE_PIECES times: answers are shorter than that many pieces, but
 * for messages of thousands of bytes, whose middle is like their beginning. It never wants to read
 * past the byte that answers an SSLRequest.
 */
void rig_upgrade(struct upgrade_dialogue *dialogue, uint8_t choice, struct span answer,
		 size_t chunk);

/* rig_upgrade_same compares two that heard the same. */
void rig_upgrade_same(const struct upgrade_dialogue *a, const struct upgrade_dialogue *b);

#endif
