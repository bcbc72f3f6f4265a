/* postgres_message.h - messages of the PostgreSQL protocol, version 3, in clear. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef UPGRADE_POSTGRES_MESSAGE_H
#define UPGRADE_POSTGRES_MESSAGE_H

#include "base/cursor.h"
#include "upgrade/upgrade.h"

enum postgres_read {
	POSTGRES_PARTIAL,   /* more bytes are needed */
	POSTGRES_MESSAGE,   /* one whole message */
	POSTGRES_MALFORMED, /* none of the protocol's, or longer than UPGRADE_INPUT_MAX */
};

/* One message: its type byte, and its body without type and length. */
struct postgres_message {
	uint8_t type;
	bool version2; /* an ErrorResponse of protocol 2: 'E', text, NUL, without a length */
	struct span body;
};

/* postgres_message_read takes the next message from `bytes` and moves it on. */
enum postgres_read postgres_message_read(struct postgres_message *out, struct cursor *bytes);

/*
 * postgres_error_read keeps the fields C, M, F and R of an ErrorResponse, or the text of one in the
 * style of protocol 2, and says whether it is overload. Returns false when the body is malformed.
 */
bool postgres_error_read(struct refusal *out, const struct postgres_message *message);

/* What an ErrorResponse says about a session without TLS. */
enum postgres_gate {
	POSTGRES_GATE_CLOSED,  /* pg_hba.conf or a gateway turned it away */
	POSTGRES_GATE_PASSED,  /* the error comes from behind that gate */
	POSTGRES_GATE_UNKNOWN, /* neither can be told */
};

/*
 * postgres_error_gate tells which of the three a refusal means. File and routine decide before the
 * text, because the server translates only the text.
 */
enum postgres_gate postgres_error_gate(const struct refusal *refusal);

#endif
