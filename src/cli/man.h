/* man.h - manual pages, made from the tables that --help is made from. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_MAN_H
#define CLI_MAN_H

#include <argp.h>
#include <stdio.h>

#include "cli/command.h"

/* man_command writes the page of one command, roff with the man macros; `who` is "tlsgauge check".
 */
void man_command(FILE *out, const char *who, const struct argp *argp);

/* man_tool writes the page of the tool: the commands, and the exit statuses. */
void man_tool(FILE *out);

#endif
