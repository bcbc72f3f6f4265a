/* check_known.h - deviations that are known: from a list (--expected) or a report (--baseline). */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_CHECK_KNOWN_H
#define CLI_CHECK_KNOWN_H

#include "cli/check.h"

struct known_line;

/* `failed` holds "TARGET;SETTINGS ID" of each deviation in the baseline, sorted. */
struct known {
	struct known_line *expected;
	size_t expected_len, expected_cap;
	const char **failed;
	size_t failed_len, failed_cap;
	bool by_target; /* the baseline is about several targets */
};

/* known_remark adds a remark while there is room. */
void known_remark(struct finding *finding, const char *remark);

/* check_baseline.c: reads a report of ours; STATUS_PASS, or a status after one sentence. */
int baseline_read(struct known *known, const struct checks *checks);

/* baseline_apply turns deviations that the baseline had into known ones, and says what is new. */
void baseline_apply(const struct known *known, const struct checks *checks);

#endif
