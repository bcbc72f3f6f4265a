/* pg_violation.h - what a PostgreSQL server does wrong inside a session. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef UPGRADE_PG_VIOLATION_H
#define UPGRADE_PG_VIOLATION_H

/* One list makes the enumerators, their names and their texts. */
#define PG_VIOLATION_LIST(X)                                                                       \
	X(NONE, "nothing is wrong")                                                                \
	X(FRAMING, "a message's length is impossible")                                             \
	X(TOO_MUCH, "more bytes than a login and three queries can need")                          \
	X(UNEXPECTED_MESSAGE, "a message that does not belong here")                               \
	X(MALFORMED_MESSAGE, "a message cannot be decoded")                                        \
	X(SCRAM_SYNTAX, "a SCRAM message does not have the form of RFC 5802")                      \
	X(SCRAM_NONCE, "the server's nonce does not extend ours")                                  \
	X(SCRAM_ITERATIONS, "the SCRAM iteration count is 0, no number, or more than we compute")  \
	X(SCRAM_ERROR, "the server reported a SCRAM error")                                        \
	X(SCRAM_SIGNATURE, "the server does not know the password: its signature is wrong")        \
	X(SCRAM_UNFINISHED, "the server ended SCRAM without its signature")

enum pg_violation {
#define X(name, text) PG_VIOLATION_##name,
	PG_VIOLATION_LIST(X)
#undef X
};

/* pg_violation_name returns "scram_nonce". */
const char *pg_violation_name(enum pg_violation violation);

/* pg_violation_text returns the sentence that goes with it. */
const char *pg_violation_text(enum pg_violation violation);

#endif
