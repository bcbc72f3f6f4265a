/* builtin.h - the policies, cases and styles that are compiled into the tool; an operator's file
 * overrides a policy or a case by path. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SCRIPT_BUILTIN_H
#define SCRIPT_BUILTIN_H

#include "base/span.h"

/* `name` is the file's name without its suffix, `path` as in the source tree. */
struct builtin_file {
	const char *name, *path;
	struct span text;
};

/* Sorted by name; the entry after the last has a NULL name. */
extern const struct builtin_file builtin_policies[], builtin_cases[], builtin_style[],
	builtin_behaviour[];
extern const size_t builtin_policies_len, builtin_cases_len, builtin_style_len,
	builtin_behaviour_len;

#endif
