/* pg_internal.h - what the parts of pg_session share. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef UPGRADE_PG_INTERNAL_H
#define UPGRADE_PG_INTERNAL_H

#include "upgrade/pg_session.h"

/* An open message: see pg_send_open. */
struct pg_sending {
	struct builder b;
	size_t length_at;
};

/* pg_send_open starts a message in the output; type 0 is the StartupMessage, which has none. */
struct pg_sending pg_send_open(struct pg_session *session, uint8_t type);

/* pg_send_string writes a C string with its terminator. */
void pg_send_string(struct pg_sending *sending, const char *text);

/* pg_send_close writes the true length and makes the message part of the output. */
void pg_send_close(struct pg_session *session, struct pg_sending *sending);

/* pg_violate ends the dialogue: the server broke a rule. */
void pg_violate(struct pg_session *session, enum pg_violation violation);

/* pg_authentication_answer takes an Authentication message in a step before WELCOME. */
void pg_authentication_answer(struct pg_session *session, struct span body);

/* pg_question_ask sends the query of the session's step. */
void pg_question_ask(struct pg_session *session);

/* pg_question_answer takes a DataRow in one of the steps that ask. */
void pg_question_answer(struct pg_session *session, struct span body);

#endif
