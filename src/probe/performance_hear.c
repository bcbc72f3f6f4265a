/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/performance_internal.h"
#include "registry/registry.h"
#include "wire/record.h"
#include "wire/sslv2.h"

#define SEALED_OVERHEAD_13 17 /* tag and inner content type */
#define SSLV2_ERROR	   0

static void note_record(struct performance *p, const struct stream_event *record)
{
	struct case_answer *answer = p->answer;
	size_t len = record->body.len;
	if (p->records++ == 0)
		answer->record_version = record->record_version;
	else if (record->record_version != answer->record_version)
		answer->record_versions_differ = true;
	p->hearing.records++;
	p->hearing.opaque_len = 0;
	if (p->server_sealed && p->tls13 && record->type == CONTENT_APPLICATION_DATA)
		len = len > SEALED_OVERHEAD_13 ? len - SEALED_OVERHEAD_13 : 0;
	else if (p->server_sealed)
		return; /* what the protection adds cannot be told apart */
	if (len > answer->largest_record)
		answer->largest_record = (uint16_t)len;
}

static bool is_clear(const struct performance *p, const struct stream_event *record)
{
	if (!p->server_sealed)
		return true;
	if (!p->tls13)
		return false;
	return record->type == CONTENT_CHANGE_CIPHER_SPEC ||
	       (record->type == CONTENT_ALERT && record->body.len == 2);
}

/* Up to TLS 1.2 the type stands in clear; an abbreviated handshake ends with a sealed Finished. */
static void take_opaque(struct performance *p, const struct stream_event *record)
{
	p->answer->opaque = true;
	p->hearing.opaque_len = record->body.len;
	if (p->tls13)
		return;
	if (record->type == CONTENT_ALERT)
		p->hearing.opaque_alert = true;
	else if (record->type == CONTENT_HANDSHAKE)
		p->hearing.flight_complete = p->answer->flight_complete = true;
}

static void take_sealed(struct performance *p, const struct stream_event *record)
{
	if (!p->follows || !performance_is_readable(p)) {
		take_opaque(p, record);
		return;
	}
	const struct handshake_facts *facts = handshake_facts(p->handshake);
	size_t alerts_len = facts->alerts_len;
	performance_catch_up(p);
	performance_take_facts(p);
	performance_take_after(p);
	for (size_t i = alerts_len; i < facts->alerts_len; i++)
		performance_take_alert(p, facts->alerts[i].level, facts->alerts[i].description);
	if (facts->phase == PHASE_UNABLE || facts->violation == VIOLATION_BAD_RECORD_MAC)
		take_opaque(p, record);
}

static void take_record(struct performance *p, const struct stream_event *record)
{
	note_record(p, record);
	if (is_clear(p, record)) {
		performance_take_clear(p, record);
		if (p->follows)
			performance_catch_up(p);
		if (p->follows)
			performance_take_facts(p);
	} else {
		take_sealed(p, record);
	}
}

/* An SSLv2 ERROR is a refusal in words, and then the end; see exchange_flight.c. */
static void take_sslv2(struct performance *p, const struct stream_event *event)
{
	struct observation *seen = &p->exchange->observation;
	struct sslv2_server_hello hello;
	p->records++;
	p->hearing.records++;
	if (event->type == SSLV2_ERROR && event->body.len == 3) {
		p->hearing.sslv2_error = true;
		p->hearing.note =
			arena_printf(p->exchange->keep, "SSLv2 ERROR 0x%02X%02X",
				     (unsigned)event->body.at[1], (unsigned)event->body.at[2]);
		return;
	}
	if (sslv2_server_hello_decode(&hello, cursor_over(event->body)) != FAULT_NONE) {
		p->hearing.garbage = "the SSLv2 SERVER-HELLO is malformed";
		return;
	}
	seen->version_code = hello.version;
	seen->version = hello.version == version_code(SSLV2) ? SSLV2 : VERSION_NONE;
	seen->kinds = arena_copy(p->exchange->keep, hello.kinds);
	p->exchange->server_hello_seen = true;
	p->answer->server_hello = p->answer->flight_complete = true;
	p->hearing.server_hello = p->hearing.flight_complete = true;
}

/*
 * Some answer a hello of a version that is none with an alert in a record of that version: it is
 * read for what it is. False while it may still become one.
 */
static bool take_odd_alert(struct performance *p, struct span bytes)
{
	struct stream_event record = { .type = CONTENT_ALERT };
	if (bytes.len < RECORD_HEADER_LEN + 2)
		return false;
	record.record_version = (uint16_t)(bytes.at[1] << 8 | bytes.at[2]);
	record.body = span_of(bytes.at + RECORD_HEADER_LEN, 2);
	note_record(p, &record);
	performance_take_alert(p, record.body.at[0], record.body.at[1]);
	return true;
}

static bool may_be_odd_alert(struct span bytes)
{
	static const uint8_t length[] = { 0, 2 };
	size_t n = bytes.len < 3 ? 0 : bytes.len - 3;
	return bytes.len && bytes.at[0] == CONTENT_ALERT &&
	       (n == 0 || memcmp(bytes.at + 3, length, n < 2 ? n : 2) == 0);
}

/* What is no record at all, from the first byte on, is text in clear. */
static void take_malformed(struct performance *p, const struct stream_event *event)
{
	const struct stream *stream = &p->exchange->stream;
	struct span rest = span_of(stream->bytes + stream->at, stream->len - stream->at);
	p->bad_stream = true;
	p->odd_alert = may_be_odd_alert(rest) && !take_odd_alert(p, rest);
	if (p->odd_alert || p->hearing.fatal || p->hearing.warnings)
		return;
	if (p->records) {
		p->hearing.garbage = event->what;
		return;
	}
	p->clear = true;
	p->hearing.clear_from = p->clear_len;
}

/* `S` in front of the records, where the hello did not wait for it. */
static void skip_assent(struct performance *p)
{
	struct stream *stream = &p->exchange->stream;
	if (p->of->over && !p->clear_len && !p->records && stream->len && !stream->at &&
	    stream->bytes[0] == 'S')
		stream->at = p->clear_len = 1;
}

static void hear_records(struct performance *p)
{
	struct exchange *exchange = p->exchange;
	struct stream_event event;
	while (exchange->phase == EXCHANGE_TLS && !p->clear && !p->bad_stream) {
		stream_next(&exchange->stream, &event);
		if (event.kind == STREAM_NEED_MORE)
			break;
		if (event.kind == STREAM_RECORD)
			take_record(p, &event);
		else if (event.kind == STREAM_SSLV2)
			take_sslv2(p, &event);
		else
			take_malformed(p, &event);
		performance_advance(p);
	}
}

void performance_hear(struct performance *p)
{
	if (!p->clear)
		skip_assent(p);
	if (p->odd_alert)
		p->bad_stream = p->odd_alert = false; /* there is more of it now */
	hear_records(p);
	bool was_clear = p->clear;
	if (p->exchange->phase == EXCHANGE_TLS)
		performance_advance(p);
	if (was_clear && !p->clear)
		hear_records(p); /* what came together with the assent */
}
