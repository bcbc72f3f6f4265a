/* SPDX-License-Identifier: Apache-2.0 */
#include "live/cut.h"

#include "wire/record.h"

#define RECORD_VERSION_AT 1
#define RECORD_LENGTH_AT  3

enum fault cutter_init(struct cutter *out, struct arena *arena, uint32_t max)
{
	out->gone = arena_array(arena, (size_t)max + 1, sizeof(*out->gone));
	out->before = arena_array(arena, (size_t)max + 1, sizeof(*out->before));
	return arena->fault;
}

static void stream_goes(struct cutter *cutter, uint32_t from, uint32_t to)
{
	if (from < to)
		memset(cutter->gone + from, true, (to - from) * sizeof(*cutter->gone));
}

static void record_goes(struct cutter *cutter, const struct outline_record *record)
{
	uint32_t header_end = record->at + RECORD_HEADER_LEN;
	stream_goes(cutter, record->at, header_end + record->to - record->from);
}

/* A record whose whole fragment goes may go as well. */
static void content_goes(struct cutter *cutter, const struct outline *of, const struct cut *cut)
{
	for (uint32_t i = cut->from; i < cut->to; i++)
		cutter->gone[of->stream[i]] = true;
	for (uint32_t i = 0; i < of->records_len && cut->kind == CUT_CONTENT; i++) {
		const struct outline_record *record = &of->records[i];
		if (record->from < record->to && cut->from <= record->from && record->to <= cut->to)
			record_goes(cutter, record);
	}
}

static void set_number(uint8_t *at, uint32_t width, uint32_t value)
{
	for (uint32_t i = width; i-- > 0; value >>= 8)
		at[i] = (uint8_t)value;
}

/* Bits beside the mask are no part of a length. */
static void set_length(const struct outline *of, const struct outline_length *length,
		       uint32_t value, uint8_t *out)
{
	for (uint32_t i = 0; i < length->width; i++) {
		uint32_t shift = 8 * (length->width - 1u - i);
		uint8_t mask = (uint8_t)(length->mask >> shift);
		uint8_t *at = out + of->stream[length->at + i];
		*at = (uint8_t)((*at & ~mask) | ((value >> shift) & mask));
	}
}

static bool length_stays(const struct cutter *cutter, const struct outline *of,
			 const struct outline_length *length)
{
	for (uint32_t i = 0; i < length->width; i++)
		if (cutter->gone[of->stream[length->at + i]])
			return false;
	return true;
}

/* `before` counts for each place in the content what goes before it. */
static void lengths_repair(struct cutter *cutter, const struct outline *of, uint8_t *out)
{
	uint32_t *before = cutter->before;
	before[0] = 0;
	for (uint32_t i = 0; i < of->content_len; i++)
		before[i + 1] = before[i] + cutter->gone[of->stream[i]];
	for (uint32_t i = 0; i < of->lengths_len; i++) {
		const struct outline_length *length = &of->lengths[i];
		uint32_t less = before[length->to] - before[length->from];
		if (less && length_stays(cutter, of, length))
			set_length(of, length, outline_told(of, length) - less, out);
	}
	for (uint32_t i = 0; i < of->records_len; i++) {
		const struct outline_record *record = &of->records[i];
		uint32_t less = before[record->to] - before[record->from];
		if (less && !cutter->gone[record->at])
			set_number(out + record->at + RECORD_LENGTH_AT, 2, record->told - less);
	}
}

/* Only the last record of a stream can promise more than there is. */
static void merge(struct cutter *cutter, const struct outline *of, const struct cut *cut,
		  uint8_t *out)
{
	const struct outline_record *first = &of->records[cut->from];
	uint32_t told = first->told;
	for (uint32_t i = cut->from + 1; i <= cut->to; i++) {
		stream_goes(cutter, of->records[i].at, of->records[i].at + RECORD_HEADER_LEN);
		told += of->records[i].told;
	}
	set_number(out + first->at + RECORD_LENGTH_AT, 2, told);
}

static void change(const struct outline *of, const struct cut *cut, uint8_t *out)
{
	switch (cut->kind) {
	case CUT_FILL:
		for (uint32_t i = cut->from; i < cut->to; i++)
			out[of->stream[i]] = 0;
		break;
	case CUT_CODE:
		out[of->stream[cut->from]] = (uint8_t)(cut->value >> 8);
		out[of->stream[cut->from + 1]] = (uint8_t)cut->value;
		break;
	case CUT_RECORD_VERSION:
		set_number(out + of->records[cut->from].at + RECORD_VERSION_AT, 2, cut->value);
		break;
	case CUT_LENGTH:
		set_length(of, &of->lengths[cut->from], cut->value, out);
		break;
	case CUT_RECORD_LENGTH:
		set_number(out + of->records[cut->from].at + RECORD_LENGTH_AT, 2, cut->value);
		break;
	default:
		break;
	}
}

static void remove_parts(struct cutter *cutter, const struct outline *of, const struct cut *cut,
			 uint8_t *out)
{
	bool is_content = cut->kind == CUT_CONTENT || cut->kind == CUT_FRAGMENTS;
	if (is_content)
		content_goes(cutter, of, cut);
	if (cut->kind == CUT_STREAM)
		stream_goes(cutter, cut->from, cut->to);
	if (cut->kind == CUT_RECORDS || cut->kind == CUT_RECORDS_ONLY)
		for (uint32_t i = cut->from; i < cut->to; i++)
			record_goes(cutter, &of->records[i]);
	if (cut->kind == CUT_MERGE)
		merge(cutter, of, cut, out);
	if (is_content || cut->kind == CUT_RECORDS)
		lengths_repair(cutter, of, out);
}

uint32_t cut_apply(struct cutter *cutter, const struct outline *of, const struct cut *cut,
		   uint8_t *out)
{
	uint32_t len = 0;
	memset(cutter->gone, false, of->len * sizeof(*cutter->gone));
	if (of->len)
		memcpy(out, of->bytes, of->len);
	change(of, cut, out);
	remove_parts(cutter, of, cut, out);
	for (uint32_t i = 0; i < of->len; i++)
		if (!cutter->gone[i])
			out[len++] = out[i];
	return len;
}
