/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "base/fingerprint.h"
#include "cli/fuzz.h"

#define BATCH 256

/* What one of two endpoints made of a hello. */
struct side {
	const char *word;
	enum version version;
	uint16_t suite;
};

static struct side side_of(const struct observation *seen)
{
	struct side out = { .version = VERSION_NONE };
	switch (seen->outcome) {
	case OUTCOME_SERVER_HELLO:
	case OUTCOME_HELLO_RETRY_REQUEST:
		out.word = "accepts";
		out.version = seen->version;
		out.suite = seen->suite;
		return out;
	case OUTCOME_ALERT:
	case OUTCOME_CLOSE:
	case OUTCOME_RESET:
	case OUTCOME_REFUSED:
		out.word = "rejects";
		return out;
	case OUTCOME_TIMEOUT:
		out.word = "is-silent";
		return out;
	case OUTCOME_GARBAGE:
		out.word = "sends-garbage";
		return out;
	case OUTCOME_NONE:
	case OUTCOME_PLAINTEXT:
	case OUTCOME_UNREACHABLE:
		break;
	}
	return out;
}

static void side_name(char *out, size_t out_len, const struct side *side)
{
	bool version = side->version != VERSION_NONE;
	snprintf(out, out_len, "%s%s%s", side->word, version ? "-" : "",
		 version ? version_name(side->version) : "");
}

/* Another suite of the same version is a choice, not a ruling: a remark. */
static bool differ(struct anomaly *out, const struct observation *a, const struct observation *b)
{
	char one[32], other[32], subject[ANOMALY_KEY_MAX - 16];
	struct side x = side_of(a), y = side_of(b);
	*out = (struct anomaly){ .kind = ANOMALY_DIFFERENCE };
	if (a->overload || b->overload || !x.word || !y.word)
		return false;
	if (strcmp(x.word, y.word) == 0 && x.version == y.version && x.suite == y.suite)
		return false;
	side_name(one, sizeof(one), &x);
	side_name(other, sizeof(other), &y);
	out->inferred = strcmp(one, other) == 0;
	snprintf(subject, sizeof(subject), "%s/%s%s", one, other, out->inferred ? "/suite" : "");
	anomaly_key(out, subject);
	return true;
}

/* Asks both; the first answer stays in `probe`, the second goes to `other`. */
static enum fault ask_both(struct fuzz *fuzz, struct fuzz_probe *probes, size_t len,
			   struct observation *others)
{
	enum fault fault = fuzz_ask(fuzz, &fuzz->against_address, probes, len);
	for (size_t i = 0; i < len; i++)
		others[i] = probes[i].seen;
	return fault == FAULT_NONE ? fuzz_ask(fuzz, &fuzz->address, probes, len) : fault;
}

static enum fault shows(struct fuzz *fuzz, const struct anomaly *anomaly, struct fuzz_probe *probe,
			bool *out)
{
	struct observation other;
	struct anomaly seen;
	fuzz_read(fuzz, probe, &fuzz->scratch);
	enum fault fault = ask_both(fuzz, probe, 1, &other);
	*out = fault == FAULT_NONE && differ(&seen, &probe->seen, &other) &&
	       strcmp(seen.key, anomaly->key) == 0;
	return fault;
}

static enum fault settle(struct fuzz *fuzz, const struct anomaly *anomaly,
			 const struct probe_index *index, struct fuzz_probe *probe)
{
	bool again = true;
	enum fault fault = FAULT_NONE;
	for (size_t i = 0; again && fault == FAULT_NONE && i < FUZZ_ATTEMPTS_CONFIRM; i++)
		fault = shows(fuzz, anomaly, probe, &again);
	struct fuzz_find *find = fuzz_add(fuzz, anomaly, index, probe->bytes);
	if (fault != FAULT_NONE || !find)
		return fault;
	find->cut = probe->cut;
	find->confirmed = again;
	if (again)
		fault = fuzz_shrink(fuzz, find, shows, probe);
	if (fault != FAULT_NONE || !again)
		return fault;
	struct text text;
	text_init(&text);
	arena_clear(&fuzz->scratch);
	fuzz_read(fuzz, probe, &fuzz->scratch);
	features_of(&find->features, &probe->reading, &fuzz->control.reading, probe->cut > 0);
	features_reduce(&find->features, false);
	features_put(&text, &find->features);
	find->cause = arena_text(&find->arena, span_of(text_view(&text), text.len));
	text_release(&text);
	fault = find->arena.fault;
	fuzz_merge(fuzz, find);
	return fault;
}

/* What an observation views dies with the next question. */
static void note(struct fuzz *fuzz, const struct probe_index *index, const struct fuzz_probe *probe,
		 const struct observation *other)
{
	const uint64_t class = fingerprint_number(observation_class(&probe->seen),
						  other->outcome << 16 | other->suite);
	fuzz->counts.outcomes[probe->seen.outcome]++;
	novelty_take(&fuzz->novelty, index, class);
}

static enum fault judge(struct fuzz *fuzz, const struct probe_index *index,
			struct fuzz_probe *probe, const struct observation *other)
{
	struct anomaly anomaly;
	const char *only = fuzz->options->base.only;
	if (!differ(&anomaly, &probe->seen, other) || fuzz_is_known(fuzz, probe, &anomaly) ||
	    (only && !glob_match(only, anomaly.key)))
		return FAULT_NONE;
	/* The answers of the batch die with the next question: only the bytes go on. */
	struct fuzz_probe again = { .bytes = probe->bytes, .cut = probe->cut };
	return settle(fuzz, &anomaly, index, &again);
}

static size_t make_batch(struct fuzz *fuzz, struct fuzz_probe *probes, struct probe_index *indices,
			 struct arena *arena)
{
	uint8_t bytes[GENERATED_MAX];
	uint64_t runs = fuzz->options->runs, left = runs - fuzz->counts.probes;
	size_t batch = runs && left < BATCH ? (size_t)left : BATCH;
	for (size_t i = 0; i < batch; i++) {
		indices[i] = fuzz_pick(fuzz);
		probes[i] = fuzz_make(fuzz, &indices[i], bytes);
		probes[i].bytes = arena_copy(arena, probes[i].bytes);
		fuzz_read(fuzz, &probes[i], arena);
		fuzz->counts.probes++;
		fuzz->counts.bytes += probes[i].bytes.len;
		fuzz->counts.readings[probes[i].reading.kind]++;
	}
	return batch;
}

enum fault fuzz_compare(struct fuzz *fuzz)
{
	static struct fuzz_probe probes[BATCH];
	static struct observation others[BATCH];
	static struct probe_index indices[BATCH];
	struct arena arena;
	enum fault fault = FAULT_NONE;
	arena_init(&arena, RUN_ARENA_MAX);
	while (fault == FAULT_NONE && !fuzz_is_over(fuzz)) {
		uint64_t begun_us = fuzz_now_us(fuzz);
		arena_clear(&arena);
		size_t len = make_batch(fuzz, probes, indices, &arena);
		fault = ask_both(fuzz, probes, len, others);
		fuzz->counts.asked_again -= 2 * len;
		fuzz->counts.stream_us += fuzz_now_us(fuzz) - begun_us;
		for (size_t i = 0; i < len; i++)
			note(fuzz, &indices[i], &probes[i], &others[i]);
		for (size_t i = 0; i < len && fault == FAULT_NONE && !fuzz_is_late(fuzz); i++)
			fault = judge(fuzz, &indices[i], &probes[i], &others[i]);
		fuzz->now_us = fuzz_now_us(fuzz);
		fuzz_show_progress(fuzz);
	}
	arena_release(&arena);
	return fault;
}
