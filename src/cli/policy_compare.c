/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "cli/options.h"
#include "cli/policy_command.h"
#include "script/policy_writer.h"

static const struct argp_option diff_options[] = {
	{ "set", KEY_SET, "NAME=VALUE", 0, "a value in force in both", 0 },
	{ "set-a", KEY_FIRST, "NAME=VALUE", 0, "a value in force in the first", 0 },
	{ "set-b", KEY_SECOND, "NAME=VALUE", 0, "a value in force in the second", 0 },
	{ 0 },
};

/* One side of a comparison, with the policy that its settings point into. */
struct side {
	struct arena arena;
	struct policy policy;
	struct settings settings;
};

static int side_open(struct side *side, const struct policy_words *words, const char *name,
		     const struct assignments *own)
{
	arena_init(&side->arena, POLICY_ARENA_MAX);
	int status = policy_open(&side->settings, &side->policy, &side->arena, words->who, name,
				 &words->set);
	return status == STATUS_PASS ? settings_assign(&side->settings, words->who, own) : status;
}

static int compare(const struct policy_words *words, const struct side *a, const struct side *b)
{
	struct text text;
	text_init(&text);
	size_t count = policy_diff(&text, &a->settings, &b->settings);
	int status = text_show(&text, words->who);
	if (status != STATUS_PASS)
		return status;
	return count ? STATUS_FAIL : STATUS_PASS;
}

int policy_verb_diff(int argc, char **argv)
{
	struct policy_words words;
	struct side a, b;
	int status = policy_words_parse(
		&words, 2, 2, argc, argv, diff_options, "A B",
		"Print the cells that two policies rule differently. The exit status is 1 when "
		"there "
		"are any, as with diff.\v"
		"Example:\n  tlsgauge policy diff azure-postgresql-single-server \\\n"
		"      azure-postgresql-single-server --set-b minimum_tls_version=TLS1_2");
	if (status != STATUS_PASS)
		return status;
	status = side_open(&a, &words, words.names[0], &words.first);
	if (status == STATUS_PASS) {
		status = side_open(&b, &words, words.names[1], &words.second);
		if (status == STATUS_PASS)
			status = compare(&words, &a, &b);
		arena_release(&b.arena);
	}
	arena_release(&a.arena);
	return status;
}

static const struct argp_option transition_options[] = {
	{ "from", KEY_FIRST, "NAME=VALUE", 0, "the value before; others are at their defaults", 0 },
	{ "to", KEY_SECOND, "NAME=VALUE", 0, "the value after; others stay as they were", 0 },
	{ 0 },
};

static void name_values(struct text *out, const struct setting *setting, const size_t *values,
			size_t len)
{
	for (size_t i = 0; i < len; i++)
		text_printf(out, "%s%s", i ? " or " : "", setting->values[values[i]]);
}

static int forbid(const struct settings *from, const struct settings *to,
		  const struct transition *rule, const char *who)
{
	const struct setting *setting = &from->policy->settings[rule->setting];
	struct text text;
	text_init(&text);
	text_printf(&text, "forbidden: %s from %s to %s\n", setting->name,
		    setting->values[from->value[rule->setting]],
		    setting->values[to->value[rule->setting]]);
	text_printf(&text, "%s:%u:%u: once at ", rule->at.file, rule->at.line, rule->at.col);
	name_values(&text, setting, rule->from, rule->from_len);
	text_printf(&text, ", never at ");
	name_values(&text, setting, rule->to, rule->to_len);
	if (rule->cite)
		text_printf(&text, ", as \"%s\" says", rule->cite);
	text_printf(&text, "\n");
	int status = text_show(&text, who);
	return status == STATUS_PASS ? STATUS_FAIL : status;
}

static int judge_transition(const struct policy_words *words, struct side *side)
{
	struct settings to = side->settings;
	int status = settings_assign(&to, words->who, &words->second);
	if (status != STATUS_PASS)
		return status;
	const struct transition *rule = policy_transition(&side->settings, &to);
	if (rule)
		return forbid(&side->settings, &to, rule, words->who);
	printf("allowed: no row of %s forbids it\n", side->policy.name);
	return STATUS_PASS;
}

int policy_verb_transition(int argc, char **argv)
{
	struct policy_words words;
	struct side side;
	int status = policy_words_parse(
		&words, 1, 1, argc, argv, transition_options, "NAME|FILE",
		"Say whether a setting may change. The exit status is 1 when the document forbids "
		"it.\v"
		"Example:\n  tlsgauge policy transition azure-postgresql-single-server \\\n"
		"      --from minimum_tls_version=TLS1_2 \\\n"
		"      --to minimum_tls_version=TLSEnforcementDisabled");
	if (status != STATUS_PASS)
		return status;
	if (words.second.len == 0)
		return complain(words.who, "say which change is meant, with '--from' and '--to'");
	status = side_open(&side, &words, words.names[0], &words.first);
	if (status == STATUS_PASS)
		status = judge_transition(&words, &side);
	arena_release(&side.arena);
	return status;
}
