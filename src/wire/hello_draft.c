/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/hello_draft.h"

#include "registry/registry.h"
#include "wire/handshake.h"

static void write_suites(struct builder *b, const struct hello_draft *draft)
{
	struct prefix prefix = builder_open(b, "cipher_suites", 2);
	for (size_t i = 0; i < draft->suites_len; i++)
		builder_u16(b, "cipher_suite", draft->suites[i]);
	if (draft->suites_tail.len)
		builder_bytes(b, "tail", draft->suites_tail);
	builder_close(b, prefix, draft->suites_lie);
}

static void write_vector(struct builder *b, const char *name, struct span bytes, int32_t lie)
{
	struct prefix prefix = builder_open(b, name, 1);
	builder_bytes(b, "bytes", bytes);
	builder_close(b, prefix, lie);
}

static void write_extension(struct builder *b, const struct extension_draft *extension)
{
	size_t field = builder_enter(b, "extension");
	builder_u16(b, "extension_type", extension->type);
	struct prefix prefix = builder_open(b, "extension_data", 2);
	extension_write_body(b, extension->type, extension->body, EXTENSION_OF_CLIENT);
	builder_close(b, prefix, extension->length_lie);
	builder_leave(b, field);
}

static void write_extensions(struct builder *b, const struct hello_draft *draft)
{
	struct prefix prefix = builder_open(b, "extensions", 2);
	for (size_t i = 0; i < draft->extensions_len; i++)
		write_extension(b, &draft->extensions[i]);
	builder_close(b, prefix, draft->extensions_lie);
}

void hello_draft_message(struct builder *b, const struct hello_draft *draft)
{
	struct handshake_open open = handshake_open(b, "client_hello", HANDSHAKE_CLIENT_HELLO);
	builder_u16(b, "legacy_version", draft->legacy_version);
	builder_bytes(b, "random", draft->random);
	write_vector(b, "session_id", draft->session_id, draft->session_id_lie);
	write_suites(b, draft);
	write_vector(b, "compression_methods", draft->compression, draft->compression_lie);
	if (draft->has_extensions)
		write_extensions(b, draft);
	if (draft->tail.len)
		builder_bytes(b, "tail", draft->tail);
	handshake_close(b, open, draft->handshake_lie);
}

void hello_draft_record(struct builder *b, const struct hello_draft *draft)
{
	size_t field = builder_enter(b, "record");
	builder_u8(b, "content_type", CONTENT_HANDSHAKE);
	builder_u16(b, "record_version", draft->record_version);
	struct prefix prefix = builder_open(b, "fragment", 2);
	hello_draft_message(b, draft);
	builder_close(b, prefix, draft->record_lie);
	builder_leave(b, field);
}

static enum fault take_suites(struct hello_draft *out, struct span list, struct arena *arena)
{
	uint16_t *suites = arena_array(arena, list_u16_len(list), sizeof(*suites));
	if (!suites)
		return arena->fault;
	for (size_t i = 0; i < list_u16_len(list); i++)
		suites[i] = list_u16(list, i);
	out->suites = suites;
	out->suites_len = list_u16_len(list);
	return FAULT_NONE;
}

static enum fault take_extensions(struct hello_draft *out, const struct client_hello *hello,
				  struct arena *arena)
{
	struct extension_draft *drafts = arena_array(arena, hello->extensions_len, sizeof(*drafts));
	if (!drafts)
		return arena->fault;
	struct cursor block = cursor_over(hello->extensions);
	struct extension_item item;
	while (out->extensions_len < hello->extensions_len && extension_next(&block, &item))
		drafts[out->extensions_len++] =
			(struct extension_draft){ .type = item.type, .body = item.data };
	out->extensions = drafts;
	return FAULT_NONE;
}

/* Both tails stand behind the last extension; the block's length then lies about the first. */
static enum fault take_tails(struct hello_draft *out, const struct client_hello *hello,
			     struct arena *arena)
{
	struct span inner = hello->extensions_tail, outer = hello->tail;
	out->extensions_lie = (int32_t)inner.len;
	out->tail = inner.len ? inner : outer;
	if (inner.len == 0 || outer.len == 0)
		return FAULT_NONE;
	uint8_t *both = arena_alloc(arena, inner.len + outer.len);
	if (!both)
		return arena->fault;
	memcpy(both, inner.at, inner.len);
	memcpy(both + inner.len, outer.at, outer.len);
	out->tail = span_of(both, inner.len + outer.len);
	return FAULT_NONE;
}

enum fault hello_draft_of(struct hello_draft *out, const struct client_hello *hello,
			  uint16_t record_version, struct arena *arena)
{
	*out = (struct hello_draft){
		.record_version = record_version,
		.legacy_version = hello->legacy_version,
		.random = hello->random,
		.session_id = hello->session_id,
		.compression = hello->compression,
		.suites_tail = hello->suites_tail,
		.has_extensions = hello->has_extensions,
	};
	enum fault fault = take_suites(out, hello->suites, arena);
	if (fault == FAULT_NONE)
		fault = take_extensions(out, hello, arena);
	return fault == FAULT_NONE ? take_tails(out, hello, arena) : fault;
}
