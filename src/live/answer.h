/* answer.h - what a ServerHello lacks, or has, beyond what the hello alone decides: by what else is
 * known of the endpoint. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LIVE_ANSWER_H
#define LIVE_ANSWER_H

#include "live/oracle.h"

/* `subject` is the second half of an anomaly's key. */
struct answer_flaw {
	enum anomaly_kind kind; /* VIOLATION or OMITTED */
	enum form_rule rule;
	const char *subject;
};

/* answer_judge looks at a ServerHello that breaks no rule by itself; `reading` is decoded. False
 * when there is nothing to say. */
bool answer_judge(struct answer_flaw *out, const struct oracle *oracle,
		  const struct reading *reading, const struct observation *seen);

#endif
