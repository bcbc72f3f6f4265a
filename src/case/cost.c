/* SPDX-License-Identifier: Apache-2.0 */
#include "case/case_parse.h"

/* Everything costs something, so that nothing is repeated for nothing without end. */
static size_t plus(size_t a, size_t b)
{
	return a > SIZE_MAX - b ? SIZE_MAX : a + b;
}

static size_t times(size_t a, size_t b)
{
	return b && a > SIZE_MAX / b ? SIZE_MAX : a * b;
}

static size_t element_cost(const struct element *e)
{
	switch (e->kind) {
	case ELEMENT_BYTES:
		return e->bytes.len;
	case ELEMENT_FILL:
	case ELEMENT_RANDOM:
		return e->count;
	case ELEMENT_REPEAT:
		return times(e->count, plus(1, elements_cost(&e->children)));
	case ELEMENT_NUMBERED:
		return times(e->count, plus(2, elements_cost(&e->children)));
	case ELEMENT_VECTOR:
		return plus(e->width, elements_cost(&e->children));
	case ELEMENT_EXTENSION:
		return plus(4, elements_cost(&e->children));
	case ELEMENT_MESSAGE:
		return message_cost(e->message);
	default:
		return e->width;
	}
}

size_t elements_cost(const struct elements *elements)
{
	size_t cost = 0;
	for (size_t i = 0; i < elements->len; i++)
		cost = plus(cost, element_cost(&elements->at[i]));
	return cost;
}

size_t message_cost(const struct message *message)
{
	size_t cost = plus(4, elements_cost(&message->body));
	for (size_t i = 0; i < message->edits_len; i++) {
		const struct edit *edit = &message->edits[i];
		cost = plus(cost, elements_cost(&edit->body));
		if (edit->kind == EDIT_PAD)
			cost = plus(cost, edit->value);
	}
	return cost;
}
