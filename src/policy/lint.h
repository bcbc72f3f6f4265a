/* lint.h - what is wrong with a policy that can be read: contradictions, dead rows, gaps. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef POLICY_LINT_H
#define POLICY_LINT_H

#include "policy/ruling.h"

/*
 * policy_lint adds, among others: for every setting value and version, a version that is accepted
 * although every suite that exists in it is rejected (both citations); a plaintext rule that is at
 * odds with another; a suite that is accepted but exists in no accepted version; a row that no
 * subject reaches; a table without a citation. Contradictions are warnings, cell by cell: they are
 * the document's, and no fault of the file.
 */
void policy_lint(const struct policy *policy, struct diags *diags);

#endif
