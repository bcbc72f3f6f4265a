/* report_command.h - reports that were made before: in other formats, merged, compared. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_REPORT_COMMAND_H
#define CLI_REPORT_COMMAND_H

#include "cli/check_options.h"
#include "cli/options.h"

#define REPORT_FILES_MAX 4096

/* What the verbs are given; `options` holds what the writing of reports asks for. */
struct report_words {
	struct check_options options;
	const char **files;
	size_t files_len, files_max;
	const char *color;
	bool stable, json;
};

enum report_key {
	REPORT_KEY_REPORT = 256,
	REPORT_KEY_STABLE,
	REPORT_KEY_FORMAT,
	REPORT_KEY_COLOR,
	REPORT_KEY_STRICT_EXPECTED,
};

/* report_words_parse reads the command line of a verb that takes from `least` to `most` files.
 * STATUS_PASS, or STATUS_USAGE after one sentence. */
int report_words_parse(struct report_words *out, struct arena *arena, const struct argp *argp,
		       int argc, char **argv, size_t least, size_t most);

/* report_load reads one file, "-" for standard input. STATUS_PASS, or a status after one sentence.
 */
int report_load(struct report *out, struct arena *arena, const char *who, const char *path);

/* report_tell writes the report as the words ask for it. STATUS_PASS, or a status after one
 * sentence. */
int report_tell(const struct report_words *words, struct report *report);

int report_verb_convert(int argc, char **argv);
int report_verb_merge(int argc, char **argv);
int report_verb_compare(int argc, char **argv);

#endif
