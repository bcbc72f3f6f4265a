/* reading.h - what a generated stream of bytes is to a server: a hello, or which rule it breaks. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LIVE_READING_H
#define LIVE_READING_H

#include "base/arena.h"
#include "wire/client_hello.h"
#include "wire/sslv2.h"

/* The rules of form_rule.def, the level of each and the alert that is due; 0: none. */
enum form_rule {
	FORM_SOUND,
#define X(id, word, level, alert, cite, text) FORM_##id,
#include "live/form_rule.def"
#undef X
	FORM_RULES_LEN
};

enum form_level { FORM_MUST, FORM_INFERRED };

struct form_rule_info {
	const char *word, *cite, *text;
	enum form_level level;
	uint8_t alert;
};

/* form_rule_info views a rule's line; FORM_SOUND has empty strings. */
const struct form_rule_info *form_rule_info(enum form_rule rule);

enum reading_kind {
	READING_HELLO,	   /* one well-formed hello, and nothing that a server could object to */
	READING_BROKEN,	   /* `rule` says what is wrong */
	READING_PARTIAL,   /* it ends before the hello is whole: a server waits */
	READING_SSLV2,	   /* a well-formed SSLv2 CLIENT-HELLO */
	READING_UNDECIDED, /* no text says what is due */
};

/*
 * `detail` names the extension of an extension's rule. `message` is the hello with its header where
 * one is whole, well formed or not; `hello` is its decoding (READING_HELLO, and rules about what it
 * offers). `records` counts those that the hello came in; `record_version` is that of the first, or
 * of one that is not 3.x. Views live in the bytes or the arena.
 */
struct reading {
	enum reading_kind kind;
	enum form_rule rule;
	const char *detail;
	struct span message;
	struct client_hello hello;
	bool decoded;
	bool odd_record; /* a record has a version that is not {03,XX} */
	bool cut_short;	 /* the stream ends within a record or a message: more could come */
	struct sslv2_client_hello sslv2;
	size_t records, warnings;
	uint16_t record_version;
};

/* reading_of reads the bytes as a server would that knows every rule; pure and total. A hello in
 * several records is joined in `arena`; without memory the kind is UNDECIDED. */
void reading_of(struct reading *out, struct span bytes, struct arena *arena);

/* reading_kind_name returns "hello", "broken", "partial", "sslv2" or "undecided". */
const char *reading_kind_name(enum reading_kind kind);

#endif
