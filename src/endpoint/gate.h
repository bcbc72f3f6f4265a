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
	GATE_PASS,  /* `version` will be agreed on; `hello` views the ClientHello */
	GATE_ALERT, /* send the fatal alert */
	GATE_CLOSE, /* nothing is to be said: the client ended it */
	GATE_HANG,  /* defects only: nothing is said, and the connection stays */
	GATE_FORGE, /* defects only: answer a ServerHello of `version` and `suite`, and no more */
};

/* Views live as long as the gate. */
struct gate_result {
	enum gate_verdict verdict;
	uint8_t alert;
	uint16_t record_version; /* for the alert */
	enum version version;
	uint16_t suite;
	struct span message; /* header included */
	struct span behind;  /* what stood behind the hello in its record */
	struct client_hello hello;
};

/* A ClientHello under reassembly: at most HANDSHAKE_MESSAGE_MAX bytes and a record. */
struct gate {
	uint8_t *message;
	size_t len, cap;
	uint16_t record_version;
	unsigned warnings, records;
	bool fragmented;
};

/* gate_init starts an empty gate; it allocates nothing. */
void gate_init(struct gate *gate);

/* gate_release frees the message. */
void gate_release(struct gate *gate);

/* gate_take consumes whole records from `in` until a verdict is reached. */
void gate_take(struct gate *gate, struct cursor *in, const struct repertoire *repertoire,
	       struct gate_result *out);

/* gate_refuse is the verdict that a fatal alert is due. */
void gate_refuse(struct gate_result *out, uint8_t alert);

/* gate_hello judges the body of a whole ClientHello: its form, its extensions, and gate_choose. */
void gate_hello(struct cursor body, const struct repertoire *repertoire, struct gate_result *out);

/*
 * gate_choose picks the highest version that is offered and allowed, and makes sure that one of its
 * suites is possible too; fills the verdict and, for GATE_ALERT, the alert.
 */
void gate_choose(const struct client_hello *hello, const struct repertoire *repertoire,
		 struct gate_result *out);

/*
 * gate_suite_possible says whether the endpoint could agree on a suite that it was offered: its
 * policy allows it, and groups and signature algorithms of the hello go with it.
 */
bool gate_suite_possible(const struct client_hello *hello, const struct repertoire *repertoire,
			 enum version version, uint16_t suite);

#endif
