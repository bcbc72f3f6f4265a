/* poller.h - readiness of many short-lived sockets, with two system calls a socket. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TRANSPORT_POLLER_H
#define TRANSPORT_POLLER_H

#include "base/fault.h"
#include "base/span.h"

/*
 * An epoll set that is itself watched by the event loop: libuv's own handle for a descriptor costs
 * six system calls a connection, which is what a probe costs otherwise.
 */
#define POLLER_BATCH 64

struct poller {
	int fd;
	void *ready[POLLER_BATCH];
};

/* poller_init opens an empty set; `fd` is readable while any socket in it is ready. Fault: IO. */
MUST_USE enum fault poller_init(struct poller *poller);

/* poller_release closes the set. */
void poller_release(struct poller *poller);

/* poller_add watches a socket for reading, and with `writing` for writing as well. */
void poller_add(struct poller *poller, int fd, bool writing, void *owner);

/* poller_change changes whether writing is watched. Closing a socket takes it out of the set. */
void poller_change(struct poller *poller, int fd, bool writing, void *owner);

/* poller_take writes the owners of ready sockets to `ready` and returns how many. It waits at most
 * so long for the first, and ends with 0 when a signal comes. */
size_t poller_take(struct poller *poller, int wait_ms);

#endif
