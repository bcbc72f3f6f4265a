/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/command.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/text.h"
#include "cli/man.h"

#define VERBS_MAX 16

const struct command commands[] = {
	{ "check", "prove a policy's table against an endpoint", command_check },
	{ "fuzz", "drive generated hellos at an endpoint, with the policy as the oracle",
	  command_fuzz },
	{ "serve", "run the reference endpoint, which enforces a policy", command_serve },
	{ "explain", "what a policy demands of one ClientHello, and which row says so",
	  command_explain },
	{ "hello", "decode and encode ClientHello bytes", command_hello },
	{ "policy", "list, show, lint, compare policies", command_policy },
	{ "cases", "list, show, lint conformance cases, and emit their bytes", command_cases },
	{ "report", "convert, merge and compare reports", command_report },
	{ NULL, NULL, NULL },
};

#define COMMANDS_MAX 16

int complain(const char *who, const char *format, ...)
{
	va_list args;
	fprintf(stderr, "%s: ", who);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	return STATUS_USAGE;
}

int complain_fault(const char *who, enum fault fault)
{
	complain(who, "%s", fault_text(fault));
	return STATUS_FAULT;
}

static void help(FILE *out)
{
	fputs("Usage: tlsgauge COMMAND [OPTION...]\n"
	      "Prove that a TLS endpoint accepts and rejects what a document says it does.\n\n",
	      out);
	for (const struct command *command = commands; command->name; command++)
		fprintf(out, "  %-8s %s\n", command->name, command->help);
	fputs("\n"
	      "  tlsgauge COMMAND --help   what a command takes, with examples\n"
	      "  tlsgauge --version        the version\n\n"
	      "First steps:\n"
	      "  tlsgauge check            prove the default policy against a built-in endpoint\n"
	      "  tlsgauge policy list      the documents that are built in\n"
	      "  tlsgauge check postgresql://db:5432 --policy azure-postgresql-single-server \\\n"
	      "           --set minimum_tls_version=TLS1_2\n\n"
	      "Exit status: 0 everything judged conforms, 1 something does not, 2 usage,\n"
	      "3 something stayed inconclusive, 4 a fault of the tool itself.\n",
	      out);
}

static int unknown(const char *word)
{
	const char *names[COMMANDS_MAX + 1] = { 0 };
	for (size_t i = 0; commands[i].name && i < COMMANDS_MAX; i++)
		names[i] = commands[i].name;
	const char *nearest = text_nearest(word, names);
	const char *what = word[0] == '-' ? "option" : "command";
	if (nearest)
		return complain("tlsgauge", "unknown %s '%s'; did you mean '%s'?", what, word,
				nearest);
	return complain("tlsgauge", "unknown %s '%s'; 'tlsgauge --help' lists them", what, word);
}

/* A report that could not be written to its end must not look like one that was. */
static int close_output(const char *who, int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	if (status != STATUS_FAULT)
		complain(who, "cannot write to standard output");
	return STATUS_FAULT;
}

static int run(const struct command *command, int argc, char **argv)
{
	char who[64];
	snprintf(who, sizeof(who), "tlsgauge %s", command->name);
	argv[0] = who;
	return close_output(who, command->run(argc, argv));
}

/* For shells: a command or verb a line, and its text. */
static void words_help(const struct command *list)
{
	for (; list->name; list++)
		printf("%s\t\t%s\n", list->name, list->help);
}

int command_main(int argc, char **argv)
{
	if (argc < 2) {
		help(stderr);
		return STATUS_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
	    strcmp(argv[1], "help") == 0) {
		help(stdout);
		return close_output("tlsgauge", STATUS_PASS);
	}
	if (strcmp(argv[1], "--help=man") == 0) {
		man_tool(stdout);
		return close_output("tlsgauge", STATUS_PASS);
	}
	if (strcmp(argv[1], "--help=words") == 0) {
		words_help(commands);
		return close_output("tlsgauge", STATUS_PASS);
	}
	if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0) {
		printf("tlsgauge %s\n", TLSGAUGE_VERSION);
		return close_output("tlsgauge", STATUS_PASS);
	}
	for (const struct command *command = commands; command->name; command++) {
		if (strcmp(argv[1], command->name) == 0)
			return run(command, argc - 1, argv + 1);
	}
	return unknown(argv[1]);
}

static void verb_help(FILE *out, const char *who, const struct command *verbs, const char *operands)
{
	fprintf(out, "Usage: %s VERB [OPTION...] %s\n\n", who, operands);
	for (const struct command *verb = verbs; verb->name; verb++)
		fprintf(out, "  %-10s  %s\n", verb->name, verb->help);
	fprintf(out, "\n  %s VERB --help   what a verb takes, with examples\n", who);
}

static int unknown_verb(const char *who, const char *word, const struct command *verbs)
{
	const char *names[VERBS_MAX + 1] = { 0 };
	for (size_t i = 0; verbs[i].name && i < VERBS_MAX; i++)
		names[i] = verbs[i].name;
	const char *nearest = text_nearest(word, names);
	if (nearest)
		return complain(who, "unknown verb '%s'; did you mean '%s'?", word, nearest);
	return complain(who, "unknown verb '%s'; '%s --help' lists them", word, who);
}

int command_verb(const struct command *verbs, const char *operands, int argc, char **argv)
{
	char who[64];
	if (argc < 2) {
		verb_help(stderr, argv[0], verbs, operands);
		return STATUS_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-?") == 0) {
		verb_help(stdout, argv[0], verbs, operands);
		return STATUS_PASS;
	}
	if (strcmp(argv[1], "--help=words") == 0) {
		words_help(verbs);
		return STATUS_PASS;
	}
	for (const struct command *verb = verbs; verb->name; verb++) {
		if (strcmp(argv[1], verb->name) != 0)
			continue;
		snprintf(who, sizeof(who), "%s %s", argv[0], verb->name);
		argv[1] = who;
		return verb->run(argc - 1, argv + 1);
	}
	return unknown_verb(argv[0], argv[1], verbs);
}
