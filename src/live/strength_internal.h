/* strength_internal.h - what the asking, the reducing and the judging of series share. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LIVE_STRENGTH_INTERNAL_H
#define LIVE_STRENGTH_INTERNAL_H

#include "live/parameters.h"
#include "live/strength.h"
#include "probe/list.h"

#define NO_NUMBER	 UINT32_MAX
#define CANDIDATES_MAX	 64
#define CAUSES_MAX	 8
#define TRIES_MAX	 3
#define OTHERS_TRIES_MAX 12

/* What an answer is to a series. UNCLEAR: it says nothing about the hello. */
enum trial_state { TRIAL_OPEN, TRIAL_AS_RULED, TRIAL_DEVIATES, TRIAL_UNCLEAR };

/* One row, asked once or twice. */
struct trial {
	const uint8_t *row;
	enum trial_state state, before; /* now, and when its batch began */
	bool of_array;			/* it counts; others only find out why */
	bool wavered;			/* it deviated, and then it did not */
	size_t message_len;
	struct hello_form form;
	struct observation seen;
};

/* Any value but the usual one. */
#define ANY_OTHER UINT8_MAX

/* What hellos with these values do; 0 stands for any. `trial` has nothing else that is not usual.
 */
struct cause {
	uint32_t trial;
	uint8_t values[COVERING_PARAMETERS_MAX];
};

/* Lengths of the message: all that deviate are from `from` to `to` bytes, and no other is. */
struct length_cause {
	bool holds;
	size_t from, to;
};

enum phase {
	PHASE_OTHERS,
	PHASE_OTHERS_ASKED,
	PHASE_ROWS,    /* the array is answered */
	PHASE_AGAIN,   /* what deviated is answered again */
	PHASE_PICK,    /* a row that deviates is to be explained */
	PHASE_SINGLES, /* each of its values by itself is answered */
	PHASE_REDUCE,  /* a row without one more of its values is answered */
	PHASE_CONFIRM, /* the smallest row is answered once more */
	PHASE_WIDEN,   /* the other values in the place of a cause's are answered */
	PHASE_DONE,
};

/* Where a batch of trials is: a control, the trials, a control. */
enum batch_step { BATCH_NONE, BATCH_OPENING, BATCH_ASKING, BATCH_CLOSING };

struct series {
	char id[FINDING_ID_MAX];
	bool accepts; /* what is expected */
	struct ruling ruling;
	struct hello_subject subject;
	enum version control; /* the version of the control; its suite is known to be good */
	enum trial_state odd; /* that the usual row has not: its causes are looked for */
	struct hello_parameters parameters;
	enum phase phase;
	const char *unasked; /* why nothing could be asked, or NULL */
	bool given_up;	     /* its controls fail */
	uint16_t candidates[CANDIDATES_MAX];
	size_t candidates_len;
	unsigned tries;
	struct observation others_seen;
	LIST(struct trial) trials; /* the usual row first */
	LIST(uint32_t) batch;
	enum batch_step step;
	unsigned batch_tries;
	bool control_holds, broken_off;
	struct cause causes[CAUSES_MAX];
	size_t causes_len, widened;
	bool more_causes;
	struct length_cause length;
	uint32_t picked;
	uint8_t row[COVERING_PARAMETERS_MAX]; /* what is being reduced */
	size_t reduced;			      /* parameters that were looked at */
	uint32_t tried;
	struct arena *arena;
};

enum ask_kind { ASK_FOR_GOOD, ASK_FOR_OTHERS, ASK_FOR_CONTROL, ASK_FOR_TRIAL };

struct ask {
	enum ask_kind kind;
	enum version version; /* of GOOD */
	uint32_t series, trial;
};

struct strength {
	struct arena *arena;
	struct settings settings;
	struct strength_options options;
	LIST(struct series) series;
	size_t series_at;
	unsigned rounds; /* of looking for suites that are taken */
	struct shape bare;
	LIST(struct ask) asks;
	size_t asks_at, outstanding, answered;
	struct observation good[VERSIONS_LEN]; /* a suite that is taken, by version */
	bool good_is_bare[VERSIONS_LEN];       /* in a hello without extensions only */
	uint32_t controls, controls_failed;
	bool reached;
};

/* strength_plan.c: the series, and which suites they are about. */
bool strength_plan(struct strength *strength);
size_t plan_admitted(const struct settings *settings, enum version version, uint32_t *out,
		     size_t room);
void plan_candidates(struct series *series, const struct settings *settings);

/* strength_series.c: what is asked next; false when the series is over. */
bool series_advance(struct strength *strength, struct series *series);
void series_take(struct series *series, struct trial *trial, const struct observation *seen);
uint32_t series_trial(struct strength *strength, struct series *series, const uint8_t *row);
void series_batch(struct series *series, uint32_t trial);
void strength_ask(struct strength *strength, enum ask_kind kind, const struct series *series,
		  uint32_t trial);
bool series_is_good(const struct strength *strength, enum version version);

/* strength_reduce.c: one step of finding causes; it changes the phase, or asks. */
void reduce_pick(struct strength *strength, struct series *series);
void reduce_singles(struct series *series);
void reduce_row(struct strength *strength, struct series *series);
void reduce_confirmed(struct series *series);
void reduce_widened(struct series *series);

/* Of all rows that were asked and have the cause's values: how many, and how many are odd. */
struct cause_count {
	size_t holding, odd;
};
struct cause_count cause_count(const struct series *series, const struct cause *cause);

#endif
