/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "handshake/answer_check.h"
#include "probe/exchange_internal.h"
#include "registry/registry.h"
#include "wire/client_hello.h"
#include "wire/handshake.h"

#define SSLV2_CLIENT_HELLO 1

/* Long enough that the peer reads the first segment by itself, short beside any deadline. */
#define CUT_PAUSE_MS	   10

bool raw_is_sslv2(const struct raw_bytes *raw)
{
	const uint8_t *at = raw->bytes.at;
	return raw->bytes.len > 2 && (at[0] & 0x80) && at[2] == SSLV2_CLIENT_HELLO;
}

static bool is_pausing(const struct exchange *exchange)
{
	const struct raw_bytes *raw = &exchange->probe->raw;
	return raw->cut && exchange->out_at == raw->cut && exchange->now_ms < exchange->cut_due_ms;
}

struct span raw_output(const struct exchange *exchange)
{
	const struct raw_bytes *raw = &exchange->probe->raw;
	size_t end = exchange->out_at < raw->cut ? raw->cut : raw->bytes.len;
	if (end > raw->bytes.len)
		end = raw->bytes.len;
	if (is_pausing(exchange))
		end = exchange->out_at;
	return span_of(raw->bytes.at + exchange->out_at, end - exchange->out_at);
}

void raw_sent(struct exchange *exchange, size_t n)
{
	exchange->out_at += n;
	if (exchange->out_at == exchange->probe->raw.cut)
		exchange->cut_due_ms = exchange->now_ms + CUT_PAUSE_MS;
}

uint64_t raw_due(const struct exchange *exchange)
{
	return is_pausing(exchange) ? exchange->cut_due_ms : UINT64_MAX;
}

bool raw_shut(struct exchange *exchange)
{
	const struct raw_bytes *raw = &exchange->probe->raw;
	if (!raw->shut || exchange->half_close || exchange->out_at < raw->bytes.len)
		return false;
	exchange->half_close = true;
	return true;
}

/* So much of a session id does not come back by chance. */
#define SESSION_ID_TELLING 4

/* RFC 5246 7.4.1.3: the id that was sent, or another. One that goes on behind the id that was sent
 * holds what nobody asked for (CVE-2016-9244). */
static bool echoes_more(const struct raw_bytes *raw, const struct server_hello *answer)
{
	struct client_hello hello;
	struct cursor body = cursor_over(span_skip(raw->hello, HANDSHAKE_HEADER_LEN));
	if (client_hello_decode(&hello, body, LENIENT_ALL, NULL) != FAULT_NONE)
		return false;
	size_t len = hello.session_id.len;
	return len >= SESSION_ID_TELLING && len < answer->session_id.len &&
	       memcmp(hello.session_id.at, answer->session_id.at, len) == 0;
}

static void note_violation(struct exchange *exchange, enum violation violation, const char *detail)
{
	if (exchange->observation.violation != VIOLATION_NONE)
		return;
	exchange->observation.violation = violation;
	exchange->observation.broken =
		arena_printf(exchange->keep, "%s: %s", violation_text(violation), detail);
}

void raw_check_record(struct exchange *exchange, const struct server_hello *answer,
		      uint16_t record_version)
{
	uint16_t agreed = answer->version > 0x0303 ? 0x0303 : answer->version;
	char detail[64];
	if (!exchange->probe->raw.hello.len || record_version == agreed)
		return;
	snprintf(detail, sizeof(detail), "version 0x%04X, and 0x%04X in its ServerHello",
		 record_version, answer->version);
	note_violation(exchange, VIOLATION_MALFORMED_RECORD, detail);
}

void raw_check_undecoded(struct exchange *exchange, struct span body)
{
	if (exchange->probe->kind == PROBE_RAW)
		exchange->observation.violation = answer_undecoded(body);
}

void raw_look_behind(struct exchange *exchange)
{
	struct stream_event event;
	stream_next(&exchange->stream, &event);
	exchange->observation.alerts_twice =
		event.kind == STREAM_ALERT && event.level == ALERT_FATAL;
}

void raw_check(struct exchange *exchange, const struct server_hello *answer)
{
	const struct raw_bytes *raw = &exchange->probe->raw;
	const struct answer_question question = { .hello = raw->hello, .answer = answer };
	char detail[ANSWER_DETAIL_MAX];
	if (!raw->hello.len)
		return;
	enum violation violation = answer_check(&question, detail);
	exchange->observation.violation = violation;
	if (violation != VIOLATION_NONE)
		exchange->observation.broken =
			arena_printf(exchange->keep, "%s%s%s", violation_text(violation),
				     *detail ? ": " : "", detail);
	if (echoes_more(raw, answer))
		note_violation(exchange, VIOLATION_SESSION_ID_NOT_ECHOED, "more came back");
}
