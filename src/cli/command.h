/* command.h - the commands of the tool, and what they have in common. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "base/fault.h"
#include "base/span.h"

/* Exit statuses (DESIGN 7); part of the contract. */
enum status {
	STATUS_PASS = 0,
	STATUS_FAIL = 1,
	STATUS_USAGE = 2, /* usage, or an input that cannot be read: nothing was sent */
	STATUS_INCONCLUSIVE = 3,
	STATUS_FAULT = 4, /* a fault of our own */
};

/* A command gets its own words: argv[0] is "tlsgauge NAME", as messages begin. It returns the exit
 * status. */
struct command {
	const char *name, *help;
	int (*run)(int argc, char **argv);
};

/* In the order of --help; the entry after the last has a NULL name. */
extern const struct command commands[];

/* command_main dispatches to the command that argv[1] names. */
int command_main(int argc, char **argv);

/*
 * command_verb dispatches to the verb that argv[1] names: `verbs` ends with a NULL name, `operands`
 * is shown behind the options in the usage. Without a verb it prints them and returns STATUS_USAGE.
 */
int command_verb(const struct command *verbs, const char *operands, int argc, char **argv);

int command_check(int argc, char **argv);
int command_fuzz(int argc, char **argv);
int command_serve(int argc, char **argv);
int command_explain(int argc, char **argv);
int command_hello(int argc, char **argv);
int command_policy(int argc, char **argv);
int command_cases(int argc, char **argv);
int command_report(int argc, char **argv);

/* complain prints one sentence to standard error, "WHO: sentence", and returns STATUS_USAGE. */
int complain(const char *who, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* complain_fault prints the fault's own sentence and returns STATUS_FAULT. */
int complain_fault(const char *who, enum fault fault);

#endif
