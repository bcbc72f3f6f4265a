/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <unistd.h>

#include "cli/journal_internal.h"

/* The first way through a journal: is it one, is it of this run, and where does it end? */
struct survey {
	struct journal *journal;
	struct journal_reader reader;
	struct span head;   /* what ours holds that was not met yet */
	struct span ours;   /* of the first difference: NAME, a tab, VALUE */
	const char *theirs; /* the same of the file; NULL while there is none */
	bool begun, ended;  /* the head, the whole run */
	uint64_t end;	    /* behind the last good line */
	unsigned bad;	    /* the first line that is not, or 0 */
	int status;
};

static void refuse(struct survey *survey, unsigned line, const char *what)
{
	const struct journal *journal = survey->journal;
	survey->status = complain(journal->who, "%s:%u: %s; remove the file, or name another",
				  journal->path, line, what);
}

static void take_head(struct survey *survey, struct span line)
{
	const uint8_t *end =
		survey->head.len ? memchr(survey->head.at, '\n', survey->head.len) : NULL;
	struct span ours = span_of(survey->head.at, end ? (size_t)(end - survey->head.at) : 0);
	survey->head = span_skip(survey->head, ours.len + 1);
	if (survey->theirs || span_equal(ours, line))
		return;
	survey->ours = ours;
	survey->theirs = arena_text(survey->journal->arena, line);
}

static void take_run(struct survey *survey, const struct journal_record *record)
{
	struct journal *journal = survey->journal;
	struct journal_entry entry = {
		.offset = survey->reader.next,
		.number = survey->reader.number,
		.target = record->target,
	};
	memcpy(entry.address, record->address.at, record->address.len);
	memcpy(entry.started, record->started.at, record->started.len);
	journal->entry = NULL;
	for (size_t i = 0; i < journal->entries_len; i++) {
		struct journal_entry *old = &journal->entries[i];
		if (old->target == entry.target && strcmp(old->address, entry.address) == 0)
			journal->entry = old;
	}
	if (journal->entry && !record->anew)
		return;
	if (!journal->entry) {
		struct journal_entry *grown =
			arena_grow(journal->arena, journal->entries, journal->entries_len,
				   &journal->entries_cap, sizeof(*journal->entries));
		if (!grown)
			return;
		journal->entries = grown;
		journal->entry = &grown[journal->entries_len++];
	}
	*journal->entry = entry;
}

static void take_record(struct survey *survey, struct span line)
{
	struct journal *journal = survey->journal;
	struct journal_record record;
	journal_record_read(&record, line);
	bool head = record.kind == JOURNAL_HEAD || record.kind == JOURNAL_BEGIN;
	if (record.kind == JOURNAL_UNKNOWN || head == survey->begun || survey->ended) {
		refuse(survey, survey->reader.number, "the journal is damaged here");
	} else if (record.kind == JOURNAL_HEAD) {
		take_head(survey, record.head);
	} else if (record.kind == JOURNAL_BEGIN) {
		take_head(survey, span_of(NULL, 0));
		memcpy(journal->began, record.started.at, record.started.len);
		survey->begun = true;
	} else if (record.kind == JOURNAL_RUN) {
		take_run(survey, &record);
	} else if (record.kind == JOURNAL_DONE && journal->entry) {
		journal->entry->done = true;
	} else {
		survey->ended = record.kind == JOURNAL_END;
	}
}

/* The end of a file that was being written may be missing, or hold anything; not its middle. */
static void take_line(struct survey *survey, enum journal_line kind, struct span line)
{
	unsigned number = survey->reader.number;
	if (number == 1 && !span_is(line, JOURNAL_MAGIC)) {
		refuse(survey, 1, "this is no journal of this release");
	} else if (kind == JOURNAL_LINE_BAD) {
		survey->bad = survey->bad ? survey->bad : number;
	} else if (survey->bad) {
		refuse(survey, survey->bad, "the journal is damaged here");
	} else {
		if (number > 1)
			take_record(survey, line);
		survey->end = survey->reader.next;
	}
}

static int refuse_other(const struct survey *survey)
{
	const struct journal *journal = survey->journal;
	const char *ours = arena_text(journal->arena, survey->ours);
	const char *tab = ours ? strchr(ours, '\t') : NULL;
	const char *other = strchr(survey->theirs, '\t');
	bool same_name = tab && other && tab - ours == other - survey->theirs &&
			 memcmp(ours, survey->theirs, (size_t)(tab - ours)) == 0;
	if (!same_name)
		return complain(journal->who,
				"'%s' is the journal of another run, with other options; remove "
				"the file, or name another",
				journal->path);
	return complain(journal->who,
			"'%s' is the journal of another run: %.*s is '%s' there, and '%s' here; "
			"remove the file, or name another",
			journal->path, (int)(tab - ours), ours, other + 1, tab + 1);
}

static void begin(struct journal *journal, struct span head)
{
	journal_file_cut(&journal->file, 0);
	journal->entries_len = 0;
	journal->text.len = 0;
	text_printf(&journal->text, "%s", JOURNAL_MAGIC);
	journal_line(journal);
	while (head.len) {
		const uint8_t *end = memchr(head.at, '\n', head.len);
		size_t len = end ? (size_t)(end - head.at) : head.len;
		text_printf(&journal->text, "head ");
		text_append(&journal->text, span_of(head.at, len));
		journal_line(journal);
		head = span_skip(head, len + 1);
	}
	journal_now(journal->began);
	text_printf(&journal->text, "begin %s", journal->began);
	journal_line(journal);
}

/* A beginning that was broken off is worth no more than an empty file. */
static bool is_torn_magic(struct journal *journal)
{
	char whole[64], start[64];
	struct span magic = span_text(JOURNAL_MAGIC);
	snprintf(whole, sizeof(whole), "%016llx %s",
		 (unsigned long long)fingerprint_bytes(FINGERPRINT_BEGIN, magic), JOURNAL_MAGIC);
	ssize_t n = pread(journal->file.fd, start, sizeof(start), 0);
	return n >= 0 && (size_t)n <= strlen(whole) && memcmp(start, whole, (size_t)n) == 0;
}

static int survey_all(struct journal *journal, struct span head)
{
	struct survey survey = { .journal = journal, .head = head };
	enum journal_line kind;
	struct span line;
	journal_reader_init(&survey.reader, journal->file.fd, 0, 0);
	bool torn = is_torn_magic(journal);
	while (!torn && survey.status == STATUS_PASS &&
	       (kind = journal_reader_next(&survey.reader, &line)) != JOURNAL_LINE_NONE)
		take_line(&survey, kind, line);
	journal_reader_release(&survey.reader);
	if (survey.status != STATUS_PASS)
		return survey.status;
	if (!survey.begun || survey.ended)
		begin(journal, head);
	else if (survey.theirs)
		return refuse_other(&survey);
	else
		journal_file_cut(&journal->file, survey.end);
	return STATUS_PASS;
}

/* A run that goes on is judged as of the day on which it began. */
static void keep_day(const struct journal *journal, const struct checks *checks)
{
	date day;
	if (date_parse(&day, span_of(journal->began, sizeof("YYYY-MM-DD") - 1)) != FAULT_NONE)
		return;
	for (size_t i = 0; i < checks->len; i++)
		if (checks->items[i]->has_policy && checks->items[i]->options->at == DATE_NONE)
			checks->items[i]->settings.today = day;
}

int journal_open(struct journal **out, const struct checks *checks)
{
	const struct check_options *options = checks->options;
	char why[512] = "";
	struct text head;
	*out = NULL;
	if (!options->journal)
		return STATUS_PASS;
	struct journal *journal = arena_alloc(checks->arena, sizeof(*journal));
	if (!journal)
		return complain_fault(options->who, checks->arena->fault);
	journal->path = options->journal;
	journal->who = options->who;
	journal->arena = checks->arena;
	text_init(&journal->text);
	text_init(&head);
	int status = STATUS_PASS;
	enum fault fault = journal_head(&head, checks);
	if (fault != FAULT_NONE)
		status = fault == FAULT_INPUT ? STATUS_USAGE : complain_fault(options->who, fault);
	if (status == STATUS_PASS &&
	    journal_file_open(&journal->file, journal->path, why, sizeof(why)) != FAULT_NONE)
		status = complain(options->who, "%s", why);
	bool opened = status == STATUS_PASS;
	if (opened)
		status = survey_all(journal, span_of(text_view(&head), head.len));
	text_release(&head);
	if (opened && status != STATUS_PASS)
		(void)journal_file_close(&journal->file);
	if (status != STATUS_PASS)
		return status;
	journal_file_begin(&journal->file);
	keep_day(journal, checks);
	*out = journal;
	return STATUS_PASS;
}
