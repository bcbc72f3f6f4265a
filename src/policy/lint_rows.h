/* lint_rows.h - the part of the lint that looks at single rows. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef POLICY_LINT_ROWS_H
#define POLICY_LINT_ROWS_H

#include "policy/ruling.h"

/*
 * lint_rows adds: a row that decides no cell under any setting; a suite that is accepted but exists
 * in no accepted version; a value of a setting that has no row in a table by that setting; a
 * preference for a suite that is rejected everywhere.
 */
void lint_rows(const struct policy *policy, struct diags *diags);

#endif
