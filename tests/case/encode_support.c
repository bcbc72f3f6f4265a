/* SPDX-License-Identifier: Apache-2.0 */
#include "encode_support.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#include "base/hex.h"
#include "registry/registry.h"
#include "wire/record.h"

void bench_init(struct bench *bench, enum version version, struct item *items, size_t len)
{
	*bench = (struct bench){
		.of = { .name = "test.bench" },
		.step = { .kind = STEP_SEND, .items = items, .items_len = len },
		.setting = { .version = version, .seed = 1 },
	};
	arena_init(&bench->arena, (size_t)64 << 20);
	bench->of.steps = &bench->step;
	bench->of.steps_len = 1;
}

void bench_release(struct bench *bench)
{
	arena_release(&bench->arena);
}

enum fault bench_encode(struct bench *bench)
{
	return case_encode_step(&bench->units, &bench->of, &bench->step, &bench->setting,
				&bench->connection, &bench->arena);
}

static size_t put_unit(uint8_t *out, const struct wire_unit *unit)
{
	size_t len = unit->raw ? 0 : RECORD_HEADER_LEN;
	size_t told = unit->fragment.len;
	if (unit->length.kind == LIE_ADD)
		told += (size_t)unit->length.by;
	if (unit->length.kind == LIE_SET)
		told = (size_t)unit->length.by;
	if (!unit->raw)
		record_header_encode(out, unit->type, unit->version, (uint16_t)told);
	if (unit->fragment.len)
		memcpy(out + len, unit->fragment.at, unit->fragment.len);
	return len + unit->fragment.len;
}

/* Every byte belongs to exactly one field without parts. */
static void assert_every_byte_is_named(const struct builder *b)
{
	size_t at = 0;
	for (size_t i = 0; i < b->fields_len; i++) {
		const struct field *field = &b->fields[i];
		cr_assert_not_null(field->name);
		if (i + 1 < b->fields_len && b->fields[i + 1].depth > field->depth)
			continue;
		cr_assert_eq(field->offset, at, "field '%s' stands at %u, not %zu", field->name,
			     field->offset, at);
		at += field->len;
	}
	cr_assert_eq(at, b->len);
}

const char *bench_hex(struct bench *bench)
{
	size_t len = 0, cap = (size_t)1 << 20;
	uint8_t *bytes = arena_alloc(&bench->arena, cap);
	struct field *fields = arena_array(&bench->arena, CASE_STEP_FIELDS_MAX, sizeof(*fields));
	struct builder b;
	cr_assert_eq(bench_encode(bench), FAULT_NONE);
	for (size_t i = 0; i < bench->units.len; i++)
		len += put_unit(bytes + len, &bench->units.at[i]);
	uint8_t *shown = arena_alloc(&bench->arena, cap);
	builder_init(&b, shown, cap, fields, CASE_STEP_FIELDS_MAX);
	cr_assert_eq(case_show_step(&b, &bench->of, &bench->step, &bench->setting,
				    &bench->connection, &bench->arena, NULL),
		     FAULT_NONE);
	cr_assert(span_equal(builder_view(&b), span_of(bytes, len)), "shown otherwise than sent");
	assert_every_byte_is_named(&b);
	char *hex = arena_alloc(&bench->arena, 2 * len + 1);
	hex_encode(hex, span_of(bytes, len));
	return hex;
}

struct item hello_item(const struct edit *edits, size_t len)
{
	return (struct item){
		.kind = ITEM_MESSAGE,
		.times = 1,
		.message = { .type = HANDSHAKE_CLIENT_HELLO,
			     .name = "client_hello",
			     .edits = edits,
			     .edits_len = len },
	};
}
