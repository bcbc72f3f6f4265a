/* capture_file.h - pcap and pcapng, packet by packet. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WIRE_CAPTURE_CAPTURE_FILE_H
#define WIRE_CAPTURE_CAPTURE_FILE_H

#include "base/arena.h"
#include "wire/wire_error.h"

/* What an interface captures; `snap_len` is the most of a packet that is kept, 0: all of it. */
struct capture_interface {
	uint32_t link, snap_len;
};

/* pcap has one interface for all of the file, pcapng a list of them in each section. */
struct capture_file {
	enum { CAPTURE_PCAP, CAPTURE_PCAPNG } form;
	struct cursor in;
	struct arena *arena;
	struct capture_interface *interfaces;
	size_t interfaces_len, interfaces_cap;
	bool little_endian;
};

/* As much of it as was kept, from the header of its link on. */
struct capture_packet {
	uint32_t link;
	struct span bytes;
};

/* capture_file_open reads the header of a file that capture_is (draft-ietf-opsawg-pcap 4). Faults:
 * TRUNCATED, MALFORMED, those of the arena. */
MUST_USE enum fault capture_file_open(struct capture_file *file, struct span bytes,
				      struct arena *arena, struct wire_error *error);

/*
 * capture_file_next gives the next packet; *found is false past the last. Blocks that hold none are
 * passed over (draft-ietf-opsawg-pcapng 4). Faults: as above; then there is no next one.
 */
MUST_USE enum fault capture_file_next(struct capture_packet *out, bool *found,
				      struct capture_file *file, struct wire_error *error);

#endif
