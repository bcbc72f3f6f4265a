/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>

#include "base/rng.h"
#include "cli/fuzz.h"
#include "cli/fuzz_watch.h"

/* What is kept of answers is given back when that much has gathered and nothing is under way. */
#define KEEP_MAX	((size_t)8 << 20)

/* Suspects are settled once there are some, so that a find is not lost with the run. */
#define SETTLE_AFTER_US 500000

#define STREAM_PICK	3
#define READING_ROOM	((size_t)256 << 10)

/* One probe under way: its bytes stay here until its answer is delivered. */
struct slot {
	bool taken, is_canary;
	size_t place; /* among all that the window was given */
	struct probe_index index;
	struct fuzz_probe probe;
	struct arena arena;
	uint8_t bytes[GENERATED_MAX];
};

struct fuzz_feed {
	struct fuzz *fuzz;
	struct fuzz_window *window;
	struct slot *slots;
	size_t slots_len, running;
	uint64_t begun_us;
	/* Since the last canary was sent: probes, and when. */
	size_t since_canary, canaries_running;
	size_t canary_mark, dropped; /* places in the window: what was answered, what is gone */
	uint64_t canary_us, suspected_us;
};

static struct slot *slot_free(struct fuzz_feed *stream)
{
	for (size_t i = 0; i < stream->slots_len; i++)
		if (!stream->slots[i].taken)
			return &stream->slots[i];
	return NULL;
}

/* Half of the probes are children of what showed something new, as long as there are any. */
struct probe_index fuzz_pick(struct fuzz *fuzz)
{
	struct probe_index index;
	struct rng rng;
	if (fuzz->resume_at < fuzz->resume_len)
		return fuzz->resume[fuzz->resume_at++];
	rng_init(&rng, fuzz->generator.seed + fuzz->picks++, STREAM_PICK);
	if (rng_below(&rng, 2) && novelty_next(&fuzz->novelty, &index))
		return index;
	return (struct probe_index){ .root = fuzz->next_root++ };
}

static bool is_over(struct fuzz_feed *stream)
{
	const struct fuzz *fuzz = stream->fuzz;
	if (stream->window->trouble || fuzz->suspects_len == FUZZ_SUSPECTS_MAX ||
	    fuzz_is_over(fuzz))
		return true;
	return stream->suspected_us && fuzz->now_us > stream->suspected_us + SETTLE_AFTER_US;
}

static bool canary_is_due(const struct fuzz_feed *stream)
{
	if (stream->canaries_running)
		return false;
	return stream->since_canary >= FUZZ_CANARY_PROBES ||
	       (stream->since_canary && stream->fuzz->now_us >= stream->canary_us + FUZZ_CANARY_US);
}

static void put_out(struct fuzz_feed *stream, struct slot *slot, struct probe *out)
{
	struct fuzz *fuzz = stream->fuzz;
	slot->taken = true;
	stream->running++;
	fuzz_raw(fuzz, &slot->probe, out);
	out->question = (uint32_t)(slot - stream->slots);
	out->id = (uint32_t)(fuzz->counts.probes + fuzz->counts.canaries);
	fuzz->counts.bytes += slot->probe.bytes.len;
}

/* The place behind the last of which everything before it was answered, too. */
static size_t answered(const struct fuzz_feed *stream)
{
	size_t place = stream->dropped + stream->window->len;
	for (size_t i = 0; i < stream->slots_len; i++) {
		const struct slot *slot = &stream->slots[i];
		if (slot->taken && !slot->is_canary && slot->place < place)
			place = slot->place;
	}
	return place;
}

/* What is answered well after this was sent proves that everything answered before did no harm. */
static void send_canary(struct fuzz_feed *stream, struct slot *slot, struct probe *out)
{
	struct fuzz *fuzz = stream->fuzz;
	slot->is_canary = true;
	slot->probe = fuzz->control;
	stream->canary_mark = answered(stream);
	stream->since_canary = 0;
	stream->canaries_running++;
	stream->canary_us = fuzz->now_us;
	fuzz->counts.canaries++;
	put_out(stream, slot, out);
	out->purpose = PURPOSE_CANARY;
}

static void send_generated(struct fuzz_feed *stream, struct slot *slot, struct probe *out)
{
	struct fuzz *fuzz = stream->fuzz;
	struct fuzz_window *window = stream->window;
	slot->is_canary = false;
	slot->index = fuzz_pick(fuzz);
	slot->probe = fuzz_make(fuzz, &slot->index, slot->bytes);
	arena_clear(&slot->arena);
	fuzz_read(fuzz, &slot->probe, &slot->arena);
	fuzz->counts.probes++;
	fuzz->counts.readings[slot->probe.reading.kind]++;
	stream->since_canary++;
	slot->place = stream->dropped + window->len;
	if (window->len < FUZZ_WINDOW_MAX)
		window->items[window->len++] = slot->index;
	put_out(stream, slot, out);
}

static enum prover_step next(void *context, struct probe *out)
{
	struct fuzz_feed *stream = context;
	struct fuzz *fuzz = stream->fuzz;
	fuzz->now_us = fuzz_now_us(fuzz);
	if (is_over(stream))
		return PROVER_DONE;
	if (fuzz->keep.used > KEEP_MAX && stream->running)
		return PROVER_WAIT;
	if (fuzz->keep.used > KEEP_MAX)
		arena_clear(&fuzz->keep);
	struct slot *slot = slot_free(stream);
	if (!slot)
		return PROVER_WAIT;
	if (canary_is_due(stream))
		send_canary(stream, slot, out);
	else
		send_generated(stream, slot, out);
	return PROVER_PROBE;
}

/* The first says what kind of trouble it is; a timer may be some milliseconds early. */
static void note_trouble(struct fuzz_feed *stream, const struct observation *seen)
{
	uint64_t nearly = stream->fuzz->options->base.timeout_ms * 900;
	bool silent = seen->outcome == OUTCOME_UNREACHABLE || seen->outcome == OUTCOME_TIMEOUT;
	if (!stream->window->trouble)
		stream->window->late = silent && seen->ended_us - seen->started_us >= nearly;
	stream->window->trouble = true;
}

static void take_canary(struct fuzz_feed *stream, const struct observation *seen)
{
	struct fuzz *fuzz = stream->fuzz;
	struct fuzz_window *window = stream->window;
	stream->canaries_running--;
	if (seen->overload)
		return;
	fuzz_watch_sample(fuzz);
	if (seen->outcome != fuzz->control.seen.outcome || fuzz_watch_harm(fuzz)) {
		note_trouble(stream, seen);
		return;
	}
	size_t mark = stream->canary_mark - stream->dropped;
	stream->dropped = stream->canary_mark;
	memmove(window->items, window->items + mark, (window->len - mark) * sizeof(*window->items));
	window->len -= mark;
}

static void suspect(struct fuzz_feed *stream, const struct slot *slot,
		    const struct anomaly *anomaly)
{
	struct fuzz *fuzz = stream->fuzz;
	const char *only = fuzz->options->base.only;
	if (only && !glob_match(only, anomaly->key))
		return;
	if (fuzz_is_refused_behind(fuzz, anomaly) || fuzz_is_known(fuzz, &slot->probe, anomaly))
		return;
	for (size_t i = 0; i < fuzz->suspects_len; i++)
		if (strcmp(fuzz->suspects[i].anomaly.key, anomaly->key) == 0)
			return;
	if (fuzz->suspects_len == FUZZ_SUSPECTS_MAX)
		return;
	fuzz->suspects[fuzz->suspects_len++] =
		(struct fuzz_suspect){ .index = slot->index, .anomaly = *anomaly };
	if (!stream->suspected_us)
		stream->suspected_us = fuzz->now_us;
}

static void tell_class(const struct fuzz *fuzz, const struct slot *slot,
		       const struct observation *seen)
{
	char phrase[SERVER_MESSAGE_MAX + 256];
	struct text index;
	text_init(&index);
	probe_index_put(&index, &slot->index);
	observation_describe(phrase, sizeof(phrase), seen);
	fprintf(stderr, "class %zu, %llu:%s, %s: %s\n", fuzz->novelty.classes_len,
		(unsigned long long)fuzz->generator.seed, text_view(&index),
		reading_kind_name(slot->probe.reading.kind), phrase);
	text_release(&index);
}

static void take_answer(struct fuzz_feed *stream, struct slot *slot, const struct observation *seen)
{
	struct fuzz *fuzz = stream->fuzz;
	struct anomaly anomaly;
	fuzz->counts.outcomes[seen->outcome]++;
	fuzz->counts.overloads += seen->overload;
	if (seen->outcome == OUTCOME_UNREACHABLE) {
		if (!fuzz->notes_len && seen->message)
			fuzz_note(fuzz, arena_text(&fuzz->arena, span_text(seen->message)));
		note_trouble(stream, seen);
		return;
	}
	if (seen->overload)
		return;
	if (novelty_take(&fuzz->novelty, &slot->index, observation_class(seen)) &&
	    fuzz->options->base.verbose)
		tell_class(fuzz, slot, seen);
	if (oracle_judge(&anomaly, &fuzz->oracle, &slot->probe.reading, &slot->probe.demand, seen))
		suspect(stream, slot, &anomaly);
}

static void deliver(void *context, const struct probe *probe, const struct observation *seen)
{
	struct fuzz_feed *stream = context;
	struct slot *slot = &stream->slots[probe->question];
	slot->taken = false;
	stream->running--;
	if (slot->is_canary)
		take_canary(stream, seen);
	else
		take_answer(stream, slot, seen);
}

static bool slots_init(struct fuzz_feed *stream, size_t len)
{
	stream->slots = calloc(len, sizeof(*stream->slots));
	stream->slots_len = stream->slots ? len : 0;
	for (size_t i = 0; i < stream->slots_len; i++)
		arena_init(&stream->slots[i].arena, READING_ROOM);
	return stream->slots != NULL;
}

static void slots_release(struct fuzz_feed *stream)
{
	for (size_t i = 0; i < stream->slots_len; i++)
		arena_release(&stream->slots[i].arena);
	free(stream->slots);
}

enum fault fuzz_stream(struct fuzz *fuzz, struct fuzz_window *window)
{
	struct fuzz_feed stream = { .fuzz = fuzz, .window = window };
	const struct engine_source source = { &stream, next, deliver, NULL };
	struct engine_options options;
	struct engine_result result;
	fuzz_engine_options(fuzz, &fuzz->address, &options);
	/* A server that serves one after the other has the next one while we would part politely.
	 */
	options.abrupt = true;
	stream.begun_us = stream.canary_us = fuzz->now_us = fuzz_now_us(fuzz);
	window->len = 0;
	window->trouble = window->late = false;
	fuzz_watch_forget(fuzz);
	arena_clear(&fuzz->keep);
	if (!slots_init(&stream, options.concurrency))
		return FAULT_NO_MEMORY;
	enum fault fault = engine_drive(&result, &source, &fuzz->keep, &options);
	slots_release(&stream);
	fuzz->now_us = fuzz_now_us(fuzz);
	fuzz->counts.stream_us += fuzz->now_us - stream.begun_us;
	fuzz->interrupted = fuzz->interrupted || result.interrupted;
	return fault;
}
