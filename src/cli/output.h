/* output.h - where reports go: standard output, or files that appear whole or not at all. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include <stdio.h>

#include "cli/check_options.h"

/* `temporary` is renamed to `path` once it is complete; NULL where `path` is written directly
 * (a device or a pipe). */
struct output {
	const struct report_format *format;
	const char *path;
	char *temporary;
	FILE *file;
};

struct outputs {
	struct output items[CHECK_REPORTS_MAX];
	size_t len;
};

/* outputs_open opens every report's place, so that an unwritable one is found before anything is
 * sent. STATUS_PASS or STATUS_USAGE. */
int outputs_open(struct outputs *out, const struct check_options *options);

/* outputs_write writes the reports; colour and width are chosen for each place. STATUS_PASS or
 * STATUS_FAULT. */
int outputs_write(struct outputs *outputs, const struct check_options *options,
		  const struct report *report);

/* outputs_write_made does the same with what `make` writes; it sees the format that is asked for,
 * and returns FAULT_NONE, NO_MEMORY or TOO_LARGE. Several are made at the same time: `make` changes
 * nothing behind `context`. */
typedef enum fault output_maker(struct text *out, const struct output *output, const void *context);
int outputs_write_made(struct outputs *outputs, const struct check_options *options,
		       output_maker *make, const void *context);

/* outputs_release removes what was begun and not completed. */
void outputs_release(struct outputs *outputs);

#endif
