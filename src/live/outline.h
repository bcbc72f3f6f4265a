/* outline.h - what of the bytes that were sent can be taken away, and which lengths speak of it. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LIVE_OUTLINE_H
#define LIVE_OUTLINE_H

#include "base/arena.h"

/*
 * The mutator's flight describes what is to be written; this describes what was sent, wherever a
 * length lies, so that a part can go and every other byte stays as it is. The *content* is
 * everything but the headers of records: first what the handshake records carry, one after the
 * other, then the rest in its order. Offsets are into the content unless they say otherwise.
 */

enum outline_kind {
	OUTLINE_MESSAGES,
	OUTLINE_EXTENSIONS,
	OUTLINE_BLOCK, /* the extensions and their length, as one */
	OUTLINE_SUITES,
	OUTLINE_MEMBERS, /* of a list inside of an extension, or of an SSLv2 hello's kinds */
	OUTLINE_FIELD,	 /* the bytes of a session id, or of the compression methods */
	OUTLINE_BODY,	 /* the bytes of what has parts, or a meaning of its own */
	OUTLINE_BYTES,	 /* of anything else: a random, a key exchange, what trails */
};

/* Members that lie side by side: `stride` bytes each, or where the marks say when that is 0. */
struct outline_list {
	enum outline_kind kind;
	uint32_t from, to, stride, first_mark, marks;
};

/* A length field: `width` bytes at `at`, of which the bits of `mask` count the bytes from `from` to
 * `to`. What it says is at least that; what it says more is its lie. */
struct outline_length {
	uint32_t at, from, to, mask;
	uint8_t width;
};

/* A record's header is at the stream's offset `at`; its fragment is in the content. */
struct outline_record {
	uint32_t at, from, to;
	uint8_t type;
	uint16_t told;
};

/* A code point of two bytes that could as well be another one. */
struct outline_value {
	uint32_t at;
	uint16_t usual;
};

/* What smaller means; the earlier counts more. */
struct outline_size {
	uint32_t records, extensions, suites, bytes;
};

/* Everything lives in the arena given at init, and is used again by every reading. Where there are
 * more lists than fit, what comes last is told less finely. */
struct outline {
	uint8_t *bytes, *content;
	uint32_t *stream; /* for each byte of the content, its offset in the stream */
	uint32_t len, content_len, handshake_len, cap;
	struct outline_record *records;
	struct outline_list *lists;
	struct outline_length *lengths;
	struct outline_value *values;
	uint32_t *marks;
	uint32_t records_len, lists_len, lengths_len, values_len, marks_len;
	struct outline_size size;
};

/* What `arena` must be able to lend to an outline of streams of up to `max` bytes. */
#define OUTLINE_ARENA(max) ((size_t)8192 + 48 * (size_t)(max))

/* outline_init makes room for streams of up to `max` bytes. Faults: those of the arena. */
MUST_USE enum fault outline_init(struct outline *out, struct arena *arena, uint32_t max);

/* outline_read describes a stream, of which it keeps a copy; it reads any bytes. */
void outline_read(struct outline *out, struct span stream);

/* outline_count returns how many members a list has; outline_member where the one at `index`
 * begins, or with the count for an index the list's end. */
uint32_t outline_count(const struct outline_list *list);
uint32_t outline_member(const struct outline *outline, const struct outline_list *list,
			uint32_t index);

/* outline_told returns what a length says. */
uint32_t outline_told(const struct outline *outline, const struct outline_length *length);

/* outline_compare returns below, 0 or above 0. */
int outline_compare(const struct outline_size *a, const struct outline_size *b);

/* For the files of this outline: outline_messages.c describes what the handshake records carry,
 * and an SSLv2 hello; outline_add.c's functions note one thing each, or nothing where it is full.
 */
void outline_messages(struct outline *out, uint32_t end);
void outline_sslv2(struct outline *out);
void outline_list_add(struct outline *out, struct outline_list list);
void outline_mark(struct outline *out, uint32_t at);
void outline_length_add(struct outline *out, struct outline_length length);
void outline_value_add(struct outline *out, uint32_t at, uint16_t usual);

#endif
