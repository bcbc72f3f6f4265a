/* SPDX-License-Identifier: Apache-2.0 */
#include "upgrade/pg_session.h"

#include <assert.h>

#include "upgrade/pg_internal.h"

#define PROTOCOL_3_0	 0x00030000
#define APPLICATION_NAME "tlsgauge"

struct pg_sending pg_send_open(struct pg_session *session, uint8_t type)
{
	struct pg_sending sending;
	/* The builder writes behind what is in the output already. */
	builder_init(&sending.b, session->out, sizeof(session->out), NULL, 0);
	sending.b.len = session->out_len;
	if (type)
		builder_u8(&sending.b, "type", type);
	sending.length_at = sending.b.len;
	builder_u32(&sending.b, "length", 0);
	return sending;
}

void pg_send_string(struct pg_sending *sending, const char *text)
{
	builder_bytes(&sending->b, "string", span_of(text, strlen(text) + 1));
}

void pg_send_close(struct pg_session *session, struct pg_sending *sending)
{
	enum fault fault = builder_fault(&sending->b);
	assert(fault == FAULT_NONE);
	(void)fault;
	size_t len = sending->b.len - sending->length_at;
	for (size_t i = 0; i < 4; i++)
		session->out[sending->length_at + i] = (uint8_t)(len >> 8 * (3 - i));
	session->out_len = sending->b.len;
}

void pg_violate(struct pg_session *session, enum pg_violation violation)
{
	session->state = PG_MALFORMED;
	session->violation = violation;
}

static void send_startup(struct pg_session *session)
{
	struct pg_sending sending = pg_send_open(session, 0);
	builder_u32(&sending.b, "protocol", PROTOCOL_3_0);
	pg_send_string(&sending, "user");
	pg_send_string(&sending, session->options.user);
	if (session->options.database) {
		pg_send_string(&sending, "database");
		pg_send_string(&sending, session->options.database);
	}
	pg_send_string(&sending, "application_name");
	pg_send_string(&sending, APPLICATION_NAME);
	builder_u8(&sending.b, "terminator", 0);
	pg_send_close(session, &sending);
}

static bool fits(const char *text, size_t most)
{
	return !text || strlen(text) <= most;
}

enum fault pg_session_start(struct pg_session *session, const struct pg_options *options)
{
	*session = (struct pg_session){ .options = *options };
	pg_frame_init(&session->frame);
	if (!fits(options->user, PG_NAME_MAX) || !fits(options->database, PG_NAME_MAX) ||
	    !fits(options->password, PG_PASSWORD_MAX) || options->end_point.len > PG_BINDING_MAX) {
		session->state = PG_FAILED;
		session->fault = FAULT_TOO_LARGE;
		return FAULT_TOO_LARGE;
	}
	send_startup(session);
	return FAULT_NONE;
}

struct span pg_session_output(const struct pg_session *session)
{
	return span_of(session->out + session->out_at, session->out_len - session->out_at);
}

void pg_session_sent(struct pg_session *session, size_t n)
{
	assert(n <= session->out_len - session->out_at);
	session->out_at += n;
}

/* An error longer than we keep still shows the fields that came first. */
static bool error_read(struct pg_session *session, const struct postgres_message *message,
		       struct refusal *out)
{
	return postgres_error_read(out, message) || session->frame.cut;
}

static void error_answer(struct pg_session *session, const struct postgres_message *message)
{
	struct refusal *out = session->logged_in ? &session->question : &session->refusal;
	if (!error_read(session, message, out))
		pg_violate(session, PG_VIOLATION_MALFORMED_MESSAGE);
	else if (!session->logged_in)
		session->state = PG_REFUSED;
}

static enum pg_step step_after(const struct pg_session *session)
{
	switch (session->step) {
	case PG_STEP_WELCOME:
		return PG_STEP_STAT;
	case PG_STEP_STAT:
		return PG_STEP_EXTENSION;
	case PG_STEP_EXTENSION:
		return session->has_sslinfo ? PG_STEP_SSLINFO : PG_STEP_OVER;
	default:
		return PG_STEP_OVER;
	}
}

/* ReadyForQuery: the next question, or good bye. */
static void ready(struct pg_session *session)
{
	session->logged_in = true;
	session->step = step_after(session);
	if (session->step != PG_STEP_OVER) {
		pg_question_ask(session);
		return;
	}
	struct pg_sending sending = pg_send_open(session, 'X');
	pg_send_close(session, &sending);
	session->state = PG_READY;
}

/* What belongs into every step that asks, or follows the login. */
static bool belongs_behind_login(const struct pg_session *session, uint8_t type)
{
	switch (type) {
	case 'S': /* ParameterStatus */
	case 'A': /* NotificationResponse */
		return true;
	case 'K': /* BackendKeyData */
		return session->step == PG_STEP_WELCOME;
	case 'T': /* RowDescription */
	case 'C': /* CommandComplete */
	case 'I': /* EmptyQueryResponse */
		return session->step > PG_STEP_WELCOME;
	default:
		return false;
	}
}

static void answer_behind_login(struct pg_session *session, const struct postgres_message *message)
{
	if (message->type == 'Z')
		ready(session);
	else if (message->type == 'D' && session->step > PG_STEP_WELCOME)
		pg_question_answer(session, message->body);
	else if (!belongs_behind_login(session, message->type))
		pg_violate(session, PG_VIOLATION_UNEXPECTED_MESSAGE);
}

static void answer(struct pg_session *session, const struct postgres_message *message)
{
	if (message->type == 'N')
		return;
	if (message->type == 'E')
		error_answer(session, message);
	else if (session->step >= PG_STEP_WELCOME)
		answer_behind_login(session, message);
	else if (message->type == 'R')
		pg_authentication_answer(session, message->body);
	else if (message->type != 'v') /* NegotiateProtocolVersion */
		pg_violate(session, PG_VIOLATION_UNEXPECTED_MESSAGE);
}

void pg_session_input(struct pg_session *session, struct span bytes)
{
	while (session->state == PG_TALKING) {
		struct postgres_message message;
		switch (pg_frame_take(&session->frame, &bytes, &message)) {
		case POSTGRES_PARTIAL:
			return;
		case POSTGRES_MALFORMED:
			pg_violate(session, session->frame.violation);
			return;
		case POSTGRES_MESSAGE:
			answer(session, &message);
		}
	}
}
