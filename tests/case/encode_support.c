/* SPDX-License-Identifier: Apache-2.0 */
#include "encode_support.h"

#include <criterion/criterion.h>
#include <stdio.h>

#include "base/hex.h"
#include "wire/record.h"

#define HEAD "case test.bench\n  cite \"RFC 5246 7\" MUST\n  why \"a test\"\n"
#define ROOM ((size_t)1 << 20)

void bench_init(struct bench *bench, enum version version, const char *statements)
{
	*bench = (struct bench){ .setting = { .version = version, .seed = 1 } };
	arena_init(&bench->arena, (size_t)256 << 20);
	diags_init(&bench->diags, &bench->arena);
	catalogue_init(&bench->catalogue, &bench->arena, &bench->diags);
	const char *text = arena_printf(&bench->arena, HEAD "  %s\n  expect alert\n", statements);
	enum fault fault = catalogue_read(&bench->catalogue, "test.case", span_text(text));
	cr_assert_eq(fault, FAULT_NONE, "%s",
		     bench->diags.first ? bench->diags.first->text : fault_text(fault));
	bench->of = bench->catalogue.cases[0];
}

void bench_release(struct bench *bench)
{
	arena_release(&bench->arena);
}

enum fault bench_encode(struct bench *bench, size_t step)
{
	return case_encode_step(&bench->units, bench->of, &bench->of->steps[step], &bench->setting,
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

static void assert_shown_alike(struct bench *bench, size_t step, struct span sent)
{
	uint8_t *shown = arena_alloc(&bench->arena, ROOM);
	struct field *fields = arena_array(&bench->arena, CASE_STEP_FIELDS_MAX, sizeof(*fields));
	struct builder b;
	builder_init(&b, shown, ROOM, fields, CASE_STEP_FIELDS_MAX);
	cr_assert_eq(case_show_step(&b, bench->of, &bench->of->steps[step], &bench->setting,
				    &bench->connection, &bench->arena, NULL),
		     FAULT_NONE);
	cr_assert(span_equal(builder_view(&b), sent), "shown otherwise than sent");
	assert_every_byte_is_named(&b);
}

const char *bench_hex(struct bench *bench, size_t step)
{
	size_t len = 0;
	uint8_t *bytes = arena_alloc(&bench->arena, ROOM);
	enum fault fault = bench_encode(bench, step);
	cr_assert_eq(fault, FAULT_NONE, "%s", fault_text(fault));
	for (size_t i = 0; i < bench->units.len; i++)
		len += put_unit(bytes + len, &bench->units.at[i]);
	assert_shown_alike(bench, step, span_of(bytes, len));
	char *hex = arena_alloc(&bench->arena, 2 * len + 1);
	hex_encode(hex, span_of(bytes, len));
	return hex;
}

const char *sent_hex(enum version version, const char *statements)
{
	static char out[2 * ROOM];
	struct bench bench;
	bench_init(&bench, version, statements);
	snprintf(out, sizeof(out), "%s", bench_hex(&bench, 0));
	bench_release(&bench);
	return out;
}

const char *hello_hex(enum version version, const char *statements)
{
	size_t before = 2 * (RECORD_HEADER_LEN + 4 + 2 + 32);
	const char *hex = sent_hex(version, statements);
	cr_assert_gt(strlen(hex), before);
	return hex + before;
}
