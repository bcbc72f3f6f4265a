/* SPDX-License-Identifier: Apache-2.0 */
#include "case/encode.h"

#include <stdlib.h>

#include "case/encode_internal.h"
#include "registry/registry.h"
#include "wire/handshake.h"
#include "wire/record.h"

/* A unit before memory of its own is found for it: `from` and `len` are offsets in the work. */
struct unit_plan {
	struct wire_unit unit;
	size_t from, len, first_field, fields_len;
	size_t whole_from, whole_len; /* of the message that it ends */
	size_t hello_from, hello_len;
};

struct plan {
	struct encoder *e;
	struct unit_plan *at;
	size_t len, cap;
	bool hello_sent;
};

/* What one item has written. */
struct written {
	const struct item *item;
	size_t from, first_field;
	struct span hello; /* the ClientHello that it ends with, if there is one */
	bool is_true;	   /* whole messages, as their headers say */
};

static void plan_add(struct plan *plan, struct unit_plan unit)
{
	struct unit_plan *grown =
		arena_grow(plan->e->scratch, plan->at, plan->len, &plan->cap, sizeof(unit));
	if (!grown)
		return;
	plan->at = grown;
	plan->at[plan->len++] = unit;
}

/* RFC 8446 5.1: what comes before an answer says 0301; RFC 5246 E.1. */
static uint16_t record_version(const struct plan *plan)
{
	enum version version = plan->e->setting->version;
	if (version <= SSLV3)
		return version_code(SSLV3);
	if (!plan->hello_sent)
		return version_code(TLS1_0);
	return version_code(version < TLS1_2 ? version : TLS1_2);
}

static uint8_t unit_type(const struct item *item)
{
	uint8_t type = item->kind == ITEM_MESSAGE ? CONTENT_HANDSHAKE : item->type;
	return item->framing.has_type ? item->framing.type : type;
}

static struct wire_unit unit_of(const struct plan *plan, const struct item *item)
{
	const struct framing *framing = &item->framing;
	struct wire_unit unit = {
		.clear = framing->clear,
		.type = unit_type(item),
		.version = framing->has_version ? framing->version : record_version(plan),
		.length = framing->length,
		.spoil = framing->spoil,
	};
	unit.is_change_cipher_spec = unit.type == CONTENT_CHANGE_CIPHER_SPEC;
	return unit;
}

/* How many bytes the fragment numbered `index` takes of `left`. */
static size_t fragment_len(const struct item *item, size_t index, size_t left)
{
	const struct framing *framing = &item->framing;
	size_t most = item->kind == ITEM_MESSAGE ? RECORD_PLAINTEXT_MAX : SIZE_MAX;
	if (framing->every && framing->sizes_len && framing->sizes[0])
		most = framing->sizes[0];
	else if (!framing->every && index < framing->sizes_len)
		most = framing->sizes[index];
	return left < most ? left : most;
}

static bool ends_truthfully(const struct wire_unit *unit, const struct written *written)
{
	return written->is_true && unit->type == CONTENT_HANDSHAKE && unit->length.kind == LIE_NONE;
}

static void plan_records(struct plan *plan, const struct written *written)
{
	const struct builder *b = plan->e->work;
	const struct framing *framing = &written->item->framing;
	size_t len = b->len - written->from, at = 0, index = 0;
	do {
		struct unit_plan unit = { .unit = unit_of(plan, written->item),
					  .from = written->from + at,
					  .first_field = written->first_field,
					  .fields_len = b->fields_len - written->first_field };
		unit.len = fragment_len(written->item, index++, len - at);
		at += unit.len;
		if (at == len) {
			unit.unit.is_client_hello = written->hello.len > 0;
			unit.hello_from =
				unit.unit.is_client_hello ? (size_t)(written->hello.at - b->at) : 0;
			unit.hello_len = written->hello.len;
			unit.whole_from = written->from;
			unit.whole_len = ends_truthfully(&unit.unit, written) ? len : 0;
		}
		plan_add(plan, unit);
	} while ((at < len || (!framing->every && index < framing->sizes_len)) &&
		 !encoder_stopped(plan->e));
	plan->hello_sent = plan->hello_sent || written->hello.len > 0;
}

/* Whether the bytes are whole handshake messages; the last ClientHello among them. */
static bool messages_are_whole(struct span bytes, struct span *hello)
{
	struct cursor in = cursor_over(bytes);
	struct handshake_message message;
	while (cursor_left(&in)) {
		if (handshake_decode(&message, &in) != FAULT_NONE)
			return false;
		if (message.type == HANDSHAKE_CLIENT_HELLO)
			*hello = message.whole;
	}
	return bytes.len > 0;
}

/* The hello that was written as a message since `from`, whatever its length says. */
static struct span hello_since(const struct encoder *e, size_t from)
{
	uintptr_t at = (uintptr_t)e->last_hello.at, start = (uintptr_t)(e->work->at + from);
	bool here = at >= start && at < start + (e->work->len - from);
	return here ? e->last_hello : span_of(NULL, 0);
}

static void find_hello(struct encoder *e, struct written *written)
{
	struct span bytes = span_of(e->work->at + written->from, e->work->len - written->from);
	struct span parsed = { 0 };
	written->hello = hello_since(e, written->from);
	if (written->item->kind == ITEM_RAW) {
		written->is_true = messages_are_whole(written->hello, &parsed);
		return;
	}
	if (unit_type(written->item) != CONTENT_HANDSHAKE) {
		written->hello = span_of(NULL, 0);
		return;
	}
	written->is_true = messages_are_whole(bytes, &parsed);
	if (written->is_true)
		written->hello = parsed;
	if (written->hello.len)
		e->last_hello = written->hello;
}

static void plan_raw(struct plan *plan, const struct written *written)
{
	const struct builder *b = plan->e->work;
	struct unit_plan unit = { .unit.raw = true,
				  .from = written->from,
				  .len = b->len - written->from,
				  .first_field = written->first_field,
				  .fields_len = b->fields_len - written->first_field };
	if (written->hello.len) {
		unit.unit.is_client_hello = true;
		unit.hello_from = (size_t)(written->hello.at - b->at);
		unit.hello_len = written->hello.len;
		unit.whole_from = unit.hello_from;
		unit.whole_len = written->is_true ? unit.hello_len : 0;
	}
	plan_add(plan, unit);
	plan->hello_sent = plan->hello_sent || written->hello.len > 0;
}

static void encode_item(struct plan *plan, const struct item *item)
{
	struct encoder *e = plan->e;
	struct written written = { .item = item,
				   .from = e->work->len,
				   .first_field = e->work->fields_len };
	switch (item->kind) {
	case ITEM_RAW:
		encode_elements(e, &item->body);
		break;
	case ITEM_SSLV2:
		encode_sslv2(e, &item->message);
		break;
	case ITEM_MESSAGE:
		encode_message(e, &item->message);
		break;
	case ITEM_RECORD:
		encode_elements(e, &item->body);
		break;
	}
	if (encoder_stopped(e))
		return;
	find_hello(e, &written);
	if (item->kind == ITEM_RAW || item->kind == ITEM_SSLV2)
		plan_raw(plan, &written);
	else
		plan_records(plan, &written);
}

static void encode_items(struct plan *plan, const struct step *step)
{
	for (size_t i = 0; i < step->items_len; i++) {
		const struct item *item = &step->items[i];
		uint32_t times = item->times ? item->times : 1;
		for (uint32_t n = 0; n < times && !encoder_stopped(plan->e); n++)
			encode_item(plan, item);
	}
}

/* Memory for one step's work, given back at its end. */
struct workplace {
	struct builder work;
	struct arena scratch;
	struct encoder e;
	struct plan plan;
};

static enum fault workplace_open(struct workplace *out, bool with_map,
				 const struct conformance_case *of,
				 const struct case_setting *setting,
				 const struct case_connection *connection)
{
	const struct family *family = of && of->family.kind != FAMILY_NONE ? &of->family : NULL;
	bool map = with_map || (family && family->kind == FAMILY_LENGTHS);
	uint8_t *bytes = malloc(CASE_STEP_BYTES_MAX);
	struct field *fields = map ? malloc(CASE_STEP_FIELDS_MAX * sizeof(*fields)) : NULL;
	builder_init(&out->work, bytes, CASE_STEP_BYTES_MAX, fields,
		     fields ? CASE_STEP_FIELDS_MAX : 0);
	arena_init(&out->scratch, ENCODE_SCRATCH_MAX);
	out->e = (struct encoder){
		.setting = setting,
		.connection = connection,
		.family = family,
		.family_hello = family ? first_hello(of) : NULL,
		.scratch = &out->scratch,
		.work = &out->work,
		.last_hello = connection ? connection->last_hello : span_of(NULL, 0),
	};
	out->plan = (struct plan){ .e = &out->e, .hello_sent = out->e.last_hello.len > 0 };
	return bytes && (fields || !map) ? FAULT_NONE : FAULT_NO_MEMORY;
}

static void workplace_close(struct workplace *place)
{
	free(place->work.at);
	free(place->work.fields);
	arena_release(&place->scratch);
}

static enum fault workplace_fault(const struct workplace *place)
{
	if (place->e.fault != FAULT_NONE)
		return place->e.fault;
	return place->scratch.fault != FAULT_NONE ? place->scratch.fault
						  : builder_fault(&place->work);
}

static enum fault units_take(struct wire_units *out, const struct workplace *place,
			     struct arena *arena)
{
	const struct plan *plan = &place->plan;
	struct span bytes = arena_copy(arena, builder_view(&place->work));
	struct wire_unit *units = arena_array(arena, plan->len, sizeof(*units));
	if (!bytes.at || !units)
		return arena->fault;
	for (size_t i = 0; i < plan->len; i++) {
		const struct unit_plan *unit = &plan->at[i];
		units[i] = unit->unit;
		units[i].fragment = span_of(bytes.at + unit->from, unit->len);
		units[i].hello = unit->hello_len
					 ? span_of(bytes.at + unit->hello_from, unit->hello_len)
					 : span_of(NULL, 0);
		if (unit->whole_len)
			units[i].ends_message =
				span_of(bytes.at + unit->whole_from, unit->whole_len);
	}
	*out = (struct wire_units){ .at = units, .len = plan->len };
	return FAULT_NONE;
}

enum fault case_encode_step(struct wire_units *out, const struct conformance_case *of,
			    const struct step *step, const struct case_setting *setting,
			    const struct case_connection *connection, struct arena *arena)
{
	struct workplace place;
	*out = (struct wire_units){ 0 };
	enum fault fault = workplace_open(&place, false, of, setting, connection);
	if (fault == FAULT_NONE) {
		encode_items(&place.plan, step);
		fault = workplace_fault(&place);
	}
	if (fault == FAULT_NONE)
		fault = units_take(out, &place, arena);
	workplace_close(&place);
	return fault;
}

/* Writes what of the field numbered `*i` and its parts lies from `from` to `to`. */
static void show_field(struct builder *b, const struct builder *work, size_t *i, size_t end,
		       size_t from, size_t to)
{
	const struct field *field = &work->fields[(*i)++];
	bool has_parts = *i < end && work->fields[*i].depth > field->depth;
	size_t start = field->offset > from ? field->offset : from;
	size_t stop = field->offset + field->len < to ? field->offset + field->len : to;
	bool here = start < stop || (field->len == 0 && field->offset >= from &&
				     (field->offset < to || field->offset == work->len));
	if (!has_parts) {
		if (here)
			builder_bytes(b, field->name, span_of(work->at + start, stop - start));
		return;
	}
	size_t entered = here ? builder_enter(b, field->name) : 0;
	while (*i < end && work->fields[*i].depth > field->depth)
		show_field(b, work, i, end, from, to);
	if (here)
		builder_leave(b, entered);
}

static void show_fragment(struct builder *b, const struct builder *work,
			  const struct unit_plan *unit)
{
	size_t i = unit->first_field, end = i + unit->fields_len;
	while (i < end && !b->bad)
		show_field(b, work, &i, end, unit->from, unit->from + unit->len);
}

static void show_unit(struct builder *b, const struct builder *work, const struct unit_plan *unit)
{
	if (unit->unit.raw) {
		show_fragment(b, work, unit);
		return;
	}
	size_t field = builder_enter(b, "record");
	builder_u8(b, "content_type", unit->unit.type);
	builder_u16(b, "record_version", unit->unit.version);
	struct prefix prefix = builder_open(b, "fragment", 2);
	show_fragment(b, work, unit);
	lie_close(b, prefix, unit->unit.length);
	builder_leave(b, field);
}

enum fault case_show_step(struct builder *b, const struct conformance_case *of,
			  const struct step *step, const struct case_setting *setting,
			  const struct case_connection *connection, struct arena *arena,
			  struct span *last_hello)
{
	struct workplace place;
	enum fault fault = workplace_open(&place, true, of, setting, connection);
	if (fault == FAULT_NONE) {
		encode_items(&place.plan, step);
		fault = workplace_fault(&place);
	}
	for (size_t i = 0; fault == FAULT_NONE && i < place.plan.len; i++)
		show_unit(b, &place.work, &place.plan.at[i]);
	if (fault == FAULT_NONE && last_hello && place.e.last_hello.len) {
		*last_hello = arena_copy(arena, place.e.last_hello);
		fault = arena->fault;
	}
	workplace_close(&place);
	return fault == FAULT_NONE ? builder_fault(b) : fault;
}

enum fault case_base_hello(struct builder *b, const struct case_setting *setting)
{
	static const struct message hello = { .type = HANDSHAKE_CLIENT_HELLO,
					      .name = "client_hello" };
	struct arena scratch;
	arena_init(&scratch, ENCODE_SCRATCH_MAX);
	struct encoder e = { .setting = setting, .scratch = &scratch, .work = b };
	if (setting->version == SSLV2)
		encode_sslv2(&e, &hello);
	else
		encode_message(&e, &hello);
	enum fault fault = e.fault;
	if (fault == FAULT_NONE)
		fault = scratch.fault != FAULT_NONE ? scratch.fault : builder_fault(b);
	arena_release(&scratch);
	return fault;
}
