/* SPDX-License-Identifier: Apache-2.0 */
#include "base/limits.h"
#include "mutate/body.h"
#include "mutate/operation.h"

#define SHRED_MAX 512

static struct record_draft *any_record(struct flight *flight)
{
	return flight->records_len ? &flight->records[draw(flight, flight->records_len)] : NULL;
}

/* Cuts the record at `at` behind its first `n` bytes. */
static bool split(struct flight *flight, size_t at, size_t n)
{
	if (!record_insert(flight, at))
		return false;
	struct record_draft *first = &flight->records[at], *second = first + 1;
	*first = *second;
	first->fragment.len = n;
	first->length_lie = 0;
	second->fragment = span_skip(second->fragment, n);
	return true;
}

/* The place of a record that has `len` bytes at least. */
static bool draw_record(struct flight *flight, size_t len, size_t *at)
{
	size_t count = 0;
	for (size_t i = 0; i < flight->records_len; i++) {
		if (flight->records[i].fragment.len >= len && one_in(flight, ++count))
			*at = i;
	}
	return count > 0;
}

bool operation_record_split(struct flight *flight)
{
	size_t at;
	if (!draw_record(flight, 1, &at))
		return false;
	size_t len = flight->records[at].fragment.len;
	size_t n = one_in(flight, 2) ? draw(flight, len < 6 ? len : 6) : draw(flight, len);
	return split(flight, at, n);
}

bool operation_record_shred(struct flight *flight)
{
	size_t at;
	if (!draw_record(flight, 2, &at))
		return false;
	size_t piece = one_in(flight, 2) ? 1 : 1 + draw(flight, 64);
	for (size_t i = 0; i < SHRED_MAX && flight->records[at].fragment.len > piece; i++) {
		if (!split(flight, at++, piece))
			return false;
	}
	return true;
}

bool operation_record_merge(struct flight *flight)
{
	if (flight->records_len < 2)
		return false;
	size_t at = draw(flight, flight->records_len - 1);
	struct record_draft *first = &flight->records[at], *second = first + 1;
	first->fragment = flight_join(flight, first->fragment, second->fragment);
	first->length_lie = second->length_lie;
	record_remove(flight, at + 1);
	return true;
}

bool operation_record_swap(struct flight *flight)
{
	if (flight->records_len < 2)
		return false;
	size_t one = draw(flight, flight->records_len - 1);
	size_t other = one + 1 + draw(flight, flight->records_len - 1 - one);
	struct record_draft record = flight->records[one];
	flight->records[one] = flight->records[other];
	flight->records[other] = record;
	return true;
}

bool operation_record_duplicate(struct flight *flight)
{
	struct record_draft *record = any_record(flight);
	if (!record)
		return false;
	struct record_draft copy = *record;
	size_t times = one_in(flight, 8) ? 1 + draw(flight, 64) : 1;
	for (size_t i = 0; i < times; i++) {
		record = record_insert(flight, draw(flight, flight->records_len + 1));
		if (record)
			*record = copy;
	}
	return true;
}

bool operation_record_drop(struct flight *flight)
{
	if (flight->records_len < 2)
		return false;
	record_remove(flight, draw(flight, flight->records_len));
	return true;
}

/* What a peer may say at any time, or must not. */
static struct record_draft other_record(struct flight *flight)
{
	static const uint8_t level[] = { 1, 2 }, signal[] = { 1, 2, 1 }, empty[] = { 0 };
	struct record_draft record = { .version = 0x0303 };
	struct span alert = flight_random(flight, 2);
	switch (draw(flight, 6)) {
	case 0:
		record.type = CONTENT_CHANGE_CIPHER_SPEC;
		record.fragment = span_of(signal + draw(flight, 2), 1 + one_in(flight, 8));
		break;
	case 1:
		record.type = CONTENT_APPLICATION_DATA;
		record.fragment = flight_random(flight, draw(flight, 48));
		break;
	case 2:
		record.type = CONTENT_HANDSHAKE;
		record.fragment = span_of(empty, 0);
		break;
	case 3:
		record.type = CONTENT_HEARTBEAT;
		record.fragment = flight_random(flight, draw(flight, 32));
		break;
	default:
		record.type = CONTENT_ALERT;
		if (alert.len && draw(flight, 8)) {
			const uint8_t said[] = {
				level[draw(flight, 2)],
				(uint8_t)registry_alerts.points[draw(flight, registry_alerts.len)]
					.code,
			};
			alert = arena_copy(flight->arena, span_of(said, sizeof(said)));
		}
		record.fragment = span_of(alert.at, draw(flight, 8) ? alert.len : 1);
	}
	return record;
}

bool operation_record_insert_other(struct flight *flight)
{
	struct record_draft other = other_record(flight);
	size_t times = one_in(flight, 8) ? 1 + draw(flight, 40) : 1;
	size_t at = draw(flight, flight->records_len + 1);
	for (size_t i = 0; i < times; i++) {
		struct record_draft *record = record_insert(flight, at);
		if (!record)
			return i > 0;
		*record = other;
	}
	return true;
}

bool operation_record_interleave(struct flight *flight)
{
	size_t at;
	if (!draw_record(flight, 2, &at) ||
	    !split(flight, at, 1 + draw(flight, flight->records[at].fragment.len - 1)))
		return false;
	struct record_draft *record = record_insert(flight, at + 1);
	if (!record)
		return false;
	*record = other_record(flight);
	return true;
}

bool operation_record_version(struct flight *flight)
{
	static const uint16_t versions[] = { 0x0301, 0x0303, 0x0300, 0x0302, 0x0304, 0x0305,
					     0x03FF, 0x0000, 0x0200, 0x0002, 0xFEFF, 0x7F1C };
	struct record_draft *record = any_record(flight);
	if (!record)
		return false;
	record->version = versions[draw(flight, sizeof(versions) / sizeof(versions[0]))];
	return true;
}

bool operation_record_type(struct flight *flight)
{
	struct record_draft *record = any_record(flight);
	if (!record)
		return false;
	record->type = one_in(flight, 4) ? (uint8_t)draw(flight, 256)
					 : (uint8_t)(CONTENT_CHANGE_CIPHER_SPEC + draw(flight, 5));
	return true;
}

bool operation_record_body(struct flight *flight)
{
	struct record_draft *record = any_record(flight);
	if (!record)
		return false;
	record->fragment = flight_leaf(flight, record->fragment);
	return true;
}

bool operation_record_lie(struct flight *flight)
{
	struct record_draft *record = any_record(flight);
	if (!record)
		return false;
	record->length_lie = draw_lie(flight, 2, record->fragment.len);
	return true;
}

bool operation_stream_end(struct flight *flight)
{
	size_t at;
	if (one_in(flight, 2)) {
		flight->trailing = flight_join(flight, flight->trailing,
					       flight_random(flight, 1 + draw(flight, 16)));
		return true;
	}
	if (!draw_record(flight, 1, &at))
		return false;
	struct record_draft *record = &flight->records[at];
	size_t len = draw(flight, record->fragment.len);
	record->length_lie += (int32_t)(record->fragment.len - len);
	record->fragment.len = len;
	flight->records_len = at + 1;
	return true;
}
