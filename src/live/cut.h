/* cut.h - one step from a stream of bytes to a smaller or a plainer one. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LIVE_CUT_H
#define LIVE_CUT_H

#include "live/outline.h"

/*
 * What goes, or changes, from `from` up to `to`. Where lengths are repaired, each one that counts
 * bytes that go says so many less: a length that lied lies by as much as before.
 */
enum cut_kind {
	CUT_CONTENT,	    /* content goes, and records that it leaves empty; repaired */
	CUT_FRAGMENTS,	    /* content goes, and the records stay that it leaves empty; repaired */
	CUT_RECORDS,	    /* records by their index; repaired */
	CUT_RECORDS_ONLY,   /* the same, and no length is repaired */
	CUT_STREAM,	    /* bytes by their offset in the stream; nothing is repaired */
	CUT_MERGE,	    /* the records from `from` to `to`, both included, become one */
	CUT_FILL,	    /* content becomes zeros */
	CUT_CODE,	    /* the two bytes at `from` become `value` */
	CUT_RECORD_VERSION, /* of the record `from` */
	CUT_LENGTH,	    /* the length numbered `from` says `value` */
	CUT_RECORD_LENGTH,  /* that of the record `from` does */
	CUT_NOTHING,
};

struct cut {
	enum cut_kind kind;
	uint32_t from, to, value;
};

/* Room to work in, for streams of up to so many bytes. */
struct cutter {
	bool *gone;
	uint32_t *before;
};

#define CUTTER_ARENA(max) ((size_t)1024 + 6 * (size_t)(max))

/* cutter_init takes that room from the arena. Faults: those of the arena. */
MUST_USE enum fault cutter_init(struct cutter *out, struct arena *arena, uint32_t max);

/* cut_apply writes what the cut makes of the outlined stream, which is never longer, and returns
 * its length. */
uint32_t cut_apply(struct cutter *cutter, const struct outline *of, const struct cut *cut,
		   uint8_t *out);

#endif
