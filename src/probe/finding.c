/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/finding.h"

const char *verdict_name(enum verdict verdict)
{
	static const char *const names[VERDICTS_LEN] = {
		"pass",		  "fail",  "remark",	    "inconclusive",   "unjudged",
		"not_applicable", "error", "expected_fail", "unexpected_pass"
	};
	return names[verdict];
}

const char *finding_kind_name(enum finding_kind kind)
{
	static const char *const names[] = { "version", "suite",     "plaintext", "certificate",
					     "group",	"extension", "limit",	  "preference",
					     "upgrade", "case" };
	return names[kind];
}

int run_exit_status(const struct run_result *result)
{
	if (result->counts[VERDICT_ERROR])
		return 4;
	if (result->counts[VERDICT_FAIL])
		return 1;
	if (result->counts[VERDICT_INCONCLUSIVE] || result->interrupted || !result->reached)
		return 3;
	return 0;
}
