/* policy_reader.h - the policy language: text to struct policy, with file:line:col for every error.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SCRIPT_POLICY_READER_H
#define SCRIPT_POLICY_READER_H

#include "policy/policy.h"

/*
 * policy_read reads one file's text. Everything lives in `arena` and in `text`, which must outlive
 * the policy. Faults: INPUT with at least one error in `diags`; NO_MEMORY, TOO_LARGE.
 */
MUST_USE enum fault policy_read(struct policy *out, struct arena *arena, struct diags *diags,
				const char *file, struct span text);

#endif
