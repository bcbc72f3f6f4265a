/* hello_draft.h - the description of a ClientHello that can set, drop, repeat or lie about any
 * field. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WIRE_HELLO_DRAFT_H
#define WIRE_HELLO_DRAFT_H

#include "base/arena.h"
#include "base/builder.h"
#include "wire/client_hello.h"

/* One extension as it will stand on the wire; `length_lie` is added to its length prefix. */
struct extension_draft {
	uint16_t type;
	struct span body;
	int32_t length_lie;
};

/*
 * Every field is written as told: nothing is computed but length prefixes, and those lie when
 * asked. `has_extensions` false leaves the block out altogether, which differs on the wire from an
 * empty one.
 */
struct hello_draft {
	uint16_t record_version, legacy_version;
	struct span random, session_id, compression;
	const uint16_t *suites;
	size_t suites_len;
	struct span suites_tail; /* raw bytes after the suites: an odd byte, for one */
	const struct extension_draft *extensions;
	size_t extensions_len;
	bool has_extensions;
	struct span tail; /* raw bytes after the extensions */
	int32_t record_lie, handshake_lie, session_id_lie, suites_lie, compression_lie,
		extensions_lie;
};

/*
 * A builder that keeps a field map gets the parts of every well-formed extension named as well;
 * HELLO_FIELDS entries suffice for a hello of `bytes` bytes.
 */
#define HELLO_FIELDS(bytes) (2 * (bytes) + 64)

/* hello_draft_message writes the handshake message, header included (RFC 8446 4.1.2, RFC
 * 5246 7.4.1.2). */
void hello_draft_message(struct builder *b, const struct hello_draft *draft);

/* hello_draft_record writes that message inside one record. */
void hello_draft_record(struct builder *b, const struct hello_draft *draft);

/*
 * hello_draft_of describes a decoded hello so that writing the draft gives the bytes it was decoded
 * from, whatever leniency was needed. Views of `hello` are kept; the lists come from `arena`.
 * Fault: that of the arena.
 */
MUST_USE enum fault hello_draft_of(struct hello_draft *out, const struct client_hello *hello,
				   uint16_t record_version, struct arena *arena);

#endif
