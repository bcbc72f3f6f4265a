/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/progress.h"

#include <unistd.h>

#include "base/text.h"

static bool is_shown(const struct check_run *run)
{
	const struct check_options *options = run->check->options;
	return !options->quiet && !options->verbose && isatty(STDERR_FILENO);
}

void progress_show(const struct check_run *run, size_t answered, size_t planned)
{
	if (!is_shown(run))
		return;
	fprintf(stderr, "\r\x1b[K");
	if (run->check->runs_len > 1)
		fprintf(stderr, "run %zu of %zu: ", run->check->runs_done + 1,
			run->check->runs_len);
	fprintf(stderr, "%zu of %zu probes %sanswered", answered, planned,
		run->asks_strength ? "of hellos "
		: run->asks_cases  ? "of cases "
				   : "");
	fflush(stderr);
}

void progress_clear(const struct check_run *run)
{
	if (!is_shown(run))
		return;
	fprintf(stderr, "\r\x1b[K");
	fflush(stderr);
}

void progress_attempt(const struct engine_attempt *attempt)
{
	const struct observation *seen = attempt->observation;
	char asked[160], answered[256];
	struct text line;
	probe_describe(asked, sizeof(asked), attempt->probe);
	observation_describe(answered, sizeof(answered), seen);
	text_init(&line);
	/* The description repeats what the server said. */
	text_quote(&line, span_text(answered));
	uint64_t us = seen->ended_us > seen->started_us ? seen->ended_us - seen->started_us : 0;
	fprintf(stderr, "%5u  %s -> %s, %.1f ms%s\n", attempt->probe->id, asked, text_view(&line),
		(double)us / 1000.0, attempt->final ? "" : ", asked again");
	text_release(&line);
}
