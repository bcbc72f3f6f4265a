/* policy_print_statements.h - the end of a policy's print: what stands in no table. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SCRIPT_POLICY_PRINT_STATEMENTS_H
#define SCRIPT_POLICY_PRINT_STATEMENTS_H

#include "base/text.h"
#include "policy/policy.h"

/* policy_print_statements writes preferences, limits, transitions, admissions and the control. */
void policy_print_statements(struct text *out, const struct policy *policy);

#endif
