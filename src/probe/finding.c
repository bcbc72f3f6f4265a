/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/finding.h"

#include "base/text.h"

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
	static const char *const names[FINDING_KINDS_LEN] = {
		"version", "suite",	 "plaintext", "certificate", "group", "extension",
		"limit",   "preference", "upgrade",   "case",	     "hello",
	};
	return names[kind];
}

const char *since_name(enum since since)
{
	static const char *const names[] = { NULL, "new", "known", "repaired" };
	return names[since];
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

/* FNV-1a */
static uint32_t id_hash(const char *id)
{
	uint32_t hash = 2166136261u;
	for (; *id; id++)
		hash = (hash ^ (uint8_t)*id) * 16777619u;
	return hash;
}

bool id_is_selected(const char *id, const char *only, unsigned shard, unsigned shards)
{
	if (shards > 1 && id_hash(id) % shards != shard - 1)
		return false;
	return !only || glob_match(only, id);
}
