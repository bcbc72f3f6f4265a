/* flight.h - what the operations change: messages and records, with every length free to lie. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MUTATE_FLIGHT_H
#define MUTATE_FLIGHT_H

#include "base/rng.h"
#include "mutate/mutate.h"
#include "wire/hello_draft.h"

#define FLIGHT_PARTS_MAX 96

/* The extensions of a message; whoever edits them puts a new list in place. */
struct block {
	struct extension_draft *items;
	size_t len;
};

enum message_kind { MESSAGE_OTHER, MESSAGE_CLIENT_HELLO, MESSAGE_SERVER_HELLO };

/*
 * A handshake message. A ClientHello is its draft, whose list of extensions is `block`'s; a
 * ServerHello has the fields before its extensions in `body`; any other one is its body.
 * `is_joined` says that it shares a record with the message before it; `piece`, unless 0, is the
 * length of the records that it is cut into.
 */
struct message {
	uint8_t type;
	enum message_kind kind;
	bool is_joined;
	uint16_t record_version;
	size_t piece;
	int32_t length_lie;
	struct span body;
	struct hello_draft hello;
	struct block block;
};

struct record_draft {
	uint8_t type;
	uint16_t version;
	struct span fragment;
	int32_t length_lie;
};

/* A record that holds no handshake messages, or a message. */
struct part {
	bool is_message;
	struct message message;
	struct record_draft record;
};

/*
 * A flight while it is changed: as parts for the operations on messages, then as records for those
 * on records. `trailing` is what follows the last record. A fault latches in the arena.
 */
struct flight {
	struct arena *arena;
	struct rng rng;
	mutate_leaf *leaf;
	enum mutate_form form;
	struct part *parts;
	size_t parts_len, parts_cap;
	struct record_draft *records;
	size_t records_len, records_cap;
	struct span trailing;
};

/* flight_begin clears the arena and starts without parts; the seed decides what is drawn. */
void flight_begin(struct flight *flight, const struct mutator *mutator, uint64_t seed);

/* flight_parse describes the bytes; false when they hold no record, or no hello for MUTATE_BODY. */
MUST_USE bool flight_parse(struct flight *flight, struct span bytes);

/* flight_cut writes the parts into records; it follows the operations on messages. */
void flight_cut(struct flight *flight);

/* flight_write writes records and trailing bytes, or the body of the hello, up to `max` bytes. */
size_t flight_write(const struct flight *flight, uint8_t *out, size_t max);

/* message_write returns the bytes of a message with its header, an absent view without memory. */
struct span message_write(struct flight *flight, const struct message *message);

/* message_parse describes a message whose body is `body`. */
void message_parse(struct flight *flight, struct message *out, uint8_t type, struct span body);

/* flight_insert makes room for one part at `at`, NULL when there are as many as there may be; other
 * pointers to parts are then no longer valid. */
struct part *flight_insert(struct flight *flight, size_t at);
void flight_remove(struct flight *flight, size_t at);

/* flight_hello draws one of the ClientHellos, flight_block one of the messages that have
 * extensions; NULL without any. */
struct message *flight_hello(struct flight *flight);
struct message *flight_block(struct flight *flight);

/* flight_message draws the place of one of the messages, flight_hello_at that of a ClientHello;
 * false without any. */
bool flight_message(struct flight *flight, size_t *at);
bool flight_hello_at(struct flight *flight, size_t *at);

/* record_insert does the same among the records. */
struct record_draft *record_insert(struct flight *flight, size_t at);
void record_remove(struct flight *flight, size_t at);

/* draw returns a number below `bound`, which is not 0. */
static inline size_t draw(struct flight *flight, size_t bound)
{
	return rng_below(&flight->rng, (uint32_t)bound);
}

/* one_in is true once in `n` times. */
static inline bool one_in(struct flight *flight, size_t n)
{
	return draw(flight, n) == 0;
}

/* draw_lie returns what is added to a length: a little, or what makes it 0 or its highest value. */
int32_t draw_lie(struct flight *flight, size_t width, size_t len);

/* flight_random returns `len` fresh bytes; flight_copy a copy with `more` bytes of room behind. */
struct span flight_random(struct flight *flight, size_t len);
uint8_t *flight_copy(struct flight *flight, struct span bytes, size_t more);

/* flight_join returns one after the other. */
struct span flight_join(struct flight *flight, struct span a, struct span b);

/* flight_leaf returns the content of a field, changed. */
struct span flight_leaf(struct flight *flight, struct span bytes);

#endif
