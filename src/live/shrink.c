/* SPDX-License-Identifier: Apache-2.0 */
#include "live/shrink.h"

#include "base/fingerprint.h"
#include "wire/record.h"

#define SEEN_CAP	   ((size_t)2 * SHRINK_CANDIDATES_MAX)
#define RECORD_VERSION	   0x0301 /* RFC 8446 5.1: of a first hello */
#define RECORD_VERSION_TOO 0x0303
#define CANDIDATES_A_LIE   3
#define RUN_LEN		   16

/* What is tried, in this order. */
enum phase {
	PHASE_RECORDS,
	PHASE_MESSAGES,
	PHASE_BLOCK,
	PHASE_EXTENSIONS,
	PHASE_SUITES,
	PHASE_MEMBERS,
	PHASE_FIELDS,
	PHASE_MERGE,
	PHASE_VALUES,
	PHASE_RECORD_VERSIONS,
	PHASE_LIES,
	PHASE_RECORD_LIES,
	PHASE_FILL,
	PHASE_FILL_FIELDS,
	PHASE_BODIES,
	PHASE_BYTES,
	PHASE_RECORDS_ONLY,
	PHASE_CONTENT,
	PHASE_STREAM,
	PHASES_LEN
};

/* `kind` is of the lists that a phase is about; `most` members go at once, as many as there are
 * where it is 0, and `least` at the end. */
struct phase_rule {
	bool is_of_lists;
	enum outline_kind kind;
	enum cut_kind cut;
	uint32_t most, least;
};

#define OF(kind) true, OUTLINE_##kind
#define OF_ALL	 false, OUTLINE_BYTES

static const struct phase_rule rules[PHASES_LEN] = {
	[PHASE_RECORDS] = { OF_ALL, CUT_RECORDS, 0, 1 },
	[PHASE_MESSAGES] = { OF(MESSAGES), CUT_CONTENT, 0, 1 },
	[PHASE_BLOCK] = { OF(BLOCK), CUT_CONTENT, 1, 1 },
	[PHASE_EXTENSIONS] = { OF(EXTENSIONS), CUT_CONTENT, 0, 1 },
	[PHASE_SUITES] = { OF(SUITES), CUT_CONTENT, 0, 1 },
	[PHASE_MEMBERS] = { OF(MEMBERS), CUT_CONTENT, 0, 1 },
	[PHASE_FIELDS] = { OF(FIELD), CUT_CONTENT, 0, 1 },
	[PHASE_MERGE] = { OF_ALL, CUT_MERGE, 0, 1 },
	[PHASE_VALUES] = { OF_ALL, CUT_CODE, 1, 1 },
	[PHASE_RECORD_VERSIONS] = { OF_ALL, CUT_RECORD_VERSION, 1, 1 },
	[PHASE_LIES] = { OF_ALL, CUT_LENGTH, 1, 1 },
	[PHASE_RECORD_LIES] = { OF_ALL, CUT_RECORD_LENGTH, 1, 1 },
	[PHASE_FILL] = { OF(BYTES), CUT_FILL, 0, RUN_LEN },
	[PHASE_FILL_FIELDS] = { OF(FIELD), CUT_FILL, 0, RUN_LEN },
	[PHASE_BODIES] = { OF(BODY), CUT_FRAGMENTS, 0, 1 },
	[PHASE_BYTES] = { OF(BYTES), CUT_FRAGMENTS, 0, 1 },
	[PHASE_RECORDS_ONLY] = { OF_ALL, CUT_RECORDS_ONLY, 0, 1 },
	[PHASE_CONTENT] = { OF_ALL, CUT_FRAGMENTS, RUN_LEN, 1 },
	[PHASE_STREAM] = { OF_ALL, CUT_STREAM, 0, 1 },
};

static const struct outline *best_of(const struct shrink *shrink)
{
	return &shrink->outlines[shrink->best];
}

/* How many members a phase has that is not about lists. */
static uint32_t count_all(const struct shrink *shrink)
{
	const struct outline *best = best_of(shrink);
	switch ((enum phase)shrink->phase) {
	case PHASE_RECORDS:
	case PHASE_RECORDS_ONLY:
		return best->records_len;
	case PHASE_MERGE:
		return best->records_len ? best->records_len - 1 : 0;
	case PHASE_VALUES:
		return best->values_len;
	case PHASE_RECORD_VERSIONS:
		return 2 * best->records_len;
	case PHASE_LIES:
		return CANDIDATES_A_LIE * best->lengths_len;
	case PHASE_RECORD_LIES:
		return CANDIDATES_A_LIE * best->records_len;
	case PHASE_CONTENT:
		return best->content_len;
	default:
		return best->len;
	}
}

/* False when the phase has no such list any more. */
static bool count_members(const struct shrink *shrink, uint32_t *out)
{
	const struct phase_rule *rule = &rules[shrink->phase];
	const struct outline *best = best_of(shrink);
	if (shrink->list >= (rule->is_of_lists ? best->lists_len : 1))
		return false;
	const struct outline_list *list = &best->lists[shrink->list];
	if (!rule->is_of_lists)
		*out = count_all(shrink);
	else
		*out = list->kind == rule->kind ? outline_count(list) : 0;
	return true;
}

/* All of a lie, half of it, or all but one. */
static uint32_t lie_less(uint32_t told, uint32_t truth, uint32_t way)
{
	uint32_t lie = told - truth;
	return truth + (way == 0 ? 0 : way == 1 ? lie / 2 : lie > 0);
}

static struct cut cut_to(enum cut_kind kind, uint32_t from, uint32_t was, uint32_t value)
{
	return (struct cut){ .kind = was == value ? CUT_NOTHING : kind,
			     .from = from,
			     .value = value };
}

static struct cut version_cut(const struct outline *best, uint32_t at)
{
	const uint8_t *header = best->bytes + best->records[at / 2].at;
	uint32_t is = (uint32_t)header[1] << 8 | header[2];
	if (at % 2 && is == RECORD_VERSION)
		return (struct cut){ .kind = CUT_NOTHING };
	return cut_to(CUT_RECORD_VERSION, at / 2, is, at % 2 ? RECORD_VERSION_TOO : RECORD_VERSION);
}

static struct cut lie_cut(const struct outline *best, enum cut_kind kind, uint32_t at)
{
	uint32_t i = at / CANDIDATES_A_LIE, told, truth;
	if (kind == CUT_LENGTH) {
		told = outline_told(best, &best->lengths[i]);
		truth = best->lengths[i].to - best->lengths[i].from;
	} else {
		told = best->records[i].told;
		truth = best->records[i].to - best->records[i].from;
	}
	return cut_to(kind, i, told, lie_less(told, truth, at % CANDIDATES_A_LIE));
}

/* Records of different types cannot be one. */
static struct cut merge_cut(const struct outline *best, uint32_t from, uint32_t to)
{
	uint32_t len = 0;
	struct cut cut = { .kind = CUT_MERGE, .from = from, .to = to };
	for (uint32_t i = from; i <= to; i++) {
		len += best->records[i].told;
		if (best->records[i].type != best->records[from].type || len > UINT16_MAX)
			cut.kind = CUT_NOTHING;
	}
	return cut;
}

static struct cut cut_of(const struct shrink *shrink, uint32_t from, uint32_t to)
{
	const struct phase_rule *rule = &rules[shrink->phase];
	const struct outline *best = best_of(shrink);
	const struct outline_list *list = &best->lists[shrink->list];
	if (rule->is_of_lists)
		return (struct cut){ .kind = rule->cut,
				     .from = outline_member(best, list, from),
				     .to = outline_member(best, list, to) };
	switch (rule->cut) {
	case CUT_MERGE:
		return merge_cut(best, from, to);
	case CUT_CODE:
		return (struct cut){ .kind = CUT_CODE,
				     .from = best->values[from].at,
				     .value = best->values[from].usual };
	case CUT_RECORD_VERSION:
		return version_cut(best, from);
	case CUT_LENGTH:
	case CUT_RECORD_LENGTH:
		return lie_cut(best, rule->cut, from);
	default:
		return (struct cut){ .kind = rule->cut, .from = from, .to = to };
	}
}

static void begin_list(struct shrink *shrink, uint32_t list)
{
	shrink->list = list;
	shrink->size = shrink->at = 0;
}

/* A round that took nothing has tried everything on the best. */
static bool begin_phase(struct shrink *shrink)
{
	begin_list(shrink, 0);
	if (++shrink->phase < PHASES_LEN)
		return true;
	shrink->is_minimal = !shrink->took_any;
	shrink->phase = 0;
	shrink->took_any = false;
	return !shrink->is_minimal;
}

/* Half as many members at once, or the next list. */
static void begin_size(struct shrink *shrink)
{
	shrink->at = 0;
	shrink->size /= 2;
	if (shrink->size < rules[shrink->phase].least)
		begin_list(shrink, shrink->list + 1);
}

static bool next_cut(struct shrink *shrink, struct cut *out)
{
	for (;;) {
		uint32_t count, most = rules[shrink->phase].most;
		if (!count_members(shrink, &count)) {
			if (!begin_phase(shrink))
				return false;
			continue;
		}
		if (!shrink->size)
			shrink->size = most && most < count ? most : count;
		if (shrink->size > count)
			shrink->size = count;
		if (shrink->at >= count) {
			begin_size(shrink);
			continue;
		}
		uint32_t from = shrink->at, left = count - from;
		shrink->at += shrink->size < left ? shrink->size : left;
		*out = cut_of(shrink, from, shrink->at);
		return true;
	}
}

/* The place of what was asked, or the free one that it would have. */
static uint64_t *place_of(struct shrink *shrink, uint64_t print)
{
	size_t at = print % SEEN_CAP;
	while (shrink->seen[at] && shrink->seen[at] != print)
		at = (at + 1) % SEEN_CAP;
	return &shrink->seen[at];
}

static uint64_t print_of(struct span bytes)
{
	uint64_t print = fingerprint_span(FINGERPRINT_BEGIN, bytes);
	return print + (print == 0);
}

enum fault shrink_start(struct shrink *out, struct arena *arena, struct span bytes)
{
	*out = (struct shrink){ .is_over = true };
	if (!bytes.len || bytes.len > SHRINK_BYTES_MAX)
		return FAULT_TOO_LARGE;
	uint32_t max = (uint32_t)bytes.len;
	out->seen = arena_array(arena, SEEN_CAP, sizeof(*out->seen));
	out->candidate = arena_alloc(arena, max);
	enum fault fault = cutter_init(&out->cutter, arena, max);
	for (size_t i = 0; i < 2 && fault == FAULT_NONE; i++)
		fault = outline_init(&out->outlines[i], arena, max);
	if (fault != FAULT_NONE)
		return fault;
	outline_read(&out->outlines[0], bytes);
	uint64_t print = print_of(bytes);
	*place_of(out, print) = print;
	out->is_over = false;
	return FAULT_NONE;
}

/* No length begins, ends or stands between: the same ones count whatever goes there. */
static bool is_of_one_piece(const struct outline *best, uint32_t from, uint32_t to)
{
	for (uint32_t i = 0; i < best->lengths_len; i++) {
		const struct outline_length *length = &best->lengths[i];
		if ((length->from > from && length->from < to) ||
		    (length->to > from && length->to < to) ||
		    (length->at < to && length->at + length->width > from))
			return false;
	}
	return best->records_len == 1;
}

/* Of equal bytes side by side it is one which of them go: the cut in front of this one made the
 * same. Padding is full of them. */
static bool is_like_the_last(const struct shrink *shrink, const struct cut *cut)
{
	const struct outline *best = best_of(shrink);
	const struct outline_list *list = &best->lists[shrink->list];
	bool of_lists = rules[shrink->phase].is_of_lists;
	uint32_t len = cut->to - cut->from, base = 0, least = of_lists ? list->from : 0;
	if ((of_lists && !list->stride) || cut->to < cut->from || cut->from < least + len)
		return false;
	if (cut->kind == CUT_CONTENT || cut->kind == CUT_FRAGMENTS) {
		if (!is_of_one_piece(best, cut->from - len, cut->to))
			return false;
		base = best->records[0].at + RECORD_HEADER_LEN - best->records[0].from;
	} else if (cut->kind != CUT_STREAM) {
		return false;
	}
	const uint8_t *at = best->bytes + base + cut->from;
	return memcmp(at - len, at, len) == 0;
}

/* What was asked before is passed by, and what is no smaller. */
static bool is_worth_asking(struct shrink *shrink, const struct cut *cut)
{
	const struct outline *best = best_of(shrink);
	struct outline *next = &shrink->outlines[1 - shrink->best];
	if (cut->kind == CUT_NOTHING || is_like_the_last(shrink, cut))
		return false;
	shrink->work += best->len;
	uint32_t len = cut_apply(&shrink->cutter, best, cut, shrink->candidate);
	struct span bytes = span_of(shrink->candidate, len);
	uint64_t print = print_of(bytes), *place = place_of(shrink, print);
	if (!len || *place)
		return false;
	outline_read(next, bytes);
	if (outline_compare(&next->size, &best->size) > 0)
		return false;
	*place = print;
	return true;
}

bool shrink_next(struct shrink *shrink, struct span *candidate)
{
	struct cut cut;
	while (!shrink->is_over) {
		shrink->is_over = shrink->asked == SHRINK_CANDIDATES_MAX ||
				  shrink->work > SHRINK_WORK_MAX || !next_cut(shrink, &cut);
		if (shrink->is_over || !is_worth_asking(shrink, &cut))
			continue;
		const struct outline *next = &shrink->outlines[1 - shrink->best];
		*candidate = span_of(next->bytes, next->len);
		shrink->asked++;
		shrink->is_asking = true;
		return true;
	}
	return false;
}

/* Members behind what went have moved to its place. */
void shrink_take(struct shrink *shrink, bool still_shows)
{
	bool takes = still_shows && shrink->is_asking;
	shrink->is_asking = false;
	if (!takes)
		return;
	bool went = shrink->outlines[1 - shrink->best].len < best_of(shrink)->len;
	if (went)
		shrink->at -= shrink->size < shrink->at ? shrink->size : shrink->at;
	shrink->best = 1 - shrink->best;
	shrink->took_any = true;
}

struct span shrink_best(const struct shrink *shrink)
{
	const struct outline *best = best_of(shrink);
	return span_of(best->bytes, best->len);
}

bool shrink_is_minimal(const struct shrink *shrink)
{
	return shrink->is_minimal;
}
