/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/fuzz.h"

#include <uv.h>

void fuzz_read(const struct fuzz *fuzz, struct fuzz_probe *probe, struct arena *arena)
{
	uint16_t *scratch = arena_array(arena, probe->bytes.len / 2 + 1, sizeof(*scratch));
	reading_of(&probe->reading, probe->bytes, arena);
	probe->demand = (struct demand){ .kind = DEMAND_NOTHING, .highest = VERSION_NONE };
	if (scratch)
		oracle_demand(&probe->demand, &fuzz->oracle, &probe->reading, scratch);
}

struct fuzz_probe fuzz_make(const struct fuzz *fuzz, const struct probe_index *index,
			    uint8_t *bytes)
{
	size_t len = generator_make(&fuzz->generator, index, bytes);
	return (struct fuzz_probe){
		.bytes = span_of(bytes, len),
		.cut = generator_cut(&fuzz->generator, index, len),
	};
}

/* Whoever waits for more is told that nothing comes; whoever has a whole hello is not disturbed.
 * One that bears with a broken rule may wait for the hello, too. */
static bool is_to_be_shut(const struct fuzz_probe *probe)
{
	bool bearable = probe->demand.inferred && probe->reading.rule != FORM_MESSAGE_LENGTH;
	switch (probe->reading.kind) {
	case READING_HELLO:
		return false;
	case READING_BROKEN:
		return probe->reading.cut_short || (bearable && !probe->reading.message.len);
	case READING_SSLV2: /* read as TLS, its header may announce more than there is */
	case READING_PARTIAL:
	case READING_UNDECIDED:
		break;
	}
	return true;
}

void fuzz_raw(const struct fuzz *fuzz, const struct fuzz_probe *probe, struct probe *out)
{
	*out = (struct probe){
		.kind = PROBE_RAW,
		.purpose = PURPOSE_GENERATED,
		.version = VERSION_NONE,
		.seed = fuzz->generator.seed,
		.shape = &fuzz->shape,
		.upgrade = fuzz->target.upgrade,
		.whole_flight = probe->whole_flight,
		.raw = {
			.bytes = probe->bytes,
			.hello = probe->reading.message,
			.cut = probe->cut,
			.shut = is_to_be_shut(probe),
		},
	};
}

void fuzz_engine_options(const struct fuzz *fuzz, const struct address *address,
			 struct engine_options *out)
{
	const struct check_options *base = &fuzz->options->base;
	size_t polite = fuzz->target.upgrade->concurrency;
	*out = (struct engine_options){
		.address = *address,
		.timeout_ms = (unsigned)base->timeout_ms,
		.connect_ms = (unsigned)base->timeout_ms,
		.concurrency = fuzz->concurrency   ? fuzz->concurrency
			       : base->concurrency ? (unsigned)base->concurrency
			       : polite		   ? (unsigned)polite
						   : ENGINE_CONCURRENCY_DEFAULT,
		.rate = (unsigned)base->rate,
		.elapsed_us = fuzz_now_us(fuzz),
	};
}

struct asking {
	struct fuzz *fuzz;
	struct fuzz_probe *probes;
	size_t len, next;
};

static enum prover_step next(void *context, struct probe *out)
{
	struct asking *asking = context;
	if (asking->next == asking->len)
		return PROVER_DONE;
	fuzz_raw(asking->fuzz, &asking->probes[asking->next], out);
	out->question = (uint32_t)asking->next++;
	out->id = out->question + 1;
	return PROVER_PROBE;
}

static void deliver(void *context, const struct probe *probe, const struct observation *seen)
{
	struct asking *asking = context;
	asking->probes[probe->question].seen = *seen;
}

static void keep_received(void *context, const struct engine_attempt *attempt)
{
	struct asking *asking = context;
	asking->probes[attempt->probe->question].received =
		arena_copy(&asking->fuzz->ask_keep, attempt->received);
}

enum fault fuzz_ask(struct fuzz *fuzz, const struct address *address, struct fuzz_probe *probes,
		    size_t len)
{
	struct asking asking = { fuzz, probes, len, 0 };
	const struct engine_source source = { &asking, next, deliver, NULL };
	struct engine_options options;
	struct engine_result result;
	fuzz_engine_options(fuzz, address, &options);
	/* What crowds out an answer is asked again: a suspect must not be lost to a full queue. */
	options.retries = 1;
	options.context = &asking;
	options.on_attempt = keep_received;
	fuzz->interrupted = fuzz_signals_look(&fuzz->signals) || fuzz->interrupted;
	if (fuzz->hasty_ms && fuzz->hasty_ms < options.timeout_ms)
		options.timeout_ms = options.connect_ms = fuzz->hasty_ms;
	arena_clear(&fuzz->ask_keep);
	for (size_t i = 0; i < len; i++)
		probes[i].seen = (struct observation){ .version = VERSION_NONE };
	enum fault fault = engine_drive(&result, &source, &fuzz->ask_keep, &options);
	fuzz->counts.asked_again += len;
	fuzz->interrupted = fuzz->interrupted || result.interrupted;
	return fault;
}

bool fuzz_is_alive(struct fuzz *fuzz)
{
	struct fuzz_probe canary = fuzz->control;
	fuzz->counts.canaries++;
	fuzz->counts.asked_again--;
	return fuzz_ask(fuzz, &fuzz->address, &canary, 1) == FAULT_NONE &&
	       canary.seen.outcome == fuzz->control.seen.outcome;
}

uint64_t fuzz_now_us(const struct fuzz *fuzz)
{
	return uv_hrtime() / 1000 - fuzz->started_us;
}

void fuzz_note(struct fuzz *fuzz, const char *note)
{
	if (note && fuzz->notes_len < sizeof(fuzz->notes) / sizeof(fuzz->notes[0]))
		fuzz->notes[fuzz->notes_len++] = note;
}
