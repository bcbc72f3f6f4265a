/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/output.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/command.h"

static int refuse(const struct check_options *options, const char *path, const char *why)
{
	return complain(options->who, "cannot write '%s': %s", path, why);
}

static int open_direct(struct output *out, const struct check_options *options)
{
	out->file = fopen(out->path, "wb");
	return out->file ? STATUS_PASS : refuse(options, out->path, strerror(errno));
}

/* A temporary file beside the report: a rename within one folder is atomic. */
static int open_temporary(struct output *out, const struct check_options *options)
{
	if (asprintf(&out->temporary, "%s.XXXXXX", out->path) < 0) {
		out->temporary = NULL;
		return refuse(options, out->path, fault_text(FAULT_NO_MEMORY));
	}
	int fd = mkstemp(out->temporary);
	if (fd >= 0) {
		mode_t mask = umask(0);
		umask(mask);
		if (fchmod(fd, 0666 & ~mask) == 0)
			out->file = fdopen(fd, "wb");
		if (!out->file)
			close(fd);
	}
	return out->file ? STATUS_PASS : refuse(options, out->path, strerror(errno));
}

static int output_open(struct output *out, const struct check_options *options)
{
	struct stat info;
	if (!out->path) {
		out->file = stdout;
		return STATUS_PASS;
	}
	bool exists = stat(out->path, &info) == 0;
	if (exists && S_ISDIR(info.st_mode))
		return refuse(options, out->path, "it is a directory");
	if (exists && access(out->path, W_OK) != 0)
		return refuse(options, out->path, strerror(errno));
	/* A link is followed by writing through it: a rename would replace the link itself. */
	bool regular = !exists || S_ISREG(info.st_mode);
	bool link = lstat(out->path, &info) == 0 && S_ISLNK(info.st_mode);
	return regular && !link ? open_temporary(out, options) : open_direct(out, options);
}

int outputs_open(struct outputs *out, const struct check_options *options)
{
	for (size_t i = 0; i < options->reports_len; i++) {
		struct output *item = &out->items[out->len++];
		*item = (struct output){ .format = options->reports[i].format,
					 .path = options->reports[i].path };
		int status = output_open(item, options);
		if (status != STATUS_PASS)
			return status;
	}
	return STATUS_PASS;
}

static bool wants_color(const struct check_options *options, FILE *file)
{
	const char *term = getenv("TERM"), *no_color = getenv("NO_COLOR");
	if (options->color != COLOR_AUTO)
		return options->color == COLOR_ALWAYS;
	if (no_color && *no_color)
		return false;
	return isatty(fileno(file)) && term && strcmp(term, "dumb") != 0;
}

static int terminal_width(FILE *file)
{
	struct winsize size;
	if (!isatty(fileno(file)) || ioctl(fileno(file), TIOCGWINSZ, &size) != 0)
		return 0;
	return size.ws_col;
}

static bool output_write(const struct output *output, output_maker *make, const void *context)
{
	struct text text;
	text_init(&text);
	bool good = make(&text, output, context) == FAULT_NONE &&
		    fwrite(text_view(&text), 1, text.len, output->file) == text.len &&
		    fflush(output->file) == 0;
	text_release(&text);
	return good;
}

static bool output_complete(struct output *output)
{
	bool good = true;
	if (output->file == stdout)
		return true;
	if (output->temporary)
		good = fsync(fileno(output->file)) == 0;
	good = fclose(output->file) == 0 && good;
	output->file = NULL;
	if (good && output->temporary) {
		good = rename(output->temporary, output->path) == 0;
		if (good) {
			free(output->temporary);
			output->temporary = NULL;
		}
	}
	return good;
}

int outputs_write_made(struct outputs *outputs, const struct check_options *options,
		       output_maker *make, const void *context)
{
	int status = STATUS_PASS;
	for (size_t i = 0; i < outputs->len; i++) {
		struct output *output = &outputs->items[i];
		errno = 0;
		if (output_write(output, make, context) && output_complete(output))
			continue;
		const char *why = errno ? strerror(errno) : "the report could not be made";
		if (output->path)
			refuse(options, output->path, why);
		else
			complain(options->who, "cannot write to standard output: %s", why);
		status = STATUS_FAULT;
	}
	return status;
}

/* A report, and what its look depends on. */
struct dressed {
	const struct check_options *options;
	const struct report *report;
};

static enum fault report_make(struct text *out, const struct output *output, const void *context)
{
	const struct dressed *dressed = context;
	struct report own = *dressed->report;
	own.color = wants_color(dressed->options, output->file);
	own.width = terminal_width(output->file);
	return output->format->write(out, &own);
}

int outputs_write(struct outputs *outputs, const struct check_options *options,
		  const struct report *report)
{
	const struct dressed dressed = { options, report };
	return outputs_write_made(outputs, options, report_make, &dressed);
}

void outputs_release(struct outputs *outputs)
{
	for (size_t i = 0; i < outputs->len; i++) {
		struct output *output = &outputs->items[i];
		if (output->file && output->file != stdout)
			fclose(output->file);
		if (output->temporary)
			unlink(output->temporary);
		free(output->temporary);
	}
	outputs->len = 0;
}
