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
	if (extension->body.len)
		builder_bytes(b, "content", extension->body);
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
