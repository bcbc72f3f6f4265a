/* SPDX-License-Identifier: Apache-2.0 */
#include "live/growth.h"

#define RISES (GROWTH_WINDOWS - 1)

void growth_init(struct growth *growth)
{
	*growth = (struct growth){ .every = 1 };
}

static struct growth_sample lower(struct growth_sample a, struct growth_sample b)
{
	return a.bytes <= b.bytes ? a : b;
}

static void halve(struct growth *growth)
{
	for (size_t i = 0; i < GROWTH_SAMPLES_MAX / 2; i++)
		growth->samples[i] = lower(growth->samples[2 * i], growth->samples[2 * i + 1]);
	growth->len = GROWTH_SAMPLES_MAX / 2;
	growth->every *= 2;
}

void growth_add(struct growth *growth, uint64_t probes, uint64_t bytes)
{
	struct growth_sample sample = { .probes = probes, .bytes = bytes };
	bool is_first = !growth->len && !growth->joined;
	if (!is_first && probes <= growth->last)
		return;
	if (is_first)
		growth->first = probes;
	growth->last = probes;
	growth->lowest = growth->joined ? lower(growth->lowest, sample) : sample;
	if (++growth->joined < growth->every)
		return;
	growth->joined = 0;
	growth->samples[growth->len++] = growth->lowest;
	if (growth->len == GROWTH_SAMPLES_MAX)
		halve(growth);
}

/* The lowest sample of each window of [from, last]; false when one of them has none. */
static bool floors(const struct growth *growth, uint64_t from, struct growth_sample *out)
{
	uint64_t width = (growth->last - from) / GROWTH_WINDOWS + 1;
	bool filled[GROWTH_WINDOWS] = { false };
	for (size_t i = 0; i < growth->len; i++) {
		const struct growth_sample *sample = &growth->samples[i];
		if (sample->probes < from)
			continue;
		size_t window = (size_t)((sample->probes - from) / width);
		out[window] = filled[window] ? lower(out[window], *sample) : *sample;
		filled[window] = true;
	}
	for (size_t i = 0; i < GROWTH_WINDOWS; i++)
		if (!filled[i])
			return false;
	return true;
}

static double bytes_between(const struct growth_sample *floor, size_t i)
{
	return (double)floor[i + 1].bytes - (double)floor[i].bytes;
}

static double probes_between(const struct growth_sample *floor, size_t i)
{
	return (double)floor[i + 1].probes - (double)floor[i].probes;
}

/* Bytes a probe: on a busy machine samples are few, and far from evenly spread. */
static double rise(const struct growth_sample *floor, size_t i)
{
	return bytes_between(floor, i) / probes_between(floor, i);
}

/* Which rise is the largest, and the mean of the others. */
static size_t largest_rise(const struct growth_sample *floor, double *mean_of_others)
{
	size_t largest = 0;
	double bytes = 0, probes = 0;
	for (size_t i = 0; i < RISES; i++) {
		bytes += bytes_between(floor, i);
		probes += probes_between(floor, i);
		if (rise(floor, i) > rise(floor, largest))
			largest = i;
	}
	*mean_of_others =
		(bytes - bytes_between(floor, largest)) / (probes - probes_between(floor, largest));
	return largest;
}

static bool is_steady(const struct growth_sample *floor, size_t largest, double mean)
{
	for (size_t i = 0; i < RISES; i++)
		if (i != largest && rise(floor, i) * 3 < mean * 2)
			return false;
	return mean > 0;
}

/* Bytes a probe, by least squares; what the largest rise has above the mean is taken out. */
static double slope(const struct growth_sample *floor, size_t largest, double mean)
{
	double jump = bytes_between(floor, largest) - mean * probes_between(floor, largest);
	double x_mean = 0, y_mean = 0, xy = 0, xx = 0;
	double y[GROWTH_WINDOWS], x[GROWTH_WINDOWS];
	for (size_t i = 0; i < GROWTH_WINDOWS; i++) {
		x[i] = (double)(floor[i].probes - floor[0].probes);
		y[i] = (double)floor[i].bytes - (i > largest ? jump : 0);
		x_mean += x[i] / GROWTH_WINDOWS;
		y_mean += y[i] / GROWTH_WINDOWS;
	}
	for (size_t i = 0; i < GROWTH_WINDOWS; i++) {
		xy += (x[i] - x_mean) * (y[i] - y_mean);
		xx += (x[i] - x_mean) * (x[i] - x_mean);
	}
	return xx > 0 ? xy / xx : 0;
}

struct growth_verdict growth_judge(const struct growth *growth)
{
	struct growth_verdict out = { .judged = false };
	struct growth_sample floor[GROWTH_WINDOWS];
	uint64_t all = growth->last - growth->first;
	uint64_t warm_up = all / 4 > GROWTH_WARM_UP_MIN ? all / 4 : GROWTH_WARM_UP_MIN;
	if (all < warm_up + GROWTH_SPAN_MIN || !floors(growth, growth->first + warm_up, floor))
		return out;
	out.judged = true;
	out.span = all - warm_up;
	double mean, bytes;
	size_t largest = largest_rise(floor, &mean);
	if (!is_steady(floor, largest, mean))
		return out;
	bytes = slope(floor, largest, mean);
	if (bytes * 1000 < (double)GROWTH_PER_1000_MIN ||
	    bytes * (double)out.span < (double)GROWTH_TOTAL_MIN)
		return out;
	out.grows = true;
	out.per_1000 = (uint64_t)(bytes * 1000 + 0.5);
	return out;
}

/* "40,000" */
static void put_grouped(struct text *out, uint64_t number)
{
	uint64_t unit = 1;
	while (number / unit >= 1000)
		unit *= 1000;
	text_put_decimal(out, number / unit, 0);
	while (unit > 1) {
		number %= unit;
		unit /= 1000;
		text_put_char(out, ',');
		text_put_decimal(out, number / unit, 3);
	}
}

void growth_put(struct text *out, const struct growth_verdict *verdict)
{
	if (!verdict->judged) {
		text_put(out, "was not measured long enough");
		return;
	}
	if (verdict->grows) {
		text_put(out, "grew by ");
		put_grouped(out, (verdict->per_1000 + 500) / 1000);
		text_put(out, " bytes a probe over ");
	} else {
		text_put(out, "did not grow over ");
	}
	put_grouped(out, verdict->span);
	text_put(out, " probes");
}
