/* SPDX-License-Identifier: Apache-2.0 */
#include "base/builder.h"

#include <assert.h>

#define NO_FIELD SIZE_MAX

void builder_init(struct builder *b, uint8_t *bytes, size_t cap, struct field *fields,
		  size_t fields_cap)
{
	*b = (struct builder){
		.at = bytes,
		.cap = cap,
		.fields = fields,
		.fields_cap = fields_cap,
		.keep = fields != NULL,
	};
}

enum fault builder_fault(const struct builder *b)
{
	return b->bad ? FAULT_TOO_LARGE : FAULT_NONE;
}

struct span builder_view(const struct builder *b)
{
	return span_of(b->at, b->len);
}

static size_t field_add(struct builder *b, const char *name, size_t len)
{
	if (b->bad || !b->keep)
		return NO_FIELD;
	if (b->fields_len == b->fields_cap) {
		b->bad = true;
		return NO_FIELD;
	}
	b->fields[b->fields_len] = (struct field){
		.name = name, .offset = (uint32_t)b->len, .len = (uint32_t)len, .depth = b->depth
	};
	return b->fields_len++;
}

static void write_raw(struct builder *b, const void *bytes, size_t len)
{
	if (b->bad || len > b->cap - b->len) {
		b->bad = true;
		return;
	}
	if (len)
		memcpy(b->at + b->len, bytes, len);
	b->len += len;
}

static void put_uint(uint8_t *at, uint8_t width, uint32_t value)
{
	for (uint8_t i = 0; i < width; i++)
		at[i] = (uint8_t)(value >> 8 * (width - 1 - i));
}

static void write_uint(struct builder *b, const char *name, uint8_t width, uint32_t value)
{
	uint8_t bytes[4];
	put_uint(bytes, width, value);
	builder_bytes(b, name, span_of(bytes, width));
}

void builder_u8(struct builder *b, const char *name, uint8_t value)
{
	write_uint(b, name, 1, value);
}

void builder_u16(struct builder *b, const char *name, uint16_t value)
{
	write_uint(b, name, 2, value);
}

void builder_u24(struct builder *b, const char *name, uint32_t value)
{
	write_uint(b, name, 3, value);
}

void builder_u32(struct builder *b, const char *name, uint32_t value)
{
	write_uint(b, name, 4, value);
}

void builder_bytes(struct builder *b, const char *name, struct span bytes)
{
	field_add(b, name, bytes.len);
	write_raw(b, bytes.at, bytes.len);
}

size_t builder_enter(struct builder *b, const char *name)
{
	size_t field = field_add(b, name, 0);
	b->depth++;
	return field;
}

void builder_leave(struct builder *b, size_t field)
{
	assert(b->depth > 0);
	b->depth--;
	if (field != NO_FIELD)
		b->fields[field].len = (uint32_t)(b->len - b->fields[field].offset);
}

struct prefix builder_open(struct builder *b, const char *name, uint8_t width)
{
	assert(width >= 1 && width <= 3);
	size_t field = builder_enter(b, name);
	struct prefix prefix = { .offset = b->len, .field = field, .width = width };
	write_uint(b, "length", width, 0);
	return prefix;
}

void builder_close(struct builder *b, struct prefix prefix, int32_t lie)
{
	builder_leave(b, prefix.field);
	if (b->bad)
		return;
	size_t length = b->len - prefix.offset - prefix.width;
	put_uint(b->at + prefix.offset, prefix.width, (uint32_t)length + (uint32_t)lie);
}
