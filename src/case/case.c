/* SPDX-License-Identifier: Apache-2.0 */
#include "case/case.h"

static const char *const names[LEVELS_LEN] = { "MUST", "SHOULD", "MAY", "ROBUSTNESS" };

const char *case_level_name(enum case_level level)
{
	return names[level];
}

bool case_level_by_name(struct span name, enum case_level *out)
{
	for (size_t i = 0; i < LEVELS_LEN; i++) {
		if (!span_is(name, names[i]))
			continue;
		*out = (enum case_level)i;
		return true;
	}
	return false;
}
