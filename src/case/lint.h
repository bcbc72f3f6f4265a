/* lint.h - what can be wrong with a case although every statement of it is right. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CASE_LINT_H
#define CASE_LINT_H

#include "case/catalogue.h"

/* case_lint reports what one stanza, linked to its features, contradicts or leaves without effect.
 */
void case_lint(const struct conformance_case *stanza, struct diags *diags);

#endif
