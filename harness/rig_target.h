/* rig_target.h - what people type as a target. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HARNESS_RIG_TARGET_H
#define HARNESS_RIG_TARGET_H

#include "cli/target.h"
#include "harness.h"

#define RIG_TARGET_MAX 1024

/* rig_target_text makes a C string of the input; false for one that is none, or is too long. */
bool rig_target_text(char out[RIG_TARGET_MAX], struct span input);

/* rig_target parses; what is refused comes with one sentence. */
bool rig_target(struct target *out, const char *text);

#endif
