/* SPDX-License-Identifier: Apache-2.0 */
#include "base/builder.h"

#include <criterion/criterion.h>

Test(builder, prefix_lie_is_written_as_told)
{
	uint8_t bytes[8];
	struct builder b;
	builder_init(&b, bytes, sizeof(bytes), NULL, 0);
	struct prefix prefix = builder_open(&b, "vector", 2);
	builder_u8(&b, "item", 0xAB);
	builder_close(&b, prefix, +3);
	cr_assert(span_equal(builder_view(&b), span_of("\x00\x04\xAB", 3)));
}

Test(builder, field_map_names_container_before_content)
{
	uint8_t bytes[8];
	struct field fields[4];
	struct builder b;
	builder_init(&b, bytes, sizeof(bytes), fields, 4);
	struct prefix prefix = builder_open(&b, "vector", 1);
	builder_u16(&b, "item", 0x0102);
	builder_close(&b, prefix, 0);
	cr_assert_eq(b.fields_len, 3);
	cr_assert_str_eq(fields[0].name, "vector");
	cr_assert_eq(fields[0].len, 3);
	cr_assert_str_eq(fields[2].name, "item");
	cr_assert_eq(fields[2].offset, 1);
	cr_assert_eq(fields[2].depth, 1);
}

Test(builder, what_does_not_fit_latches)
{
	uint8_t bytes[2];
	struct builder b;
	builder_init(&b, bytes, sizeof(bytes), NULL, 0);
	builder_u24(&b, "wide", 1);
	builder_u8(&b, "late", 1);
	cr_assert_eq(builder_fault(&b), FAULT_TOO_LARGE);
	cr_assert_eq(builder_view(&b).len, 0);
}
