/* rig_insider.h - a client that offers everything, and a server that needs no keys: the input. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HARNESS_RIG_INSIDER_H
#define HARNESS_RIG_INSIDER_H

#include "rig_handshake.h"

/* What the client is: bits of the input's first byte. */
#define RIG_INSIDER_DIRECTED	    0x01
#define RIG_INSIDER_CLIENT_KEY	    0x02
#define RIG_INSIDER_PSK		    0x04
#define RIG_INSIDER_RESUMES_12	    0x08
#define RIG_INSIDER_RESUMES_13	    0x10
#define RIG_INSIDER_BARE	    0x20 /* a hello of TLS 1.2 without extensions */
#define RIG_INSIDER_LOST	    0x40 /* the secret of the session; without one, the hello */
#define RIG_INSIDER_WITHOUT_SESSION 0x80 /* the hello has no session id */

/* insider_fails_at lets an operation of cryptography fail, and one for memory: the n-th from now
 * on, or none for 0. It is replace/insider.c's. */
void insider_fails_at(unsigned operation, unsigned allocation);

/* rig_insider_init begins the conversation that `choice` says: every version and every kind of
 * suite is offered in one hello, so that the server's flight alone decides. */
void rig_insider_init(struct rig_handshake *rig, struct arena *arena, uint8_t choice);

/* rig_insider_end writes and closes where the handshake came to its end. */
void rig_insider_end(struct rig_handshake *rig);

#endif
