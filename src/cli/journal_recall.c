/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/journal_internal.h"

/* Hands out until the source has handed out as many as it had; false when it does not get there. */
static bool hand_out(struct journal_recall *recall, uint64_t handed)
{
	struct journal *journal = recall->journal;
	while (journal->handed < handed) {
		struct probe *grown =
			arena_grow(&recall->run->arena, recall->waiting, recall->waiting_len,
				   &recall->waiting_cap, sizeof(*recall->waiting));
		if (!grown)
			return false;
		recall->waiting = grown;
		struct probe *probe = &grown[recall->waiting_len];
		if (recall->source->next(recall->source->context, probe) != PROVER_PROBE)
			return false;
		recall->waiting_len++;
		journal->handed++;
	}
	return true;
}

static struct probe *waiting_probe(struct journal_recall *recall, uint64_t id)
{
	for (size_t i = 0; i < recall->waiting_len; i++)
		if (recall->waiting[i].id == id)
			return &recall->waiting[i];
	return NULL;
}

static void answered(struct journal_recall *recall, struct probe *probe)
{
	size_t behind = (size_t)(recall->waiting + recall->waiting_len - (probe + 1));
	memmove(probe, probe + 1, behind * sizeof(*probe));
	recall->waiting_len--;
}

static void tell_run(struct journal_recall *recall, const struct probe *probe,
		     const struct exchange *exchange)
{
	const struct engine_attempt attempt = {
		.probe = probe,
		.observation = &exchange->observation,
		.sent = exchange->sent,
		.received = exchange_received(exchange),
		.turns = exchange->turns,
		.turns_len = exchange->turns_len,
		.final = true,
	};
	check_run_recalled(recall->run, &attempt);
}

/* Never a guess: what we send and what we see must be what was sent and seen. */
static bool play(struct journal_recall *recall, const struct journal_record *record,
		 struct probe *probe, struct exchange *exchange)
{
	uint64_t sent;
	struct arena *arena = exchange->arena, *keep = &recall->run->arena;
	arena->limit = probe->kind == PROBE_CASE ? CASE_PROBE_ARENA_MAX : PROBE_ARENA_MAX;
	if (exchange_start(exchange, probe, arena, keep) != FAULT_NONE ||
	    tape_play(exchange, record->tape, &sent) != FAULT_NONE)
		return false;
	struct observation *seen = &exchange->observation;
	if (sent != record->sent || observation_fingerprint(seen) != record->seen)
		return false;
	seen->attempts = (uint32_t)record->attempts;
	seen->started_us = record->started_us;
	seen->ended_us = record->ended_us;
	tell_run(recall, probe, exchange);
	journal_keep_sample(recall, probe, seen);
	recall->source->deliver(recall->source->context, probe, seen);
	recall->answers++;
	return true;
}

static void note_time(struct journal_recall *recall, uint64_t us)
{
	if (us >= recall->elapsed_us)
		recall->elapsed_us = us + 1;
}

static bool take_answer(struct journal_recall *recall, const struct journal_record *record,
			struct arena *arena)
{
	struct exchange exchange = { .arena = arena };
	if (!hand_out(recall, record->handed))
		return false;
	struct probe *probe = waiting_probe(recall, record->probe);
	if (!probe || probe_fingerprint(probe) != record->asked)
		return false;
	bool played = play(recall, record, probe, &exchange);
	exchange_release(&exchange);
	arena_clear(arena);
	if (!played)
		return false;
	note_time(recall, record->ended_us);
	answered(recall, probe);
	return true;
}

static bool take_interruption(struct journal_recall *recall, const struct journal_record *record)
{
	const struct interruption *interruption = &record->interruption;
	if (!hand_out(recall, record->handed))
		return false;
	journal_interrupt(recall, interruption);
	note_time(recall, interruption->at_us);
	for (size_t i = 0; i < interruption->len; i++)
		note_time(recall, interruption->controls[i].ended_us);
	return true;
}

static bool take_line(struct journal_recall *recall, const struct journal_record *record,
		      struct arena *arena)
{
	if (record->part != recall->part)
		return true;
	if (record->kind == JOURNAL_ANSWER)
		return take_answer(recall, record, arena);
	return record->kind != JOURNAL_INTERRUPTION || take_interruption(recall, record);
}

static bool is_of_run(const struct journal_entry *entry, const struct journal_record *record)
{
	return record->target == entry->target && record->address.len == strlen(entry->address) &&
	       memcmp(record->address.at, entry->address, record->address.len) == 0;
}

/* What cannot be played ends the recall: the file is cut there, and the rest is asked. */
static void recall_lines(struct journal_recall *recall, struct journal_reader *reader,
			 struct arena *arena)
{
	const struct journal_entry *entry = recall->journal->entry;
	struct arena *keep = &recall->run->arena;
	struct journal_record record;
	struct span line;
	bool ours = true;
	while (journal_reader_next(reader, &line) == JOURNAL_LINE) {
		journal_record_read(&record, line);
		if (record.kind == JOURNAL_RUN)
			ours = is_of_run(entry, &record);
		if (!ours || record.kind == JOURNAL_RUN || record.kind == JOURNAL_DONE)
			continue;
		if (take_line(recall, &record, arena))
			continue;
		if (keep->fault == FAULT_NONE) {
			recall->damaged = reader->number;
			journal_file_cut(&recall->journal->file, reader->from);
		}
		return;
	}
}

enum fault journal_recall(struct journal_recall *recall)
{
	struct journal_reader reader;
	struct journal *journal = recall->journal;
	struct journal_entry *entry = journal->entry;
	struct arena arena;
	if (!entry)
		return FAULT_NONE;
	arena_init(&arena, PROBE_ARENA_MAX);
	journal_reader_init(&reader, journal->file.fd, entry->offset, entry->number);
	recall_lines(recall, &reader, &arena);
	journal_reader_release(&reader);
	arena_release(&arena);
	if (recall->damaged)
		entry->done = false;
	return recall->run->arena.fault;
}
