/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "base/limits.h"
#include "cli/command.h"
#include "cli/file.h"
#include "cli/hello_command.h"

static const struct command verbs[] = {
	{ "decode", "ClientHello bytes to annotated hexadecimal or JSON", hello_verb_decode },
	{ "encode", "that hexadecimal or JSON to bytes", hello_verb_encode },
	{ NULL, NULL, NULL },
};

int command_hello(int argc, char **argv)
{
	return command_verb(verbs, "[FILE...]", argc, argv);
}

enum fault hello_file_read(struct span *out, struct arena *arena, const char *path, size_t max,
			   char *why, size_t why_len)
{
	if (strcmp(path, "-") == 0)
		return file_read_input(out, arena, max, why, why_len);
	return file_read(out, arena, path, max, why, why_len);
}

bool hello_remark(struct text *out, const struct hello_file *file, size_t index)
{
	const struct hello_input *in = &file->input;
	const struct {
		size_t len;
		const char *what;
	} remarks[] = {
		{ in->preamble.len, "bytes of PostgreSQL requests before the hello were skipped" },
		{ in->after.len, "bytes follow the hello in its last record" },
		{ in->trailing.len, "bytes follow the hello" },
		{ in->hello.tail.len, "bytes follow the extensions inside the hello" },
		{ in->hello.extensions_tail.len, "bytes of the block are no whole extension" },
		{ in->hello.suites_tail.len, "byte of the list of suites is no whole suite" },
	};
	size_t at = 0;
	for (size_t i = 0; i < sizeof(remarks) / sizeof(remarks[0]); i++) {
		if (remarks[i].len == 0 || at++ != index)
			continue;
		text_printf(out, "%zu %s", remarks[i].len, remarks[i].what);
		return true;
	}
	return false;
}
