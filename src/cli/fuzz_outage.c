/* SPDX-License-Identifier: Apache-2.0 */
#include <time.h>

#include "cli/fuzz.h"

/* How long an endpoint may take to come back by itself. */
#define RETURN_MS 10000
#define PAUSE_MS  100

static void pause_ms(long ms)
{
	const struct timespec pause = { ms / 1000, ms % 1000 * 1000000 };
	nanosleep(&pause, NULL);
}

/* Sends one probe of the window, and then the canary. */
static enum fault survives(struct fuzz *fuzz, const struct probe_index *index, bool *out)
{
	uint8_t bytes[GENERATED_MAX];
	size_t len = generator_make(&fuzz->generator, index, bytes);
	struct fuzz_probe probe = {
		.bytes = span_of(bytes, len),
		.cut = generator_cut(&fuzz->generator, index, len),
	};
	arena_clear(&fuzz->scratch);
	fuzz_read(fuzz, &probe, &fuzz->scratch);
	enum fault fault = fuzz_ask(fuzz, &fuzz->address, &probe, 1);
	*out = true;
	if (fault != FAULT_NONE)
		return fault;
	*out = probe.seen.outcome != OUTCOME_UNREACHABLE && fuzz_is_alive(fuzz);
	return FAULT_NONE;
}

static struct fuzz_find *note(struct fuzz *fuzz, const char *what, const struct probe_index *index)
{
	uint8_t bytes[GENERATED_MAX];
	struct anomaly anomaly = { .kind = ANOMALY_OUTAGE };
	size_t len = generator_make(&fuzz->generator, index, bytes);
	anomaly_key(&anomaly, what);
	for (size_t i = 0; i < fuzz->finds_len; i++) {
		struct fuzz_find *find = &fuzz->finds[i];
		if (strcmp(find->anomaly.key, anomaly.key) == 0 &&
		    (!find->confirmed || probe_index_equal(&find->index, index))) {
			find->probes++;
			return NULL;
		}
	}
	return fuzz_add(fuzz, &anomaly, index, span_of(bytes, len));
}

/* Alone and once more: what one probe does, it does again. */
static enum fault settle(struct fuzz *fuzz, const struct probe_index *index)
{
	bool alive = true;
	enum fault fault = FAULT_NONE;
	if (fuzz_returns(fuzz))
		fault = survives(fuzz, index, &alive);
	struct fuzz_find *find = note(fuzz, "one-probe", index);
	if (!find)
		return fault;
	find->confirmed = !alive;
	find->cause = "";
	find->detail = "the control is not taken after it";
	fuzz_returns(fuzz);
	return fault;
}

static bool was_settled(const struct fuzz *fuzz, const struct probe_index *index)
{
	for (size_t i = 0; i < fuzz->finds_len; i++)
		if (fuzz->finds[i].anomaly.kind == ANOMALY_OUTAGE &&
		    probe_index_equal(&fuzz->finds[i].index, index))
			return true;
	return false;
}

bool fuzz_returns(struct fuzz *fuzz)
{
	for (unsigned waited = 0; waited < RETURN_MS && !fuzz->interrupted; waited += PAUSE_MS) {
		if (fuzz_is_alive(fuzz))
			return true;
		pause_ms(PAUSE_MS);
	}
	fuzz->lost = !fuzz->interrupted;
	return false;
}

enum fault fuzz_outage(struct fuzz *fuzz, const struct fuzz_window *window)
{
	enum fault fault = FAULT_NONE;
	fuzz->counts.outages++;
	/* What was suspected while it was going down says nothing. */
	fuzz->suspects_len = 0;
	if (!fuzz_returns(fuzz)) {
		if (window->len && fuzz->lost)
			note(fuzz, "gone", &window->items[window->len - 1]);
		return FAULT_NONE;
	}
	for (size_t i = 0; i < window->len && fault == FAULT_NONE; i++) {
		bool alive;
		if (was_settled(fuzz, &window->items[i]))
			continue;
		fault = survives(fuzz, &window->items[i], &alive);
		if (fuzz->interrupted)
			return fault;
		if (fault == FAULT_NONE && !alive)
			return settle(fuzz, &window->items[i]);
	}
	if (fault == FAULT_NONE && window->len)
		note(fuzz, "not-seen-again", &window->items[window->len - 1]);
	return fault;
}
