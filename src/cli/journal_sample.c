/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/journal_internal.h"

void journal_interrupt(struct journal_recall *recall, const struct interruption *interruption)
{
	switch (recall->part) {
	case JOURNAL_POLICY:
		prover_interrupted(recall->run->prover, interruption);
		return;
	case JOURNAL_CASES:
		case_prover_interrupted(recall->run->cases, interruption);
		return;
	case JOURNAL_STRENGTH:
		strength_interrupted(recall->run->strength);
		return;
	case JOURNAL_PARTS_LEN:
		return;
	}
}

static void put(struct journal_recall *recall, size_t at, const struct journal_sample *sample)
{
	recall->samples[at] = *sample;
	recall->has_sample[at] = true;
}

/* Each of those that came so far is kept with the same chance. */
static void draw(struct journal_recall *recall, size_t from, size_t room, uint32_t *drawn,
		 const struct journal_sample *sample)
{
	uint32_t at = *drawn < room ? *drawn : rng_below(&recall->rng, *drawn + 1);
	(*drawn)++;
	if (at < room)
		put(recall, from + at, sample);
}

static bool same_suite(const struct journal_sample *a, const struct journal_sample *b)
{
	return a->seen.version == b->seen.version && a->seen.suite == b->seen.suite;
}

static bool is_drawn(const struct journal_recall *recall, const struct journal_sample *sample)
{
	for (size_t i = 0; i < JOURNAL_ACCEPTED_MAX; i++)
		if (recall->has_sample[JOURNAL_LAST_MAX + i] &&
		    same_suite(&recall->samples[JOURNAL_LAST_MAX + i], sample))
			return true;
	return false;
}

void journal_keep_sample(struct journal_recall *recall, const struct probe *probe,
			 const struct observation *seen)
{
	size_t rejected_from = JOURNAL_LAST_MAX + JOURNAL_ACCEPTED_MAX;
	const struct journal_sample sample = {
		*probe,
		*seen,
		recall->part == JOURNAL_CASES ? case_prover_is_success(probe, seen)
					      : prover_is_success(probe, seen),
	};
	bool rejected = probe->kind == PROBE_HELLO && observation_is_rejection(seen);
	if (sample.success)
		put(recall, 2 * (size_t)probe->version, &sample);
	else if (rejected)
		put(recall, 2 * (size_t)probe->version + 1, &sample);
	if (sample.success && probe->kind == PROBE_HELLO && !is_drawn(recall, &sample))
		draw(recall, JOURNAL_LAST_MAX, JOURNAL_ACCEPTED_MAX, &recall->accepted, &sample);
	else if (rejected)
		draw(recall, rejected_from, JOURNAL_REJECTED_MAX, &recall->rejected, &sample);
}

/* The source of the questions that are asked again. */
struct resample {
	struct journal_recall *recall;
	size_t at;
	struct interruption interruption;
	bool silent;
	const struct journal_sample *differs;
	struct observation now;
};

/* Of a short run only a part of the rejections is asked again, or going on would not be worth it.
 */
#define REJECTED_PART 8

static bool is_asked(const struct journal_recall *recall, size_t at)
{
	const struct journal_sample *sample = &recall->samples[at];
	const struct journal_sample *last =
		&recall->samples[2 * (size_t)sample->probe.version + !sample->success];
	size_t rejected_from = JOURNAL_LAST_MAX + JOURNAL_ACCEPTED_MAX;
	if (!recall->has_sample[at])
		return false;
	if (at < JOURNAL_LAST_MAX)
		return true;
	if (at < rejected_from)
		return !same_suite(last, sample);
	return last->probe.id != sample->probe.id &&
	       (at - rejected_from) * REJECTED_PART < recall->answers;
}

static enum prover_step next(void *context, struct probe *out)
{
	struct resample *resample = context;
	while (resample->at < JOURNAL_SAMPLES_MAX) {
		size_t at = resample->at++;
		if (!is_asked(resample->recall, at))
			continue;
		*out = resample->recall->samples[at].probe;
		return PROVER_PROBE;
	}
	return PROVER_DONE;
}

static const struct journal_sample *sample_of(const struct resample *resample,
					      const struct probe *probe)
{
	const struct journal_recall *recall = resample->recall;
	size_t at = 0;
	while (!is_asked(recall, at) || recall->samples[at].probe.id != probe->id)
		at++;
	return &recall->samples[at];
}

static bool has_control(const struct interruption *interruption, enum version version)
{
	for (size_t i = 0; i < interruption->len; i++)
		if (interruption->controls[i].version == version)
			return true;
	return false;
}

/* Who shows another certificate was set up anew, whatever else it does alike. */
static bool same_certificate(const struct observation *a, const struct observation *b)
{
	bool both =
		a->certificates && a->certificates->len && b->certificates && b->certificates->len;
	return !both || span_equal(a->certificates->der[0], b->certificates->der[0]);
}

static void deliver(void *context, const struct probe *probe, const struct observation *seen)
{
	struct resample *resample = context;
	struct interruption *to = &resample->interruption;
	const struct journal_sample *sample = sample_of(resample, probe);
	if (!observation_is_answer(seen)) {
		resample->silent = true;
	} else if (!observation_same_class(&sample->seen, seen) ||
		   !same_certificate(&sample->seen, seen)) {
		resample->differs = sample;
		resample->now = *seen;
	} else if (sample->success && !has_control(to, probe->version)) {
		to->controls[to->len++] = (struct interruption_control){
			.version = probe->version,
			.started_us = seen->started_us,
			.ended_us = seen->ended_us,
		};
	}
}

static void tell_change(struct check_run *run, const struct resample *resample)
{
	char before[256], now[256];
	const struct observation *seen = &resample->differs->seen;
	enum version version = resample->differs->probe.version;
	bool alike = observation_same_class(seen, &resample->now);
	observation_describe(before, sizeof(before), seen);
	observation_describe(now, sizeof(now), &resample->now);
	run->changed = true;
	run->resumed = arena_printf(
		&run->arena,
		"everything was asked anew: the endpoint is not the one of the journal that was "
		"begun at %s (%s then: %s; now: %s)",
		run->started, version == VERSION_NONE ? "no TLS" : version_name(version), before,
		alike ? "the same with another certificate" : now);
	if (run->resumed)
		complain(run->check->options->who, "'%s': %s", run->target, run->resumed);
}

static void go_on(struct journal_recall *recall, const struct interruption *interruption)
{
	struct journal *journal = recall->journal;
	const struct journal_record record = {
		.part = recall->part,
		.handed = journal->handed,
		.interruption = *interruption,
	};
	journal_put_interruption(&journal->text, &record);
	journal_line(journal);
	journal_interrupt(recall, interruption);
}

/* Some seconds in all, as an undisturbed run waits for an endpoint that one of its cases brought
 * down. */
#define RETURN_RETRIES 7

static void be_patient(struct engine_options *options)
{
	if (options->retries < RETURN_RETRIES)
		options->retries = RETURN_RETRIES;
}

enum fault journal_resample(struct journal_recall *recall, struct engine_result *out,
			    const struct engine_options *options)
{
	struct check_run *run = recall->run;
	struct resample resample = { .recall = recall,
				     .interruption = { .at_us = recall->elapsed_us } };
	const struct engine_source source = { .context = &resample,
					      .next = next,
					      .deliver = deliver };
	struct engine_options again = *options;
	again.elapsed_us = recall->elapsed_us + 1;
	again.taped = false;
	if (recall->part == JOURNAL_CASES)
		be_patient(&again);
	run->samples = true;
	enum fault fault = engine_drive(out, &source, &run->arena, &again);
	run->samples = false;
	recall->elapsed_us = out->duration_us + 1;
	if (fault != FAULT_NONE || out->interrupted)
		return fault;
	if (resample.differs)
		tell_change(run, &resample);
	else if (resample.silent)
		run->paused = true;
	else
		go_on(recall, &resample.interruption);
	return FAULT_NONE;
}
