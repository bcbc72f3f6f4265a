/* capture_support.h - captures made by hand: files of every form, packets of every link. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_WIRE_CAPTURE_SUPPORT_H
#define TESTS_WIRE_CAPTURE_SUPPORT_H

#include "base/span.h"

enum made_form { MADE_PCAP, MADE_PCAP_NANO, MADE_PCAPNG, MADE_PCAPNG_SIMPLE, MADE_PCAPNG_OLD };
#define MADE_FORMS (MADE_PCAPNG_OLD + 1)

/* A file under construction; `little` is the order of its numbers. */
struct made {
	enum made_form form;
	bool little;
	uint8_t bytes[1 << 16];
	size_t len;
};

/* One segment: from port 40000 of 10.0.0.1 or 2001:db8::1 to port 443 of ...2, or back. */
struct made_segment {
	bool v6, back;
	uint8_t flags;
	uint16_t port; /* of the client's, 0: 40000 */
	uint32_t sequence;
	struct span payload;
	/* Between the IP header and TCP: options, or extension headers that begin with `next`. */
	struct span extra;
	uint8_t next;
	uint16_t fragment;
	bool no_length;	  /* IP says 0 */
	struct span link; /* the header that stands in front, of link type 101 none */
	size_t padding, cut;
};

#define SYN 0x02
#define ACK 0x10

/* made_init writes the head of a file, and its interface. */
void made_init(struct made *made, enum made_form form, bool little, uint32_t link);

/* made_section and made_interface write more of them, in pcapng; made_block one of any type. */
void made_section(struct made *made, bool little);
void made_interface(struct made *made, uint16_t link, uint32_t snap_len);
void made_block(struct made *made, uint32_t type, struct span body);

/* made_packet writes one of the interface, the first in pcap and in simple blocks. */
void made_packet(struct made *made, uint32_t interface, struct span packet);

/* made_segment writes a packet of the first interface. */
void made_segment(struct made *made, const struct made_segment *segment);

/* made_view views the file. */
struct span made_view(const struct made *made);

#endif
