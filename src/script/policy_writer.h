/* policy_writer.h - struct policy to text: the formatter, and the print that shows every ruling
 * beside its row. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SCRIPT_POLICY_WRITER_H
#define SCRIPT_POLICY_WRITER_H

#include "base/text.h"
#include "policy/ruling.h"

/* policy_format writes the policy in canonical form; reading and formatting that again changes
 * nothing. */
void policy_format(struct text *out, const struct policy *policy);

/* policy_print writes, for every combination of values that matters, each ruling beside the row it
 * comes from. */
void policy_print(struct text *out, const struct policy *policy);

/* policy_matrix writes the version x setting and the suite x version tables under the given
 * settings. */
void policy_matrix(struct text *out, const struct settings *settings);

/* policy_diff writes the cells that two policies rule differently; returns how many. */
size_t policy_diff(struct text *out, const struct settings *a, const struct settings *b);

#endif
