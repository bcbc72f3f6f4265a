/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "cli/cases_command.h"
#include "registry/registry.h"
#include "wire/client_hello.h"
#include "wire/handshake.h"

#define TEXT(literal) span_of(literal, sizeof(literal) - 1)

/* The x25519 share of the base hello, and verify_data of TLS 1.2 and below and of SHA-256. */
static const uint8_t zeros[36];

/* Bodies that have the right form, and nothing more: there is no connection. */
static struct span stand_in(void *context, uint8_t type)
{
	const struct case_setting *setting = context;
	static const uint8_t share[33] = { 32, 9 };
	switch (type) {
	case HANDSHAKE_CERTIFICATE:
		return span_of(zeros, setting->version == TLS1_3 ? 4 : 3);
	case HANDSHAKE_CLIENT_KEY_EXCHANGE:
		return span_of(share, sizeof(share));
	case HANDSHAKE_FINISHED:
		if (setting->version == TLS1_3)
			return span_of(zeros, 32);
		return span_of(zeros, setting->version == SSLV3 ? 36 : 12);
	default:
		return span_of(NULL, 0);
	}
}

static bool has_share(const struct client_hello *hello, uint16_t group)
{
	struct cursor list = cursor_over(client_hello_view(hello, EXTENSION_KEY_SHARE));
	struct key_share_entry entry;
	while (key_share_next(&list, &entry)) {
		if (entry.group == group)
			return true;
	}
	return false;
}

/* What a server could ask for: the first group that is offered without a share. */
static uint16_t retry_group(struct span last_hello)
{
	struct cursor in = cursor_over(last_hello);
	struct handshake_message message;
	struct client_hello hello;
	if (handshake_decode(&message, &in) != FAULT_NONE ||
	    client_hello_decode(&hello, cursor_over(message.body), LENIENT_ALL, NULL) != FAULT_NONE)
		return GROUP_X25519;
	struct span groups = client_hello_view(&hello, EXTENSION_SUPPORTED_GROUPS);
	for (size_t i = 0; i < list_u16_len(groups); i++) {
		if (!has_share(&hello, list_u16(groups, i)))
			return list_u16(groups, i);
	}
	return GROUP_X25519;
}

/* One step in memory of its own, which the next ones do not touch. */
static enum fault play_step(struct cases_sent *out, const struct cases_choice *choice,
			    struct case_setting *setting, struct span *last_hello,
			    struct arena *arena)
{
	uint8_t *bytes = malloc(CASE_STEP_BYTES_MAX);
	struct field *fields = malloc(CASE_STEP_FIELDS_MAX * sizeof(*fields));
	struct case_connection connection = {
		.last_hello = *last_hello,
		.retry_group = last_hello->len ? retry_group(*last_hello) : 0,
		.context = setting,
		.message_body = stand_in,
	};
	struct builder b;
	enum fault fault = FAULT_NO_MEMORY;
	if (bytes && fields) {
		builder_init(&b, bytes, CASE_STEP_BYTES_MAX, fields, CASE_STEP_FIELDS_MAX);
		fault = case_show_step(&b, choice->of, out->step, setting, &connection, arena,
				       last_hello);
	}
	if (fault == FAULT_NONE) {
		out->bytes = arena_copy(arena, builder_view(&b));
		out->fields = (const void *)arena_copy(
				      arena, span_of(fields, b.fields_len * sizeof(*fields)))
				      .at;
		out->fields_len = b.fields_len;
		fault = arena->fault;
	}
	free(bytes);
	free(fields);
	return fault;
}

enum fault cases_play(struct cases_sent **out, const struct cases_choice *choice,
		      struct arena *arena, size_t *fell)
{
	const struct conformance_case *of = choice->of;
	struct span last_hello = { 0 };
	struct case_setting setting = {
		.version = choice->version,
		.seed = 1,
		.member = choice->member,
		.captured_ticket = TEXT("a stand-in for a captured ticket"),
		.captured_session_id = TEXT("stand-in for a captured sessionid"),
	};
	setting.captured_session_id.len = SESSION_ID_MAX;
	*out = arena_array(arena, of->steps_len + 1, sizeof(**out));
	if (!*out)
		return arena->fault;
	for (*fell = 0; *fell < of->steps_len; ++*fell) {
		struct cases_sent *sent = &(*out)[*fell];
		sent->step = &of->steps[*fell];
		if (sent->step->kind != STEP_SEND)
			continue;
		enum fault fault = play_step(sent, choice, &setting, &last_hello, arena);
		if (fault != FAULT_NONE)
			return fault;
	}
	return FAULT_NONE;
}
