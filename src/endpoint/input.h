/* input.h - bytes of a peer that nobody has consumed yet, with a ceiling. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ENDPOINT_INPUT_H
#define ENDPOINT_INPUT_H

#include "base/cursor.h"
#include "base/limits.h"

struct input {
	uint8_t *bytes;
	size_t at, len, cap; /* what is left lies from `at` to `len` */
};

/* input_append copies bytes in; false past ENDPOINT_INPUT_MAX or without memory. */
bool input_append(struct input *input, struct span bytes);

/* input_cursor reads what is left; give the cursor back to input_consumed. */
struct cursor input_cursor(const struct input *input);

/* input_consumed drops what the cursor has read. */
void input_consumed(struct input *input, const struct cursor *cursor);

void input_release(struct input *input);

#endif
