/* journal_internal.h - between the parts of a journal: its file, its head, its records, and what is
 * made of them. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_JOURNAL_INTERNAL_H
#define CLI_JOURNAL_INTERNAL_H

#include "base/rng.h"
#include "cli/journal.h"
#include "cli/journal_file.h"
#include "probe/interruption.h"

#define JOURNAL_MAGIC	    "tlsgauge journal 1"
#define JOURNAL_STARTED_MAX 24

/* A run that the file tells of: its last beginning. */
struct journal_entry {
	uint64_t offset; /* behind the line that begins it */
	unsigned number; /* of that line */
	size_t target;
	char address[sizeof(((struct address *)0)->text)];
	char started[JOURNAL_STARTED_MAX];
	bool done;
};

struct journal {
	struct journal_file file;
	const char *path, *who;
	struct arena *arena;
	char began[JOURNAL_STARTED_MAX];
	struct journal_entry *entries;
	size_t entries_len, entries_cap;
	struct journal_entry *entry; /* of the run under way, when it was begun before; or NULL */
	size_t handed;		     /* probes that the run's source has handed out */
	bool mute; /* an answer could not be kept: those behind it would be worth nothing */
	struct text text;
};

/* journal_head.c: everything that makes a run this run, a line each: NAME, a tab, VALUE. Faults:
 * INPUT after one sentence, NO_MEMORY, TOO_LARGE. */
MUST_USE enum fault journal_head(struct text *out, const struct checks *checks);

/* journal_now writes the time as RFC 3339 has it. */
void journal_now(char out[JOURNAL_STARTED_MAX]);

enum journal_kind {
	JOURNAL_HEAD,
	JOURNAL_BEGIN,
	JOURNAL_RUN,
	JOURNAL_ANSWER,
	JOURNAL_INTERRUPTION,
	JOURNAL_DONE,
	JOURNAL_END,
	JOURNAL_UNKNOWN, /* the line is none of these */
};

/* The parts of a run, in the order in which they are asked. */
enum journal_part { JOURNAL_POLICY, JOURNAL_CASES, JOURNAL_STRENGTH, JOURNAL_PARTS_LEN };

/* One line, taken apart; views are of the line. */
struct journal_record {
	enum journal_kind kind;
	struct span head;	/* NAME, a tab, VALUE */
	struct span started;	/* of BEGIN and RUN */
	bool anew;		/* of RUN: what was there before is void */
	size_t target;		/* of RUN: its number, from 0 */
	struct span address;	/* of RUN */
	enum journal_part part; /* of ANSWER and INTERRUPTION */
	uint64_t handed;	/* probes that had been handed out by then */
	uint64_t probe, asked;	/* id and fingerprint of the probe */
	uint64_t attempts, started_us, ended_us;
	uint64_t seen, sent; /* fingerprints of the observation and of what we sent */
	struct span tape;
	struct interruption interruption;
};

/* journal_record.c: a line to a record; kind UNKNOWN when it is damaged. */
void journal_record_read(struct journal_record *out, struct span line);

/* journal_put_answer and journal_put_interruption write a line without its fingerprint. */
void journal_put_answer(struct text *out, const struct journal_record *record);
void journal_put_interruption(struct text *out, const struct journal_record *record);

/* journal_part_of returns the part of the run that is under way. */
enum journal_part journal_part_of(const struct check_run *run);

/* journal_line writes the journal's `text` as a line, and empties it. */
void journal_line(struct journal *journal);

/* A probe of which the answer is known, to be asked once more. */
struct journal_sample {
	struct probe probe;
	struct observation seen;
	bool success;
};

/* The last success and the last rejection of each version; then others, drawn. */
#define JOURNAL_LAST_MAX     (2 * (VERSIONS_LEN + 1))
#define JOURNAL_ACCEPTED_MAX 32
#define JOURNAL_REJECTED_MAX 16
#define JOURNAL_SAMPLES_MAX  (JOURNAL_LAST_MAX + JOURNAL_ACCEPTED_MAX + JOURNAL_REJECTED_MAX)

/* What the journal told of a part of a run, and what it leaves to be asked. */
struct journal_recall {
	struct journal *journal;
	struct check_run *run;
	const struct engine_source *source;
	enum journal_part part;
	struct probe *waiting; /* handed out by the source, and not answered */
	size_t waiting_len, waiting_cap, waiting_at;
	struct journal_sample samples[JOURNAL_SAMPLES_MAX];
	bool has_sample[JOURNAL_SAMPLES_MAX];
	uint32_t accepted, rejected; /* from how many was drawn */
	struct rng rng;
	uint32_t answers;
	uint64_t elapsed_us; /* the last time that is told of */
	unsigned damaged;    /* the line that could not be played, or 0 */
};

/* journal_recall.c: plays what the journal holds, as the source asks for it. Faults: NO_MEMORY,
 * TOO_LARGE. */
MUST_USE enum fault journal_recall(struct journal_recall *recall);

/* journal_keep_sample takes an answer that may be asked for again. */
void journal_keep_sample(struct journal_recall *recall, const struct probe *probe,
			 const struct observation *seen);

/* journal_sample.c: asks some of it again. Sets `run->changed` or `run->paused`, or else tells the
 * prover of the interruption. Faults: as engine_drive. */
MUST_USE enum fault journal_resample(struct journal_recall *recall, struct engine_result *out,
				     const struct engine_options *options);

/* journal_interrupt tells the prover of the run. */
void journal_interrupt(struct journal_recall *recall, const struct interruption *interruption);

#endif
