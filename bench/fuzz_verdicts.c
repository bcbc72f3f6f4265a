/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `tlsgauge fuzz` at bench/answering_stub.c, with every answer checked on its way from the engine:
 * whether it is the one that its probe's bytes have, whether each probe gets one, and only one. The
 * stub must be new: the first hello that it is sent is its control.
 *
 * fuzz_verdicts OPTION... TARGET
 */
#include <stdio.h>
#include <stdlib.h>

#include "bench/answering_stub.h"
#include "cli/command.h"
#include "engine/source.h"

#define QUESTIONS_MAX 1024

struct asked {
	bool open;
	uint32_t id;
	uint64_t fingerprint;
	bool cut;
};

struct counts {
	unsigned long probes, answers, lost, strayed, wrong;
};

static struct counts counts;
static uint64_t control;

struct checker {
	const struct engine_source *source;
	struct asked asked[QUESTIONS_MAX];
};

/* The build gives the files of the tool that call the engine ours instead. */
#undef engine_drive
enum fault engine_drive(struct engine_result *out, const struct engine_source *source,
			struct arena *keep, const struct engine_options *options);

static uint64_t fingerprint_of(const struct probe *probe)
{
	struct span bytes = probe->raw.bytes;
	if (probe->raw.cut)
		bytes = span_of(bytes.at, probe->raw.cut);
	return fingerprint_bytes(FINGERPRINT_BEGIN, bytes);
}

static enum prover_step next(void *context, struct probe *out)
{
	struct checker *checker = context;
	enum prover_step step = checker->source->next(checker->source->context, out);
	if (step != PROVER_PROBE)
		return step;
	if (out->question >= QUESTIONS_MAX)
		abort();
	struct asked *asked = &checker->asked[out->question];
	counts.probes++;
	counts.strayed += asked->open;
	*asked = (struct asked){ true, out->id, fingerprint_of(out), out->raw.cut > 0 };
	control = control ? control : asked->fingerprint;
	return step;
}

/* A server that closes while a second segment comes in resets. */
static bool is_right(const struct asked *asked, const struct observation *seen)
{
	struct stub_answer answer = stub_answer(asked->fingerprint);
	if (asked->fingerprint == control)
		return seen->outcome == OUTCOME_SERVER_HELLO;
	if (answer.end == STUB_ALERT)
		return seen->outcome == OUTCOME_ALERT && seen->alert == answer.alert;
	if (asked->cut && seen->outcome == OUTCOME_RESET)
		return true;
	return seen->outcome == (answer.end == STUB_CLOSE ? OUTCOME_CLOSE : OUTCOME_RESET);
}

static void deliver(void *context, const struct probe *probe, const struct observation *seen)
{
	struct checker *checker = context;
	struct asked *asked = &checker->asked[probe->question];
	counts.answers++;
	if (!asked->open || asked->id != probe->id || asked->fingerprint != fingerprint_of(probe))
		counts.strayed++;
	else if (!is_right(asked, seen))
		counts.wrong++;
	asked->open = false;
	checker->source->deliver(checker->source->context, probe, seen);
}

enum fault checked_engine_drive(struct engine_result *out, const struct engine_source *source,
				struct arena *keep, const struct engine_options *options)
{
	struct checker *checker = calloc(1, sizeof(*checker));
	if (!checker)
		return FAULT_NO_MEMORY;
	checker->source = source;
	const struct engine_source checked = { checker, next, deliver, NULL };
	enum fault fault = engine_drive(out, &checked, keep, options);
	for (size_t i = 0; i < QUESTIONS_MAX; i++)
		counts.lost += checker->asked[i].open;
	free(checker);
	return fault;
}

int main(int argc, char **argv)
{
	int status = command_fuzz(argc, argv);
	fprintf(stderr, "verdicts probes=%lu answers=%lu lost=%lu strayed=%lu wrong=%lu\n",
		counts.probes, counts.answers, counts.lost, counts.strayed, counts.wrong);
	if (status == STATUS_USAGE || status == STATUS_FAULT)
		return status;
	return counts.lost || counts.strayed || counts.wrong ? STATUS_FAIL : STATUS_PASS;
}
