/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/options.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "cli/command.h"
#include "cli/man.h"

#define OPTION_NAMES_MAX 64

/* What argp itself adds to every table. */
static const char *const common[] = { "help", "usage", "version" };

#define COMMON_LEN (sizeof(common) / sizeof(common[0]))

static bool is_end(const struct argp_option *option)
{
	return !option->name && !option->key && !option->doc && !option->group;
}

static int unknown(const char *who, const struct argp *argp, const char *name)
{
	const char *names[OPTION_NAMES_MAX + 1] = { 0 };
	size_t len = 0;
	for (const struct argp_option *o = argp->options; !is_end(o); o++) {
		if (o->name && len < OPTION_NAMES_MAX)
			names[len++] = o->name;
	}
	const char *nearest = text_nearest(name, names);
	if (nearest)
		return complain(who, "unknown option '--%s'; did you mean '--%s'?", name, nearest);
	return complain(who, "unknown option '--%s'; '%s --help' lists them", name, who);
}

/* Options as getopt_long resolves them: an exact name, or the only one that it abbreviates. */
static size_t matching(const struct argp *argp, const char *name, const struct argp_option **out)
{
	size_t len = strlen(name), count = 0;
	for (const struct argp_option *o = argp->options; !is_end(o); o++) {
		if (!o->name || strncmp(o->name, name, len) != 0)
			continue;
		*out = o;
		count++;
		if (o->name[len] == '\0')
			return 1;
	}
	for (size_t i = 0; i < COMMON_LEN; i++) {
		if (strcmp(common[i], name) == 0) {
			*out = NULL;
			return 1;
		}
		count += strncmp(common[i], name, len) == 0;
	}
	return count;
}

/* Checks the option at argv[i]; returns how many words it takes, or 0 after a complaint. */
static int check_long(const char *who, const struct argp *argp, int left, char *const *word)
{
	char name[64];
	const struct argp_option *option = NULL;
	const char *text = word[0] + 2, *equals = strchr(text, '=');
	int len = equals ? (int)(equals - text) : (int)strlen(text);
	snprintf(name, sizeof(name), "%.*s", len, text);
	size_t found = matching(argp, name, &option);
	if (found == 0) {
		unknown(who, argp, name);
		return 0;
	}
	if (found > 1) {
		complain(who, "option '--%s' is ambiguous; write it in full", name);
		return 0;
	}
	if (!option || !option->arg) {
		if (equals && option)
			complain(who, "option '--%s' takes no value", option->name);
		return equals && option ? 0 : 1;
	}
	if (equals)
		return 1;
	if (left < 2) {
		complain(who, "option '--%s' needs a value (%s)", option->name, option->arg);
		return 0;
	}
	return 2;
}

static bool check_short(const char *who, const struct argp *argp, const char *word)
{
	for (const char *letter = word + 1; *letter; letter++) {
		bool known = *letter == '?' || *letter == 'V';
		for (const struct argp_option *o = argp->options; !known && !is_end(o); o++)
			known = o->key == *letter;
		if (!known) {
			complain(who, "unknown option '-%c'; '%s --help' lists them", *letter, who);
			return false;
		}
	}
	return true;
}

static int check_words(const struct argp *argp, int argc, char *const *argv)
{
	for (int i = 1; i < argc;) {
		int taken = 1;
		if (strcmp(argv[i], "--") == 0)
			break;
		if (strncmp(argv[i], "--", 2) == 0)
			taken = check_long(argv[0], argp, argc - i, argv + i);
		else if (argv[i][0] == '-' && argv[i][1] && !check_short(argv[0], argp, argv[i]))
			taken = 0;
		if (taken == 0)
			return STATUS_USAGE;
		i += taken;
	}
	return STATUS_PASS;
}

static void print_version(FILE *out, struct argp_state *state)
{
	(void)state;
	fprintf(out, "tlsgauge %s\n", TLSGAUGE_VERSION);
}

/* For shells: an option a line, what its value is called, and its text. */
static void print_words(FILE *out, const struct argp *argp)
{
	for (const struct argp_option *o = argp->options; !is_end(o); o++)
		if (o->name)
			fprintf(out, "--%s\t%s\t%s\n", o->name, o->arg ? o->arg : "",
				o->doc ? o->doc : "");
	for (size_t i = 0; i < COMMON_LEN; i++)
		fprintf(out, "--%s\t\t\n", common[i]);
}

int options_parse(const struct argp *argp, int argc, char **argv, void *input)
{
	argp_err_exit_status = STATUS_USAGE;
	argp_program_version_hook = print_version;
	if (argc == 2 && strcmp(argv[1], "--help=man") == 0) {
		man_command(stdout, argv[0], argp);
		exit(fflush(stdout) == 0 ? STATUS_PASS : STATUS_FAULT);
	}
	if (argc == 2 && strcmp(argv[1], "--help=words") == 0) {
		print_words(stdout, argp);
		exit(fflush(stdout) == 0 ? STATUS_PASS : STATUS_FAULT);
	}
	if (check_words(argp, argc, argv) != STATUS_PASS)
		return STATUS_USAGE;
	return argp_parse(argp, argc, argv, 0, NULL, input) ? STATUS_USAGE : STATUS_PASS;
}

enum fault number_parse(uint64_t *out, struct span text, uint64_t min, uint64_t max)
{
	uint64_t value = 0;
	if (text.len == 0)
		return FAULT_USAGE;
	for (size_t i = 0; i < text.len; i++) {
		uint8_t digit = (uint8_t)(text.at[i] - '0');
		if (digit > 9 || value > (UINT64_MAX - digit) / 10)
			return FAULT_USAGE;
		value = value * 10 + digit;
	}
	if (value < min || value > max)
		return FAULT_USAGE;
	*out = value;
	return FAULT_NONE;
}
