/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "base/text.h"
#include "cli/check.h"
#include "cli/file.h"
#include "cli/policy_source.h"
#include "script/builtin.h"

#define WHY_MAX	    512
#define CA_FILE_MAX ((size_t)16 << 20)

static int ask_for_policy(const struct check *check)
{
	struct text names;
	text_init(&names);
	for (size_t i = 0; i < builtin_policies_len; i++)
		text_printf(&names, "%s%s", i ? ", " : "", builtin_policies[i].name);
	complain(check->options->who,
		 "say what '%s' is to be proven against, with '--policy': a file, or %s; or with "
		 "'--cases all'",
		 check->options->target, text_view(&names));
	text_release(&names);
	return STATUS_USAGE;
}

/* Without TARGET there is always a policy: the built-in endpoint's. */
static int setup_cases(struct check *check)
{
	const struct check_options *options = check->options;
	int status = check_cases_load(check);
	check->proves_policy = options->policy || (!options->target && !check->cases.len);
	check->has_policy = options->policy || !options->target;
	if (status != STATUS_PASS)
		return status;
	if (!check->has_policy && !check->cases.len)
		return ask_for_policy(check);
	if (!check->has_policy && options->set_len)
		return complain(options->who, "'--set %s' needs the '--policy' that documents it",
				options->set[0]);
	return STATUS_PASS;
}

static int setup_policy(struct check *check)
{
	const struct check_options *options = check->options;
	const char *name = options->policy ? options->policy : CHECK_POLICY;
	char why[WHY_MAX] = "";
	if (!check->has_policy)
		return STATUS_PASS;
	if (policy_load(&check->policy, &check->arena, name) != FAULT_NONE)
		return STATUS_USAGE;
	settings_init(&check->settings, &check->policy,
		      options->at == DATE_NONE ? date_today() : options->at);
	check->settings.strict = options->strict;
	for (size_t i = 0; i < options->set_len; i++) {
		struct span assignment = span_text(options->set[i]);
		if (settings_set(&check->settings, assignment, why, sizeof(why)) != FAULT_NONE)
			return complain(options->who, "%s", why);
	}
	return STATUS_PASS;
}

static int setup_connect(struct check *check)
{
	const char *connect = check->options->connect;
	char why[WHY_MAX] = "";
	check->connect = check->target;
	if (!connect)
		return STATUS_PASS;
	if (target_parse(&check->connect, connect, check->target.upgrade, why, sizeof(why)) !=
	    FAULT_NONE)
		return complain(check->options->who, "'--connect %s': %s", connect, why);
	if (check->connect.has_scheme)
		return complain(check->options->who, "'--connect %s' takes HOST[:PORT], no scheme",
				connect);
	return STATUS_PASS;
}

static int setup_target(struct check *check)
{
	const struct check_options *options = check->options;
	const char *scheme = check->has_policy ? check->policy.over : "tls";
	const struct upgrade *over = upgrade_by_name(span_text(scheme));
	char why[WHY_MAX] = "";
	if (!over)
		return complain(options->who,
				"policy '%s' is over '%s', which this release does not speak",
				check->policy.name, check->policy.over);
	check->has_target = options->target != NULL;
	if (!check->has_target) {
		check->target = (struct target){ .upgrade = over, .literal = true };
		memcpy(check->target.host, "127.0.0.1", sizeof("127.0.0.1"));
		return STATUS_PASS;
	}
	if (target_parse(&check->target, options->target, over, why, sizeof(why)) != FAULT_NONE)
		return complain(options->who, "'%s': %s", options->target, why);
	return setup_connect(check);
}

static int setup_trust(struct check *check)
{
	const struct check_options *options = check->options;
	char why[WHY_MAX] = "";
	struct span pem;
	if (!options->ca)
		return STATUS_PASS;
	if (file_read(&pem, &check->arena, options->ca, CA_FILE_MAX, why, sizeof(why)) !=
	    FAULT_NONE)
		return complain(options->who, "%s", why);
	check->trust = trust_store_read(pem, why, sizeof(why));
	if (!check->trust)
		return complain(options->who, "cannot use '%s': %s", options->ca, why);
	return STATUS_PASS;
}

/* A pattern that no id fits would prove nothing, and say so with exit status 0. */
static int setup_only(struct check *check)
{
	const struct check_options *options = check->options;
	struct check_run run;
	if (!options->only && options->shards < 2)
		return STATUS_PASS;
	check_run_init(check, &run, &check->settings);
	enum fault fault = check_run_plan(&run);
	if (fault == FAULT_NONE)
		fault = check_run_judge(&run);
	size_t len = run.result.findings_len;
	arena_release(&run.arena);
	if (fault != FAULT_NONE)
		return complain_fault(options->who, fault);
	if (len)
		return STATUS_PASS;
	if (options->only)
		return complain(options->who, "no id fits '--only %s'%s", options->only,
				options->shards > 1 ? " in this shard" : "");
	return complain(options->who, "the shard %u/%u holds no cell and no case", options->shard,
			options->shards);
}

static int setup_depth(struct check *check)
{
	const struct check_options *options = check->options;
	bool session = check->target.upgrade->speaks_postgresql;
	check->depth = session ? DEPTH_SESSION : DEPTH_FINISHED;
	if (options->depth_given)
		check->depth = options->depth;
	if (check->depth == DEPTH_SESSION && !session)
		return complain(options->who,
				"'--depth session' needs a protocol with sessions, not '%s'",
				check->target.upgrade->name);
	if (options->sslmode != SSLMODES_LEN && !session)
		return complain(options->who, "'--sslmode' speaks of PostgreSQL, not of '%s'",
				check->target.upgrade->name);
	return STATUS_PASS;
}

int check_setup(struct check *check)
{
	int (*const steps[])(struct check *) = { setup_cases, setup_policy, setup_target,
						 setup_depth, setup_trust,  check_credentials,
						 setup_only };
	int status = STATUS_PASS;
	for (size_t i = 0; status == STATUS_PASS && i < sizeof(steps) / sizeof(steps[0]); i++)
		status = steps[i](check);
	return status;
}

static size_t count_combinations(const struct policy *policy)
{
	size_t count = 1;
	for (size_t i = 0; i < policy->settings_len; i++)
		count += policy->settings[i].values_len - 1;
	return count;
}

/* Each value of each setting, the others at their defaults; the all-default run comes first. */
static void plan_combinations(struct check *check)
{
	const struct policy *policy = &check->policy;
	size_t len = 0;
	check_run_init(check, &check->runs[len++], &check->settings);
	for (size_t i = 0; i < policy->settings_len; i++) {
		for (size_t v = 0; v < policy->settings[i].values_len; v++) {
			if (v == policy->settings[i].default_value)
				continue;
			struct settings settings = check->settings;
			settings.value[i] = v;
			check_run_init(check, &check->runs[len++], &settings);
		}
	}
}

int check_runs_plan(struct check *check)
{
	bool one = check->has_target || check->options->set_len > 0 || !check->proves_policy;
	check->runs_len = one ? 1 : count_combinations(&check->policy);
	check->runs = arena_array(&check->arena, check->runs_len, sizeof(*check->runs));
	if (!check->runs)
		return complain_fault(check->options->who, check->arena.fault);
	if (one)
		check_run_init(check, &check->runs[0], &check->settings);
	else
		plan_combinations(check);
	return STATUS_PASS;
}
