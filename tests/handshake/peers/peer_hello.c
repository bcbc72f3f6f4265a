/* SPDX-License-Identifier: Apache-2.0 */
#include "peer_hello.h"

#include "handshake/binder.h"
#include "registry/registry.h"
#include "wire/handshake.h"
#include "wire/hello_draft.h"
#include "wire/record.h"

#define EXTENSIONS_MAX 32

/* A ticket of TLS 1.2 needs an id of ours: the server's echo says that it resumed (RFC 5077 3.4).
 */
static const char made_up_id[] = "thirty-two bytes of our own make";

static void replace_body(struct extension_draft *items, size_t len, uint16_t type, struct span body)
{
	for (size_t i = 0; i < len; i++)
		if (items[i].type == type)
			items[i].body = body;
}

static struct span psk_body(struct arena *arena, const struct resumption *resume)
{
	static const uint8_t zeros[HASH_MAX];
	size_t cap = resume->ticket.len + 128;
	uint8_t *bytes = arena_alloc(arena, cap);
	struct builder b;
	if (!bytes)
		return span_of(NULL, 0);
	builder_init(&b, bytes, cap, NULL, 0);
	struct prefix identities = builder_open(&b, "identities", 2);
	struct prefix identity = builder_open(&b, "identity", 2);
	builder_bytes(&b, "ticket", resume->ticket);
	builder_close(&b, identity, 0);
	builder_u32(&b, "obfuscated_ticket_age", resume->ticket_age_add);
	builder_close(&b, identities, 0);
	struct prefix binders = builder_open(&b, "binders", 2);
	struct prefix binder = builder_open(&b, "binder", 1);
	builder_bytes(&b, "bytes", span_of(zeros, handshake_binder_len(resume->suite)));
	builder_close(&b, binder, 0);
	builder_close(&b, binders, 0);
	return builder_view(&b);
}

static struct span write_draft(struct arena *arena, const struct hello_draft *draft,
			       const struct resumption *resume, struct span before)
{
	size_t cap = PROBE_HELLO_MAX + resume->ticket.len;
	uint8_t *bytes = arena_alloc(arena, cap), binder[HASH_MAX];
	struct builder b;
	size_t len;
	if (!bytes)
		return span_of(NULL, 0);
	builder_init(&b, bytes, cap, NULL, 0);
	hello_draft_message(&b, draft);
	if (builder_fault(&b) != FAULT_NONE)
		return span_of(NULL, 0);
	if (resume->version != TLS1_3)
		return builder_view(&b);
	size_t truncated = b.len - handshake_binder_len(resume->suite) - 3;
	if (handshake_psk_binder(binder, &len, resume, before, span_of(bytes, truncated)))
		return span_of(NULL, 0);
	memcpy(bytes + b.len - len, binder, len);
	return builder_view(&b);
}

static struct span resuming(struct arena *arena, struct span message,
			    const struct resumption *resume, struct span before)
{
	struct client_hello hello;
	struct hello_draft draft;
	struct extension_draft items[EXTENSIONS_MAX];
	struct cursor body = cursor_over(span_skip(message, HANDSHAKE_HEADER_LEN));
	if (client_hello_decode(&hello, body, STRICT, NULL) ||
	    hello_draft_of(&draft, &hello, 0x0301, arena) ||
	    draft.extensions_len + 1 > EXTENSIONS_MAX)
		return span_of(NULL, 0);
	memcpy(items, draft.extensions, draft.extensions_len * sizeof items[0]);
	draft.extensions = items;
	if (resume->version == TLS1_3) {
		items[draft.extensions_len++] =
			(struct extension_draft){ .type = EXT_PRE_SHARED_KEY,
						  .body = psk_body(arena, resume) };
	} else if (resume->ticket.len) {
		draft.session_id = span_text(made_up_id);
		replace_body(items, draft.extensions_len, EXT_SESSION_TICKET, resume->ticket);
	} else {
		draft.session_id = resume->session_id;
	}
	return write_draft(arena, &draft, resume, before);
}

struct span peer_hello(struct arena *arena, const struct probe *probe, const struct retry *retry,
		       const struct resumption *resume, struct span before)
{
	uint8_t *bytes = arena_alloc(arena, PROBE_HELLO_MAX);
	struct builder b;
	if (!bytes)
		return span_of(NULL, 0);
	builder_init(&b, bytes, PROBE_HELLO_MAX, NULL, 0);
	probe_encode(&b, probe, retry);
	if (builder_fault(&b) != FAULT_NONE)
		return span_of(NULL, 0);
	struct span message = span_skip(builder_view(&b), RECORD_HEADER_LEN);
	return resume ? resuming(arena, message, resume, before) : message;
}
