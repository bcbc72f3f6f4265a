/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hex.h"
#include "base/limits.h"
#include "cli/command.h"
#include "cli/hello_command.h"
#include "cli/options.h"

enum key { KEY_HEX = 256, KEY_OUTPUT };

struct words {
	const char *who, *output;
	char **files;
	int files_len;
	bool hex;
};

static const struct argp_option options[] = {
	{ "hex", KEY_HEX, 0, 0, "write hexadecimal digits instead of bytes", 0 },
	{ "output", KEY_OUTPUT, "FILE", 0, "write to FILE instead of standard output", 0 },
	{ 0 },
};

static const char doc[] =
	"Write the bytes that each FILE describes, or standard input for '-' or none: JSON or "
	"annotated hexadecimal, as 'hello decode' prints them. In annotated hexadecimal the bytes "
	"count, not the offsets and names; in JSON the members from 'record_version' to "
	"'extensions', whose 'data' goes before what is told of it elsewhere.\v"
	"Examples:\n"
	"  tlsgauge hello decode --format json client.bin > client.json\n"
	"  tlsgauge hello encode --output again.bin client.json\n"
	"  tlsgauge hello decode client.bin | tlsgauge hello encode --hex\n\n"
	"Exit status: 0 all was written, 2 something cannot be read and nothing was written, 4 it "
	"could not be written.";

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct words *words = state->input;
	switch (key) {
	case KEY_HEX:
		words->hex = true;
		return 0;
	case KEY_OUTPUT:
		words->output = text;
		return 0;
	case ARGP_KEY_ARGS:
		words->files = state->argv + state->next;
		words->files_len = state->argc - state->next;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = options, .parser = parse, .args_doc = "[FILE...]", .doc = doc
};

static int encode_file(const struct words *words, const char *path, struct text *out)
{
	char why[512] = "";
	struct arena arena;
	struct span bytes;
	arena_init(&arena, HELLO_ARENA_MAX);
	int status = STATUS_PASS;
	if (hello_file_read(&bytes, &arena, path, HELLO_FILE_MAX, why, sizeof(why)) != FAULT_NONE)
		status = complain(words->who, "%s", why);
	else if (hello_parse(out, bytes, why, sizeof(why)) != FAULT_NONE)
		status = complain(words->who, "'%s': %s",
				  strcmp(path, "-") == 0 ? "standard input" : path, why);
	arena_release(&arena);
	return status;
}

static bool write_all(FILE *file, struct span bytes)
{
	bool written = fwrite(bytes.at, 1, bytes.len, file) == bytes.len;
	return fflush(file) == 0 && written;
}

static int refuse(const struct words *words, const char *why, int status)
{
	complain(words->who, "cannot write '%s': %s", words->output, why);
	return status;
}

/* Beside its place and then renamed, so that it appears whole or not at all. */
static int write_renamed(const struct words *words, struct span bytes)
{
	char *path = NULL;
	if (asprintf(&path, "%s.XXXXXX", words->output) < 0)
		return complain_fault(words->who, FAULT_NO_MEMORY);
	int fd = mkstemp(path);
	if (fd < 0) {
		free(path);
		return refuse(words, strerror(errno), STATUS_USAGE);
	}
	FILE *file = fdopen(fd, "wb");
	mode_t mask = umask(0);
	umask(mask);
	bool done = file && fchmod(fd, 0666 & ~mask) == 0 && write_all(file, bytes);
	int error = errno;
	if (file)
		fclose(file);
	if (done && rename(path, words->output) != 0) {
		error = errno;
		done = false;
	}
	if (!done)
		unlink(path);
	free(path);
	return done ? STATUS_PASS : refuse(words, strerror(error), STATUS_FAULT);
}

static int write_output(const struct words *words, struct span bytes)
{
	struct stat info;
	bool exists = words->output && lstat(words->output, &info) == 0;
	if (!words->output)
		return write_all(stdout, bytes) ? STATUS_PASS
						: complain_fault(words->who, FAULT_IO);
	if (!exists || S_ISREG(info.st_mode))
		return write_renamed(words, bytes);
	FILE *file = fopen(words->output, "wb");
	if (!file)
		return refuse(words, strerror(errno), STATUS_USAGE);
	bool done = write_all(file, bytes);
	fclose(file);
	return done ? STATUS_PASS : refuse(words, "it takes no more bytes", STATUS_FAULT);
}

static int write_result(const struct words *words, const struct text *bytes)
{
	struct span raw = span_of(text_view(bytes), bytes->len);
	if (!words->hex)
		return write_output(words, raw);
	char *digits = malloc(2 * raw.len + 2);
	if (!digits)
		return complain_fault(words->who, FAULT_NO_MEMORY);
	hex_encode(digits, raw);
	digits[2 * raw.len] = '\n';
	int status = write_output(words, span_of(digits, 2 * raw.len + 1));
	free(digits);
	return status;
}

int hello_verb_encode(int argc, char **argv)
{
	static char input[] = "-";
	char *only[] = { input };
	struct words words = { .who = argv[0] };
	struct text bytes;
	int status = options_parse(&argp, argc, argv, &words);
	if (status != STATUS_PASS)
		return status;
	if (words.files_len == 0) {
		words.files = only;
		words.files_len = 1;
	}
	text_init(&bytes);
	for (int i = 0; i < words.files_len && status == STATUS_PASS; i++)
		status = encode_file(&words, words.files[i], &bytes);
	if (status == STATUS_PASS)
		status = write_result(&words, &bytes);
	text_release(&bytes);
	return status;
}
