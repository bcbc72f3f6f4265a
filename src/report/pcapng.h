/* pcapng.h - writes conversations as packets that were never on a wire, with the keys to read them.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_PCAPNG_H
#define REPORT_PCAPNG_H

#include "base/text.h"

/* The address has 4 or 16 bytes; both ends of a conversation have the same. */
struct pcap_endpoint {
	uint8_t address[16];
	uint8_t address_len;
	uint16_t port;
};

/* What one side wrote at once. `comment` (UTF-8, or NULL) is shown with its first packet. */
struct pcap_write {
	bool from_server;
	uint64_t time_us; /* since 1970, as every time here */
	struct span bytes;
	const char *comment;
};

enum pcap_end {
	PCAP_STAYS_OPEN,
	PCAP_CLIENT_CLOSES,
	PCAP_SERVER_CLOSES,
	PCAP_SERVER_RESETS,
	PCAP_REFUSED,	 /* a reset answers the SYN; `writes` is empty */
	PCAP_UNANSWERED, /* nothing answers the SYN; `writes` is empty */
};

/* One TCP connection. A time that lies before the one in front of it is taken for that one. */
struct pcap_conversation {
	struct pcap_endpoint client, server;
	uint64_t opened_us, closed_us;
	const char *comment; /* for the SYN, or NULL */
	const struct pcap_write *writes;
	size_t writes_len;
	enum pcap_end end;
};

#define PCAP_COMMENT_MAX 4096

/* pcapng_begin writes the section header and one interface of raw IP packets. */
void pcapng_begin(struct text *out, const char *application);

/* pcapng_secrets writes lines of keylog.h; they precede the conversations that they open. */
void pcapng_secrets(struct text *out, struct span keylog);

/*
 * pcapng_conversation writes the handshake of TCP, the writes in segments, their acknowledgements
 * and the end, with true sequence numbers and checksums. Faults latch in `out`, here and above.
 */
void pcapng_conversation(struct text *out, const struct pcap_conversation *conversation);

/* pcapng_client_port gives the n-th conversation a port of its own; after 50,000 they come again.
 */
uint16_t pcapng_client_port(uint32_t n);

#endif
