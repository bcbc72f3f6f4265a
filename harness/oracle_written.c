/* SPDX-License-Identifier: Apache-2.0 */
#include "oracle_written.h"

#include "harness.h"
#include "unseen.h"

UNSEEN_BEGIN

struct builder written_begin(void)
{
	static uint8_t bytes[2 * HARNESS_INPUT_MAX];
	struct builder b;
	builder_init(&b, bytes, sizeof(bytes), NULL, 0);
	return b;
}

void written_is(const struct builder *b, size_t skip, struct span expected)
{
	CHECK(builder_fault(b) == FAULT_NONE);
	CHECK(span_equal(span_skip(builder_view(b), skip), expected));
}

UNSEEN_END
