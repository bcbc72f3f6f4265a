/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/extension/extension.h"

#include <assert.h>

const struct extension *const extension_table[EXTENSIONS_KNOWN] = {
#define X(code, id, name) &extension_##name,
	EXTENSION_LIST(X)
#undef X
};

enum extension_id extension_id_of(uint16_t type)
{
	switch (type) {
#define X(code, id, name)                                                                          \
	case code:                                                                                 \
		return EXTENSION_##id;
		EXTENSION_LIST(X)
#undef X
	default:
		return EXTENSION_UNKNOWN;
	}
}

static bool write_parts(struct builder *b, uint16_t type, struct span body,
			enum extension_side side)
{
	enum extension_id id = extension_id_of(type);
	if (!b->keep || b->bad || id == EXTENSION_UNKNOWN)
		return false;
	bool client = side == EXTENSION_OF_CLIENT;
	extension_decode *decode =
		client ? extension_table[id]->decode : extension_table[id]->server_decode;
	extension_encode *encode =
		client ? extension_table[id]->encode : extension_table[id]->server_encode;
	struct span view;
	if (!decode || !decode(&view, body, NULL))
		return false;
	encode(b, view);
	return true;
}

void extension_write_body(struct builder *b, uint16_t type, struct span body,
			  enum extension_side side)
{
	size_t start = b->len;
	if (write_parts(b, type, body, side))
		assert(b->bad || span_equal(span_of(b->at + start, b->len - start), body));
	else if (body.len)
		builder_bytes(b, "content", body);
}
