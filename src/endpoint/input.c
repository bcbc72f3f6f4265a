/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "endpoint/input.h"

static bool input_reserve(struct input *input, size_t need)
{
	if (need <= input->cap)
		return true;
	if (need > ENDPOINT_INPUT_MAX)
		return false;
	uint8_t *bytes = realloc(input->bytes, need * 2);
	if (!bytes)
		return false;
	input->bytes = bytes;
	input->cap = need * 2;
	return true;
}

bool input_append(struct input *input, struct span bytes)
{
	size_t left = input->len - input->at;
	if (input->at && left)
		memmove(input->bytes, input->bytes + input->at, left);
	input->at = 0;
	input->len = left;
	if (!input_reserve(input, left + bytes.len))
		return false;
	if (bytes.len)
		memcpy(input->bytes + left, bytes.at, bytes.len);
	input->len += bytes.len;
	return true;
}

struct cursor input_cursor(const struct input *input)
{
	if (input->at == input->len)
		return cursor_over(span_of(NULL, 0));
	return cursor_over(span_of(input->bytes + input->at, input->len - input->at));
}

void input_consumed(struct input *input, const struct cursor *cursor)
{
	input->at += cursor->at;
}

void input_release(struct input *input)
{
	free(input->bytes);
	*input = (struct input){ 0 };
}
