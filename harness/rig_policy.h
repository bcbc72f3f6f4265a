/* rig_policy.h - policies, read and written. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HARNESS_RIG_POLICY_H
#define HARNESS_RIG_POLICY_H

#include "base/text.h"
#include "policy/policy.h"
#include "script/lexer.h"

/* rig_policy_format reads `text`, and formats it into `out` when it is a policy. A refusal comes
 * with an error, and every complaint lies within the text. */
bool rig_policy_format(struct text *out, struct span text);

/* rig_diags_lie_within checks the places of all that was complained about. */
void rig_diags_lie_within(const struct diags *diags, struct span text);

/*
 * rig_token_follows checks a token that came when everything up to `end` had been read; it returns
 * its own end. Between the two are blanks only, unless characters were `refused`.
 */
const uint8_t *rig_token_follows(const struct token *token, const uint8_t *end, struct span text,
				 bool refused);

/* rig_policy returns one of the policies that harnesses judge by, read once. */
const struct policy *rig_policy(uint8_t choice);

/* rig_source_is_bounded says that a text which is longer than a file may be is refused. */
void rig_source_is_bounded(struct span text);

#endif
