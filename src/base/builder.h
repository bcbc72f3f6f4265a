/* builder.h - writes wire bytes, can lie about any length, and remembers what each byte is. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_BUILDER_H
#define BASE_BUILDER_H

#include "base/fault.h"
#include "base/span.h"

/*
 * One entry of the field map: `len` bytes at `offset` are the field `name`, `depth`
 * levels deep. Containers come before what they contain. Annotated hex, shrinking and
 * structure-aware mutation all read this map. `name` must outlive the builder.
 */
struct field {
	const char *name;
	uint32_t offset, len;
	uint16_t depth;
};

/*
 * Bytes and map go into memory lent at init. The first write that does not fit latches:
 * nothing more is written, and builder_fault() says TOO_LARGE. `fields` may be NULL with
 * fields_cap 0: then no map is kept. A full map latches as well.
 */
struct builder {
	uint8_t *at;
	size_t len, cap;
	struct field *fields;
	size_t fields_len, fields_cap;
	uint16_t depth;
	bool keep, bad;
};

/* An open length prefix: give it back to builder_close. */
struct prefix {
	size_t offset, field;
	uint8_t width;
};

/* builder_init lends `cap` bytes, and room for `fields_cap` entries of the field map. */
void builder_init(struct builder *b, uint8_t *bytes, size_t cap, struct field *fields,
		  size_t fields_cap);

/* builder_fault returns NONE, or TOO_LARGE once something did not fit. */
MUST_USE enum fault builder_fault(const struct builder *b);

/* builder_view views what has been written. */
struct span builder_view(const struct builder *b);

/* builder_u8 and its kin write one big-endian integer as the field `name`. */
void builder_u8(struct builder *b, const char *name, uint8_t value);
void builder_u16(struct builder *b, const char *name, uint16_t value);
void builder_u24(struct builder *b, const char *name, uint32_t value);
void builder_u32(struct builder *b, const char *name, uint32_t value);

/* builder_bytes writes `bytes` as the field `name`. */
void builder_bytes(struct builder *b, const char *name, struct span bytes);

/* builder_enter starts a container field without a length prefix; pair it with builder_leave. */
size_t builder_enter(struct builder *b, const char *name);

/* builder_leave ends the container that builder_enter returned. */
void builder_leave(struct builder *b, size_t field);

/* builder_open starts a container with a length prefix of `width` (1 to 3) bytes. */
struct prefix builder_open(struct builder *b, const char *name, uint8_t width);

/* builder_close writes the true length of what was written since, plus `lie`, modulo the width. */
void builder_close(struct builder *b, struct prefix prefix, int32_t lie);

#endif
