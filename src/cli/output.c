/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/output.h"

#include <errno.h>
#include <pthread.h>
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

/* The rename keeps a report whole for whoever reads it and when we are killed. It is not synced to
 * the disk: that costs more than making it, and a report lost in a power cut is made again. */
static bool output_complete(struct output *output)
{
	if (output->file == stdout)
		return true;
	bool good = fclose(output->file) == 0;
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

/* One report in the making: formats read what is shared and write what is theirs, so each is made
 * in a thread of its own. */
struct making {
	struct output *output;
	output_maker *make;
	const void *context;
	struct text text;
	struct text_drain drain;
	pthread_t thread;
	bool threaded, good;
	int why; /* an errno, or 0 */
};

static bool making_take(void *context, struct span bytes)
{
	struct making *making = context;
	errno = 0;
	bool good = fwrite(bytes.at, 1, bytes.len, making->output->file) == bytes.len;
	if (!good)
		making->why = errno;
	return good;
}

static void making_deliver(struct making *making)
{
	struct output *output = making->output;
	const struct text *text = &making->text;
	making->good = making_take(making, span_of(text_view(text), text->len));
	if (!making->good)
		return;
	errno = 0;
	making->good = fflush(output->file) == 0 && output_complete(output);
	making->why = errno;
}

/* What goes to a terminal, a pipe or a device may go to the same as another: that waits for its
 * turn. A file that nobody sees yet is written at once. */
static void *making_run(void *data)
{
	struct making *making = data;
	if (making->output->temporary)
		making->text.drain = &making->drain;
	making->good = making->make(&making->text, making->output, making->context) == FAULT_NONE;
	if (making->good && making->output->temporary)
		making_deliver(making);
	return NULL;
}

static void makings_run(struct making *all, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		struct making *making = &all[i];
		making->threaded = i + 1 < len &&
				   pthread_create(&making->thread, NULL, making_run, making) == 0;
		if (!making->threaded)
			making_run(making);
	}
	for (size_t i = 0; i < len; i++)
		if (all[i].threaded)
			pthread_join(all[i].thread, NULL);
}

static int making_end(struct making *making, const struct check_options *options)
{
	bool waits = making->good && making->output->file;
	if (waits)
		making_deliver(making);
	text_release(&making->text);
	if (making->good)
		return STATUS_PASS;
	const char *why = making->why ? strerror(making->why) : "the report could not be made";
	if (making->output->path)
		refuse(options, making->output->path, why);
	else
		complain(options->who, "cannot write to standard output: %s", why);
	return STATUS_FAULT;
}

int outputs_write_made(struct outputs *outputs, const struct check_options *options,
		       output_maker *make, const void *context)
{
	struct making all[CHECK_REPORTS_MAX] = { 0 };
	int status = STATUS_PASS;
	for (size_t i = 0; i < outputs->len; i++)
		all[i] = (struct making){ .output = &outputs->items[i],
					  .make = make,
					  .context = context,
					  .drain = { making_take, &all[i] } };
	makings_run(all, outputs->len);
	for (size_t i = 0; i < outputs->len; i++)
		if (making_end(&all[i], options) != STATUS_PASS)
			status = STATUS_FAULT;
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
