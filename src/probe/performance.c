/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/performance_internal.h"
#include "registry/registry.h"

#include <assert.h>

/* An `await` is worth more patience than the silence at the end: nothing else is learnt there. */
#define AWAIT_PATIENCE 2
#define FLIGHT_HASTE   6

static const struct item control_item = {
	.kind = ITEM_MESSAGE,
	.times = 1,
	.type = CONTENT_HANDSHAKE,
	.name = "client_hello",
	.message = { .type = HANDSHAKE_CLIENT_HELLO, .name = "client_hello" },
};

static const struct step control_step = {
	.kind = STEP_SEND,
	.items = (struct item *)(uintptr_t)&control_item,
	.items_len = 1,
};

/* The base hello, as any case sends it. */
static const struct conformance_case control = {
	.name = "control",
	.steps = (struct step *)(uintptr_t)&control_step,
	.steps_len = 1,
};

static const struct item retry_item = {
	.kind = ITEM_MESSAGE,
	.times = 1,
	.type = CONTENT_HANDSHAKE,
	.name = "client_hello",
	.message = { .type = HANDSHAKE_CLIENT_HELLO, .name = "client_hello", .base = BASE_RETRY },
};

/* What follows a HelloRetryRequest that a case does not speak of. */
static const struct step retry_step = {
	.kind = STEP_SEND,
	.items = (struct item *)(uintptr_t)&retry_item,
	.items_len = 1,
};

static bool speaks_of_retry(const struct conformance_case *of)
{
	for (size_t i = 0; i < of->expectations_len; i++)
		if (of->expectations[i].kind == EXPECT_RETRY_REQUEST)
			return true;
	for (size_t i = 0; i < of->steps_len; i++)
		if (of->steps[i].kind == STEP_AWAIT &&
		    of->steps[i].awaited == AWAITED_HELLO_RETRY_REQUEST)
			return true;
	return false;
}

static bool edits_shares(const struct message *message)
{
	for (size_t i = 0; i < message->edits_len; i++)
		if (message->edits[i].kind == EDIT_EXTENSION &&
		    message->edits[i].value == EXT_KEY_SHARE)
			return true;
	return false;
}

/* A second hello would take back what such a case is about. */
static bool is_about_shares(const struct conformance_case *of)
{
	for (size_t i = 0; i < of->steps_len; i++)
		for (size_t k = 0; k < of->steps[i].items_len; k++)
			if (edits_shares(&of->steps[i].items[k].message))
				return true;
	return false;
}

/* What is judged comes behind it. */
static void excuse_retry(struct performance *p)
{
	p->answer->broken_before = p->answer->broken;
	p->answer->broken = NULL;
}

/*
 * Some servers (PostgreSQL) ask every client for another share than the base hello's: what the case
 * is about then shows in the answer to the second hello, which is the first in all else.
 */
static bool follow_retry(struct performance *p)
{
	bool sending = p->state == PERFORM_PAUSING || p->state == PERFORM_SENDING;
	if (!p->hearing.retry_request || p->followed || sending || speaks_of_retry(p->of) ||
	    is_about_shares(p->of))
		return false;
	p->followed = true;
	if (performance_encode(p, &retry_step) != FAULT_NONE) {
		p->out_len = p->out_at = p->segment_end = 0;
		return false;
	}
	p->hearing.retry_request = false;
	excuse_retry(p);
	p->exchange->observation.retried_hello = p->following = true;
	p->before = p->state;
	p->state = PERFORM_SENDING;
	return true;
}

static const struct step *current(const struct performance *p)
{
	return p->step < p->of->steps_len ? &p->of->steps[p->step] : NULL;
}

static void encode(struct performance *p)
{
	p->state = PERFORM_SENDING;
	enum fault fault = performance_encode(p, current(p));
	if (fault == FAULT_NONE)
		return;
	p->out_len = p->out_at = p->segment_end = 0;
	p->state = PERFORM_LISTENING;
	p->failed = fault == FAULT_UNSUPPORTED
			    ? "a message of ours cannot be made on this connection"
			    : "a step of ours cannot be written";
}

static void pause_for(struct performance *p, uint32_t ms)
{
	p->state = PERFORM_PAUSING;
	p->due_ms = p->now_ms + ms;
}

static void begin_step(struct performance *p)
{
	const struct step *step = current(p);
	p->last_ms = p->now_ms;
	if (!step) {
		p->state = PERFORM_LISTENING;
		return;
	}
	switch (step->kind) {
	case STEP_SEND:
		if (step->after_ms)
			pause_for(p, step->after_ms);
		else
			encode(p);
		return;
	case STEP_AWAIT:
		p->state = PERFORM_AWAITING;
		return;
	case STEP_COMPLETE:
		p->state = PERFORM_COMPLETING;
		p->continued = false;
		return;
	case STEP_SHUT:
		p->shut = true;
		p->last_completed = false;
		p->step++;
		begin_step(p);
		return;
	}
}

static void end_step(struct performance *p)
{
	p->last_completed = current(p)->kind == STEP_COMPLETE;
	p->step++;
	begin_step(p);
}

/* What was waited for is no answer. */
static void forget(struct performance *p)
{
	size_t taken = p->of->steps[p->step].bytes, from = p->hearing.clear_from;
	p->hearing = (struct hearing){
		.application_from = p->answer->application.len,
		.clear_from = from + taken,
	};
}

/* Who answered `S` to an SSLRequest speaks TLS from here on, whatever we send. */
static void note_assent(struct performance *p)
{
	const struct stream *stream = &p->exchange->stream;
	size_t end = p->hearing.clear_from;
	if (!p->clear || end != 1 || stream->bytes[0] != 'S')
		return;
	p->clear = false;
	p->clear_len = p->exchange->stream.at = end;
}

static bool is_met(const struct performance *p, const struct step *step)
{
	const struct hearing *hearing = &p->hearing;
	switch (step->awaited) {
	case AWAITED_SERVER_HELLO:
		return hearing->server_hello;
	case AWAITED_SERVER_HELLO_DONE:
		return hearing->done;
	case AWAITED_HELLO_RETRY_REQUEST:
		return hearing->retry_request;
	case AWAITED_FLIGHT:
		return hearing->flight_complete;
	case AWAITED_BYTES:
		return performance_clear(p).len >= step->bytes;
	}
	return false;
}

static bool is_hopeless(const struct performance *p, const struct step *step)
{
	const struct hearing *hearing = &p->hearing;
	if (hearing->fatal || hearing->garbage || hearing->opaque_alert || hearing->sslv2_error)
		return true;
	if (step->awaited == AWAITED_BYTES)
		return p->records > 0;
	if (p->clear && p->bad_stream)
		return true;
	switch (step->awaited) {
	case AWAITED_SERVER_HELLO_DONE:
		return hearing->retry_request || p->tls13;
	case AWAITED_HELLO_RETRY_REQUEST:
		return hearing->server_hello;
	default:
		return hearing->retry_request;
	}
}

static bool advance_await(struct performance *p)
{
	const struct step *step = current(p);
	if (is_met(p, step)) {
		if (step->awaited == AWAITED_HELLO_RETRY_REQUEST)
			excuse_retry(p);
		forget(p);
		note_assent(p);
		end_step(p);
		return true;
	}
	if (is_hopeless(p, step))
		performance_unmet(p, ENDING_NONE, NULL);
	return false;
}

/* The server's Finished is verified; whatever else it broke is not what `complete` is about. */
static bool is_failed(const struct performance *p, const struct handshake_facts *facts)
{
	return p->hearing.fatal || p->hearing.garbage || facts->phase == PHASE_RETRY ||
	       facts->phase == PHASE_ALERTED || facts->phase == PHASE_UNABLE ||
	       facts->violation == VIOLATION_BAD_FINISHED;
}

static const char *why_incomplete(struct performance *p, const struct handshake_facts *facts)
{
	if (facts->phase == PHASE_ALERTED || p->hearing.fatal || p->hearing.garbage)
		return NULL;
	if (facts->phase == PHASE_RETRY)
		return "a HelloRetryRequest";
	if (facts->violation == VIOLATION_NONE)
		return "a hello that no handshake can go on from";
	return arena_printf(p->exchange->keep, "%s: %s", violation_text(facts->violation),
			    facts->detail);
}

static bool advance_complete(struct performance *p)
{
	if (!p->handshake) {
		performance_unmet(p, ENDING_NONE, "a hello that no handshake can go on from");
		return false;
	}
	performance_catch_up(p);
	performance_take_facts(p);
	const struct handshake_facts *facts = handshake_facts(p->handshake);
	if (facts->phase == PHASE_OUR_TURN && !p->continued) {
		p->continued = true;
		handshake_continue(p->handshake);
	}
	if (is_failed(p, facts)) {
		performance_unmet(p, ENDING_NONE, why_incomplete(p, facts));
		return false;
	}
	if (facts->phase != PHASE_FINISHED || handshake_output(p->handshake).len)
		return false;
	p->answer->finished = true;
	forget(p);
	end_step(p);
	return true;
}

static bool advance_sending(struct performance *p)
{
	if (p->out_at < p->segment_end || performance_next_segment(p))
		return false;
	if (p->following) {
		p->following = false;
		p->state = p->before;
		return true;
	}
	end_step(p);
	return true;
}

static bool advance_pause(struct performance *p)
{
	if (!p->told_time || p->now_ms < p->due_ms)
		return false;
	encode(p);
	return true;
}

/* Does one thing; returns whether there may be another. */
static bool advance_once(struct performance *p)
{
	if (follow_retry(p))
		return true;
	switch (p->state) {
	case PERFORM_PAUSING:
		return advance_pause(p);
	case PERFORM_SENDING:
		return advance_sending(p);
	case PERFORM_AWAITING:
		return advance_await(p);
	case PERFORM_COMPLETING:
		return advance_complete(p);
	case PERFORM_LISTENING:
		break;
	}
	return false;
}

/* In TLS 1.3 a flight that cannot be read is one all the same. */
static void note_flight(struct performance *p)
{
	struct hearing *hearing = &p->hearing;
	bool sealed = p->tls13 && hearing->server_hello && hearing->opaque_len > 0;
	if (hearing->flight_noted || !(hearing->flight_complete || sealed))
		return;
	hearing->flight_noted = true;
	hearing->flight_last = p->state == PERFORM_LISTENING && !p->last_completed;
}

void performance_advance(struct performance *p)
{
	note_flight(p);
	bool waiting = p->state == PERFORM_AWAITING || p->state == PERFORM_COMPLETING;
	if (!waiting && (p->hearing.fatal || p->hearing.garbage))
		p->state = PERFORM_LISTENING; /* who said that reads no more */
	while (p->exchange->phase != EXCHANGE_DONE && advance_once(p))
		;
	/* Before the connection stands, it has to wait for the clock. */
	if (p->failed && p->told_time)
		performance_unmet(p, ENDING_NONE, p->failed);
	if (p->exchange->phase == EXCHANGE_TLS && p->state != PERFORM_AWAITING &&
	    p->state != PERFORM_COMPLETING && performance_is_conclusive(p))
		performance_conclude(p, ENDING_NONE);
}

struct performance *performance_start(struct exchange *exchange)
{
	const struct conduct *conduct = exchange->probe->conduct;
	struct performance *p = arena_alloc(exchange->arena, sizeof(*p));
	struct case_answer *answer = arena_alloc(exchange->keep, sizeof(*answer));
	if (!p || !answer)
		return NULL;
	p->exchange = exchange;
	p->conduct = conduct;
	p->of = conduct->is_control ? &control : conduct->of;
	p->answer = answer;
	p->clear = p->of->over != NULL;
	exchange->observation.answer = answer;
	exchange->performance = p;
	exchange->stream.raw = true;
	stream_init(&p->content, exchange->arena, false);
	assert(p->of->steps_len);
	begin_step(p);
	while (advance_once(p))
		;
	return p;
}

bool performance_is_over(const struct performance *p)
{
	return p->of->over != NULL;
}

bool performance_has_sent(const struct performance *p)
{
	return p->has_sent;
}

bool performance_is_sealing(const struct performance *p)
{
	return p->handshake && handshake_is_sealing(p->handshake);
}

struct span performance_output(const struct performance *p)
{
	if (p->state == PERFORM_SENDING)
		return span_of(p->out + p->out_at, p->segment_end - p->out_at);
	if (p->continued)
		return handshake_output(p->handshake);
	return span_of(NULL, 0);
}

void performance_sent(struct performance *p, size_t n)
{
	if (!n)
		return;
	p->has_sent = true;
	p->last_ms = p->now_ms;
	p->answer->last_sent_us = p->now_ms * 1000;
	if (p->state == PERFORM_SENDING)
		p->out_at += n;
	else
		handshake_sent(p->handshake, n);
	performance_advance(p);
}

void performance_input(struct performance *p, struct span bytes)
{
	p->last_ms = p->now_ms;
	if (!p->answer->first_received_us)
		p->answer->first_received_us = p->now_ms * 1000;
	stream_feed(&p->exchange->stream, bytes);
	performance_hear(p);
}

static uint64_t patience(const struct performance *p)
{
	switch (p->state) {
	case PERFORM_AWAITING:
	case PERFORM_COMPLETING:
		return (uint64_t)p->conduct->quiet_ms * AWAIT_PATIENCE;
	case PERFORM_LISTENING:
		/* A server that has sent its whole flight, or its warning, waits for us: what it
		 * still has to say about what it was sent comes at once. */
		if (p->hearing.flight_last || performance_is_warned(p))
			return p->conduct->quiet_ms / FLIGHT_HASTE;
		return p->conduct->quiet_ms;
	default:
		return UINT64_MAX - p->last_ms;
	}
}

uint64_t performance_due(const struct performance *p)
{
	if (!p->told_time)
		return 0;
	if (p->state == PERFORM_PAUSING)
		return p->due_ms;
	return p->last_ms + patience(p);
}

void performance_clock(struct performance *p, uint64_t now_ms)
{
	p->now_ms = now_ms;
	if (!p->told_time) {
		p->told_time = true;
		p->last_ms = now_ms;
		p->due_ms += now_ms;
	}
	if (p->failed)
		performance_advance(p);
	if (p->exchange->phase == EXCHANGE_DONE || now_ms < performance_due(p))
		return;
	if (p->state == PERFORM_LISTENING)
		performance_conclude(p, ENDING_QUIET);
	else if (p->state == PERFORM_PAUSING)
		performance_advance(p);
	else
		performance_unmet(p, ENDING_QUIET, NULL);
}

bool performance_shut(struct performance *p)
{
	bool shut = p->shut;
	p->shut = false;
	return shut;
}

void performance_end(struct performance *p, enum exchange_end end)
{
	static const enum ending endings[] = {
		[EXCHANGE_FIN] = ENDING_FIN,
		[EXCHANGE_RST] = ENDING_RESET,
		[EXCHANGE_TIMEOUT] = ENDING_QUIET,
		[EXCHANGE_UNREACHABLE] = ENDING_QUIET,
	};
	bool sending = p->state == PERFORM_PAUSING || p->state == PERFORM_SENDING;
	if (p->state == PERFORM_AWAITING || p->state == PERFORM_COMPLETING)
		performance_unmet(p, endings[end], NULL);
	else if (sending && end == EXCHANGE_TIMEOUT)
		performance_unmet(p, ENDING_QUIET, "the end of the time that a probe has");
	else
		performance_conclude(p, endings[end]);
}

void performance_release(struct performance *p)
{
	handshake_free(p->handshake);
	p->handshake = NULL;
}
