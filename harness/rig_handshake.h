/* rig_handshake.h - a client of TLS 1.0 to 1.3 whose server is the input. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HARNESS_RIG_HANDSHAKE_H
#define HARNESS_RIG_HANDSHAKE_H

#include "handshake/handshake.h"
#include "harness.h"
#include "probe/probe.h"

struct rig_handshake {
	const struct probe *probe;	     /* NULL: the hello is none of a probe's */
	bool directed, is_waiting;	     /* is_waiting: for handshake_continue */
	uint8_t records[2][PROBE_HELLO_MAX]; /* the hello, and the one after a retry */
	struct span hello, second;	     /* the messages in them */
	struct span second_hello;	     /* what answers a retry where there is no probe */
	size_t first_len, second_len;	     /* of the records */
	struct handshake *client;
	const struct handshake_facts *facts;
};

/* rig_handshake_init begins one of RIG_HANDSHAKE_KINDS conversations, always with the same bytes.
 */
#define RIG_HANDSHAKE_KINDS 12
void rig_handshake_init(struct rig_handshake *rig, struct arena *arena, uint8_t kind,
			bool directed);
void rig_handshake_release(struct rig_handshake *rig);

/* rig_handshake_hear gives the client the server's next bytes, and answers a HelloRetryRequest. */
void rig_handshake_hear(struct rig_handshake *rig, struct span bytes);

/* rig_handshake_listen does so for a whole flight, `chunk` bytes at a time, and checks what must
 * hold of the facts. */
void rig_handshake_listen(struct rig_handshake *rig, struct span flight, size_t chunk);

/* rig_handshake_same compares two clients that heard the same, and notes what they know. */
void rig_handshake_same(const struct rig_handshake *a, const struct rig_handshake *b);

/* rig_handshake_direct sends our flight message by message, in the order that `order` says, and
 * lets the handshake go on by itself at the end. */
void rig_handshake_direct(struct rig_handshake *rig, uint8_t order);

#endif
