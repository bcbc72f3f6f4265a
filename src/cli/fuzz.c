/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/fuzz.h"
#include "cli/fuzz_watch.h"
#include "cli/fuzz_write.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <uv.h>

#include "cli/output.h"

#define PROGRESS_MAX 160

void fuzz_show_progress(const struct fuzz *fuzz)
{
	char line[PROGRESS_MAX];
	if (fuzz->options->base.quiet || !isatty(STDERR_FILENO))
		return;
	snprintf(line, sizeof(line), "%llu probes, %zu classes of answers, %zu findings, %.0f s",
		 (unsigned long long)fuzz->counts.probes, fuzz->novelty.classes_len,
		 fuzz->finds_len, (double)fuzz->now_us / 1e6);
	fprintf(stderr, "\r\033[K%s", line);
}

static void clear_progress(const struct fuzz *fuzz)
{
	if (!fuzz->options->base.quiet && isatty(STDERR_FILENO))
		fprintf(stderr, "\r\033[K");
}

bool fuzz_is_over(const struct fuzz *fuzz)
{
	const struct fuzz_options *options = fuzz->options;
	if (fuzz->interrupted || fuzz->lost)
		return true;
	for (size_t i = 0; options->first && i < fuzz->finds_len; i++)
		if (fuzz->finds[i].confirmed)
			return true;
	if (options->runs && fuzz->counts.probes >= options->runs)
		return true;
	return options->time_us && fuzz_now_us(fuzz) >= options->time_us;
}

bool fuzz_is_late(const struct fuzz *fuzz)
{
	uint64_t end = fuzz->options->time_us;
	return fuzz->interrupted || (end && fuzz_now_us(fuzz) > end + FUZZ_GRACE_US);
}

/* No canary followed what was sent last. */
static bool is_in_trouble(struct fuzz *fuzz, const struct fuzz_window *window)
{
	if (fuzz->interrupted)
		return false;
	return window->trouble || (window->len && (!fuzz_is_alive(fuzz) || fuzz_watch_harm(fuzz)) &&
				   !fuzz->interrupted);
}

static enum fault campaign(struct fuzz *fuzz)
{
	struct fuzz_window window = {
		.items = arena_array(&fuzz->arena, FUZZ_WINDOW_MAX, sizeof(*window.items)),
	};
	enum fault fault = fuzz->arena.fault;
	while (fault == FAULT_NONE && !fuzz_is_over(fuzz)) {
		fault = fuzz_stream(fuzz, &window);
		fuzz_show_progress(fuzz);
		fuzz->interrupted = fuzz_signals_look(&fuzz->signals) || fuzz->interrupted;
		if (fault == FAULT_NONE && is_in_trouble(fuzz, &window))
			fault = fuzz_outage(fuzz, &window);
		if (fault == FAULT_NONE)
			fault = fuzz_settle(fuzz);
		fuzz_show_progress(fuzz);
	}
	return fault;
}

static int work(struct fuzz *fuzz, struct outputs *outputs)
{
	enum fault fault = fuzz->options->against ? fuzz_compare(fuzz) : campaign(fuzz);
	clear_progress(fuzz);
	fuzz_watch_end(fuzz);
	/* What was found until then is told even so. */
	int status =
		fault == FAULT_NONE ? STATUS_PASS : complain_fault(fuzz->options->base.who, fault);
	if (status == STATUS_PASS)
		status = fuzz_corpus_write(fuzz);
	int told = fuzz_report(fuzz, outputs);
	if (status == STATUS_PASS && fuzz->unkept)
		status = STATUS_FAULT;
	return status == STATUS_PASS ? told : status;
}

static int run(struct fuzz *fuzz)
{
	const struct check_options *base = &fuzz->options->base;
	struct outputs outputs = { .len = 0 };
	int status = outputs_open(&outputs, base);
	if (status == STATUS_PASS)
		status = fuzz_corpus_open(fuzz);
	if (status == STATUS_PASS)
		status = fuzz_watch_begin(fuzz);
	if (status == STATUS_PASS)
		status = fuzz_controls(fuzz);
	if (status == STATUS_PASS && fuzz->options->replays)
		status = fuzz_replay(fuzz);
	else if (status == STATUS_PASS)
		status = work(fuzz, &outputs);
	fuzz_watch_stop(fuzz);
	outputs_release(&outputs);
	return status;
}

static int run_until_signal(struct fuzz *fuzz)
{
	enum fault fault = fuzz_signals_begin(&fuzz->signals);
	if (fault != FAULT_NONE)
		return complain_fault(fuzz->options->base.who, fault);
	int status = run(fuzz);
	fuzz_signals_end(&fuzz->signals);
	return status;
}

int command_fuzz(int argc, char **argv)
{
	struct fuzz_options options;
	int status = fuzz_options_parse(&options, argc, argv);
	if (status != STATUS_PASS)
		return status;
	struct fuzz *fuzz = calloc(1, sizeof(*fuzz));
	if (!fuzz)
		return complain_fault(argv[0], FAULT_NO_MEMORY);
	fuzz->options = &options;
	fuzz->started_us = uv_hrtime() / 1000;
	status = fuzz_setup(fuzz);
	if (status == STATUS_PASS)
		status = run_until_signal(fuzz);
	fuzz_release(fuzz);
	free(fuzz);
	return status;
}
