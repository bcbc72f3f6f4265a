/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/certificate.h"

#include "registry/registry.h"
#include "wire/handshake.h"

enum fault certificate_list_decode(struct certificate_list *out, struct cursor body, bool tls13)
{
	out->len = 0;
	out->context = tls13 ? cursor_vec8(&body) : span_of(NULL, 0);
	struct cursor list = cursor_over(cursor_vec24(&body));
	if (!cursor_done(&body))
		return FAULT_MALFORMED;
	while (cursor_left(&list) > 0) {
		struct span der = cursor_vec24(&list);
		struct span extensions = tls13 ? cursor_vec16(&list) : span_of(NULL, 0);
		if (!cursor_ok(&list) || der.len == 0)
			return FAULT_MALFORMED;
		if (out->len == CERTIFICATES_MAX)
			return FAULT_TOO_LARGE;
		out->der[out->len] = der;
		out->extensions[out->len++] = extensions;
	}
	return FAULT_NONE;
}

static void write_entry(struct builder *b, struct span der, struct span extensions, bool tls13)
{
	size_t field = builder_enter(b, "certificate_entry");
	struct prefix prefix = builder_open(b, "certificate", 3);
	builder_bytes(b, "der", der);
	builder_close(b, prefix, 0);
	if (tls13) {
		prefix = builder_open(b, "extensions", 2);
		builder_bytes(b, "bytes", extensions);
		builder_close(b, prefix, 0);
	}
	builder_leave(b, field);
}

void certificate_list_encode(struct builder *b, const struct certificate_list *list, bool tls13)
{
	struct handshake_open open = handshake_open(b, "certificate", HANDSHAKE_CERTIFICATE);
	if (tls13) {
		struct prefix context = builder_open(b, "certificate_request_context", 1);
		builder_bytes(b, "bytes", list->context);
		builder_close(b, context, 0);
	}
	struct prefix prefix = builder_open(b, "certificate_list", 3);
	for (size_t i = 0; i < list->len; i++)
		write_entry(b, list->der[i], list->extensions[i], tls13);
	builder_close(b, prefix, 0);
	handshake_close(b, open, 0);
}
