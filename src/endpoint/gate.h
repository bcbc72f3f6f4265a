/* gate.h - reads a client's first bytes strictly, before any TLS library sees them, and decides
 * whether there is something to agree on. Pure. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ENDPOINT_GATE_H
#define ENDPOINT_GATE_H

#include "base/cursor.h"
#include "base/limits.h"
#include "endpoint/repertoire.h"
#include "wire/client_hello.h"

enum gate_verdict {
	GATE_MORE,  /* the ClientHello is not whole yet */
	GATE_PASS,  /* `version` will be agreed on; `message` views the ClientHello */
	GATE_ALERT, /* send the fatal alert */
	GATE_CLOSE, /* nothing is to be said: the client ended it */
};

struct gate_result {
	enum gate_verdict verdict;
	uint8_t alert;
	uint16_t record_version; /* for the alert, or of the client's first record */
	enum version version;
	struct span message; /* header included; lives in the gate */
};

/* A ClientHello under reassembly: at most HANDSHAKE_MESSAGE_MAX bytes and a record. */
struct gate {
	uint8_t *message;
	size_t len, cap;
	uint16_t record_version;
};

/* gate_init starts an empty gate; it allocates nothing. */
void gate_init(struct gate *gate);

/* gate_release frees the message. */
void gate_release(struct gate *gate);

/* gate_take consumes whole records from `in` until a verdict is reached. */
void gate_take(struct gate *gate, struct cursor *in, const struct repertoire *repertoire,
	       struct gate_result *out);

/*
 * gate_choose picks the highest version that is offered and allowed, and makes sure that one of its
 * suites is offered too; fills the verdict and, for GATE_ALERT, the alert.
 */
void gate_choose(const struct client_hello *hello, const struct repertoire *repertoire,
		 struct gate_result *out);

#endif
