/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "cli/check_options.h"
#include "cli/command.h"
#include "cli/options.h"

#define SHARDS_MAX 10000

/*
 * Who starts N jobs, and tells each its number: GitLab's `parallel` counts from 1, Kubernetes'
 * indexed jobs from 0. Kubernetes says nothing of N, so a manifest sets JOB_COMPLETIONS itself.
 */
static const struct {
	const char *index, *total;
	uint64_t first;
} starters[] = {
	{ "CI_NODE_INDEX", "CI_NODE_TOTAL", 1 },
	{ "JOB_COMPLETION_INDEX", "JOB_COMPLETIONS", 0 },
};

static int bad_variable(const struct check_options *out, const char *name, const char *value)
{
	return complain(out->who, "'--shard auto': the variable %s is '%s', which does not fit",
			name, value);
}

/* Reads I, and N unless it was given. */
static int from_starter(struct check_options *out, size_t i, uint64_t shards)
{
	const char *index = getenv(starters[i].index), *total = getenv(starters[i].total);
	uint64_t number;
	if (!shards && !total)
		return complain(out->who,
				"'--shard auto': %s is set, and %s is not; say '--shard auto/N'",
				starters[i].index, starters[i].total);
	if (!shards && number_parse(&shards, span_text(total), 1, SHARDS_MAX) != FAULT_NONE)
		return bad_variable(out, starters[i].total, total);
	if (number_parse(&number, span_text(index), starters[i].first,
			 shards - 1 + starters[i].first) != FAULT_NONE)
		return bad_variable(out, starters[i].index, index);
	out->shard = (unsigned)(number - starters[i].first + 1);
	out->shards = (unsigned)shards;
	return STATUS_PASS;
}

static int from_environment(struct check_options *out, const char *text)
{
	uint64_t shards = 0;
	if (text[4] && (text[4] != '/' ||
			number_parse(&shards, span_text(text + 5), 1, SHARDS_MAX) != FAULT_NONE))
		return complain(out->who, "'--shard %s' is none of I/N, auto and auto/N", text);
	for (size_t i = 0; i < sizeof(starters) / sizeof(starters[0]); i++)
		if (getenv(starters[i].index))
			return from_starter(out, i, shards);
	return complain(out->who,
			"'--shard %s': neither CI_NODE_INDEX nor JOB_COMPLETION_INDEX "
			"is set",
			text);
}

int check_options_take_shard(struct check_options *out, const char *text)
{
	const char *slash = text ? strchr(text, '/') : NULL;
	uint64_t shard, shards;
	if (!text)
		return STATUS_PASS;
	if (strncmp(text, "auto", 4) == 0)
		return from_environment(out, text);
	if (!slash || number_parse(&shards, span_text(slash + 1), 1, SHARDS_MAX) != FAULT_NONE ||
	    number_parse(&shard, span_of(text, (size_t)(slash - text)), 1, shards) != FAULT_NONE)
		return complain(out->who, "'--shard %s' is not I/N with I from 1 to N", text);
	out->shard = (unsigned)shard;
	out->shards = (unsigned)shards;
	return STATUS_PASS;
}
