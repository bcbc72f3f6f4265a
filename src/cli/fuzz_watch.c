/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cli/fuzz.h"
#include "cli/fuzz_watch.h"

#define START_MS  10000
#define SAMPLE_US UINT64_C(200000)
#define HARM_MS	  1000
#define LOOK_MS	  10

int fuzz_watch_begin(struct fuzz *fuzz)
{
	const struct watch_options *options = &fuzz->options->watch;
	const char *who = fuzz->options->base.who;
	if (!watch_options_given(options))
		return STATUS_PASS;
	int status = watch_options_check(options, who, &fuzz->address);
	if (status != STATUS_PASS)
		return status;
	struct watch *watch = arena_alloc(&fuzz->arena, sizeof(*watch));
	if (!watch)
		return complain_fault(who, fuzz->arena.fault);
	status = watch_options_begin(options, who, watch, &fuzz->address, START_MS);
	if (status == STATUS_PASS)
		fuzz->watch = watch;
	growth_init(&fuzz->growth);
	return status;
}

/* Sanitizers name themselves in their summaries. */
static void put_crash(char *out, size_t out_len, const struct crash_report *crash)
{
	bool named = strncmp(crash->summary, crash->kind, strlen(crash->kind)) == 0;
	snprintf(out, out_len, "%s%s%s", named ? "" : crash->kind, named ? "" : ": ",
		 crash->summary);
}

void fuzz_watch_forget(struct fuzz *fuzz)
{
	*fuzz->harm = *fuzz->cause = '\0';
	fuzz->harmed = false;
}

static bool is_new(const struct fuzz *fuzz, const struct watch_report *report)
{
	return report->crashes > fuzz->crashes && report->has_crash;
}

/* Until the process ended or, unless that is waited for, what it prints is whole: for a second at
 * most. */
static void look(struct fuzz *fuzz, struct watch_report *report, bool awaits_end)
{
	const struct timespec pause = { 0, LOOK_MS * 1000000 };
	watch_look(fuzz->watch, report);
	for (unsigned waited = 0; waited < HARM_MS; waited += LOOK_MS) {
		bool printing = is_new(fuzz, report) && !report->crash.whole;
		if (report->end.state != WATCH_ALIVE || (!awaits_end && !printing))
			return;
		nanosleep(&pause, NULL);
		watch_look(fuzz->watch, report);
	}
}

/* What it printed stays the cause of the end that follows. */
static bool take_harm(struct fuzz *fuzz, bool awaits_end)
{
	struct watch_report report;
	struct text text;
	if (!fuzz->watch)
		return false;
	look(fuzz, &report, awaits_end);
	bool crashed = is_new(fuzz, &report), ended = report.end.state != WATCH_ALIVE;
	if (!crashed && !ended)
		return false;
	text_init(&text);
	if (crashed)
		put_crash(fuzz->cause, sizeof(fuzz->cause), &report.crash);
	if (ended) {
		text_put(&text, "the server ");
		watch_end_put(&text, &report.end);
	}
	if (*fuzz->cause)
		text_join(&text, ended ? "; " : "", fuzz->cause);
	snprintf(fuzz->harm, sizeof(fuzz->harm), "%s", text_view(&text));
	text_release(&text);
	fuzz->crashes = report.crashes;
	fuzz->harmed = true;
	watch_next_crash(fuzz->watch);
	return true;
}

bool fuzz_watch_harm(struct fuzz *fuzz)
{
	return take_harm(fuzz, false);
}

bool fuzz_watch_await_harm(struct fuzz *fuzz)
{
	return take_harm(fuzz, true);
}

bool fuzz_watch_revive(struct fuzz *fuzz)
{
	struct watch_report report;
	char why[512] = "";
	if (!fuzz->watch)
		return true;
	watch_look(fuzz->watch, &report);
	if (report.end.state == WATCH_ALIVE)
		return true;
	fuzz->crashes = 0;
	growth_init(&fuzz->growth);
	if (!fuzz->options->watch.exec)
		return false;
	fuzz->counts.restarts++;
	if (watch_restart(fuzz->watch, why, sizeof(why)) == FAULT_NONE)
		return true;
	fuzz_note(fuzz, arena_text(&fuzz->arena, span_text(why)));
	return false;
}

void fuzz_watch_sample(struct fuzz *fuzz)
{
	if (!fuzz->watch || fuzz->now_us < fuzz->sampled_us + SAMPLE_US)
		return;
	fuzz->sampled_us = fuzz->now_us;
	growth_add(&fuzz->growth, fuzz->counts.probes, watch_memory(fuzz->watch));
}

static void judge_growth(struct fuzz *fuzz)
{
	struct growth_verdict verdict = growth_judge(&fuzz->growth);
	struct text text;
	text_init(&text);
	text_put(&text, "the server's memory ");
	growth_put(&text, &verdict);
	const char *sentence = arena_text(&fuzz->arena, span_text(text_view(&text)));
	text_release(&text);
	if (!verdict.grows) {
		fuzz_note(fuzz, sentence);
		return;
	}
	struct anomaly anomaly = { .kind = ANOMALY_GROWTH };
	anomaly_key(&anomaly, "per-probe");
	struct fuzz_find *find = fuzz_add(fuzz, &anomaly, NULL, span_of(NULL, 0));
	if (!find)
		return;
	find->confirmed = true;
	find->detail = sentence;
}

void fuzz_watch_end(struct fuzz *fuzz)
{
	if (!fuzz->watch)
		return;
	judge_growth(fuzz);
	fuzz_watch_stop(fuzz);
}

void fuzz_watch_stop(struct fuzz *fuzz)
{
	if (fuzz->watch)
		watch_stop(fuzz->watch);
}
