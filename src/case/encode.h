/* encode.h - a case's steps as bytes: base hellos, edits, lies, families. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CASE_ENCODE_H
#define CASE_ENCODE_H

#include "base/arena.h"
#include "base/builder.h"
#include "case/case.h"

/* What only the connection knows. */
struct case_connection {
	struct span last_hello; /* the ClientHello message that was sent last; empty: none */
	uint16_t retry_group;	/* what a HelloRetryRequest asked for; 0: nothing */
	struct span retry_cookie;
	void *context;
	/* The body of a message `by rule`; absent (or NULL here): it cannot be made. */
	struct span (*message_body)(void *context, uint8_t type);
};

/* What a case is encoded for. */
struct case_setting {
	enum version version;	 /* of the base hello */
	const char *server_name; /* NULL: the base hello has no server_name */
	const char *alpn;	 /* NULL: nor this */
	uint64_t seed;
	uint32_t stream;
	uint32_t member; /* of a family; see case_members */
	struct span captured_ticket, captured_session_id;
};

/*
 * One record to be, or raw bytes. `fragment` is what goes into it; records are sealed where the
 * connection is protected, unless `clear`. `ends_message` views the whole handshake message (of a
 * `record`: the messages) that this record completes, as far as it was written truthfully, for the
 * transcript; otherwise it is absent. `is_client_hello` marks the record that ends a ClientHello,
 * and `hello` views that hello, lies and cuts included: the next last_hello.
 */
struct wire_unit {
	bool raw, clear;
	uint8_t type;
	uint16_t version;
	struct lie length;
	uint32_t spoil;
	struct span fragment, ends_message, hello;
	bool is_change_cipher_spec, is_client_hello;
};

struct wire_units {
	struct wire_unit *at;
	size_t len;
};

#define CASE_STEP_BYTES_MAX  (256 * 1024)
#define CASE_STEP_FIELDS_MAX (64 * 1024)

/*
 * case_encode_step writes what a STEP_SEND sends, item by item, into `arena`. Where a message by
 * rule depends on what the items before it did to the connection, a copy of the step with one item
 * at a time gives the same bytes. Faults: TOO_LARGE, NO_MEMORY, UNSUPPORTED (a message by rule, a
 * capture, a share, a padding or a retry that cannot be made).
 */
MUST_USE enum fault case_encode_step(struct wire_units *out, const struct conformance_case *of,
				     const struct step *step, const struct case_setting *setting,
				     const struct case_connection *connection, struct arena *arena);

/*
 * case_show_step writes the same bytes unprotected, with a field map, into the builder: for `cases
 * show` and `cases emit`. `last_hello` (may be NULL) becomes a copy in `arena` of the ClientHello
 * that the step sent last, if it sent one. Same faults.
 */
MUST_USE enum fault case_show_step(struct builder *b, const struct conformance_case *of,
				   const struct step *step, const struct case_setting *setting,
				   const struct case_connection *connection, struct arena *arena,
				   struct span *last_hello);

/* case_base_hello writes the base hello's message: also the control of every case. */
MUST_USE enum fault case_base_hello(struct builder *b, const struct case_setting *setting);

/* elements_encode writes elements: also prefixes and bodies of expectations. */
void elements_encode(struct builder *b, const struct elements *elements,
		     const struct case_setting *setting);

/*
 * case_members lists the numbers of a family's members in `version` ({0} with `*len` 1 for a case
 * without a family). NULL when the arena is exhausted.
 */
const uint32_t *case_members(struct arena *arena, const struct conformance_case *of,
			     enum version version, size_t *len);

/* case_id writes "case/NAME", "case/NAME/VERSION" or "case/NAME/VERSION/INDEX". */
#define CASE_ID_MAX 128
void case_id(char out[CASE_ID_MAX], const struct conformance_case *of, enum version version,
	     uint32_t member);

#endif
