/* layout.h - one statement of a case file as text, on one line or broken inside of its braces. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CASE_LAYOUT_H
#define CASE_LAYOUT_H

#include "case/case_parse.h"

/*
 * statement_layout writes one statement with its comments and the end of its last line. It changes
 * blanks and line ends only, and what it writes depends on nothing but the tokens and on which
 * comments have a line of their own. Fault: TOO_LARGE, NO_MEMORY.
 */
MUST_USE enum fault statement_layout(struct text *out, struct arena *arena,
				     const struct source_line *lines, size_t lines_len);

#endif
