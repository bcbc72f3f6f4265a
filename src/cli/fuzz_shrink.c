/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/fuzz.h"

/* Silence costs a deadline for each candidate: while it is shrunk, one that is long beside what the
 * control takes will do, since the smallest is confirmed with the whole one. */
#define HASTY_FACTOR   20
#define HASTY_LEAST_MS 50
#define SHRINK_US_MAX  UINT64_C(20000000)

/* At the end of a run, those that wait have their share of the time that is left. */
static uint64_t shrink_until(const struct fuzz *fuzz)
{
	uint64_t now = fuzz_now_us(fuzz), end = fuzz->options->time_us;
	uint64_t last = end + FUZZ_GRACE_US;
	if (!end || now + SHRINK_US_MAX <= last)
		return now + SHRINK_US_MAX;
	return now < last ? now + (last - now) / (fuzz->waiting + 2) : now;
}

static unsigned hasty_ms(const struct fuzz *fuzz, const struct fuzz_find *find)
{
	const struct observation *seen = &fuzz->control.seen;
	uint64_t ms = HASTY_FACTOR * (seen->ended_us - seen->started_us) / 1000;
	if (find->anomaly.kind != ANOMALY_SILENCE)
		return 0;
	return ms < HASTY_LEAST_MS ? HASTY_LEAST_MS : (unsigned)ms;
}

enum fault fuzz_shrink(struct fuzz *fuzz, struct fuzz_find *find, fuzz_shows *shows,
		       struct fuzz_probe *probe)
{
	struct shrink *shrink = fuzz->shrink;
	struct span candidate;
	uint64_t until = shrink_until(fuzz);
	fuzz->hasty_ms = hasty_ms(fuzz, find);
	fuzz->shrinking = true;
	arena_clear(&fuzz->shrink_arena);
	enum fault fault = shrink_start(shrink, &fuzz->shrink_arena, find->first);
	while (fault == FAULT_NONE && !fuzz->interrupted && fuzz_now_us(fuzz) < until &&
	       shrink_next(shrink, &candidate)) {
		bool good;
		struct fuzz_probe smaller = { .bytes = candidate };
		smaller.cut = find->cut < candidate.len ? find->cut : 0;
		arena_clear(&fuzz->scratch);
		fault = shows(fuzz, &find->anomaly, &smaller, &good);
		shrink_take(shrink, good);
		find->shrink_asked++;
	}
	fuzz->hasty_ms = 0;
	fuzz->shrinking = false;
	if (fault != FAULT_NONE)
		return fault;
	find->bytes = arena_copy(&find->arena, shrink_best(shrink));
	find->minimal = shrink_is_minimal(shrink);
	*probe = (struct fuzz_probe){ .bytes = find->bytes, .cut = find->cut };
	if (probe->cut >= find->bytes.len)
		probe->cut = 0;
	return find->arena.fault;
}
