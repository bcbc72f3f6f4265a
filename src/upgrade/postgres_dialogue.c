/* SPDX-License-Identifier: Apache-2.0 */
#include "upgrade/postgres_dialogue.h"

#include "base/builder.h"
#include "upgrade/postgres_message.h"

#include <assert.h>

#define SSL_REQUEST_CODE     80877103
#define PROTOCOL_3_0	     0x00030000
#define NAME_BYTES_MAX	     127
#define AUTHENTICATION_BYTES 4

static void lend(struct upgrade_dialogue *dialogue, const struct builder *b)
{
	enum fault fault = builder_fault(b);
	assert(fault == FAULT_NONE);
	(void)fault;
	dialogue->out_len = b->len;
	dialogue->out_at = 0;
}

void postgres_ask_tls(struct upgrade_dialogue *dialogue)
{
	struct builder b;
	builder_init(&b, dialogue->out, sizeof(dialogue->out), NULL, 0);
	builder_u32(&b, "length", 8);
	builder_u32(&b, "code", SSL_REQUEST_CODE);
	lend(dialogue, &b);
	dialogue->want = 1;
}

static void put_parameter(struct builder *b, const char *name, const char *value)
{
	size_t len = strlen(value);
	builder_bytes(b, name, span_of(name, strlen(name) + 1));
	builder_bytes(b, "value", span_of(value, len < NAME_BYTES_MAX ? len : NAME_BYTES_MAX));
	builder_u8(b, "terminator", 0);
}

void postgres_ask_session(struct upgrade_dialogue *dialogue)
{
	struct builder b;
	builder_init(&b, dialogue->out, sizeof(dialogue->out), NULL, 0);
	builder_u32(&b, "length", 0);
	builder_u32(&b, "protocol", PROTOCOL_3_0);
	put_parameter(&b, "user", dialogue->user ? dialogue->user : "postgres");
	if (dialogue->database)
		put_parameter(&b, "database", dialogue->database);
	builder_u8(&b, "terminator", 0);
	lend(dialogue, &b);
	dialogue->out[2] = (uint8_t)(b.len >> 8);
	dialogue->out[3] = (uint8_t)b.len;
	dialogue->want = sizeof(dialogue->in);
}

static void read_on(struct upgrade_dialogue *dialogue)
{
	dialogue->want = sizeof(dialogue->in) - dialogue->in_len;
	if (dialogue->want == 0)
		dialogue->state = UPGRADE_GARBAGE;
}

static void read_refusal(struct upgrade_dialogue *dialogue)
{
	struct postgres_message message;
	struct cursor bytes = cursor_over(span_of(dialogue->in, dialogue->in_len));
	switch (postgres_message_read(&message, &bytes)) {
	case POSTGRES_PARTIAL:
		read_on(dialogue);
		return;
	case POSTGRES_MESSAGE:
		dialogue->state = postgres_error_read(&dialogue->refusal, &message)
					  ? UPGRADE_REFUSED
					  : UPGRADE_GARBAGE;
		return;
	case POSTGRES_MALFORMED:
		dialogue->state = UPGRADE_GARBAGE;
		return;
	}
}

void postgres_tls_answer(struct upgrade_dialogue *dialogue)
{
	switch (dialogue->in[0]) {
	case 'S':
		dialogue->state = UPGRADE_READY;
		return;
	case 'N':
		dialogue->state = UPGRADE_REFUSED;
		dialogue->refusal = (struct refusal){ .message = "N" };
		return;
	case 'E':
		read_refusal(dialogue);
		return;
	default:
		dialogue->state = UPGRADE_GARBAGE;
	}
}

static enum upgrade_state state_of_error(struct upgrade_dialogue *dialogue,
					 const struct postgres_message *message)
{
	if (!postgres_error_read(&dialogue->refusal, message))
		return UPGRADE_GARBAGE;
	if (dialogue->refusal.overload)
		return UPGRADE_REFUSED;
	switch (postgres_error_gate(&dialogue->refusal)) {
	case POSTGRES_GATE_CLOSED:
		return UPGRADE_REFUSED;
	case POSTGRES_GATE_PASSED:
		return UPGRADE_PLAINTEXT;
	case POSTGRES_GATE_UNKNOWN:
		break;
	}
	return UPGRADE_GARBAGE;
}

static enum upgrade_state state_of_message(struct upgrade_dialogue *dialogue,
					   const struct postgres_message *message)
{
	switch (message->type) {
	case 'R':
		return message->body.len >= AUTHENTICATION_BYTES ? UPGRADE_PLAINTEXT
								 : UPGRADE_GARBAGE;
	case 'E':
		return state_of_error(dialogue, message);
	case 'N': /* a notice */
	case 'v': /* NegotiateProtocolVersion */
		return UPGRADE_TALKING;
	default:
		return UPGRADE_GARBAGE;
	}
}

static bool is_message_type(uint8_t type)
{
	return type == 'R' || type == 'E' || type == 'N' || type == 'v';
}

void postgres_session_answer(struct upgrade_dialogue *dialogue)
{
	struct cursor bytes = cursor_over(span_of(dialogue->in, dialogue->in_len));
	while (dialogue->state == UPGRADE_TALKING) {
		struct postgres_message message;
		if (cursor_left(&bytes) && !is_message_type(bytes.base[bytes.at])) {
			dialogue->state = UPGRADE_GARBAGE;
			return;
		}
		switch (postgres_message_read(&message, &bytes)) {
		case POSTGRES_PARTIAL:
			read_on(dialogue);
			return;
		case POSTGRES_MALFORMED:
			dialogue->state = UPGRADE_GARBAGE;
			return;
		case POSTGRES_MESSAGE:
			dialogue->state = state_of_message(dialogue, &message);
		}
	}
}
