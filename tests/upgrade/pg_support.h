/* pg_support.h - a PostgreSQL server of bytes: what it says is written down first. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UPGRADE_PG_SUPPORT_H
#define TESTS_UPGRADE_PG_SUPPORT_H

#include "base/builder.h"
#include "upgrade/pg_session.h"

#define BYTES(text) span_of("" text, sizeof(text) - 1)

/* Everything that the server says. */
struct script {
	uint8_t bytes[8192];
	struct builder b;
};

void script_init(struct script *script);

/* script_say writes one message; its length is the true one plus `lie`. */
void script_say(struct script *script, char type, struct span body, int lie);

/* script_authentication writes an R message. */
void script_authentication(struct script *script, uint32_t code, struct span rest);

/* script_row writes a DataRow; a NULL cell is an SQL NULL. */
void script_row(struct script *script, size_t len, const char *const *cells);

/* script_welcome writes what follows the login, up to ReadyForQuery. */
void script_welcome(struct script *script);

/* script_answers writes the answers to all questions: sslinfo is installed. */
void script_answers(struct script *script);

/* What came of it: the client's words, and the session at its end. */
struct outcome {
	struct pg_session session;
	uint8_t said[4096];
	size_t said_len;
};

/* The options of most tests: "tester" with the password "pencil", seed 7. */
struct pg_options options_default(void);

/* converse plays the script in chunks of `chunk` bytes. */
void converse(struct outcome *out, const struct pg_options *options, const struct script *script,
	      size_t chunk);

/* client_said says whether the bytes stand in what the client sent. */
bool client_said(const struct outcome *outcome, struct span bytes);

#endif
