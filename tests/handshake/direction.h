/* direction.h - a scene whose client is under direction, and what a caller says in it. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_HANDSHAKE_DIRECTION_H
#define TESTS_HANDSHAKE_DIRECTION_H

#include "handshake/handshake_directed.h"
#include "rogue.h"

struct kind {
	enum version version;
	uint16_t suite;
};

#define DIRECTED_KINDS_LEN 15
extern const struct kind directed_kinds[DIRECTED_KINDS_LEN];

/* directed_prepare makes a scene with the server's first flight alone: what it says later depends
 * on what we send. directed_play plays it. */
void directed_prepare(struct scene *scene, const struct kind *kind);
const struct handshake_facts *directed_play(struct scene *scene, const struct kind *kind);

/* say sends one record to the server, protected if it has to be; `spoil` as in
 * handshake_seal_record. say_message and say_change send and note; say_right the right body. */
void say(struct scene *scene, uint8_t type, struct span fragment, unsigned spoil);
void say_message(struct scene *scene, uint8_t type, struct span body);
void say_right(struct scene *scene, uint8_t type);
void say_change(struct scene *scene);

/* directed_answer makes the server of TLS 1.2 and below end its part; in TLS 1.3 it has. */
void directed_answer(struct scene *scene);

/* directed_finish plays and continues to the end. */
void directed_finish(struct scene *scene, const struct kind *kind);

/* expect_conversation expects a good end, and that data flows both ways. */
void expect_conversation(struct scene *scene);

#endif
