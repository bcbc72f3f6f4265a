/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <time.h>

#include "base/fingerprint.h"
#include "cli/fuzz.h"
#include "cli/fuzz_watch.h"
#include "cli/fuzz_write.h"

/* How long an endpoint may take to come back by itself. */
#define RETURN_MS 10000
#define PAUSE_MS  100
#define MARK_LEN  9

static void pause_ms(long ms)
{
	const struct timespec pause = { ms / 1000, ms % 1000 * 1000000 };
	nanosleep(&pause, NULL);
}

/* Asks once, and then the canary and the server's own process: whether all is well. */
static enum fault survives(struct fuzz *fuzz, struct fuzz_probe *probe, bool *out)
{
	arena_clear(&fuzz->scratch);
	fuzz_read(fuzz, probe, &fuzz->scratch);
	fuzz_watch_forget(fuzz);
	enum fault fault = fuzz_ask(fuzz, &fuzz->address, probe, 1);
	*out = fault != FAULT_NONE ||
	       (probe->seen.outcome != OUTCOME_UNREACHABLE && fuzz_is_alive(fuzz));
	if (*out)
		*out = !fuzz_watch_harm(fuzz);
	else if (!fuzz_watch_await_harm(fuzz))
		snprintf(fuzz->harm, sizeof(fuzz->harm), "the control is not taken after it");
	return fault;
}

/* What is harmed in the same way has the same key: where a cause does not fit, its fingerprint
 * tells it from others that begin alike. */
static void name_harm(struct anomaly *out, const struct fuzz *fuzz)
{
	const char *what = *fuzz->cause ? fuzz->cause : fuzz->harm;
	char key[ANOMALY_KEY_MAX - 16];
	*out = (struct anomaly){ .kind = fuzz->harmed ? ANOMALY_REPORT : ANOMALY_OUTAGE,
				 .version = VERSION_NONE };
	text_slug(key, sizeof(key) - MARK_LEN, what);
	if (strlen(what) >= sizeof(key) - MARK_LEN)
		snprintf(key + strlen(key), MARK_LEN + 1, "-%08x",
			 (unsigned)(fingerprint_text(FINGERPRINT_BEGIN, what) & UINT32_MAX));
	anomaly_key(out, key);
}

static enum fault makes_harm(struct fuzz *fuzz, const struct anomaly *anomaly,
			     struct fuzz_probe *probe, bool *out)
{
	struct anomaly harm;
	bool well;
	*out = false;
	if (!fuzz_returns(fuzz))
		return FAULT_NONE;
	enum fault fault = survives(fuzz, probe, &well);
	name_harm(&harm, fuzz);
	*out = !well && strcmp(harm.key, anomaly->key) == 0;
	return fault;
}

static struct fuzz_find *add(struct fuzz *fuzz, const struct anomaly *anomaly,
			     const struct probe_index *index)
{
	uint8_t bytes[GENERATED_MAX];
	const struct fuzz_probe probe = fuzz_make(fuzz, index, bytes);
	for (size_t i = 0; i < fuzz->finds_len; i++) {
		struct fuzz_find *find = &fuzz->finds[i];
		if (strcmp(find->anomaly.key, anomaly->key) == 0) {
			find->probes++;
			return NULL;
		}
	}
	struct fuzz_find *find = fuzz_add(fuzz, anomaly, index, probe.bytes);
	if (find)
		find->cut = probe.cut;
	return find;
}

/* No one probe is to blame: the endpoint is gone for good, or came back and bears them all. */
static void add_outage(struct fuzz *fuzz, const char *what, const struct probe_index *last,
		       const char *harm)
{
	struct anomaly anomaly = { .kind = ANOMALY_OUTAGE };
	anomaly_key(&anomaly, what);
	struct fuzz_find *find = add(fuzz, &anomaly, last);
	if (find)
		find->detail = harm;
}

/* Alone and once more: what one probe does, it does again, and so do fewer bytes. */
static enum fault settle(struct fuzz *fuzz, const struct probe_index *index)
{
	struct anomaly anomaly;
	bool again;
	name_harm(&anomaly, fuzz);
	struct fuzz_find *find = add(fuzz, &anomaly, index);
	if (!find) {
		fuzz_returns(fuzz);
		return FAULT_NONE;
	}
	find->detail = arena_text(&fuzz->arena, span_text(fuzz->harm));
	struct fuzz_probe probe = { .bytes = find->first, .cut = find->cut };
	enum fault fault = makes_harm(fuzz, &find->anomaly, &probe, &again);
	find->confirmed = again;
	if (again && fault == FAULT_NONE)
		fault = fuzz_shrink(fuzz, find, makes_harm, &probe);
	fuzz_returns(fuzz);
	if (fault == FAULT_NONE && again)
		fuzz_keep_find(fuzz, find);
	return fault;
}

static bool was_settled(const struct fuzz *fuzz, const struct probe_index *index)
{
	for (size_t i = 0; i < fuzz->finds_len; i++)
		if ((fuzz->finds[i].anomaly.kind == ANOMALY_OUTAGE ||
		     fuzz->finds[i].anomaly.kind == ANOMALY_REPORT) &&
		    probe_index_equal(&fuzz->finds[i].index, index))
			return true;
	return false;
}

bool fuzz_returns(struct fuzz *fuzz)
{
	for (unsigned waited = 0; waited < RETURN_MS && !fuzz->interrupted; waited += PAUSE_MS) {
		if (!fuzz_watch_revive(fuzz))
			break;
		if (fuzz_is_alive(fuzz))
			return true;
		pause_ms(PAUSE_MS);
	}
	fuzz->lost = !fuzz->interrupted;
	return false;
}

/* One after the other, so that the first after which something is wrong is the one. */
static enum fault replay(struct fuzz *fuzz, const struct fuzz_window *window, bool *found)
{
	uint8_t bytes[GENERATED_MAX];
	enum fault fault = FAULT_NONE;
	for (size_t i = 0; i < window->len && fault == FAULT_NONE && !fuzz_is_late(fuzz); i++) {
		const struct probe_index *index = &window->items[i];
		bool well;
		if (was_settled(fuzz, index))
			continue;
		struct fuzz_probe probe = fuzz_make(fuzz, index, bytes);
		fault = survives(fuzz, &probe, &well);
		if (fault != FAULT_NONE || well)
			continue;
		*found = true;
		return settle(fuzz, index);
	}
	return fault;
}

/* A rejection or silence while it was going down says nothing; a ServerHello still does. */
static void forget_rejections(struct fuzz *fuzz)
{
	size_t len = 0;
	for (size_t i = 0; i < fuzz->suspects_len; i++) {
		enum anomaly_kind kind = fuzz->suspects[i].anomaly.kind;
		if (kind == ANOMALY_ACCEPTED || kind == ANOMALY_BROKEN || kind == ANOMALY_VIOLATION)
			fuzz->suspects[len++] = fuzz->suspects[i];
	}
	fuzz->suspects_len = len;
}

/* More connections at a time than the server's queue holds look like an outage, too. Fewer are
 * tried before any probe is blamed. */
static bool is_crowded(struct fuzz *fuzz, const struct fuzz_window *window)
{
	struct engine_options options;
	fuzz_engine_options(fuzz, &fuzz->address, &options);
	if (!window->late || options.concurrency == 1 || *fuzz->harm || !fuzz_is_alive(fuzz))
		return false;
	fuzz->concurrency = options.concurrency / 2;
	return true;
}

enum fault fuzz_outage(struct fuzz *fuzz, const struct fuzz_window *window)
{
	bool found = false;
	const struct probe_index first = { .root = 0 };
	const struct probe_index *last = window->len ? &window->items[window->len - 1] : &first;
	forget_rejections(fuzz);
	fuzz_watch_await_harm(fuzz);
	if (is_crowded(fuzz, window))
		return FAULT_NONE;
	fuzz->counts.outages++;
	const char *harm = *fuzz->harm ? arena_text(&fuzz->arena, span_text(fuzz->harm)) : NULL;
	if (!fuzz_returns(fuzz)) {
		if (fuzz->lost)
			add_outage(fuzz, "gone", last, harm);
		return FAULT_NONE;
	}
	enum fault fault = replay(fuzz, window, &found);
	if (fault != FAULT_NONE || found || fuzz->interrupted)
		return fault;
	add_outage(fuzz, "not-seen-again", last, harm);
	return FAULT_NONE;
}
