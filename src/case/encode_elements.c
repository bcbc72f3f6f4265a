/* SPDX-License-Identifier: Apache-2.0 */
#include "base/rng.h"
#include "case/encode_internal.h"
#include "crypto/key_exchange.h"
#include "wire/extension/extension.h"

void encoder_fail(struct encoder *e, enum fault fault)
{
	if (e->fault == FAULT_NONE)
		e->fault = fault;
}

bool encoder_stopped(const struct encoder *e)
{
	return e->fault != FAULT_NONE || e->work->bad || e->scratch->fault != FAULT_NONE;
}

uint32_t lie_apply(struct lie lie, size_t len)
{
	switch (lie.kind) {
	case LIE_ADD:
		return (uint32_t)len + (uint32_t)lie.by;
	case LIE_SET:
		return (uint32_t)lie.by;
	case LIE_NONE:
		break;
	}
	return (uint32_t)len;
}

void lie_close(struct builder *b, struct prefix prefix, struct lie lie)
{
	size_t len = b->bad ? 0 : b->len - prefix.offset - prefix.width;
	builder_close(b, prefix, (int32_t)(lie_apply(lie, len) - (uint32_t)len));
}

struct span span_join(struct encoder *e, struct span first, struct span second)
{
	uint8_t *both = arena_alloc(e->scratch, first.len + second.len);
	if (!both)
		return span_of(NULL, 0);
	if (first.len)
		memcpy(both, first.at, first.len);
	if (second.len)
		memcpy(both + first.len, second.at, second.len);
	return span_of(both, first.len + second.len);
}

struct span encode_apart(struct encoder *e, const struct elements *elements)
{
	size_t len = e->work->len, fields_len = e->work->fields_len;
	encode_elements(e, elements);
	if (encoder_stopped(e))
		return span_of(NULL, 0);
	struct span bytes = arena_copy(e->scratch, span_of(e->work->at + len, e->work->len - len));
	e->work->len = len;
	e->work->fields_len = fields_len;
	return bytes;
}

static const char *name_or(const struct element *element, const char *otherwise)
{
	return element->name ? element->name : otherwise;
}

/* Room is made without a loop: a count may be any number. */
static uint8_t *room(struct encoder *e, const char *name, size_t count)
{
	struct builder *b = e->work;
	if (count > b->cap - b->len)
		b->bad = true;
	if (b->bad)
		return NULL;
	uint8_t *at = b->at + b->len;
	builder_bytes(b, name, span_of(at, 0));
	if (b->bad)
		return NULL;
	if (b->keep)
		b->fields[b->fields_len - 1].len = (uint32_t)count;
	b->len += count;
	return at;
}

static void write_fill(struct encoder *e, const struct element *element)
{
	uint8_t *at = room(e, name_or(element, "fill"), element->count);
	if (at && element->count)
		memset(at, (int)(element->value & 0xFF), element->count);
}

/* Each piece has a stream of its own, so that one does not depend on which others were written. */
static void write_random(struct encoder *e, const struct element *element)
{
	struct rng rng;
	uint8_t *at = room(e, name_or(element, "random"), element->count);
	uint64_t place = (uint64_t)element->at.line << 32 | (uint64_t)element->at.col << 16;
	rng_init(&rng, e->setting->seed ^ place, (uint64_t)e->setting->stream << 16 | e->randoms++);
	if (at && element->count)
		rng_fill(&rng, at, element->count);
}

static void write_number(struct encoder *e, const char *name, uint8_t width, uint32_t value)
{
	uint8_t bytes[4];
	for (uint8_t i = 0; i < width && i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(value >> 8 * (width - 1 - i));
	builder_bytes(e->work, name, span_of(bytes, width));
}

static void write_repeated(struct encoder *e, const struct element *element)
{
	for (uint32_t i = 0; i < element->count && !encoder_stopped(e); i++) {
		size_t before = e->work->len;
		if (element->kind == ELEMENT_NUMBERED)
			builder_u16(e->work, "number", (uint16_t)(element->value + i));
		encode_elements(e, &element->children);
		if (e->work->len == before)
			return;
	}
}

static void write_vector(struct encoder *e, const struct element *element)
{
	struct prefix prefix = builder_open(e->work, name_or(element, "vector"), element->width);
	encode_elements(e, &element->children);
	lie_close(e->work, prefix, element->lie);
}

static void write_extension(struct encoder *e, const struct element *element)
{
	uint16_t type = (uint16_t)element->value;
	struct span usual = element->usual ? usual_body(e, type) : span_of(NULL, 0);
	size_t field = builder_enter(e->work, name_or(element, "extension"));
	builder_u16(e->work, "extension_type", type);
	struct prefix prefix = builder_open(e->work, "extension_data", 2);
	if (element->usual)
		extension_write_body(e->work, type, usual, EXTENSION_OF_CLIENT);
	else
		encode_elements(e, &element->children);
	lie_close(e->work, prefix, element->lie);
	builder_leave(e->work, field);
}

/* A view that is absent cannot be written; an empty one can. */
static void write_known(struct encoder *e, const struct element *element, struct span bytes)
{
	if (!bytes.at)
		encoder_fail(e, FAULT_UNSUPPORTED);
	else
		builder_bytes(e->work, name_or(element, "bytes"), bytes);
}

static struct span captured(const struct encoder *e, const char *name)
{
	return strcmp(name, "ticket") == 0 ? e->setting->captured_ticket
					   : e->setting->captured_session_id;
}

static void encode_element(struct encoder *e, const struct element *element)
{
	switch (element->kind) {
	case ELEMENT_BYTES:
		builder_bytes(e->work, name_or(element, "bytes"), element->bytes);
		break;
	case ELEMENT_NUMBER:
		write_number(e, name_or(element, "number"), element->width, element->value);
		break;
	case ELEMENT_VECTOR:
		write_vector(e, element);
		break;
	case ELEMENT_FILL:
		write_fill(e, element);
		break;
	case ELEMENT_RANDOM:
		write_random(e, element);
		break;
	case ELEMENT_REPEAT:
	case ELEMENT_NUMBERED:
		write_repeated(e, element);
		break;
	case ELEMENT_SHARE:
		write_known(e, element, group_share((uint16_t)element->value));
		break;
	case ELEMENT_CAPTURED:
		write_known(e, element, captured(e, element->name));
		break;
	case ELEMENT_VALUE:
		write_number(e, name_or(element, "value"), element->width, e->setting->member);
		break;
	case ELEMENT_EXTENSION:
		write_extension(e, element);
		break;
	case ELEMENT_MESSAGE:
		encode_message(e, element->message);
		break;
	}
}

static bool is_raw(const struct element *element)
{
	return element->kind == ELEMENT_BYTES && !element->name;
}

/* Digits that follow digits are one field. */
static void join_last_fields(struct builder *b)
{
	if (b->bad || !b->keep)
		return;
	b->fields_len--;
	b->fields[b->fields_len - 1].len += b->fields[b->fields_len].len;
}

void encode_elements(struct encoder *e, const struct elements *elements)
{
	for (size_t i = 0; i < elements->len && !encoder_stopped(e); i++) {
		encode_element(e, &elements->at[i]);
		if (i && is_raw(&elements->at[i]) && is_raw(&elements->at[i - 1]))
			join_last_fields(e->work);
	}
}

void elements_encode(struct builder *b, const struct elements *elements,
		     const struct case_setting *setting)
{
	struct arena scratch;
	arena_init(&scratch, ENCODE_SCRATCH_MAX);
	struct encoder e = { .setting = setting, .scratch = &scratch, .work = b };
	encode_elements(&e, elements);
	arena_release(&scratch);
}
