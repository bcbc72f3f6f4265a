/* SPDX-License-Identifier: Apache-2.0 */
#include "rig_builder.h"

#include "harness.h"

#define SIZE_STEP 16

enum operation { WRITE_U8, WRITE_U16, WRITE_U24, WRITE_U32, WRITE_BYTES, ENTER, OPEN, CLOSE };

void rig_builder_init(struct rig_builder *rig, uint8_t size)
{
	rig->cap = (size_t)SIZE_STEP * (1u + size);
	rig->model_len = rig->open_len = rig->fields_len = 0;
	builder_init(&rig->b, rig->bytes, rig->cap, rig->fields, RIG_BUILDER_FIELDS);
}

/* The model has no ceiling but its memory; what is past it is counted and not kept. */
static void model_number(struct rig_builder *rig, uint64_t value, size_t width)
{
	for (size_t i = 0; i < width; i++, rig->model_len++) {
		if (rig->model_len < sizeof(rig->model))
			rig->model[rig->model_len] = (uint8_t)(value >> 8 * (width - 1 - i));
	}
}

static void write_number(struct rig_builder *rig, uint32_t value, size_t width)
{
	if (width == 1)
		builder_u8(&rig->b, "u8", (uint8_t)value);
	else if (width == 2)
		builder_u16(&rig->b, "u16", (uint16_t)value);
	else if (width == 3)
		builder_u24(&rig->b, "u24", value);
	else
		builder_u32(&rig->b, "u32", value);
	model_number(rig, value, width);
	rig->fields_len++;
}

static void write_bytes(struct rig_builder *rig, struct span bytes)
{
	builder_bytes(&rig->b, "bytes", bytes);
	for (size_t i = 0; i < bytes.len; i++)
		model_number(rig, bytes.at[i], 1);
	rig->fields_len++;
}

static void open_container(struct rig_builder *rig, uint8_t width)
{
	if (rig->open_len == RIG_BUILDER_DEPTH)
		return;
	struct rig_container *container = &rig->open[rig->open_len++];
	*container = (struct rig_container){ .width = width };
	if (width)
		container->prefix = builder_open(&rig->b, "prefixed", width);
	else
		container->field = builder_enter(&rig->b, "container");
	model_number(rig, 0, width);
	container->start = rig->model_len;
	rig->fields_len += width ? 2 : 1;
}

static void close_container(struct rig_builder *rig, int32_t lie)
{
	if (!rig->open_len)
		return;
	struct rig_container *container = &rig->open[--rig->open_len];
	if (!container->width) {
		builder_leave(&rig->b, container->field);
		return;
	}
	builder_close(&rig->b, container->prefix, lie);
	size_t end = rig->model_len, width = container->width;
	rig->model_len = container->start - width;
	model_number(rig, (uint64_t)(end - container->start) + (uint64_t)(int64_t)lie, width);
	rig->model_len = end;
}

void rig_builder_step(struct rig_builder *rig, struct cursor *script)
{
	uint8_t code = cursor_u8(script);
	enum operation operation = code % (CLOSE + 1);
	if (operation <= WRITE_U32)
		write_number(rig, cursor_u32(script), operation + 1u);
	else if (operation == WRITE_BYTES)
		write_bytes(rig,
			    cursor_take(script, code / 8 < cursor_left(script) ? code / 8 : 0));
	else if (operation == ENTER)
		open_container(rig, 0);
	else if (operation == OPEN)
		open_container(rig, 1 + code / 8 % 3);
	else
		close_container(rig, code & 0x80 ? (int32_t)cursor_u32(script) : 0);
}

static void check_fields(const struct rig_builder *rig)
{
	const struct builder *b = &rig->b;
	size_t covered = 0;
	for (size_t i = 0; i < b->fields_len; i++) {
		const struct field *field = &b->fields[i];
		CHECK(field->name && field->offset <= b->len);
		CHECK(field->len <= b->len - field->offset);
		CHECK(i == 0 ? field->depth == 0 : field->depth <= b->fields[i - 1].depth + 1);
		covered += field->len;
		harness_note_number(field->offset);
	}
	CHECK(b->fields_len == rig->fields_len && covered >= b->len);
}

void rig_builder_finish(struct rig_builder *rig)
{
	while (rig->open_len)
		close_container(rig, 0);
	bool fits = rig->model_len <= rig->cap && rig->fields_len <= RIG_BUILDER_FIELDS;
	CHECK((builder_fault(&rig->b) == FAULT_NONE) == fits);
	CHECK(rig->b.len <= rig->cap);
	harness_note(builder_view(&rig->b));
	if (!fits)
		return;
	CHECK(span_equal(builder_view(&rig->b), span_of(rig->model, rig->model_len)));
	check_fields(rig);
}
