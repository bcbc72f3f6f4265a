/* growth.h - does a server's memory grow with the number of probes that it gets? */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LIVE_GROWTH_H
#define LIVE_GROWTH_H

#include "base/text.h"

#define GROWTH_SAMPLES_MAX  256
#define GROWTH_WINDOWS	    6

/* What must be exceeded before anything is said: pages come and go in every process. */
#define GROWTH_WARM_UP_MIN  UINT64_C(1000)   /* probes that are not judged; or a quarter of all */
#define GROWTH_SPAN_MIN	    UINT64_C(10000)  /* probes that are judged */
#define GROWTH_PER_1000_MIN UINT64_C(16000)  /* bytes for a thousand probes */
#define GROWTH_TOTAL_MIN    UINT64_C(524288) /* bytes over the probes that are judged */

/*
 * Each sample is the lowest of `every` that were taken, so that a run of any length fits: when the
 * room is used up, neighbours are joined and `every` doubles.
 */
struct growth {
	struct growth_sample {
		uint64_t probes, bytes;
	} samples[GROWTH_SAMPLES_MAX];
	size_t len;
	uint64_t every, joined; /* `joined` samples are in `lowest` and not in `samples` yet */
	struct growth_sample lowest;
	uint64_t first, last; /* probes of the first and of the newest sample */
};

/* growth_init begins a series; also for a server that was restarted, which begins anew. */
void growth_init(struct growth *growth);

/* growth_add takes the memory in bytes after `probes` probes. `probes` counts upwards; a sample
 * that is not later than the one before is passed over. */
void growth_add(struct growth *growth, uint64_t probes, uint64_t bytes);

/* `judged`: there were samples enough, over probes enough. Without it, `grows` is false. */
struct growth_verdict {
	bool judged, grows;
	uint64_t per_1000; /* bytes for a thousand probes, by least squares; 0 unless it grows */
	uint64_t span;	   /* probes that were judged: those behind the warm-up */
};

/*
 * growth_judge looks at everything behind the warm-up, in GROWTH_WINDOWS windows of as many probes
 * each. What counts is the lowest sample of each, so that what is freed again now and then is no
 * growth. The largest rise a probe from one window to the next is taken out, so that one jump is
 * none either; every other rise must be at least two thirds of their mean, so that what slows down
 * is none.
 */
struct growth_verdict growth_judge(const struct growth *growth);

/* growth_put appends "grew by 812 bytes a probe over 40,000 probes", or "did not grow over 40,000
 * probes", or "was not measured long enough". */
void growth_put(struct text *out, const struct growth_verdict *verdict);

#endif
