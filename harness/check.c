/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "harness.h"
#include "unseen.h"

UNSEEN_BEGIN

void harness_check_failed(const char *file, int line, const char *condition)
{
	fprintf(stderr, "%s:%d: CHECK failed: %s\n", file, line, condition);
	__builtin_trap();
}

UNSEEN_END
