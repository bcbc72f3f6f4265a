/* stream.h - a peer's bytes, in any chunking, to whole records, alerts and handshake messages. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WIRE_STREAM_H
#define WIRE_STREAM_H

#include "base/arena.h"
#include "base/limits.h"

enum stream_event_kind {
	STREAM_NEED_MORE, /* nothing whole yet */
	STREAM_HANDSHAKE, /* one whole handshake message, however fragmented or coalesced */
	STREAM_ALERT,
	STREAM_CHANGE_CIPHER_SPEC,
	STREAM_APPLICATION_DATA,
	STREAM_HEARTBEAT,
	STREAM_SSLV2,	  /* one whole SSLv2 record (only when `sslv2` was set) */
	STREAM_RECORD,	  /* one whole record as it came (only when `raw` is set) */
	STREAM_MALFORMED, /* latched: nothing more will come; `what` says why */
};

/* Views live until the stream's arena is released. */
struct stream_event {
	enum stream_event_kind kind;
	uint16_t record_version;
	uint8_t type;	   /* handshake type, or content type */
	struct span body;  /* handshake body without its header; record fragment otherwise */
	struct span whole; /* handshake message with its header, for transcripts */
	uint8_t level, description; /* of an alert */
	size_t offset; /* in the peer's bytes, of the first byte of the record that completed it */
	const char *what; /* of STREAM_MALFORMED: one sentence, lower case */
};

/*
 * Bounded whatever the peer sends: at most PEER_BYTES_MAX bytes are kept, a handshake message over
 * HANDSHAKE_MESSAGE_MAX, a record over RECORD_CIPHERTEXT_MAX, more than WARNING_ALERTS_MAX warning
 * alerts or EMPTY_RECORDS_MAX empty records, a message interleaved with another type (RFC 8446 5.1)
 * are STREAM_MALFORMED. Same events for every chunking.
 */
struct stream {
	struct arena *arena;
	uint8_t *bytes; /* everything received, for evidence */
	size_t len, cap, at;
	size_t need;	  /* of `len`, before the record at `at` can be whole */
	uint8_t *message; /* a handshake message under reassembly, once its header is whole */
	size_t message_len, message_cap, message_size;
	uint8_t header[4];
	struct span pending; /* handshake bytes of a coalesced record, not yet handed out */
	size_t pending_offset;
	uint16_t pending_version;
	unsigned warnings, empties;
	unsigned records; /* that were taken whole so far, SSLv2's among them */
	bool sslv2, raw, overflow, bad;
	const char *what;
};

/* stream_init starts an empty stream; `sslv2` admits two-byte SSLv2 record headers. */
void stream_init(struct stream *stream, struct arena *arena, bool sslv2);

/* stream_feed appends bytes as they came; what is past the ceiling is dropped and latches
 * STREAM_MALFORMED. */
void stream_feed(struct stream *stream, struct span bytes);

/*
 * stream_feed_record appends `fragment` in one record: for a caller that sets `raw` once records
 * are protected, decrypts them, and gives the content to a second stream for reassembly.
 */
void stream_feed_record(struct stream *stream, uint8_t type, uint16_t version,
			struct span fragment);

/* stream_next returns the next event in `out`; `out->kind` is NEED_MORE when more bytes are wanted.
 */
void stream_next(struct stream *stream, struct stream_event *out);

/* stream_received views everything that was fed so far. */
struct span stream_received(const struct stream *stream);

#endif
