/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/exchange.h"

#include "probe/exchange_internal.h"
#include "probe/performance.h"
#include "probe/tape.h"
#include "registry/registry.h"
#include "wire/record.h"

#include <assert.h>

#define READ_AT_ONCE 16384

/* A fatal user_canceled: most servers then close first, and keep no session. */
static void prepare_farewell(struct exchange *exchange)
{
	enum version version = exchange->observation.version;
	uint16_t code = version_code(version >= TLS1_3 ? TLS1_2 : version);
	if (exchange->stream.sslv2 && version == SSLV2)
		return;
	const uint8_t record[] = {
		CONTENT_ALERT, (uint8_t)(code >> 8), (uint8_t)code, 0, 2,
		ALERT_FATAL,   ALERT_USER_CANCELED,
	};
	static_assert(sizeof(record) == sizeof(exchange->farewell), "one alert record");
	memcpy(exchange->farewell, record, sizeof(record));
	exchange->farewell_len = sizeof(record);
}

void exchange_conclude(struct exchange *exchange, enum outcome outcome, enum layer layer)
{
	exchange->observation.outcome = outcome;
	exchange->observation.layer = layer;
	exchange->observation.records = exchange->stream.records;
	exchange->observation.after_server_hello =
		exchange->server_hello_seen && outcome != OUTCOME_SERVER_HELLO;
	exchange->phase = EXCHANGE_DONE;
	if (exchange->handshake)
		return; /* its alerts are its own */
	if (exchange->performance && performance_is_sealing(exchange->performance))
		return;
	if (outcome == OUTCOME_SERVER_HELLO || outcome == OUTCOME_HELLO_RETRY_REQUEST)
		prepare_farewell(exchange);
}

void exchange_keep_certificates(struct exchange *exchange, const struct certificate_list *list)
{
	struct certificate_list *copy = arena_alloc(exchange->keep, sizeof(*copy));
	if (!copy)
		return;
	for (; copy->len < list->len; copy->len++)
		copy->der[copy->len] = arena_copy(exchange->keep, list->der[copy->len]);
	exchange->observation.certificates = copy;
}

void exchange_garbage(struct exchange *exchange, enum layer layer, const char *what)
{
	exchange->observation.message = what;
	exchange_conclude(exchange, OUTCOME_GARBAGE, layer);
}

/* The pieces may be many and small, so room grows by half at least. */
static bool sent_reserve(struct exchange *exchange, size_t more)
{
	size_t need = exchange->sent.len + more;
	if (need <= exchange->sent_cap)
		return true;
	if (need < exchange->sent_cap + exchange->sent_cap / 2)
		need = exchange->sent_cap + exchange->sent_cap / 2;
	uint8_t *bytes = arena_alloc(exchange->arena, need);
	if (!bytes)
		return false;
	if (exchange->sent.len)
		memcpy(bytes, exchange->sent.at, exchange->sent.len);
	exchange->sent.at = bytes;
	exchange->sent_cap = need;
	return true;
}

enum fault exchange_encode(struct exchange *exchange, const struct retry *retry)
{
	struct builder b;
	builder_init(&b, exchange->out, sizeof(exchange->out), NULL, 0);
	probe_encode(&b, exchange->probe, retry);
	exchange->out_len = 0;
	exchange->out_at = 0;
	if (builder_fault(&b) != FAULT_NONE)
		return builder_fault(&b);
	if (!sent_reserve(exchange, b.len))
		return exchange->arena->fault;
	exchange->out_len = b.len;
	bool keeps = exchange->probe->kind == PROBE_HELLO && exchange->hellos_len < 2;
	if (keeps && exchange->probe->depth > DEPTH_HELLO)
		exchange->hellos[exchange->hellos_len++] =
			arena_copy(exchange->arena, span_skip(builder_view(&b), RECORD_HEADER_LEN));
	return exchange->arena->fault;
}

static enum fault start_upgrade(struct exchange *exchange)
{
	const struct probe *probe = exchange->probe;
	bool plaintext = probe->kind == PROBE_PLAINTEXT;
	exchange->upgrade = arena_alloc(exchange->arena, sizeof(*exchange->upgrade));
	if (!exchange->upgrade)
		return exchange->arena->fault;
	upgrade_start(exchange->upgrade, probe->upgrade, plaintext, probe->user, probe->database);
	if (!sent_reserve(exchange, exchange->upgrade->out_len + exchange->out_len))
		return exchange->arena->fault;
	exchange->phase = plaintext ? EXCHANGE_PLAIN : EXCHANGE_UPGRADING;
	if (exchange->upgrade->state == UPGRADE_READY) {
		exchange->upgrade = NULL;
		exchange->phase = EXCHANGE_TLS;
	}
	return FAULT_NONE;
}

enum fault exchange_start(struct exchange *exchange, const struct probe *probe, struct arena *arena,
			  struct arena *keep)
{
	*exchange = (struct exchange){ .probe = probe, .arena = arena, .keep = keep };
	exchange->observation.version = VERSION_NONE;
	exchange->observation.probe = probe->id;
	bool raw = probe->kind == PROBE_RAW;
	stream_init(&exchange->stream, arena,
		    probe->kind == PROBE_SSLV2 || (raw && raw_is_sslv2(&probe->raw)));
	if (probe->kind == PROBE_CASE) {
		if (!performance_start(exchange))
			return arena->fault ? arena->fault : keep->fault;
		exchange->phase = EXCHANGE_TLS;
		if (performance_is_over(exchange->performance))
			return FAULT_NONE;
	} else if (probe->kind != PROBE_PLAINTEXT && !raw) {
		enum fault fault = exchange_encode(exchange, NULL);
		if (fault != FAULT_NONE)
			return fault;
	}
	return start_upgrade(exchange);
}

struct span exchange_output(const struct exchange *exchange)
{
	switch (exchange->phase) {
	case EXCHANGE_UPGRADING:
	case EXCHANGE_PLAIN:
		return upgrade_output(exchange->upgrade);
	case EXCHANGE_TLS:
		if (exchange->performance)
			return performance_output(exchange->performance);
		if (exchange->handshake)
			return handshake_output(exchange->handshake);
		if (exchange->probe->kind == PROBE_RAW)
			return raw_output(exchange);
		return span_of(exchange->out + exchange->out_at,
			       exchange->out_len - exchange->out_at);
	case EXCHANGE_DONE:
		break;
	}
	return span_of(NULL, 0);
}

static void note_turn(struct exchange *exchange, bool sent, size_t len)
{
	struct exchange_turn *last = exchange->turns + exchange->turns_len - 1;
	if (!len)
		return;
	bool room = exchange->turns_len < EXCHANGE_TURNS_MAX;
	if (!exchange->turns_len || (last->sent != sent && room))
		exchange->turns[exchange->turns_len++] = (struct exchange_turn){ sent, len };
	else
		last->len += len;
}

void exchange_sent(struct exchange *exchange, size_t n)
{
	struct span output = exchange_output(exchange);
	assert(n <= output.len);
	tape_sent(exchange->tape, span_of(output.at, n));
	/* Evidence that the probe's arena has no room for is left out. */
	if (n && sent_reserve(exchange, n)) {
		uint8_t *copy = (uint8_t *)(uintptr_t)exchange->sent.at;
		memcpy(copy + exchange->sent.len, output.at, n);
		exchange->sent.len += n;
		note_turn(exchange, true, n);
	}
	if (exchange->phase == EXCHANGE_TLS && exchange->performance)
		performance_sent(exchange->performance, n);
	else if (exchange->phase == EXCHANGE_TLS && exchange->handshake)
		handshake_sent(exchange->handshake, n);
	else if (exchange->phase == EXCHANGE_TLS && exchange->probe->kind == PROBE_RAW)
		raw_sent(exchange, n);
	else if (exchange->phase == EXCHANGE_TLS)
		exchange->out_at += n;
	else if (exchange->phase != EXCHANGE_DONE)
		upgrade_sent(exchange->upgrade, n);
}

size_t exchange_want(const struct exchange *exchange)
{
	switch (exchange->phase) {
	case EXCHANGE_UPGRADING:
	case EXCHANGE_PLAIN:
		return upgrade_want(exchange->upgrade);
	case EXCHANGE_TLS:
		return READ_AT_ONCE;
	case EXCHANGE_DONE:
		break;
	}
	return 0;
}

/* What the server said in clear outlives the probe; `overload` is its own word for "not now". */
static void keep_refusal(struct exchange *exchange)
{
	const struct refusal *refusal = &exchange->upgrade->refusal;
	if (!refusal->message[0] && !refusal->sqlstate[0])
		return;
	struct refusal *copy = arena_alloc(exchange->keep, sizeof(*copy));
	if (!copy)
		return;
	*copy = *refusal;
	exchange->observation.refusal = copy;
	exchange->observation.message = copy->message;
	exchange->observation.overload = copy->overload;
}

static void take_time(struct exchange *exchange, uint64_t now_ms)
{
	exchange->now_ms = now_ms;
	if (exchange->performance && exchange->phase == EXCHANGE_TLS)
		performance_clock(exchange->performance, now_ms);
}

static void after_dialogue(struct exchange *exchange)
{
	switch (exchange->upgrade->state) {
	case UPGRADE_TALKING:
		return;
	case UPGRADE_READY:
		exchange->observation.extra_bytes = exchange->upgrade->extra_bytes;
		exchange->phase = EXCHANGE_TLS;
		take_time(exchange, exchange->now_ms);
		return;
	case UPGRADE_REFUSED:
		keep_refusal(exchange);
		exchange_conclude(exchange, OUTCOME_REFUSED, LAYER_PLAINTEXT);
		return;
	case UPGRADE_PLAINTEXT:
		keep_refusal(exchange);
		exchange_conclude(exchange, OUTCOME_PLAINTEXT, LAYER_PLAINTEXT);
		return;
	case UPGRADE_GARBAGE:
		exchange->observation.message = "the answer in clear is none of the protocol's";
		keep_refusal(exchange);
		exchange_conclude(exchange, OUTCOME_GARBAGE, LAYER_PLAINTEXT);
		return;
	}
}

static bool has_sent_hello(const struct exchange *exchange)
{
	if (exchange->performance)
		return performance_has_sent(exchange->performance);
	return exchange->out_at > 0;
}

void exchange_input(struct exchange *exchange, struct span bytes)
{
	if (bytes.len == 0 || exchange->phase == EXCHANGE_DONE)
		return;
	bool in_tls = exchange->phase == EXCHANGE_TLS;
	tape_input(exchange->tape, bytes);
	note_turn(exchange, false, bytes.len);
	if (in_tls && (!exchange->upgrade || has_sent_hello(exchange) || exchange->stream.len)) {
		if (exchange->performance) {
			performance_input(exchange->performance, bytes);
			return;
		}
		stream_feed(&exchange->stream, bytes);
		if (exchange->handshake)
			deep_input(exchange, bytes);
		else
			flight_read(exchange);
		return;
	}
	upgrade_input(exchange->upgrade, bytes);
	if (in_tls)
		exchange->observation.extra_bytes = true;
	else
		after_dialogue(exchange);
}

bool exchange_quiet(struct exchange *exchange)
{
	if (exchange->probe->kind != PROBE_SSLV2 || exchange->phase != EXCHANGE_TLS ||
	    exchange->half_close || exchange_output(exchange).len || exchange->stream.len)
		return false;
	exchange->half_close = true;
	tape_quiet(exchange->tape);
	return true;
}

static void finish_timeout(struct exchange *exchange)
{
	if (exchange->server_hello_seen) {
		exchange_conclude(exchange, OUTCOME_SERVER_HELLO, LAYER_TLS);
		return;
	}
	if (exchange->phase == EXCHANGE_UPGRADING)
		exchange->observation.message = "before TLS began";
	else if (flight_is_partial(exchange))
		exchange->observation.message = "in the middle of a record";
	exchange_conclude(exchange, OUTCOME_TIMEOUT, LAYER_TRANSPORT);
}

static void finish_dialogue(struct exchange *exchange, enum outcome outcome)
{
	if (outcome == OUTCOME_CLOSE && exchange->upgrade->in_len) {
		exchange->observation.cut_off = true;
		exchange_garbage(exchange, LAYER_PLAINTEXT,
				 "closed in the middle of an answer in clear");
		return;
	}
	/* The hello was never sent, so nothing was learnt about it; a startup was the question. */
	if (exchange->phase == EXCHANGE_UPGRADING) {
		exchange->observation.overload = true;
		exchange->observation.message = "before TLS began";
	}
	exchange_conclude(exchange, outcome, LAYER_TRANSPORT);
}

static void finish_tls(struct exchange *exchange, enum outcome outcome)
{
	if (exchange->warned) {
		exchange->observation.alert_level = ALERT_WARNING;
		exchange->observation.alert = exchange->warning;
		exchange_conclude(exchange, OUTCOME_ALERT, LAYER_TLS);
		return;
	}
	if (outcome == OUTCOME_CLOSE && flight_is_partial(exchange)) {
		exchange->observation.cut_off = true;
		exchange_garbage(exchange, LAYER_TLS, "closed in the middle of a record");
		return;
	}
	exchange->observation.overload = exchange_output(exchange).len > 0;
	exchange_conclude(exchange, outcome, LAYER_TRANSPORT);
}

void exchange_finish(struct exchange *exchange, enum exchange_end end, const char *why)
{
	if (exchange->phase == EXCHANGE_DONE)
		return;
	tape_finish(exchange->tape, end, why);
	if (exchange->handshake && end != EXCHANGE_UNREACHABLE) {
		deep_finish(exchange, end);
	} else if (end == EXCHANGE_UNREACHABLE) {
		exchange->observation.message =
			why ? arena_text(exchange->keep, span_text(why)) : NULL;
		exchange_conclude(exchange, OUTCOME_UNREACHABLE, LAYER_TRANSPORT);
	} else if (exchange->performance && exchange->phase == EXCHANGE_TLS) {
		performance_end(exchange->performance, end);
	} else if (end == EXCHANGE_TIMEOUT) {
		finish_timeout(exchange);
	} else if (exchange->phase == EXCHANGE_TLS) {
		finish_tls(exchange, end == EXCHANGE_FIN ? OUTCOME_CLOSE : OUTCOME_RESET);
	} else {
		finish_dialogue(exchange, end == EXCHANGE_FIN ? OUTCOME_CLOSE : OUTCOME_RESET);
	}
}

struct span exchange_received(const struct exchange *exchange)
{
	struct span flight = stream_received(&exchange->stream);
	if (!exchange->upgrade)
		return flight;
	struct span clear = upgrade_received(exchange->upgrade);
	uint8_t *bytes = arena_alloc(exchange->arena, clear.len + flight.len + 1);
	if (!bytes)
		return clear;
	memcpy(bytes, clear.at, clear.len);
	if (flight.len)
		memcpy(bytes + clear.len, flight.at, flight.len);
	return span_of(bytes, clear.len + flight.len);
}

void exchange_release(struct exchange *exchange)
{
	handshake_free(exchange->handshake);
	exchange->handshake = NULL;
	if (exchange->performance)
		performance_release(exchange->performance);
	exchange->performance = NULL;
}

void exchange_clock(struct exchange *exchange, uint64_t now_ms)
{
	if (exchange_is_timed(exchange))
		tape_clock(exchange->tape, now_ms);
	take_time(exchange, now_ms);
}

uint64_t exchange_due(const struct exchange *exchange)
{
	if (exchange->performance && exchange->phase == EXCHANGE_TLS)
		return performance_due(exchange->performance);
	if (exchange->probe->kind == PROBE_RAW && exchange->phase == EXCHANGE_TLS)
		return raw_due(exchange);
	return UINT64_MAX;
}

bool exchange_is_timed(const struct exchange *exchange)
{
	return exchange->probe->kind == PROBE_CASE || exchange->probe->raw.cut > 0;
}

bool exchange_shut(struct exchange *exchange)
{
	bool shut = false;
	if (exchange->phase == EXCHANGE_TLS && exchange->performance)
		shut = performance_shut(exchange->performance);
	else if (exchange->phase == EXCHANGE_TLS && exchange->probe->kind == PROBE_RAW)
		shut = raw_shut(exchange);
	if (shut)
		tape_shut(exchange->tape);
	return shut;
}

struct span exchange_farewell(const struct exchange *exchange)
{
	if (exchange->handshake)
		return handshake_output(exchange->handshake);
	return span_of(exchange->farewell, exchange->farewell_len);
}
