/* options.h - command lines: one clear sentence for every mistake, the same for all commands. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <argp.h>

#include "base/fault.h"
#include "base/span.h"

/*
 * options_parse reads the command line by the argp table and calls the table's parser. Unknown,
 * ambiguous and incomplete options are complained about with a suggestion, in argv[0]'s name, and
 * before the parser sees anything. Returns STATUS_PASS or STATUS_USAGE; a parser that returns an
 * error has complained itself. --help, --help=man (the manual page), --help=words (for a shell's
 * completion) and --version end the program with 0.
 */
int options_parse(const struct argp *argp, int argc, char **argv, void *input);

/* number_parse reads a decimal number from `min` to `max`; USAGE for anything else. */
MUST_USE enum fault number_parse(uint64_t *out, struct span text, uint64_t min, uint64_t max);

#endif
