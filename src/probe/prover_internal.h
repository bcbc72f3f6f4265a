/* prover_internal.h - what the planner, its answers, its windows and the judge share. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROBE_PROVER_INTERNAL_H
#define PROBE_PROVER_INTERNAL_H

#include "probe/list.h"
#include "probe/prover.h"
#include "registry/cipher_suite.h"
#include "registry/registry.h"

#define NO_INDEX UINT32_MAX

/* One (version, suite) of the table. `answer` settles it; `task` is the group that proved it. */
enum cell_state { CELL_OPEN, CELL_ACCEPTED, CELL_REJECTED, CELL_UNKNOWN };

struct cell {
	enum version version;
	uint32_t code;
	struct ruling ruling;
	enum cell_state state;
	enum proof proof;
	uint16_t group_len;
	bool selected;	   /* reported, not only needed for its version */
	bool asked_again;  /* a deviation that was confirmed, or not */
	bool inconsistent; /* the endpoint contradicted itself about this cell */
	bool not_offered;  /* answered although nobody offered it */
	bool audited;	   /* an audit asked for it singly, and it was accepted */
	bool garbled;	   /* answered, twice, by what breaks a rule of its own */
	bool disputed;	   /* a group and another answer disagree: single probes decide */
	const char *split; /* how the answers to its repeated question were split, or NULL */
	bool outside; /* the suite does not exist in the version, and was answered all the same */
	uint32_t answer, control;
};

/* A set of suites at one version, on its way to being proven rejected. */
enum task_state { TASK_ALONE, TASK_REJECTED, TASK_CONTROL, TASK_PROVEN, TASK_SPLIT, TASK_UNKNOWN };

struct task {
	enum version version;
	uint16_t suites[SUITE_SET_MAX];
	size_t len;
	enum task_state state;
	uint8_t tries; /* how often S alone was asked, for a rejection unlike the negative control's
			*/
	uint32_t answer;
	uint32_t control; /* the question while TASK_CONTROL, then its answer */
};

enum question_kind {
	ASK_CELL,     /* one cell by itself: subject is a cell */
	ASK_GROUP,    /* a task, alone */
	ASK_CONTROL,  /* a task and a known-good suite */
	ASK_NEGATIVE, /* subject is a version */
	ASK_AUDIT,
	ASK_CONFIRM,
	ASK_DISCOVER, /* common suites of one version, when nothing is known to be good yet */
	ASK_GOOD,     /* the known-good suite alone: a window's edge */
	ASK_SSLV2,
	ASK_PLAINTEXT,
};

struct question {
	enum question_kind kind;
	enum probe_kind probe_kind;
	enum version version;
	uint32_t subject;
	uint32_t *codes; /* what is offered, in order */
	size_t codes_len;
	bool whole_flight;
	unsigned left;	       /* repetitions still to be asked */
	uint32_t first;	       /* answer to the first repetition, NO_INDEX before */
	uint32_t other;	       /* the first answer that differed from it, while `split` */
	unsigned same, others; /* how many agreed with the first, and how many did not */
	uint32_t answer;       /* the one that was taken, NO_INDEX before */
	const char *split;     /* repetitions disagreed, and so; NULL while they agree */
};

/* A success or a failure of a control, in time. */
struct control_event {
	uint64_t started_us, ended_us;
	bool success;
};

enum round {
	ROUND_OPEN,
	ROUND_DISCOVER,
	ROUND_WIDE,
	ROUND_CONTROL,
	ROUND_CONFIRM,
	ROUND_CLOSE,
	ROUND_DONE
};

struct prover {
	struct arena *arena;
	struct settings settings;
	struct prover_options options;
	enum round round;
	unsigned closings; /* how often ROUND_CLOSE asked for more */

	LIST(struct cell) cells;
	uint32_t *cell_index[VERSIONS_LEN]; /* by code, cell number + 1; SSLv2 has none */
	struct ruling version_ruling[VERSIONS_LEN], plaintext_ruling;
	bool version_wanted[VERSIONS_LEN], plaintext_wanted;

	LIST(uint16_t) sets; /* the partition, set after set */
	LIST(size_t) set_ends;

	LIST(struct task) tasks;
	LIST(struct question) questions;
	LIST(uint32_t) queue; /* questions in the order of asking; `queue_at` is next */
	size_t queue_at, outstanding;
	LIST(struct observation) answers;
	LIST(struct control_event) events;

	uint32_t good[VERSIONS_LEN];	 /* answer that proved a suite good, or NO_INDEX */
	uint32_t negative[VERSIONS_LEN]; /* answer to the negative control, or NO_INDEX */
	bool negative_asked[VERSIONS_LEN];
	uint32_t plaintext_answer, sslv2_answer;
	const char *plaintext_split;
	uint32_t next_id, controls, controls_failed, audits, audits_failed;
	unsigned silent_splits;
	bool ruled_again;   /* under the circumstances that the accepted cells showed */
	bool closing_asked; /* ROUND_CLOSE asked for rejections, and owes the control after them */
};

/* plan.c: the cells of the table and the partition into sets. */
bool plan_cells(struct prover *prover);
bool plan_sets(struct prover *prover);
struct cell *plan_cell(struct prover *prover, enum version version, uint32_t code);
struct cell *plan_cell_add(struct prover *prover, enum version version, uint32_t code);
void cell_id(char out[FINDING_ID_MAX], enum version version, uint32_t code);
bool plan_selects(const struct prover *prover, const char *id);

/* ask.c: questions. A question that the arena has no room for is dropped; its fault is reported at
 * the end. */
void ask_again(struct prover *prover, struct question *question);
void ask_cell(struct prover *prover, enum question_kind kind, const struct cell *cell);
void ask_group(struct prover *prover, struct task *task);
void ask_control(struct prover *prover, struct task *task);
void ask_negative(struct prover *prover, enum version version);
void ask_list(struct prover *prover, enum question_kind kind, enum version version,
	      const uint16_t *suites, size_t len);
void ask_sslv2(struct prover *prover);
void ask_plaintext(struct prover *prover);
bool ask_good(struct prover *prover);
struct task *task_add(struct prover *prover, enum version version, const uint16_t *suites,
		      size_t len);

/* answer.c: what an answer means for its question. answer_is_garbled: the endpoint is alive, and
 * what it answered the cell's hello breaks a rule of its own. */
bool answer_is_garbled(const struct prover *prover, const struct cell *cell, uint32_t answer);
void answer_take(struct prover *prover, struct question *question, uint32_t answer);
void answer_take_control(struct prover *prover, const struct question *question, uint32_t answer);
void task_halve(struct prover *prover, uint32_t number);
void task_settle(struct prover *prover, const struct task *task, enum cell_state state,
		 uint32_t control);

/* rounds.c: what is asked when nothing is outstanding; false when the prover is done. */
bool rounds_advance(struct prover *prover);

/* window.c: controls in time. */
void window_note(struct prover *prover, const struct observation *observation, bool success);
bool window_covers(const struct prover *prover, const struct observation *negative);
bool window_opened(const struct prover *prover, const struct observation *negative);
enum version window_good_version(const struct prover *prover, enum version version);
bool window_has_control(const struct prover *prover);

/* judge.c, judge_cells.c, judge_rest.c: findings. */
struct judgement {
	enum cell_state state;
	bool covered; /* a rejection stands between two controls */
	bool inconsistent;
	const char *split; /* the answers to one repeated question, or NULL */
	bool garbled;
	const char *unknown; /* why nothing is known, or NULL */
};
void judge_apply(struct prover *prover, struct finding *out, const struct judgement *judgement);
void judge_observe(struct prover *prover, struct finding *out, uint32_t answer, uint32_t control);
void judge_cell(struct prover *prover, const struct cell *cell, struct finding *out);
bool judge_version(struct prover *prover, enum version version, struct finding *out);
bool judge_plaintext(struct prover *prover, struct finding *out);
size_t judge_rest(struct prover *prover, struct finding *out, size_t room);
void finding_remark(struct finding *finding, const char *remark);

#endif
