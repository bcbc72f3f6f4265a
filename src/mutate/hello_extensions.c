/* SPDX-License-Identifier: Apache-2.0 */
#include "mutate/body.h"
#include "mutate/operation.h"

#define BODY_FIELDS_MAX 256

static struct extension_draft *any_item(struct flight *flight)
{
	struct message *message = flight_block(flight);
	if (!message || message->block.len == 0)
		return NULL;
	return &message->block.items[draw(flight, message->block.len)];
}

static bool block_insert(struct flight *flight, struct message *message, size_t at,
			 struct extension_draft item)
{
	struct block *block = &message->block;
	struct extension_draft *items = arena_array(flight->arena, block->len + 2, sizeof(item));
	if (!items)
		return false;
	if (at)
		memcpy(items, block->items, at * sizeof(item));
	if (block->len > at)
		memcpy(items + at + 1, block->items + at, (block->len - at) * sizeof(item));
	items[at] = item;
	*block = (struct block){ .items = items, .len = block->len + 1 };
	message->hello.has_extensions = true;
	return true;
}

static bool insert_anywhere(struct flight *flight, uint16_t type, struct span body)
{
	struct message *message = flight_block(flight);
	if (!message)
		return false;
	struct extension_draft item = { .type = type, .body = body };
	return block_insert(flight, message, draw(flight, message->block.len + 1), item);
}

bool operation_block_toggle(struct flight *flight)
{
	struct message *message = flight_hello(flight);
	if (!message)
		return false;
	message->hello.has_extensions = !message->hello.has_extensions || one_in(flight, 2);
	if (message->hello.has_extensions)
		message->block.len = 0;
	return true;
}

bool operation_extension_duplicate(struct flight *flight)
{
	struct message *message = flight_block(flight);
	if (!message || message->block.len == 0)
		return false;
	struct extension_draft item = message->block.items[draw(flight, message->block.len)];
	if (one_in(flight, 2))
		item.body = body_usual(flight, item.type);
	return block_insert(flight, message, draw(flight, message->block.len + 1), item);
}

bool operation_extension_drop(struct flight *flight)
{
	struct message *message = flight_block(flight);
	if (!message || message->block.len == 0)
		return false;
	struct block *block = &message->block;
	size_t at = draw(flight, block->len);
	block->len--;
	memmove(block->items + at, block->items + at + 1,
		(block->len - at) * sizeof(block->items[0]));
	return true;
}

bool operation_extension_swap(struct flight *flight)
{
	struct message *message = flight_block(flight);
	if (!message || message->block.len < 2)
		return false;
	struct extension_draft *items = message->block.items;
	size_t one = draw(flight, message->block.len - 1);
	size_t other = one + 1 + draw(flight, message->block.len - 1 - one);
	struct extension_draft item = items[one];
	items[one] = items[other];
	items[other] = item;
	return true;
}

static uint16_t type_draw(struct flight *flight)
{
	return one_in(flight, 4)
		       ? (uint16_t)registry_extensions.points[draw(flight, registry_extensions.len)]
				 .code
		       : extension_table[draw(flight, EXTENSIONS_KNOWN)]->type;
}

bool operation_extension_insert(struct flight *flight)
{
	uint16_t type = type_draw(flight);
	return insert_anywhere(flight, type, body_usual(flight, type));
}

bool operation_extension_grease(struct flight *flight)
{
	return insert_anywhere(flight, grease_draw(flight), flight_random(flight, draw(flight, 2)));
}

bool operation_extension_unknown(struct flight *flight)
{
	size_t len = one_in(flight, 16) ? draw(flight, 4096) : draw(flight, 32);
	return insert_anywhere(flight, (uint16_t)rng_u64(&flight->rng), flight_random(flight, len));
}

bool operation_extension_retype(struct flight *flight)
{
	struct extension_draft *item = any_item(flight);
	if (!item)
		return false;
	item->type = type_draw(flight);
	return true;
}

bool operation_extension_usual(struct flight *flight)
{
	struct extension_draft *item = any_item(flight);
	if (!item)
		return false;
	item->body = body_usual(flight, item->type);
	return true;
}

bool operation_extension_body(struct flight *flight)
{
	struct extension_draft *item = any_item(flight);
	if (!item)
		return false;
	item->body = one_in(flight, 8) ? span_of(NULL, 0) : flight_leaf(flight, item->body);
	return true;
}

bool operation_extension_lie(struct flight *flight)
{
	struct extension_draft *item = any_item(flight);
	if (!item)
		return false;
	item->length_lie = draw_lie(flight, 2, item->body.len);
	return true;
}

bool operation_block_lie(struct flight *flight)
{
	struct message *message = flight_block(flight);
	if (!message)
		return false;
	size_t len = 0;
	for (size_t i = 0; i < message->block.len; i++)
		len += 4 + message->block.items[i].body.len;
	message->hello.extensions_lie = draw_lie(flight, 2, len);
	return true;
}

/* Draws a field of a well-formed body: a length, or one that has no parts and is none. */
static bool draw_field(struct flight *flight, const struct extension_draft *item, bool lengths,
		       struct field *out)
{
	struct field fields[BODY_FIELDS_MAX];
	struct builder b;
	size_t count = 0;
	uint8_t *bytes = arena_alloc(flight->arena, item->body.len + 1);
	if (!bytes)
		return false;
	builder_init(&b, bytes, item->body.len + 1, fields, BODY_FIELDS_MAX);
	extension_write_body(&b, item->type, item->body, EXTENSION_OF_CLIENT);
	for (size_t i = 0; i < b.fields_len; i++) {
		bool is_length = strcmp(fields[i].name, "length") == 0;
		bool has_parts = i + 1 < b.fields_len && fields[i + 1].depth > fields[i].depth;
		if (is_length == lengths && !has_parts && fields[i].len &&
		    fields[i].offset + fields[i].len <= item->body.len && one_in(flight, ++count))
			*out = fields[i];
	}
	return count > 0;
}

/* Twice as many attempts as are needed most of the time: few bodies have lengths. */
static struct extension_draft *item_with(struct flight *flight, bool lengths, struct field *field)
{
	for (size_t i = 0; i < 6; i++) {
		struct extension_draft *item = any_item(flight);
		if (item && draw_field(flight, item, lengths, field))
			return item;
	}
	return NULL;
}

bool operation_inner_lie(struct flight *flight)
{
	struct field field;
	struct extension_draft *item = item_with(flight, true, &field);
	uint8_t *body = item ? flight_copy(flight, item->body, 0) : NULL;
	if (!body)
		return false;
	uint32_t value = 0;
	for (size_t i = 0; i < field.len; i++)
		value = value << 8 | body[field.offset + i];
	value += (uint32_t)draw_lie(flight, field.len, value);
	for (size_t i = 0; i < field.len; i++)
		body[field.offset + i] = (uint8_t)(value >> 8 * (field.len - 1 - i));
	item->body = span_of(body, item->body.len);
	return true;
}

bool operation_extension_field(struct flight *flight)
{
	struct field field;
	struct extension_draft *item = item_with(flight, false, &field);
	uint8_t *body = item ? flight_copy(flight, item->body, 0) : NULL;
	if (!body)
		return false;
	uint8_t *at = body + field.offset;
	struct span leaf = flight_leaf(flight, span_of(at, field.len));
	memcpy(at, leaf.at, leaf.len < field.len ? leaf.len : field.len);
	item->body = span_of(body, item->body.len);
	return true;
}
