/* capture.h - a file of captured packets, and the ClientHellos in it. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WIRE_CAPTURE_CAPTURE_H
#define WIRE_CAPTURE_CAPTURE_H

#include "base/arena.h"
#include "wire/capture/capture_segment.h"
#include "wire/wire_error.h"

/*
 * The first ClientHello of a TCP connection. `bytes` are the client's, from the hello's first
 * record on and as far as the last; where they are not `whole`, as far as the capture has them
 * without a gap. `before` counts what the client sent in front of them: PostgreSQL's SSLRequest,
 * the dialogue that leads to STARTTLS. `packet` is the one where `bytes` begin, counted from 1.
 */
struct capture_hello {
	struct span bytes;
	size_t before;
	bool whole;
	uint32_t packet;
	struct capture_endpoint client, server;
};

/*
 * In the order in which their connections begin. The numbers say what was looked at: packets, TCP
 * connections, fragments of IP with TCP in them, which are not put together, and packets of a link
 * type that is not read, with the first such.
 */
struct capture_hellos {
	struct capture_hello *at;
	size_t len, cap;
	size_t packets, connections, fragments, unread;
	uint32_t unread_link;
};

/* capture_is says whether the bytes begin as a file of pcap or pcapng does. */
bool capture_is(struct span file);

/*
 * capture_read finds the hellos of a file. Segments may come late, twice or overlap: of a byte that
 * comes twice the first counts. Of a connection whose start is not there the first byte seen is the
 * first. Only CAPTURE_CLIENT_MAX bytes of each client are looked at; memory grows with the file and
 * not beyond some multiple of it. What is found does not depend on the seed, but the time that it
 * takes does, for a file that somebody made against a seed: it should be random. Views belong to
 * the arena. Faults: TRUNCATED and MALFORMED, with `error` saying where in the file, and what came
 * before it read; those of the arena.
 */
MUST_USE enum fault capture_read(struct capture_hellos *out, struct span file, uint64_t seed,
				 struct arena *arena, struct wire_error *error);

#endif
