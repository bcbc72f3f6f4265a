/* SPDX-License-Identifier: Apache-2.0 */
#include "handshake/answer_check.h"
#include "probe/exchange_internal.h"
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
}
