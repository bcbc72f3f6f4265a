/* extension.h - what every known extension offers: decode beside encode, by client and by server.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WIRE_EXTENSION_EXTENSION_H
#define WIRE_EXTENSION_EXTENSION_H

#include "base/builder.h"
#include "wire/extension/list.h"
#include "wire/wire_error.h"

/* Small indices in processing order: EXTENSION_SUPPORTED_VERSIONS is 0. */
enum extension_id {
#define X(code, id, name) EXTENSION_##id,
	EXTENSION_LIST(X)
#undef X
		EXTENSIONS_KNOWN,
	EXTENSION_UNKNOWN = EXTENSIONS_KNOWN
};

/*
 * A decoder reads a whole body, validates it to the last byte and gives a view of its content: the
 * list without its length prefix, the bytes of a vector, or the whole body where it has several
 * parts (the extension's file says which). It returns false with `error` (may be NULL) filled.
 */
typedef bool extension_decode(struct span *view, struct span body, struct wire_error *error);

/* An encoder writes the body that the view was taken from, field by field. */
typedef void extension_encode(struct builder *b, struct span view);

/*
 * `server` is the form in a ServerHello, HelloRetryRequest or EncryptedExtensions. NULL where there
 * is none.
 */
struct extension {
	uint16_t type;
	const char *name;
	extension_decode *decode, *server_decode;
	extension_encode *encode, *server_encode;
};

#define X(code, id, name)                                                                          \
	extern const struct extension extension_##name;                                            \
	extension_decode name##_decode;
EXTENSION_LIST(X)
#undef X

/* The table, indexed by enum extension_id. */
extern const struct extension *const extension_table[EXTENSIONS_KNOWN];

/* extension_id_of returns EXTENSION_UNKNOWN for a type without a line in list.h. */
enum extension_id extension_id_of(uint16_t type);

/* Which of the two forms of a body. */
enum extension_side { EXTENSION_OF_CLIENT, EXTENSION_OF_SERVER };

/*
 * extension_write_body writes `body`; when the builder keeps a field map and the body is well
 * formed, the map names its parts. The bytes are always those of `body`.
 */
void extension_write_body(struct builder *b, uint16_t type, struct span body,
			  enum extension_side side);

/* One extension of a block. */
struct extension_item {
	uint16_t type;
	struct span data;
};

/* extension_next reads the next one; false at the end of the block or where it falls short. */
static inline bool extension_next(struct cursor *block, struct extension_item *out)
{
	if (cursor_left(block) == 0)
		return false;
	out->type = cursor_u16(block);
	out->data = cursor_vec16(block);
	return cursor_ok(block);
}

#endif
