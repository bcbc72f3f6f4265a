/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/journal_internal.h"

#include <stdio.h>

void journal_line(struct journal *journal)
{
	if (journal->text.fault != FAULT_NONE)
		journal->file.failed = true;
	else
		journal_file_write(&journal->file,
				   span_of(text_view(&journal->text), journal->text.len));
	journal->text.len = 0;
}

enum journal_part journal_part_of(const struct check_run *run)
{
	if (run->asks_strength)
		return JOURNAL_STRENGTH;
	return run->asks_cases ? JOURNAL_CASES : JOURNAL_POLICY;
}

static bool is_entry_of(const struct journal_entry *entry, const struct check_run *run)
{
	return entry->target == run->check->number &&
	       strcmp(entry->address, run->address.text) == 0;
}

static void put_run(struct journal *journal, const struct check_run *run, const char *how)
{
	text_printf(&journal->text, "run %zu %s %s %s", run->check->number, how, run->started,
		    run->address.text);
	journal_line(journal);
}

void journal_run(struct journal *journal, struct check_run *run)
{
	journal->entry = NULL;
	journal->mute = false;
	for (size_t i = 0; i < journal->entries_len; i++)
		if (is_entry_of(&journal->entries[i], run))
			journal->entry = &journal->entries[i];
	if (journal->entry)
		snprintf(run->started, sizeof(run->started), "%s", journal->entry->started);
	put_run(journal, run, journal->entry ? "on" : "anew");
}

void journal_run_anew(struct journal *journal, struct check_run *run)
{
	journal->entry = NULL;
	journal->mute = false;
	put_run(journal, run, "anew");
}

void journal_run_done(struct journal *journal, const struct check_run *run)
{
	bool whole = !run->engine.interrupted && !run->paused && !journal->mute;
	if (!whole || (journal->entry && journal->entry->done))
		return;
	text_printf(&journal->text, "done");
	journal_line(journal);
}

void journal_attempt(struct journal *journal, const struct check_run *run,
		     const struct engine_attempt *attempt)
{
	const struct observation *seen = attempt->observation;
	if (!attempt->final || !attempt->tape || journal->mute)
		return;
	if (attempt->tape->full) {
		journal->mute = true;
		return;
	}
	const struct text *tape = &attempt->tape->text;
	const struct journal_record record = {
		.part = journal_part_of(run),
		.handed = journal->handed,
		.probe = attempt->probe->id,
		.asked = probe_fingerprint(attempt->probe),
		.attempts = seen->attempts,
		.started_us = seen->started_us,
		.ended_us = seen->ended_us,
		.seen = observation_fingerprint(seen),
		.sent = attempt->tape->sent,
		.tape = span_of(text_view(tape), tape->len),
	};
	journal_put_answer(&journal->text, &record);
	journal_line(journal);
}

int journal_close(struct journal *journal, bool complete)
{
	if (!journal)
		return STATUS_PASS;
	if (complete) {
		text_printf(&journal->text, "end");
		journal_line(journal);
	}
	bool written = journal_file_close(&journal->file);
	text_release(&journal->text);
	if (written)
		return STATUS_PASS;
	complain(journal->who, "the journal '%s' could not be written", journal->path);
	return STATUS_FAULT;
}
