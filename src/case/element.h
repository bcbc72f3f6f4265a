/* element.h - the bytes language of cases: what stands between braces, before it is bytes. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CASE_ELEMENT_H
#define CASE_ELEMENT_H

#include "base/diag.h"
#include "registry/version.h"

/* What a length field says: the truth, so much more or less, or just this. */
enum lie_kind { LIE_NONE, LIE_ADD, LIE_SET };

struct lie {
	enum lie_kind kind;
	int32_t by;
};

enum element_kind {
	ELEMENT_BYTES,	   /* hex, text, a registry's name: `bytes` */
	ELEMENT_NUMBER,	   /* `width` bytes, `value` */
	ELEMENT_VECTOR,	   /* a length of `width` bytes with `lie`, then `children` */
	ELEMENT_FILL,	   /* `count` times the byte `value` */
	ELEMENT_RANDOM,	   /* `count` bytes of the run's seed */
	ELEMENT_REPEAT,	   /* `count` times `children` */
	ELEMENT_NUMBERED,  /* `count` times: a u16 that counts up from `value`, then `children` */
	ELEMENT_SHARE,	   /* our public share of the group `value` */
	ELEMENT_CAPTURED,  /* `name`: "ticket" or "session_id" */
	ELEMENT_VALUE,	   /* the family's value in `width` bytes */
	ELEMENT_EXTENSION, /* the extension `value`: `children`, or the usual body when `usual` */
	ELEMENT_MESSAGE,   /* a whole handshake message: `message` */
};

struct message;

struct elements {
	const struct element *at;
	size_t len;
};

/* `name` is as written, for field maps and the formatter; NULL for raw bytes. */
struct element {
	enum element_kind kind;
	struct place at;
	const char *name;
	struct lie lie;
	uint8_t width;
	bool usual; /* an extension without braces */
	uint32_t count, value;
	struct span bytes;
	struct elements children;
	const struct message *message;
};

/* One edit of a hello, in the order in which they are made. */
enum edit_kind {
	EDIT_VERSION, /* value */
	EDIT_RANDOM,
	EDIT_SESSION_ID,
	EDIT_COMPRESSION,
	EDIT_SUITES,
	EDIT_EXTENSIONS,
	EDIT_EXTENSION,		/* the body of the extension `value` */
	EDIT_EXTENSIONS_ABSENT, /* no block */
	EDIT_EXTENSIONS_REVERSED,
	EDIT_TAIL,
	EDIT_PAD,  /* the message has `value` bytes */
	EDIT_TYPE, /* sslv2: the message type `value` */
	EDIT_SPECS,
	EDIT_CHALLENGE,
	EDIT_LONG, /* sslv2: a header of three bytes */
};

enum edit_place { EDIT_REPLACE, EDIT_ADD, EDIT_FIRST, EDIT_WITHOUT, EDIT_LIE_ONLY };

struct edit {
	enum edit_kind kind;
	enum edit_place place;
	struct place at;
	struct lie lie;
	uint32_t value;
	struct elements body; /* of WITHOUT: one ELEMENT_NUMBER a name, 2 bytes wide */
};

enum hello_base { BASE_FRESH, BASE_AGAIN, BASE_RETRY };

/* A handshake message. A client_hello and an SSLv2 hello have edits, any other one a body. */
struct message {
	struct place at;
	uint8_t type;
	const char *name; /* as written, or NULL for `handshake N` */
	struct lie lie;
	bool is_cut;
	int32_t cut;  /* at least 0: so many bytes are left; below: so many fewer */
	bool by_rule; /* no braces: the right one for this connection */
	enum hello_base base;
	const struct edit *edits;
	size_t edits_len;
	struct elements body;
};

#endif
