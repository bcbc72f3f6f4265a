/* SPDX-License-Identifier: Apache-2.0 */
#include "mutate/body.h"
#include "mutate/operation.h"

#define RESIZE_MAX 64

/* A body of its own for a message that is known by its fields. */
static struct span body_of(struct flight *flight, const struct message *message)
{
	if (message->kind == MESSAGE_OTHER)
		return message->body;
	return span_skip(message_write(flight, message), 4);
}

/* The body is bytes from now on: what its fields were is no longer known. */
static void set_body(struct message *message, struct span body)
{
	message->kind = MESSAGE_OTHER;
	message->body = body;
}

static void answer(struct flight *flight, struct block *block, uint16_t type, struct span body)
{
	for (size_t i = 0; i < block->len; i++) {
		if (block->items[i].type == type) {
			block->items[i].body = body;
			return;
		}
	}
	struct extension_draft *items = arena_array(flight->arena, block->len + 1, sizeof(*items));
	if (!items)
		return;
	if (block->len)
		memcpy(items, block->items, block->len * sizeof(*items));
	items[block->len] = (struct extension_draft){ .type = type, .body = body };
	*block = (struct block){ .items = items, .len = block->len + 1 };
}

/* RFC 8446 4.1.2: the same hello, with another share or a cookie; and now and then not the same. */
bool operation_second_hello(struct flight *flight)
{
	static const uint8_t signal = 1;
	size_t at;
	if (!flight_hello_at(flight, &at) || !flight_insert(flight, at + 1))
		return false;
	flight->parts[at + 1] = flight->parts[at];
	struct message *second = &flight->parts[at + 1].message;
	struct extension_draft *items =
		arena_array(flight->arena, second->block.len + 1, sizeof(*items));
	if (!items)
		return false;
	if (second->block.len)
		memcpy(items, second->block.items, second->block.len * sizeof(*items));
	second->block.items = items;
	second->is_joined = one_in(flight, 4);
	second->record_version = 0x0303;
	if (draw(flight, 3))
		answer(flight, &second->block, EXT_KEY_SHARE, body_usual(flight, EXT_KEY_SHARE));
	if (one_in(flight, 3))
		answer(flight, &second->block, EXT_COOKIE, body_usual(flight, EXT_COOKIE));
	if (one_in(flight, 4))
		second->hello.random = flight_random(flight, second->hello.random.len);
	if (one_in(flight, 4))
		second->hello.session_id = flight_random(flight, 32);
	struct part *part = one_in(flight, 3) ? flight_insert(flight, at + 1) : NULL;
	if (part)
		*part = (struct part){ .record = { .type = CONTENT_CHANGE_CIPHER_SPEC,
						   .version = 0x0303,
						   .fragment = span_of(&signal, 1) } };
	return true;
}

bool operation_message_insert(struct flight *flight)
{
	static const uint8_t lens[] = { 0, 0, 1, 4, 12, 36, 64 };
	const struct registry *types = &registry_handshake_types;
	struct part *part = flight_insert(flight, draw(flight, flight->parts_len + 1));
	if (!part)
		return false;
	size_t len = lens[draw(flight, sizeof(lens))];
	*part = (struct part){ .is_message = true };
	part->message =
		(struct message){ .type = (uint8_t)types->points[draw(flight, types->len)].code,
				  .body = flight_random(flight, len),
				  .record_version = 0x0303,
				  .is_joined = one_in(flight, 2) };
	return true;
}

bool operation_message_duplicate(struct flight *flight)
{
	size_t at;
	if (!flight_message(flight, &at) || !flight_insert(flight, at))
		return false;
	flight->parts[at] = flight->parts[at + 1];
	struct message *copy = &flight->parts[at].message;
	set_body(copy, body_of(flight, copy));
	return true;
}

bool operation_message_drop(struct flight *flight)
{
	size_t at;
	if (flight->parts_len < 2 || !flight_message(flight, &at))
		return false;
	flight_remove(flight, at);
	return true;
}

bool operation_message_swap(struct flight *flight)
{
	size_t one, other;
	if (!flight_message(flight, &one) || !flight_message(flight, &other) || one == other)
		return false;
	struct part part = flight->parts[one];
	flight->parts[one] = flight->parts[other];
	flight->parts[other] = part;
	return true;
}

bool operation_message_retype(struct flight *flight)
{
	const struct registry *types = &registry_handshake_types;
	size_t at;
	if (!flight_message(flight, &at))
		return false;
	flight->parts[at].message.type =
		one_in(flight, 8) ? (uint8_t)draw(flight, 256)
				  : (uint8_t)types->points[draw(flight, types->len)].code;
	return true;
}

bool operation_message_body(struct flight *flight)
{
	size_t at;
	if (!flight_message(flight, &at))
		return false;
	struct message *message = &flight->parts[at].message;
	set_body(message, flight_leaf(flight, body_of(flight, message)));
	return true;
}

static size_t number_at(struct span bytes, size_t width)
{
	size_t value = 0;
	for (size_t i = 0; i < width; i++)
		value = value << 8 | bytes.at[i];
	return value;
}

static void set_number(uint8_t *at, size_t width, size_t value)
{
	for (size_t i = 0; i < width; i++)
		at[i] = (uint8_t)(value >> 8 * (width - 1 - i));
}

/* Whether a vector of that width at `at` would end with the body: most vectors of messages do. */
static bool is_last_vector(struct span body, size_t at, size_t width)
{
	return at + width <= body.len &&
	       number_at(span_skip(body, at), width) == body.len - at - width;
}

static bool draw_vector(struct flight *flight, struct span body, size_t *out, size_t *width)
{
	size_t count = 0;
	for (size_t at = 0; at < body.len; at++) {
		for (size_t w = 1; w <= 3; w++) {
			if (is_last_vector(body, at, w) && one_in(flight, ++count)) {
				*out = at;
				*width = w;
			}
		}
	}
	return count > 0;
}

bool operation_message_vector(struct flight *flight)
{
	size_t at, offset, width;
	if (!flight_message(flight, &at))
		return false;
	struct message *message = &flight->parts[at].message;
	struct span body = body_of(flight, message);
	if (!draw_vector(flight, body, &offset, &width))
		return false;
	uint8_t *copy = flight_copy(flight, body, 0);
	if (!copy)
		return false;
	size_t value = number_at(span_skip(body, offset), width);
	value += (size_t)draw_lie(flight, width, value);
	set_number(copy + offset, width, value);
	set_body(message, span_of(copy, body.len));
	return true;
}

/* Bytes come or go at the end, and every vector that ended there ends there again. */
bool operation_message_resize(struct flight *flight)
{
	size_t at;
	if (!flight_message(flight, &at))
		return false;
	struct message *message = &flight->parts[at].message;
	struct span body = body_of(flight, message);
	size_t less = one_in(flight, 2) ? draw(flight, body.len + 1) % RESIZE_MAX : 0;
	size_t len = less ? body.len - less : body.len + 1 + draw(flight, RESIZE_MAX - 1);
	uint8_t *copy = flight_copy(flight, body, RESIZE_MAX);
	if (!copy)
		return false;
	for (size_t i = 0; i < len; i++) {
		for (size_t w = 1; w <= 3 && i + w <= len; w++) {
			if (is_last_vector(body, i, w)) {
				set_number(copy + i, w, len - i - w);
				i += w - 1;
				break;
			}
		}
	}
	set_body(message, span_of(copy, len));
	return true;
}

bool operation_message_lie(struct flight *flight)
{
	size_t at;
	if (!flight_message(flight, &at))
		return false;
	struct message *message = &flight->parts[at].message;
	message->length_lie = draw_lie(flight, 3, body_of(flight, message).len);
	return true;
}

bool operation_message_join(struct flight *flight)
{
	size_t at;
	if (flight->parts_len < 2 || !flight_message(flight, &at) || at == 0)
		return false;
	struct message *message = &flight->parts[at].message;
	message->is_joined = !message->is_joined;
	return true;
}
