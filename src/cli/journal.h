/* journal.h - `check --journal FILE`: answers are kept as they come, and a run that was killed goes
 * on from them. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_JOURNAL_H
#define CLI_JOURNAL_H

#include "cli/check.h"

/*
 * journal_open reads the whole file before anything is sent: one of the same run that was not ended
 * is gone on with, a complete one is begun anew, and any other is refused. `*out` is NULL without
 * the option. STATUS_PASS, or a status after one sentence.
 */
int journal_open(struct journal **out, const struct checks *checks);

/* journal_close marks it as complete, if the run is, and says whether all of it was written. */
int journal_close(struct journal *journal, bool complete);

/* journal_run begins a run, or goes on with it: then `run` has the day on which it began. */
void journal_run(struct journal *journal, struct check_run *run);

/* journal_run_anew drops what the journal holds of the run; journal_run_done marks its end. */
void journal_run_anew(struct journal *journal, struct check_run *run);
void journal_run_done(struct journal *journal, const struct check_run *run);

/* journal_attempt keeps a final attempt. */
void journal_attempt(struct journal *journal, const struct check_run *run,
		     const struct engine_attempt *attempt);

/*
 * journal_ask is engine_drive for a part of a run: first everything that the journal holds of it,
 * then the rest. Afterwards `run->changed` says that the endpoint answers otherwise than it did,
 * and `run->paused` that it does not answer at all; then nothing more was asked. Faults: as
 * engine_drive.
 */
MUST_USE enum fault journal_ask(struct engine_result *out, struct check_run *run,
				const struct engine_source *source,
				const struct engine_options *options);

#endif
