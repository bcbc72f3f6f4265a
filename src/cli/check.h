/* check.h - one invocation of `tlsgauge check`: its inputs, its runs, and who does what. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_CHECK_H
#define CLI_CHECK_H

#include "cli/case_source.h"
#include "cli/check_options.h"
#include "cli/command.h"
#include "cli/output.h"
#include "cli/target.h"
#include "endpoint/endpoint.h"
#include "engine/source.h"
#include "live/strength.h"

#define CHECK_POLICY "azure-postgresql-single-server"

/* One endpoint under one set of settings. Everything that it found lives in its arena. */
struct check_run {
	struct check *check;
	struct arena arena;
	struct settings settings;
	struct address address;
	char target[TARGET_MAX];
	char started[32];
	struct prover *prover;	   /* NULL where only cases are asked */
	struct case_prover *cases; /* NULL where none are */
	bool asks_cases;	   /* the policy is done, the cases are under way */
	struct strength *strength; /* NULL without '--strength' */
	bool asks_strength;	   /* the cases are done as well */
	uint32_t probes;	   /* ids that were used up before what is under way */
	struct engine_result engine;
	struct run_result result;
	struct report_evidence *evidence;
	size_t evidence_len, evidence_cap;
	const char *unreachable; /* the first sentence that said so, or NULL */
	enum defect defect;	 /* of the built-in endpoint */
	uint32_t recalled;	 /* answers that come from the journal */
	unsigned damaged;	 /* the journal's line from which on none could be taken, or 0 */
	const char *resumed;	 /* the sentence about it, or NULL */
	bool samples;		 /* a sample of these is being asked again */
	bool changed, paused;	 /* by which the endpoint is another one, or away */
	bool dropped;		 /* an address that answered nothing while another did */
};

struct check {
	const struct check_options *options;
	struct arena arena;	  /* the policy, the list of runs, texts about them */
	struct policy policy;	  /* also what the built-in endpoint does */
	bool has_policy;	  /* it was read */
	bool proves_policy;	  /* it is judged: otherwise only cases are */
	struct case_source cases; /* `len` 0: none are asked */
	struct settings settings; /* as the operator gave them */
	bool has_target;
	struct target target, connect;
	enum depth depth;
	struct credentials credentials;
	struct certificate_list client_chain;
	struct signing_key *client_key;
	struct trust_store *trust;
	struct wiretap *wiretap; /* of --keylog and --pcap, or NULL */
	struct journal *journal; /* of --journal, or NULL */
	size_t number;		 /* among the targets, from 0 */
	struct endpoint_identity *identity;
	struct check_run *runs;
	size_t runs_len, runs_done;
	unsigned quiet_ms; /* the least that is silence to a case; 0: the prover's default */
};

/* Every endpoint of an invocation: one, or those of '--targets'. */
struct checks {
	struct check **items;
	size_t len;
	const struct check_options *options; /* of the whole run */
	struct arena *arena;
};

/* check_targets.c: reads the list of '--targets' and prepares every endpoint, in the arena, before
 * anything is sent. STATUS_PASS, or a status after one sentence. */
int check_targets_read(struct checks *out, const struct check_options *options,
		       struct arena *arena);

/* check_release frees what check_setup and the runs made. */
void check_release(struct check *check);

/* check_setup.c: reads everything that can be read before anything is sent. STATUS_PASS, or a
 * status after one sentence. */
int check_setup(struct check *check);

/* check_runs_plan makes the list of runs against the built-in endpoint. */
int check_runs_plan(struct check *check);

/* check_run_init prepares a run under `settings`. */
void check_run_init(struct check *check, struct check_run *run, const struct settings *settings);

/* check_cases.c: reads the cases that were asked for. STATUS_PASS, or a status after one sentence.
 */
int check_cases_load(struct check *check);

/* check_cases_prover plans the run's cases; NULL with the fault latched in the run's arena. */
struct case_prover *check_cases_prover(struct check_run *run);

/* check_cases_ask asks the run's cases with the engine's options, and adds up what it cost. Faults:
 * as engine_drive. */
MUST_USE enum fault check_cases_ask(struct check_run *run, const struct engine_options *options);

/* check_strength.c: plans what '--strength' asks, NULL with the fault latched in the run's arena;
 * and asks it, as check_cases_ask does. */
struct strength *check_strength(struct check_run *run);
MUST_USE enum fault check_strength_ask(struct check_run *run, const struct engine_options *options);

/* check_run_concurrency returns how many connections are opened at a time. */
unsigned check_run_concurrency(const struct check_run *run);

/* check_server_name returns what server_name says, or NULL. */
const char *check_server_name(const struct check *check);

/* check_run_plan makes what asks: a prover, a prover of cases, or both. Faults: NO_MEMORY,
 * TOO_LARGE. */
MUST_USE enum fault check_run_plan(struct check_run *run);

/* check_run_judge appends the findings of both. Faults: NO_MEMORY, TOO_LARGE. */
MUST_USE enum fault check_run_judge(struct check_run *run);

/* check_run asks everything and judges. Faults: IO, NO_MEMORY, TOO_LARGE. */
MUST_USE enum fault check_run(struct check_run *run);

/* check_run_unasked judges a run whose endpoint could not be reached at all. */
MUST_USE enum fault check_run_unasked(struct check_run *run, const char *why);

/* check_run_recalled takes an attempt of the journal's. */
void check_run_recalled(struct check_run *run, const struct engine_attempt *attempt);

/* check_run_add adds up what a further part of the run cost. */
void check_run_add(struct check_run *run, const struct engine_result *part);

/* check_run_note adds a sentence about the run as a whole. */
void check_run_note(struct check_run *run, const char *note);

/* check_run_count counts the verdicts anew after some were changed. */
void check_run_count(struct check_run *run);

/* check_was_interrupted says whether the last run that was begun was interrupted. */
bool check_was_interrupted(const struct check *check);

/* check_runs.c: the runs against TARGET, one an address, or against the built-in endpoint. */
int check_against_target(struct check *check);
int check_against_endpoint(struct check *check);

/* check_make_identity makes the built-in endpoint's keys, and trusts them; check_ask_endpoint
 * starts one for the run, with the run's defect, and asks it. STATUS_PASS, or a status after one
 * sentence. */
int check_make_identity(struct check *check);
int check_ask_endpoint(struct check *check, struct check_run *run);

/* check_merge.c: findings that differ between addresses of one name become inconclusive. */
MUST_USE enum fault check_merge(struct check *check);

/* check_known.c: --expected and --baseline. The files are read before anything is sent; known_lint
 * complains about a line of --expected that fits nothing. STATUS_PASS, or a status after one
 * sentence. */
struct known;
int known_read(struct known **out, const struct checks *checks);
int known_lint(struct known *known, const struct checks *checks);
int known_apply(struct known *known, const struct checks *checks);

/* check_credentials.c: what we show of ourselves; released with the check. */
int check_credentials(struct check *check);

/*
 * check_wiretap.c: the secrets and the packets of every attempt. The files are opened before
 * anything is sent; wiretap_close writes what is left and says whether all of it could be written.
 */
int wiretap_open(struct check *check);
void wiretap_attempt(struct wiretap *wiretap, const struct check_run *run,
		     const struct engine_attempt *attempt);
int wiretap_close(struct check *check);

/* check_sslmode.c: a sentence about what libpq would do, as a note of the run. */
void check_sslmode(struct check_run *run);

/* check_dry.c: prints the plan, answered as a conforming endpoint would. */
int check_dry_run(struct check *check);

#endif
