/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/performance_internal.h"
#include "registry/registry.h"

#include <stdio.h>

#define CLEAR_KEPT_MAX	 4096
#define DESCRIBED_MAX	 256

/* An alert in TLS 1.3, sealed: two bytes, the content type and the tag, and some padding. */
#define SEALED_ALERT_MIN 19
#define SEALED_ALERT_MAX 40

struct span performance_clear(const struct performance *p)
{
	const struct stream *stream = &p->exchange->stream;
	size_t end = p->clear ? stream->len : p->clear_len;
	if (!p->clear && p->records)
		return span_of(NULL, 0); /* they led to TLS */
	size_t from = p->hearing.clear_from;
	return from < end ? span_of(stream->bytes + from, end - from) : span_of(NULL, 0);
}

static bool hears_application(const struct performance *p)
{
	return p->answer->application.len > p->hearing.application_from;
}

static void set(struct observation *out, enum outcome outcome, enum layer layer,
		const char *message)
{
	out->outcome = outcome;
	out->layer = layer;
	out->message = message;
}

static void set_alert(struct observation *out, uint8_t level, uint8_t alert, const char *message)
{
	set(out, OUTCOME_ALERT, LAYER_TLS, message);
	out->alert_level = level;
	out->alert = alert;
}

/* In TLS 1.3 only the length tells, and that nothing came behind it. */
static bool hears_opaque_alert(const struct performance *p, enum ending ending)
{
	const struct hearing *hearing = &p->hearing;
	bool ended = ending == ENDING_FIN || ending == ENDING_RESET;
	return hearing->opaque_alert ||
	       (p->tls13 && ended && hearing->opaque_len >= SEALED_ALERT_MIN &&
		hearing->opaque_len <= SEALED_ALERT_MAX);
}

/* What decides whatever comes behind it; false when the end has to. */
static bool settle_decided(const struct performance *p, enum ending ending, struct observation *out)
{
	const struct hearing *hearing = &p->hearing;
	if (hearing->fatal)
		set_alert(out, hearing->level, hearing->alert, NULL);
	else if (hearing->garbage)
		set(out, OUTCOME_GARBAGE, LAYER_TLS, hearing->garbage);
	else if (hears_opaque_alert(p, ending))
		set_alert(out, 0, 255, "an alert that cannot be read");
	else if (hears_application(p))
		set(out, OUTCOME_SERVER_HELLO, LAYER_APPLICATION, NULL);
	else if (performance_clear(p).len)
		set(out, OUTCOME_PLAINTEXT, LAYER_PLAINTEXT, NULL);
	else if (hearing->sslv2_error)
		set(out, OUTCOME_CLOSE, LAYER_TLS, hearing->note);
	else
		return false;
	return true;
}

static void settle_end(const struct performance *p, enum ending ending, struct observation *out)
{
	out->cut_off = ending == ENDING_FIN && !p->clear && flight_is_partial(p->exchange);
	if (p->hearing.warnings)
		set_alert(out, ALERT_WARNING, p->hearing.warning, NULL);
	else if (out->cut_off)
		set(out, OUTCOME_GARBAGE, LAYER_TLS, "closed in the middle of a record");
	else
		set(out, ending == ENDING_FIN ? OUTCOME_CLOSE : OUTCOME_RESET, LAYER_TRANSPORT,
		    NULL);
}

static bool expects(const struct performance *p, enum expected_kind kind)
{
	for (size_t i = 0; i < p->of->expectations_len; i++)
		if (p->of->expectations[i].kind == kind)
			return true;
	return false;
}

/* In TLS 1.3 nothing but tickets comes behind our Finished, early or late: they are no answer. */
static bool is_finish(const struct performance *p)
{
	return (p->hearing.finished || p->last_completed) &&
	       (!p->tls13 || expects(p, EXPECT_FINISHED));
}

static void settle_silence(const struct performance *p, struct observation *out)
{
	const struct hearing *hearing = &p->hearing;
	if (hearing->server_hello || is_finish(p))
		set(out, OUTCOME_SERVER_HELLO, LAYER_TLS, NULL);
	else if (hearing->retry_request)
		set(out, OUTCOME_HELLO_RETRY_REQUEST, LAYER_TLS, NULL);
	else if (hearing->warnings)
		set_alert(out, ALERT_WARNING, hearing->warning, NULL);
	else
		set(out, OUTCOME_TIMEOUT, LAYER_TRANSPORT,
		    !p->clear && flight_is_partial(p->exchange) ? "in the middle of a record"
								: NULL);
}

static void settle(const struct performance *p, enum ending ending, struct observation *out)
{
	if (settle_decided(p, ending, out))
		return;
	if (ending == ENDING_FIN || ending == ENDING_RESET)
		settle_end(p, ending, out);
	else
		settle_silence(p, out);
}

static bool asserts(const struct performance *p, enum fact_kind kind)
{
	for (size_t i = 0; i < p->of->facts_len; i++)
		if (p->of->facts[i].kind == kind)
			return true;
	return false;
}

/* Whether an answer that is as expected stands, or something may still come that undoes it. */
static bool is_ripe(const struct performance *p, enum expected_kind kind)
{
	const struct case_answer *answer = p->answer;
	switch (kind) {
	case EXPECT_SERVER_HELLO:
		return p->hearing.flight_complete;
	case EXPECT_RETRY_REQUEST:
		return !asserts(p, FACT_CHANGE_CIPHER_SPEC) || answer->change_cipher_spec;
	case EXPECT_FINISHED:
		/* A TLS 1.3 server may still refuse after our Finished: its first answer counts. */
		return (p->last_completed || p->hearing.finished) &&
		       (!p->tls13 || p->hearing.records > 0);
	case EXPECT_APPLICATION_DATA:
	case EXPECT_BYTES:
		return true;
	default:
		return false;
	}
}

/* Whether what was heard meets an expectation strictly: a ripe one, or one of a warning. */
static bool meets(const struct performance *p, bool warned)
{
	struct observation now = p->exchange->observation;
	struct case_answer answer = *p->answer;
	settle(p, ENDING_NONE, &now);
	answer.clear = performance_clear(p);
	answer.application = span_skip(answer.application, p->hearing.application_from);
	now.answer = &answer;
	for (size_t i = 0; i < p->of->expectations_len; i++) {
		const struct expectation *expectation = &p->of->expectations[i];
		enum expected_kind kind = expectation->kind;
		if (!expectation->tolerated &&
		    (warned ? kind == EXPECT_WARNING : is_ripe(p, kind)) &&
		    expectation_met(expectation, p->conduct, &now))
			return true;
	}
	return false;
}

bool performance_is_warned(const struct performance *p)
{
	return p->hearing.warnings && meets(p, true);
}

/* One hello, and no byte that a reader of its lengths could take for something behind it. */
static bool sends_one_hello(const struct conformance_case *of)
{
	const struct step *step = &of->steps[0];
	const struct item *item = &step->items[0];
	return of->steps_len == 1 && step->items_len == 1 && !step->withhold &&
	       item->kind == ITEM_MESSAGE && item->times == 1 &&
	       item->message.type == HANDSHAKE_CLIENT_HELLO && item->message.lie.kind == LIE_NONE &&
	       item->framing.length.kind == LIE_NONE && of->family.kind != FAMILY_LENGTHS;
}

/* A server that has answered one hello with its whole flight waits for us. */
static bool is_answered(const struct performance *p)
{
	return p->hearing.flight_complete && sends_one_hello(p->of);
}

bool performance_is_conclusive(const struct performance *p)
{
	/* How many alerts come, and whether the end follows them, shows only at the end. */
	if (asserts(p, FACT_ALERTS) || asserts(p, FACT_CLOSED))
		return false;
	if (p->hearing.fatal || p->hearing.garbage)
		return true;
	if (p->state != PERFORM_LISTENING)
		return false;
	if (p->conduct->is_control)
		return p->hearing.server_hello && p->hearing.flight_complete;
	return is_answered(p) || meets(p, false);
}

static struct span keep_some(struct performance *p, struct span bytes)
{
	bytes.len = bytes.len < CLEAR_KEPT_MAX ? bytes.len : CLEAR_KEPT_MAX;
	return bytes.len ? arena_copy(p->exchange->keep, bytes) : bytes;
}

void performance_conclude(struct performance *p, enum ending ending)
{
	struct exchange *exchange = p->exchange;
	struct case_answer *answer = p->answer;
	struct observation *seen = &exchange->observation;
	if (exchange->phase == EXCHANGE_DONE)
		return;
	settle(p, ending, seen);
	answer->closed = ending == ENDING_FIN;
	answer->reset = ending == ENDING_RESET;
	answer->steps_done = p->step;
	answer->clear = keep_some(p, performance_clear(p));
	answer->application = span_skip(answer->application, p->hearing.application_from);
	bool ended = answer->closed || answer->reset;
	seen->overload = ended && !p->has_sent && p->step == 0 && p->state == PERFORM_SENDING;
	exchange_conclude(exchange, seen->outcome, seen->layer);
}

static bool heard_nothing(const struct performance *p)
{
	return !p->hearing.records && !performance_clear(p).len && !p->hearing.warnings;
}

void performance_unmet(struct performance *p, enum ending ending, const char *why)
{
	struct arena *keep = p->exchange->keep;
	char came[DESCRIBED_MAX];
	bool silence = ending == ENDING_QUIET && heard_nothing(p);
	performance_conclude(p, ending);
	if (!why && !silence)
		observation_describe(came, sizeof(came), &p->exchange->observation);
	p->answer->unmet = why ? why : silence ? "nothing" : arena_text(keep, span_text(came));
	p->answer->unmet_silence = silence;
}
