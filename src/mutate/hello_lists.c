/* SPDX-License-Identifier: Apache-2.0 */
#include "mutate/body.h"
#include "mutate/operation.h"
#include "registry/cipher_suite.h"
#include "wire/extension/extension.h"

/* A list of a hello while it is edited: the suites, or the body of one extension. */
struct edit {
	struct message *message;
	struct extension_draft *extension; /* NULL: the suites */
	const struct list_shape *shape;
	struct list list;
};

static const struct list_shape suites_shape = { .member = MEMBER_U16 };

static bool open_suites(struct flight *flight, struct edit *edit)
{
	const struct hello_draft *hello = &edit->message->hello;
	uint8_t *bytes = arena_alloc(flight->arena, 2 * hello->suites_len + 1);
	if (!bytes)
		return false;
	for (size_t i = 0; i < hello->suites_len; i++) {
		bytes[2 * i] = (uint8_t)(hello->suites[i] >> 8);
		bytes[2 * i + 1] = (uint8_t)hello->suites[i];
	}
	edit->shape = &suites_shape;
	return list_read(&edit->list, span_of(bytes, 2 * hello->suites_len), MEMBER_U16);
}

static bool open_extension(struct flight *flight, struct edit *edit)
{
	struct block *block = &edit->message->block;
	size_t count = 0;
	edit->extension = NULL;
	for (size_t i = 0; i < block->len; i++) {
		if (list_shape_of(block->items[i].type) && one_in(flight, ++count))
			edit->extension = &block->items[i];
	}
	if (!edit->extension)
		return false;
	edit->shape = list_shape_of(edit->extension->type);
	struct span body = edit->extension->body;
	return list_read(&edit->list, span_skip(body, edit->shape->width), edit->shape->member);
}

/* The suites once in four times, and when there is no other list. */
static bool edit_open(struct flight *flight, struct edit *edit)
{
	edit->message = flight_hello(flight);
	edit->extension = NULL;
	if (!edit->message)
		return false;
	if (draw(flight, 4) && open_extension(flight, edit))
		return true;
	edit->extension = NULL;
	return open_suites(flight, edit);
}

static bool edit_close(struct flight *flight, struct edit *edit)
{
	size_t width = edit->shape->width;
	struct span bytes = list_write(flight, &edit->list, width);
	if (edit->extension) {
		edit->extension->body = bytes;
		return true;
	}
	uint16_t *suites = arena_array(flight->arena, edit->list.len + 1, sizeof(*suites));
	if (!suites)
		return false;
	for (size_t i = 0; i < edit->list.len; i++)
		suites[i] = list_u16(bytes, i);
	edit->message->hello.suites = suites;
	edit->message->hello.suites_len = edit->list.len;
	return true;
}

static void put(struct list *list, size_t at, struct span member)
{
	if (list->len == LIST_MAX)
		return;
	memmove(list->items + at + 1, list->items + at, (list->len++ - at) * sizeof(member));
	list->items[at] = member;
}

static struct span any_member(struct flight *flight, const struct edit *edit)
{
	return edit->shape == &suites_shape ? member_at(flight, edit->shape, suite_draw(flight))
					    : member_of(flight, edit->shape);
}

bool operation_list_add(struct flight *flight)
{
	struct edit edit;
	if (!edit_open(flight, &edit))
		return false;
	size_t times = one_in(flight, 8) ? 1 + draw(flight, 16) : 1;
	for (size_t i = 0; i < times; i++)
		put(&edit.list, draw(flight, edit.list.len + 1), any_member(flight, &edit));
	return edit_close(flight, &edit);
}

bool operation_list_remove(struct flight *flight)
{
	struct edit edit;
	if (!edit_open(flight, &edit) || edit.list.len == 0)
		return false;
	size_t at = draw(flight, edit.list.len), n = 1;
	if (one_in(flight, 3))
		n += draw(flight, edit.list.len - at);
	edit.list.len -= n;
	memmove(edit.list.items + at, edit.list.items + at + n,
		(edit.list.len - at) * sizeof(edit.list.items[0]));
	return edit_close(flight, &edit);
}

bool operation_list_duplicate(struct flight *flight)
{
	struct edit edit;
	if (!edit_open(flight, &edit) || edit.list.len == 0)
		return false;
	struct span member = edit.list.items[draw(flight, edit.list.len)];
	size_t times = one_in(flight, 8) ? 1 + draw(flight, LIST_MAX) : 1;
	for (size_t i = 0; i < times; i++)
		put(&edit.list, draw(flight, edit.list.len + 1), member);
	return edit_close(flight, &edit);
}

bool operation_list_shuffle(struct flight *flight)
{
	struct edit edit;
	if (!edit_open(flight, &edit) || edit.list.len < 2)
		return false;
	for (size_t i = edit.list.len - 1; i > 0; i--) {
		size_t other = draw(flight, i + 1);
		struct span member = edit.list.items[i];
		edit.list.items[i] = edit.list.items[other];
		edit.list.items[other] = member;
	}
	return edit_close(flight, &edit);
}

bool operation_list_flood(struct flight *flight)
{
	struct edit edit;
	if (!edit_open(flight, &edit) || edit.shape->member == MEMBER_NAME)
		return false;
	const struct registry *registry = edit.shape->registry;
	bool suites = edit.shape == &suites_shape;
	size_t len = suites ? cipher_suites_len : registry ? registry->len : 16;
	edit.list.len = 0;
	for (size_t i = 0; i < len && i < LIST_MAX; i++) {
		uint32_t code = suites	   ? cipher_suites[i].code
				: registry ? registry->points[i].code
					   : (uint32_t)(0x0300 + i);
		put(&edit.list, edit.list.len, member_at(flight, edit.shape, code));
	}
	return edit_close(flight, &edit);
}

bool operation_list_edit(struct flight *flight)
{
	struct edit edit;
	if (!edit_open(flight, &edit) || edit.list.len == 0)
		return false;
	struct span *member = &edit.list.items[draw(flight, edit.list.len)];
	if (one_in(flight, 2) || edit.shape->member == MEMBER_U8) {
		*member = any_member(flight, &edit);
		return edit_close(flight, &edit);
	}
	/* The content behind the code or the length, with a length that is repaired. */
	size_t head = edit.shape->member == MEMBER_SHARE ? 4 : edit.shape->member == MEMBER_NAME;
	struct span content = flight_leaf(flight, span_skip(*member, head));
	content.len = edit.shape->member == MEMBER_U16	  ? 2
		      : edit.shape->member == MEMBER_NAME ? content.len % 256
							  : content.len;
	uint8_t *copy =
		flight_copy(flight, flight_join(flight, span_of(member->at, head), content), 2);
	if (!copy)
		return false;
	if (head)
		copy[head - 1] = (uint8_t)content.len;
	if (head > 1)
		copy[head - 2] = (uint8_t)(content.len >> 8);
	*member = span_of(copy, head + content.len);
	return edit_close(flight, &edit);
}
