/* case_prover_internal.h - what the planner of cases, its groups, its controls and the judge share.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROBE_CASE_PROVER_INTERNAL_H
#define PROBE_CASE_PROVER_INTERNAL_H

#include "base/text.h"
#include "probe/case_prover.h"
#include "probe/list.h"

/* Whether a version is accepted, a feature present. */
enum presence { PRESENCE_OPEN, PRESENCE_YES, PRESENCE_NO, PRESENCE_UNKNOWN };

/*
 * What one answer is worth. FAIL is a deviation, whatever the rule's level is. `acceptance`: the
 * endpoint went on, so it needs no control. `silence`: nothing came where something was due.
 */
struct assessment {
	enum verdict verdict;
	enum grade grade;
	bool acceptance, silence, crash;
	const char *reason, *remark;
};

/* One id: a case in one version, as one member of its family. Or a feature in one version. */
struct trial {
	const struct conformance_case *of;
	enum version version; /* VERSION_NONE until the version of unversioned cases is known */
	uint32_t member;
	char id[CASE_ID_MAX];
	bool settled, answered, in_flight;
	bool patient;	/* asked with a longer silence, after it met one */
	bool disturbed; /* its connection ended among others, and did not when it was alone */
	enum presence presence;
	unsigned uncovered; /* answers that stood between no two controls */
	unsigned same;	    /* answers that agree with the first */
	struct span ticket, session_id;
	struct observation first, latest;
	enum verdict first_verdict;
	unsigned quiet_ms; /* of the latest answer */
	struct assessment result;
};

/* Trials between two controls. Those from `at` on have not been asked. */
struct group {
	uint32_t *trials;
	size_t len, at;
	bool suspected; /* a control failed after these, together with others perhaps */
	unsigned closings;
};

struct control_mark {
	uint64_t started_us, ended_us;
	enum version version;
	bool success;
};

enum stage { STAGE_VERSIONS, STAGE_SERIAL, STAGE_FEATURES, STAGE_CASES, STAGE_DONE };

struct case_prover {
	struct arena *arena;
	struct case_options options;
	struct shape shape;
	enum stage stage;
	LIST(struct trial) trials; /* cases in the order of the catalogue, then features */
	size_t cases_len;
	LIST(struct group) groups; /* a stack; the last one is worked on while `working` */
	bool working, opening;
	LIST(uint32_t) again, doubtful, silent; /* for the groups to come */

	enum presence accepts[VERSIONS_LEN];
	struct observation version_answer[VERSIONS_LEN];
	unsigned version_tries[VERSIONS_LEN];
	version_set wanted, due; /* versions: whose state matters; whose control is to be asked */
	enum version home;	 /* of cases without versions */

	LIST(struct control_mark) marks;
	bool good[VERSIONS_LEN]; /* a control succeeded since the last failure */
	struct span control_random[VERSIONS_LEN];
	LIST(uint64_t) took_us; /* of every control that succeeded, in order of size */
	size_t since_control;
	enum version last_version;

	struct conduct silence;
	bool silence_due, serial;
	unsigned serial_tests, serial_votes;
	struct observation silent_answer, serial_control;

	bool failed, recovering, returned, dead;
	enum version failed_version;
	struct observation failure; /* the control's answer */
	unsigned tries, silent_tries;
	size_t failures, culprits;

	size_t outstanding, answered, limit; /* limit: in flight at a time; 0: as many as may */
	uint32_t next_id, controls, controls_failed;
	bool reached;
	LIST(const char *) notes;
};

/* case_plan.c: which cases are asked, with which features, in which order. */
bool case_plan(struct case_prover *prover);
void case_plan_features(struct case_prover *prover);
bool case_plan_stream(struct case_prover *prover, bool features);
void case_group_push(struct case_prover *prover, const uint32_t *trials, size_t len,
		     bool suspected);

/* case_needs.c: what must be so for a case to make sense. */
version_set case_needs_versions(const struct conformance_case *of);
enum version case_feature_version(const struct case_prover *prover,
				  const struct conformance_case *feature, enum version version);
struct trial *case_feature_find(struct case_prover *prover, const struct conformance_case *feature,
				enum version version);
enum presence case_needs_state(struct case_prover *prover, struct trial *trial, const char **why);
void case_capture(struct case_prover *prover, struct trial *trial);

/* case_control.c: controls in time, the versions, and whether the endpoint serves one at a time. */
bool case_versions_advance(struct case_prover *prover);
bool case_serial_advance(struct case_prover *prover);
void case_control_probe(struct case_prover *prover, struct probe *out, enum version version);
void case_silence_probe(struct case_prover *prover, struct probe *out);
void case_control_take(struct case_prover *prover, enum version version,
		       const struct observation *observation);
void case_failure_take(struct case_prover *prover, enum version version,
		       const struct observation *observation);
bool case_control_succeeded(const struct observation *observation, enum version version);
/* What a trial is worth whose control fails at `version`: `why` it is inconclusive, or a failure
 * where a ServerHello is due and what the control got breaks a rule. */
struct assessment case_without_control(struct case_prover *prover, const struct trial *trial,
				       enum version version, const char *why);
bool case_closed(const struct case_prover *prover, const struct trial *trial);
bool case_covered(const struct case_prover *prover, const struct trial *trial);
/* The run was interrupted before a control could follow the trial: no doing of the peer's. */
bool case_broken_off(const struct case_prover *prover, const struct trial *trial);
unsigned case_quiet_ms(const struct case_prover *prover, bool patient);

/* case_group.c: groups of trials between controls; what became of them. */
bool case_group_advance(struct case_prover *prover);
void case_trial_take(struct case_prover *prover, uint32_t number);
void case_trial_settle(struct trial *trial, struct assessment result);

/* case_crash.c: a control failed: who brought the endpoint down? */
bool case_crash_advance(struct case_prover *prover);
void case_note(struct case_prover *prover, const char *note);

/* case_match.c: an answer beside what is expected. */
enum grade case_match(struct case_prover *prover, const struct trial *trial,
		      const struct observation *seen, const struct expectation **out);

/* case_facts.c: the first fact that does not hold; NULL when all do. `unknown`: it cannot be seen.
 */
const char *case_facts_broken(struct case_prover *prover, const struct trial *trial,
			      const struct observation *seen, bool *unknown);

/* case_phrase.c: expectations and answers in words; everything in the arena. */
const char *case_phrase_demanded(struct case_prover *prover, const struct conformance_case *of,
				 enum version version);
const char *case_phrase_strict(struct case_prover *prover, const struct conformance_case *of,
			       enum version version);
const char *case_phrase_answer(struct case_prover *prover, const struct observation *seen);

/* case_assess.c: what an answer is worth. */
struct assessment case_assess(struct case_prover *prover, const struct trial *trial,
			      const struct observation *seen);
bool case_same_answer(const struct observation *a, const struct observation *b);
bool case_is_acceptance(const struct observation *seen);

#endif
