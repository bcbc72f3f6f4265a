/* SPDX-License-Identifier: Apache-2.0 */
#include "case/encode_internal.h"
#include "crypto/key_exchange.h"
#include "registry/registry.h"
#include "wire/handshake.h"
#include "wire/hello_draft.h"

/* What was sent last may hold several messages: the last ClientHello counts. */
static bool last_hello_of(struct handshake_message *out, struct span bytes)
{
	struct cursor in = cursor_over(bytes);
	struct handshake_message message;
	bool found = false;
	while (cursor_left(&in) && handshake_decode(&message, &in) == FAULT_NONE) {
		if (message.type != HANDSHAKE_CLIENT_HELLO)
			continue;
		*out = message;
		found = true;
	}
	return found;
}

static void take_draft(struct encoder *e, struct hello *out, const struct hello_draft *draft,
		       const struct client_hello *hello)
{
	*out = (struct hello){
		.version = draft->legacy_version,
		.random = draft->random,
		.tail = draft->tail,
		.session_id.bytes = draft->session_id,
		.suites.bytes = span_join(e, hello->suites, hello->suites_tail),
		.compression.bytes = draft->compression,
	};
	if (draft->extensions_lie)
		out->extensions_lie = (struct lie){ LIE_ADD, draft->extensions_lie };
	for (size_t i = 0; i < draft->extensions_len; i++) {
		const struct extension_draft *extension = &draft->extensions[i];
		hello_insert(e, out, i,
			     (struct hello_extension){ .type = extension->type,
						       .body.bytes = extension->body });
	}
	out->has_extensions = draft->has_extensions;
}

void hello_again(struct encoder *e, struct hello *out)
{
	struct handshake_message message;
	struct client_hello hello;
	struct hello_draft draft;
	*out = (struct hello){ 0 };
	if (!last_hello_of(&message, e->last_hello) ||
	    client_hello_decode(&hello, cursor_over(message.body), LENIENT_ALL, NULL) !=
		    FAULT_NONE) {
		encoder_fail(e, FAULT_UNSUPPORTED);
		return;
	}
	enum fault fault = hello_draft_of(&draft, &hello, 0, e->scratch);
	if (fault == FAULT_NONE)
		take_draft(e, out, &draft, &hello);
	else
		encoder_fail(e, fault);
}

static struct span share_body(struct encoder *e, uint16_t group)
{
	struct span share = group_share(group);
	size_t entry = share.len + 4;
	uint8_t head[] = { (uint8_t)(entry >> 8),     (uint8_t)entry,
			   (uint8_t)(group >> 8),     (uint8_t)group,
			   (uint8_t)(share.len >> 8), (uint8_t)share.len };
	if (!share.at)
		encoder_fail(e, FAULT_UNSUPPORTED);
	return span_join(e, span_of(head, sizeof(head)), share);
}

static struct span cookie_body(struct encoder *e, struct span cookie)
{
	uint8_t head[] = { (uint8_t)(cookie.len >> 8), (uint8_t)cookie.len };
	return span_join(e, span_of(head, sizeof(head)), cookie);
}

/* Where it stands, or at the end; but pre_shared_key stays last (RFC 8446 4.2.11). */
static void put(struct encoder *e, struct hello *hello, uint16_t type, struct span body)
{
	struct hello_extension *there = hello_extension_at(hello, type);
	if (there) {
		there->body = (struct hello_field){ .bytes = body };
		return;
	}
	size_t at = hello->extensions_len;
	if (at && !hello->extensions[at - 1].raw &&
	    hello->extensions[at - 1].type == EXT_PRE_SHARED_KEY)
		at--;
	struct hello_extension extension = { .type = type, .body.bytes = body };
	hello_insert(e, hello, at, extension);
}

/* RFC 8446 4.1.2: one share of the group asked for, the cookie that came, no early data. */
void hello_retry(struct encoder *e, struct hello *out)
{
	const struct case_connection *connection = e->connection;
	*out = (struct hello){ 0 };
	if (!connection || (!connection->retry_group && !connection->retry_cookie.len)) {
		encoder_fail(e, FAULT_UNSUPPORTED);
		return;
	}
	hello_again(e, out);
	if (encoder_stopped(e))
		return;
	if (connection->retry_group)
		put(e, out, EXT_KEY_SHARE, share_body(e, connection->retry_group));
	hello_remove(out, EXT_EARLY_DATA);
	hello_remove(out, EXT_COOKIE);
	if (connection->retry_cookie.len)
		put(e, out, EXT_COOKIE, cookie_body(e, connection->retry_cookie));
}
