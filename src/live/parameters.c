/* SPDX-License-Identifier: Apache-2.0 */
#include "live/parameters.h"

#include "base/rng.h"
#include "live/form.h"
#include "registry/registry.h"
#include "wire/record.h"

#include <assert.h>

#define RECORDS_MAX 512

static bool is_varied(const struct hello_parameter *parameter, const struct hello_subject *subject)
{
	if (!(parameter->versions & VERSION_BIT(subject->version)))
		return false;
	if (strcmp(parameter->name, PARAMETER_SUITES) == 0)
		return subject->others_len > 1;
	if (strcmp(parameter->name, PARAMETER_SERVER_NAME) == 0)
		return subject->shape->server_name != NULL;
	return true;
}

static uint8_t place_of(const struct hello_parameters *parameters, const char *name)
{
	uint8_t i = 0;
	while (strcmp(parameters->items[i]->name, name) != 0)
		i++;
	return i;
}

/* RFC 8449 5: whoever answers both is wrong, and a server that knows only the older may answer it
 * although it should not have. */
static void exclude(struct hello_parameters *out)
{
	out->exclusions[0] = (struct covering_exclusion){
		{ place_of(out, PARAMETER_RECORD_SIZE_LIMIT),
		  place_of(out, PARAMETER_MAX_FRAGMENT_LENGTH) },
		{ 1, 1 },
	};
}

void parameters_init(struct hello_parameters *out, const struct hello_subject *subject)
{
	assert(subject->version >= TLS1_0 && subject->version <= TLS1_3);
	*out = (struct hello_parameters){ .len = 0 };
	for (size_t i = 0; i < hello_parameters_len; i++) {
		const struct hello_parameter *parameter = &hello_parameters[i];
		if (!is_varied(parameter, subject))
			continue;
		while (parameter->levels[out->levels[out->len]])
			out->levels[out->len]++;
		out->items[out->len++] = parameter;
	}
	exclude(out);
	out->model = (struct covering_model){
		.levels = out->levels,
		.parameters_len = out->len,
		.exclusions = out->exclusions,
		.exclusions_len = 1,
	};
}

static struct span append_record(struct builder *b, uint16_t version, struct span message,
				 size_t most)
{
	size_t len = message.len < most ? message.len : most;
	builder_u8(b, "type", CONTENT_HANDSHAKE);
	builder_u16(b, "version", version);
	builder_u16(b, "length", (uint16_t)len);
	builder_bytes(b, "fragment", span_of(message.at, len));
	return span_skip(message, len);
}

/* RFC 5246 6.2.1, RFC 8446 5.1: a handshake message may be split over records anywhere, and no
 * fragment is empty. */
static void put_records(struct builder *b, const struct form *form, struct span message)
{
	uint16_t version = form->draft.record_version;
	size_t piece = form->piece ? form->piece : message.len;
	size_t first = form->first_is_half ? message.len / 2 : form->first;
	if (first)
		message = append_record(b, version, message, first);
	while (message.len)
		message = append_record(b, version, message, piece);
}

enum fault parameters_build(struct hello_form *out, const struct hello_parameters *parameters,
			    const uint8_t *row, const struct hello_subject *subject, uint32_t id,
			    struct arena *arena)
{
	struct form form;
	struct builder message, b;
	form_init(&form, subject, id);
	for (size_t i = 0; i < parameters->len; i++)
		if (row[i])
			parameters->items[i]->apply(&form, row[i]);
	size_t room = form_message_len(&form);
	size_t wire = room + RECORDS_MAX * RECORD_HEADER_LEN;
	uint8_t *bytes = arena_alloc(arena, room + wire);
	if (!bytes)
		return arena->fault;
	builder_init(&message, bytes, room, NULL, 0);
	hello_draft_message(&message, &form.draft);
	builder_init(&b, bytes + room, wire, NULL, 0);
	put_records(&b, &form, builder_view(&message));
	if (builder_fault(&form.scratch) != FAULT_NONE || builder_fault(&message) != FAULT_NONE ||
	    builder_fault(&b) != FAULT_NONE)
		return FAULT_TOO_LARGE;
	*out = (struct hello_form){ builder_view(&b), builder_view(&message), form.cut };
	if (form.cut_in_half)
		out->cut = out->bytes.len / 2;
	return FAULT_NONE;
}

void parameters_put(struct text *out, const struct hello_parameters *parameters, const uint8_t *row)
{
	size_t count = 0, left = 0;
	for (size_t i = 0; i < parameters->len; i++)
		left += row[i] != 0;
	if (!left)
		text_put(out, "the usual hello");
	for (size_t i = 0; i < parameters->len; i++) {
		if (!row[i])
			continue;
		if (count++)
			text_put(out, --left == 1 ? " and " : ", ");
		text_join(out, parameters->items[i]->name, "=",
			  parameters->items[i]->levels[row[i]]);
	}
}
