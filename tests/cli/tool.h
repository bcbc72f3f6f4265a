/* tool.h - runs the tool in the test's own process. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_CLI_TOOL_H
#define TESTS_CLI_TOOL_H

#include <stddef.h>

/* tool_run gives the tool its words, "tlsgauge" first, and returns the exit status. */
int tool_run(const char *const *words, size_t len);

/* TOOL_RUN is tool_run with the words as they are. */
#define TOOL_RUN(...)                                                                              \
	tool_run((const char *[]){ __VA_ARGS__ },                                                  \
		 sizeof((const char *[]){ __VA_ARGS__ }) / sizeof(char *))

#endif
