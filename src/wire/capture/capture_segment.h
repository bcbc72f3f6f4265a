/* capture_segment.h - a captured packet to the TCP segment in it. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WIRE_CAPTURE_CAPTURE_SEGMENT_H
#define WIRE_CAPTURE_CAPTURE_SEGMENT_H

#include "base/span.h"

/* The address has 4 or 16 bytes. */
struct capture_endpoint {
	uint8_t address[16];
	uint8_t address_len;
	uint16_t port;
};

struct capture_segment {
	struct capture_endpoint from, to;
	uint32_t sequence;
	bool syn, ack;
	struct span payload;
};

enum capture_kind {
	CAPTURE_TCP,
	CAPTURE_FRAGMENT, /* of an IP packet with TCP in it */
	CAPTURE_OTHER,	  /* no TCP, or not whole headers */
	CAPTURE_UNREAD,	  /* a link type that is not known */
};

/*
 * capture_segment_read takes the headers off: Ethernet with its 802.1Q tags, raw IP, Linux's cooked
 * captures and BSD's loopback; IPv4 with its options (RFC 791) and IPv6 with its extension headers
 * (RFC 8200 4); TCP (RFC 9293 3.1). What follows IP's own length is padding and left out. `out` is
 * filled when it is TCP.
 */
enum capture_kind capture_segment_read(struct capture_segment *out, uint32_t link,
				       struct span packet);

#endif
