/* policy_source.h - where a command takes its policy and its settings from. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_POLICY_SOURCE_H
#define CLI_POLICY_SOURCE_H

#include "policy/ruling.h"

/*
 * policy_load reads a built-in policy by its name, or a file when there is none of that name.
 * Everything lives in `arena`. What is wrong goes to stderr, one sentence a line. Faults: USAGE
 * (no such policy), INPUT (a file that cannot be read or understood), NO_MEMORY, TOO_LARGE: each
 * of them ends a command with status 2.
 */
MUST_USE enum fault policy_load(struct policy *out, struct arena *arena, const char *name_or_path);

/* settings_apply takes each "NAME=VALUE" in turn; the first that does not fit is explained on
 * stderr. Fault: USAGE. */
MUST_USE enum fault settings_apply(struct settings *settings, char **assignments, size_t len);

/* date_today returns the present day in UTC. */
date date_today(void);

#endif
