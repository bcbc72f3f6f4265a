/* policy_command.h - what the verbs of `tlsgauge policy` share. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_POLICY_COMMAND_H
#define CLI_POLICY_COMMAND_H

#include "base/limits.h"
#include "base/text.h"
#include "cli/command.h"
#include "policy/ruling.h"

#define POLICY_NAMES_MAX 256
#define POLICY_SETS_MAX	 64

/* Assignments in the order of the command line. */
struct assignments {
	const char *at[POLICY_SETS_MAX];
	size_t len;
};

/* The words of one verb: which of them it takes, its own option table says. */
struct policy_words {
	const char *who;
	const char *names[POLICY_NAMES_MAX];
	size_t names_len, names_max;
	struct assignments set, first, second; /* --set; --set-a or --from; --set-b or --to */
	const char *format;
};

enum policy_key { KEY_SET = 256, KEY_FIRST, KEY_SECOND, KEY_FORMAT };

struct argp_option;

/* policy_words_parse reads a verb's command line; STATUS_PASS, or STATUS_USAGE after a sentence. */
int policy_words_parse(struct policy_words *out, size_t names_min, size_t names_max, int argc,
		       char **argv, const struct argp_option *options, const char *args_doc,
		       const char *doc);

/* policy_open reads the policy and applies the assignments; STATUS_USAGE after a sentence. */
int policy_open(struct settings *out, struct policy *policy, struct arena *arena, const char *who,
		const char *name, const struct assignments *set);

/* settings_assign applies "NAME=VALUE" after "NAME=VALUE"; STATUS_USAGE after a sentence. */
int settings_assign(struct settings *settings, const char *who, const struct assignments *set);

/* text_show prints and releases the text; STATUS_PASS or STATUS_FAULT. */
int text_show(struct text *text, const char *who);

/* The verbs. */
int policy_verb_list(int argc, char **argv);
int policy_verb_show(int argc, char **argv);
int policy_verb_lint(int argc, char **argv);
int policy_verb_matrix(int argc, char **argv);
int policy_verb_diff(int argc, char **argv);
int policy_verb_transition(int argc, char **argv);

#endif
