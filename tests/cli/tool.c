/* SPDX-License-Identifier: Apache-2.0 */
#include "tool.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"

int tool_run(const char *const *words, size_t len)
{
	/* The tool may move the words about; what is freed are these. */
	char *argv[32], *owned[32];
	cr_assert_lt(len, 32);
	for (size_t i = 0; i < len; i++)
		argv[i] = owned[i] = strdup(words[i]);
	argv[len] = NULL;
	int status = command_main((int)len, argv);
	fflush(stdout);
	fflush(stderr);
	for (size_t i = 0; i < len; i++)
		free(owned[i]);
	return status;
}
