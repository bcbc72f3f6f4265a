/* peer_hello.h - the hellos of a probe, and what resuming a session adds to them. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_HANDSHAKE_PEERS_PEER_HELLO_H
#define TESTS_HANDSHAKE_PEERS_PEER_HELLO_H

#include "handshake/handshake.h"
#include "probe/probe.h"

/*
 * peer_hello returns the handshake message of the probe's hello in `arena`. `retry` is NULL for the
 * first; `resume` may be NULL; `before` is what a second hello's binder covers besides. An absent
 * view when memory is short.
 */
struct span peer_hello(struct arena *arena, const struct probe *probe, const struct retry *retry,
		       const struct resumption *resume, struct span before);

#endif
