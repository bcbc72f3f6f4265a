/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "cli/options.h"
#include "cli/policy_command.h"
#include "cli/policy_source.h"

static const struct command verbs[] = {
	{ "list", "the policies that are built in", policy_verb_list },
	{ "show", "a policy with every ruling beside its row, or as a policy file",
	  policy_verb_show },
	{ "lint", "contradictions, rows without effect, gaps", policy_verb_lint },
	{ "matrix", "versions and suites under given settings", policy_verb_matrix },
	{ "diff", "the cells that two policies or two sets of settings rule differently",
	  policy_verb_diff },
	{ "transition", "whether a setting may change from one value to another",
	  policy_verb_transition },
	{ NULL, NULL, NULL },
};

int command_policy(int argc, char **argv)
{
	return command_verb(verbs, "...", argc, argv);
}

static error_t assign(struct policy_words *words, struct assignments *list, const char *text)
{
	if (list->len == POLICY_SETS_MAX)
		return complain(words->who, "more than %d settings are given", POLICY_SETS_MAX);
	list->at[list->len++] = text;
	return 0;
}

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct policy_words *words = state->input;
	switch (key) {
	case KEY_SET:
		return assign(words, &words->set, text);
	case KEY_FIRST:
		return assign(words, &words->first, text);
	case KEY_SECOND:
		return assign(words, &words->second, text);
	case KEY_FORMAT:
		words->format = text;
		return 0;
	case ARGP_KEY_ARG:
		if (words->names_len == words->names_max)
			return complain(words->who, "'%s' is one word too many", text);
		words->names[words->names_len++] = text;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

int policy_words_parse(struct policy_words *out, size_t names_min, size_t names_max, int argc,
		       char **argv, const struct argp_option *options, const char *args_doc,
		       const char *doc)
{
	const struct argp argp = {
		.options = options, .parser = parse, .args_doc = args_doc, .doc = doc
	};
	*out = (struct policy_words){ .who = argv[0], .names_max = names_max };
	int status = options_parse(&argp, argc, argv, out);
	if (status == STATUS_PASS && out->names_len < names_min)
		return complain(argv[0], "%s",
				names_min == 1 ? "say which policy: a name or a file"
					       : "say which two policies to compare");
	return status;
}

int settings_assign(struct settings *settings, const char *who, const struct assignments *set)
{
	char why[512] = "";
	for (size_t i = 0; i < set->len; i++) {
		if (settings_set(settings, span_text(set->at[i]), why, sizeof(why)) != FAULT_NONE)
			return complain(who, "%s", why);
	}
	return STATUS_PASS;
}

int policy_open(struct settings *out, struct policy *policy, struct arena *arena, const char *who,
		const char *name, const struct assignments *set)
{
	if (policy_load(policy, arena, name) != FAULT_NONE)
		return STATUS_USAGE;
	settings_init(out, policy, date_today());
	return settings_assign(out, who, set);
}

int text_show(struct text *text, const char *who)
{
	enum fault fault = text->fault;
	if (fault == FAULT_NONE)
		fwrite(text_view(text), 1, text->len, stdout);
	text_release(text);
	return fault == FAULT_NONE ? STATUS_PASS : complain_fault(who, fault);
}
