/* SPDX-License-Identifier: Apache-2.0 */
#include "base/fingerprint.h"
#include "cli/fuzz.h"
#include "cli/fuzz_write.h"

#define ATTEMPTS     FUZZ_ATTEMPTS_CONFIRM
#define BEHIND_ASKED 16

static const struct reading *control_of(const struct fuzz *fuzz, const struct fuzz_probe *probe)
{
	enum version version = probe->demand.highest;
	if (version < VERSIONS_LEN && fuzz->oracle.taken & VERSION_BIT(version))
		return &fuzz->oracle.controls[version];
	return &fuzz->control.reading;
}

static void features(struct features *out, const struct fuzz *fuzz, const struct fuzz_probe *probe)
{
	features_of(out, &probe->reading, control_of(fuzz, probe), probe->cut > 0);
}

/* A refusal may have many causes: one that was found explains a hello that has it, too. */
static bool explains(const struct fuzz *fuzz, const struct fuzz_find *find,
		     const struct fuzz_probe *probe)
{
	struct features has;
	bool many =
		find->anomaly.kind == ANOMALY_REFUSED || find->anomaly.kind == ANOMALY_DIFFERENCE;
	if (!many || !find->features.len)
		return true;
	if (!probe->reading.decoded)
		return false;
	features(&has, fuzz, probe);
	return features_within(&find->features, &has);
}

bool fuzz_is_known(struct fuzz *fuzz, const struct fuzz_probe *probe, const struct anomaly *anomaly)
{
	size_t causes = 0;
	for (size_t i = 0; i < fuzz->finds_len; i++) {
		struct fuzz_find *find = &fuzz->finds[i];
		if (strcmp(find->anomaly.key, anomaly->key) != 0 ||
		    find->anomaly.inferred > anomaly->inferred)
			continue;
		if (explains(fuzz, find, probe) || ++causes >= FUZZ_CAUSES_MAX) {
			find->probes++;
			return true;
		}
	}
	return false;
}

struct fuzz_find *fuzz_add(struct fuzz *fuzz, const struct anomaly *anomaly,
			   const struct probe_index *index, struct span bytes)
{
	if (fuzz->finds_len == FUZZ_FINDS_MAX)
		return NULL;
	struct fuzz_find *find = &fuzz->finds[fuzz->finds_len++];
	/* The place may be one that another finding was merged out of. */
	arena_release(&find->arena);
	*find = (struct fuzz_find){ .anomaly = *anomaly, .has_index = index != NULL, .probes = 1 };
	arena_init(&find->arena, FUZZ_FIND_ARENA_MAX);
	if (index)
		find->index = *index;
	find->first = arena_copy(&find->arena, bytes);
	find->bytes = find->first;
	return find;
}

/* Asks the bytes once and says whether they show the anomaly; `probe` keeps what was seen. */
static enum fault shows(struct fuzz *fuzz, const struct anomaly *anomaly, struct fuzz_probe *probe,
			bool *out)
{
	struct anomaly seen;
	/* The rest of the flight is evidence, and may be a deadline long. */
	probe->whole_flight = anomaly->kind == ANOMALY_ACCEPTED && !fuzz->shrinking;
	fuzz_read(fuzz, probe, &fuzz->scratch);
	enum fault fault = fuzz_ask(fuzz, &fuzz->address, probe, 1);
	*out = fault == FAULT_NONE &&
	       oracle_judge(&seen, &fuzz->oracle, &probe->reading, &probe->demand, &probe->seen) &&
	       strcmp(seen.key, anomaly->key) == 0 && seen.inferred <= anomaly->inferred;
	if (*out) {
		observation_describe(fuzz->phrase, sizeof(fuzz->phrase), &probe->seen);
		arena_clear(&fuzz->shown);
		fuzz->shown_received = arena_copy(&fuzz->shown, probe->received);
		fuzz->shown_outcome = probe->seen.outcome;
		fuzz->shown_anomaly = seen;
	}
	return fault;
}

/* All of ATTEMPTS, and the endpoint alive before and after: a rejection counts between controls. */
static enum fault confirm(struct fuzz *fuzz, const struct anomaly *anomaly,
			  struct fuzz_probe *probe, bool *out)
{
	enum fault fault = FAULT_NONE;
	*out = fuzz_is_alive(fuzz);
	for (size_t i = 0; *out && fault == FAULT_NONE && i < ATTEMPTS; i++)
		fault = shows(fuzz, anomaly, probe, out);
	if (*out)
		*out = fuzz_is_alive(fuzz);
	return fault;
}

/* Whether the control is refused, too, once it has the suites of `probe`: then nothing else is the
 * cause. */
static enum fault suites_alone(struct fuzz *fuzz, const struct fuzz_find *find,
			       const struct fuzz_probe *probe, bool *out)
{
	struct span suites = probe->reading.hello.suites;
	struct probe control = {
		.id = 1,
		.seed = fuzz->generator.seed,
		.version = probe->demand.highest,
		.shape = &fuzz->shape,
		.upgrade = fuzz->target.upgrade,
	};
	uint8_t bytes[PROBE_HELLO_MAX];
	struct builder b;
	for (size_t i = 0; i < list_u16_len(suites) && i < SUITE_SET_MAX; i++)
		control.suites[control.suites_len++] = list_u16(suites, i);
	builder_init(&b, bytes, sizeof(bytes), NULL, 0);
	probe_encode(&b, &control, NULL);
	struct fuzz_probe variant = { .bytes = builder_view(&b) };
	return shows(fuzz, &find->anomaly, &variant, out);
}

/* The answer that was shown last, to the bytes that the finding has at that time. */
static void take_shown(struct fuzz *fuzz, struct fuzz_find *find)
{
	find->detail = *fuzz->phrase ? arena_text(&find->arena, span_text(fuzz->phrase)) : NULL;
	find->received = arena_copy(&find->arena, fuzz->shown_received);
	find->outcome = fuzz->shown_outcome;
	/* Of one key, but smaller bytes may be about another suite. */
	if (fuzz->shown_outcome != OUTCOME_NONE)
		find->anomaly = fuzz->shown_anomaly;
}

static enum fault describe(struct fuzz *fuzz, struct fuzz_find *find,
			   const struct fuzz_probe *probe)
{
	struct text text;
	bool suites = false, refused = find->anomaly.kind == ANOMALY_REFUSED;
	enum fault fault = FAULT_NONE;
	features(&find->features, fuzz, probe);
	if (refused && probe->reading.decoded && probe->demand.highest != VERSION_NONE)
		fault = suites_alone(fuzz, find, probe, &suites);
	features_reduce(&find->features, suites);
	text_init(&text);
	if (refused || features_have_gain(&find->features))
		features_put(&text, &find->features);
	find->cause = arena_text(&find->arena, span_of(text_view(&text), text.len));
	text_release(&text);
	return fault;
}

/* In one segment, if that shows it as well. */
static enum fault uncut(struct fuzz *fuzz, struct fuzz_find *find)
{
	struct fuzz_probe whole = { .bytes = find->first };
	bool good;
	if (!find->cut)
		return FAULT_NONE;
	arena_clear(&fuzz->scratch);
	enum fault fault = shows(fuzz, &find->anomaly, &whole, &good);
	if (good)
		find->cut = 0;
	return fault;
}

/* What was confirmed before it was shrunk: fewer bytes showed it in haste, or by chance. */
static enum fault go_back(struct fuzz *fuzz, struct fuzz_find *find, struct fuzz_probe *probe)
{
	find->bytes = find->first;
	find->minimal = false;
	*probe = (struct fuzz_probe){ .bytes = find->bytes, .cut = find->cut };
	arena_clear(&fuzz->scratch);
	if (!fuzz->interrupted)
		return confirm(fuzz, &find->anomaly, probe, &find->confirmed);
	fuzz_read(fuzz, probe, &fuzz->scratch);
	return FAULT_NONE;
}

static enum fault reduce(struct fuzz *fuzz, struct fuzz_find *find, struct fuzz_probe *probe)
{
	bool good = false;
	enum fault fault = uncut(fuzz, find);
	if (fault == FAULT_NONE)
		fault = fuzz_shrink(fuzz, find, shows, probe);
	arena_clear(&fuzz->scratch);
	if (fault == FAULT_NONE && !fuzz->interrupted)
		fault = confirm(fuzz, &find->anomaly, probe, &good);
	if (good)
		take_shown(fuzz, find);
	return fault != FAULT_NONE || good ? fault : go_back(fuzz, find, probe);
}

bool fuzz_merge(struct fuzz *fuzz, const struct fuzz_find *find)
{
	for (struct fuzz_find *other = fuzz->finds; other < find; other++) {
		if (strcmp(other->anomaly.key, find->anomaly.key) != 0 ||
		    other->anomaly.inferred > find->anomaly.inferred ||
		    !features_within(&other->features, &find->features))
			continue;
		other->probes += find->probes;
		fuzz->finds_len--;
		return true;
	}
	return false;
}

/* What was seen once and not again says little: one finding of a kind stands for all of them. */
static bool forget(struct fuzz *fuzz, struct fuzz_find *find)
{
	anomaly_key(&find->anomaly, "not-again");
	for (struct fuzz_find *other = fuzz->finds; other < find; other++) {
		if (strcmp(other->anomaly.key, find->anomaly.key) != 0)
			continue;
		other->probes += find->probes;
		fuzz->finds_len--;
		return true;
	}
	return false;
}

static void clear_shown(struct fuzz *fuzz)
{
	*fuzz->phrase = '\0';
	arena_clear(&fuzz->shown);
	fuzz->shown_received = span_of(NULL, 0);
	fuzz->shown_outcome = OUTCOME_NONE;
}

static struct fuzz_behind *behind_of(struct fuzz *fuzz, const struct anomaly *anomaly)
{
	uint64_t key = fingerprint_text(FINGERPRINT_BEGIN, anomaly->key);
	for (size_t i = 0; i < fuzz->behind_len; i++)
		if (fuzz->behind[i].key == key)
			return &fuzz->behind[i];
	return NULL;
}

bool fuzz_is_refused_behind(struct fuzz *fuzz, const struct anomaly *anomaly)
{
	struct fuzz_behind *behind = behind_of(fuzz, anomaly);
	return behind && ++behind->seen % BEHIND_ASKED;
}

static void note_behind(struct fuzz *fuzz, const struct anomaly *anomaly)
{
	fuzz->counts.refused_behind++;
	if (!behind_of(fuzz, anomaly) && fuzz->behind_len < FUZZ_BEHIND_MAX)
		fuzz->behind[fuzz->behind_len++].key =
			fingerprint_text(FINGERPRINT_BEGIN, anomaly->key);
}

/* A ServerHello is no acceptance where a rejection follows it, as with some stacks: that counts
 * like any other, seen twice and before a control. */
static enum fault is_refused_behind(struct fuzz *fuzz, const struct anomaly *anomaly,
				    struct fuzz_probe *probe, bool *out)
{
	bool shown;
	*out = anomaly->kind == ANOMALY_ACCEPTED && probe->seen.after_server_hello &&
	       observation_is_rejection(&probe->seen);
	if (!*out)
		return FAULT_NONE;
	enum fault fault = shows(fuzz, anomaly, probe, &shown);
	*out = fault == FAULT_NONE && !shown && probe->seen.after_server_hello &&
	       observation_is_rejection(&probe->seen) && fuzz_is_alive(fuzz);
	if (*out)
		note_behind(fuzz, anomaly);
	return fault;
}

static enum fault settle(struct fuzz *fuzz, const struct fuzz_suspect *suspect)
{
	uint8_t bytes[GENERATED_MAX];
	struct fuzz_probe probe = fuzz_make(fuzz, &suspect->index, bytes);
	bool good, refused = false;
	arena_clear(&fuzz->scratch);
	clear_shown(fuzz);
	enum fault fault = confirm(fuzz, &suspect->anomaly, &probe, &good);
	if (fault == FAULT_NONE && !good)
		fault = is_refused_behind(fuzz, &suspect->anomaly, &probe, &refused);
	if (fault != FAULT_NONE || refused || fuzz_is_known(fuzz, &probe, &suspect->anomaly))
		return fault;
	struct fuzz_find *find = fuzz_add(fuzz, &suspect->anomaly, &suspect->index, probe.bytes);
	if (!find)
		return FAULT_NONE;
	find->cut = probe.cut;
	find->confirmed = good;
	take_shown(fuzz, find);
	if (good)
		fault = reduce(fuzz, find, &probe);
	else if (forget(fuzz, find))
		return FAULT_NONE;
	if (fault == FAULT_NONE)
		fault = describe(fuzz, find, &probe);
	if (fault == FAULT_NONE)
		fault = find->arena.fault;
	if (fault == FAULT_NONE && find->confirmed && !fuzz_merge(fuzz, find))
		fuzz_keep_find(fuzz, find);
	return fault;
}

/* The time is up, but what was seen once is told. */
static enum fault note_unasked(struct fuzz *fuzz, const struct fuzz_suspect *suspect)
{
	uint8_t bytes[GENERATED_MAX];
	struct fuzz_probe probe = fuzz_make(fuzz, &suspect->index, bytes);
	arena_clear(&fuzz->scratch);
	fuzz_read(fuzz, &probe, &fuzz->scratch);
	if (behind_of(fuzz, &suspect->anomaly) || fuzz_is_known(fuzz, &probe, &suspect->anomaly))
		return FAULT_NONE;
	struct fuzz_find *find = fuzz_add(fuzz, &suspect->anomaly, &suspect->index, probe.bytes);
	if (!find)
		return FAULT_NONE;
	find->cut = probe.cut;
	find->detail = "seen once; the run ended before it was asked again";
	return find->arena.fault;
}

enum fault fuzz_settle(struct fuzz *fuzz)
{
	enum fault fault = FAULT_NONE;
	for (size_t i = 0; i < fuzz->suspects_len && fault == FAULT_NONE; i++) {
		const struct fuzz_suspect *suspect = &fuzz->suspects[i];
		fuzz->waiting = fuzz->suspects_len - i - 1;
		if (i && fuzz->options->first && fuzz_is_over(fuzz))
			break;
		fault = fuzz_is_late(fuzz) ? note_unasked(fuzz, suspect) : settle(fuzz, suspect);
	}
	fuzz->suspects_len = 0;
	return fault;
}
