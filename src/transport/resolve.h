/* resolve.h - host names and literals to addresses, with a deadline, over c-ares. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TRANSPORT_RESOLVE_H
#define TRANSPORT_RESOLVE_H

#include <netinet/in.h>
#include <sys/socket.h>

#include "base/fault.h"
#include "base/limits.h"
#include "base/span.h"

struct address {
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	};
	char text[64]; /* "127.0.0.1:5432", "[::1]:5432" */
};

struct addresses {
	struct address items[ADDRESSES_MAX];
	size_t len;
};

/*
 * resolve_host takes a name or a literal. `resolver` is "ADDRESS[:PORT]" of a DNS server to ask, or
 * NULL for the system's. Literals and "localhost" need no file and no server. Faults: NOT_FOUND
 * with one sentence in `why`
 * ("cannot resolve 'db': ..."), IO.
 */
MUST_USE enum fault resolve_host(struct addresses *out, const char *host, uint16_t port,
				 const char *resolver, unsigned timeout_ms, char *why,
				 size_t why_len);

#endif
