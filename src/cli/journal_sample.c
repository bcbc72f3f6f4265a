/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/journal_internal.h"

void journal_interrupt(struct journal_recall *recall, const struct interruption *interruption)
{
	if (recall->cases)
		case_prover_interrupted(recall->run->cases, interruption);
	else
		prover_interrupted(recall->run->prover, interruption);
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

static enum prover_step next(void *context, struct probe *out)
{
	struct resample *resample = context;
	while (resample->at < JOURNAL_SAMPLES_MAX) {
		size_t at = resample->at++;
		if (!resample->recall->has_sample[at])
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
	const struct journal_sample *sample = &recall->samples[2 * (size_t)probe->version];
	bool first = recall->has_sample[2 * (size_t)probe->version];
	return first && sample->probe.id == probe->id ? sample : sample + 1;
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
	} else if (sample->success && to->len < INTERRUPTION_CONTROLS_MAX) {
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
		.cases = recall->cases,
		.handed = journal->handed,
		.interruption = *interruption,
	};
	journal_put_interruption(&journal->text, &record);
	journal_line(journal);
	journal_interrupt(recall, interruption);
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
