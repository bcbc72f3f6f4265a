/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/journal_internal.h"

static struct span take_word(struct span *line)
{
	const uint8_t *blank = line->len ? memchr(line->at, ' ', line->len) : NULL;
	size_t len = blank ? (size_t)(blank - line->at) : line->len;
	struct span word = span_of(line->at, len);
	*line = span_skip(*line, len + 1);
	return word;
}

static int digit_of(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 16;
}

/* Takes digits up to `end`, which may be missing behind the last number. */
static bool take_number(struct span *line, unsigned base, char end, uint64_t *out)
{
	size_t len = 0;
	*out = 0;
	for (; len < line->len && line->at[len] != (uint8_t)end; len++) {
		unsigned digit = (unsigned)digit_of(line->at[len]);
		if (digit >= base || *out > (UINT64_MAX - digit) / base)
			return false;
		*out = *out * base + digit;
	}
	*line = span_skip(*line, len + 1);
	return len > 0;
}

static const char *const part_words[JOURNAL_PARTS_LEN] = {
	[JOURNAL_POLICY] = "policy",
	[JOURNAL_CASES] = "cases",
	[JOURNAL_STRENGTH] = "strength",
};

static bool take_part(struct span *line, enum journal_part *part)
{
	struct span word = take_word(line);
	for (*part = JOURNAL_POLICY; *part < JOURNAL_PARTS_LEN; (*part)++)
		if (span_is(word, part_words[*part]))
			return true;
	return false;
}

static bool read_run(struct journal_record *out, struct span line)
{
	uint64_t target;
	if (!take_number(&line, 10, ' ', &target))
		return false;
	struct span how = take_word(&line);
	out->target = (size_t)target;
	out->anew = span_is(how, "anew");
	out->started = take_word(&line);
	out->address = line;
	return (out->anew || span_is(how, "on")) && out->started.len < JOURNAL_STARTED_MAX &&
	       line.len && line.len < sizeof(((struct journal_entry *)0)->address);
}

/* A time that leaves room to go on from it. */
#define TIME_US_MAX (UINT64_MAX / 4)

static bool read_answer(struct journal_record *out, struct span line)
{
	bool ok = take_part(&line, &out->part) && take_number(&line, 10, ' ', &out->handed) &&
		  take_number(&line, 10, ' ', &out->probe) &&
		  take_number(&line, 16, ' ', &out->asked) &&
		  take_number(&line, 10, ' ', &out->attempts) &&
		  take_number(&line, 10, ' ', &out->started_us) &&
		  take_number(&line, 10, ' ', &out->ended_us) &&
		  take_number(&line, 16, ' ', &out->seen) &&
		  take_number(&line, 16, ' ', &out->sent);
	out->tape = line;
	return ok && out->attempts <= UINT32_MAX && out->ended_us < TIME_US_MAX &&
	       out->started_us <= out->ended_us;
}

static bool read_interruption(struct journal_record *out, struct span line)
{
	struct interruption *to = &out->interruption;
	if (!take_part(&line, &out->part) || !take_number(&line, 10, ' ', &out->handed) ||
	    !take_number(&line, 10, ' ', &to->at_us) || to->at_us >= TIME_US_MAX)
		return false;
	while (line.len) {
		uint64_t version;
		if (to->len == INTERRUPTION_CONTROLS_MAX)
			return false;
		struct interruption_control *control = &to->controls[to->len++];
		if (!take_number(&line, 10, ':', &version) || version > VERSIONS_LEN ||
		    !take_number(&line, 10, ':', &control->started_us) ||
		    !take_number(&line, 10, ' ', &control->ended_us) ||
		    control->ended_us >= TIME_US_MAX)
			return false;
		control->version = (enum version)version;
	}
	return true;
}

void journal_record_read(struct journal_record *out, struct span line)
{
	bool ok = true;
	*out = (struct journal_record){ .kind = JOURNAL_UNKNOWN };
	struct span word = take_word(&line);
	enum journal_kind kind = JOURNAL_UNKNOWN;
	if (span_is(word, "head")) {
		kind = JOURNAL_HEAD;
		out->head = line;
	} else if (span_is(word, "begin")) {
		kind = JOURNAL_BEGIN;
		out->started = line;
		ok = line.len < JOURNAL_STARTED_MAX;
	} else if (span_is(word, "run")) {
		kind = JOURNAL_RUN;
		ok = read_run(out, line);
	} else if (span_is(word, "answer")) {
		kind = JOURNAL_ANSWER;
		ok = read_answer(out, line);
	} else if (span_is(word, "interruption")) {
		kind = JOURNAL_INTERRUPTION;
		ok = read_interruption(out, line);
	} else if (span_is(word, "done")) {
		kind = JOURNAL_DONE;
	} else if (span_is(word, "end")) {
		kind = JOURNAL_END;
	}
	out->kind = ok ? kind : JOURNAL_UNKNOWN;
}

void journal_put_answer(struct text *out, const struct journal_record *record)
{
	text_printf(out, "answer %s %llu %llu %llx %llu %llu %llu %llx %llx",
		    part_words[record->part], (unsigned long long)record->handed,
		    (unsigned long long)record->probe, (unsigned long long)record->asked,
		    (unsigned long long)record->attempts, (unsigned long long)record->started_us,
		    (unsigned long long)record->ended_us, (unsigned long long)record->seen,
		    (unsigned long long)record->sent);
	text_append(out, record->tape);
}

void journal_put_interruption(struct text *out, const struct journal_record *record)
{
	const struct interruption *from = &record->interruption;
	text_printf(out, "interruption %s %llu %llu", part_words[record->part],
		    (unsigned long long)record->handed, (unsigned long long)from->at_us);
	for (size_t i = 0; i < from->len; i++)
		text_printf(out, " %u:%llu:%llu", (unsigned)from->controls[i].version,
			    (unsigned long long)from->controls[i].started_us,
			    (unsigned long long)from->controls[i].ended_us);
}
