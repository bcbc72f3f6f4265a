/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/certificate_request.h"

#include "registry/registry.h"
#include "wire/extension/extension.h"
#include "wire/handshake.h"

static bool authorities_are_whole(struct span list)
{
	struct cursor in = cursor_over(list);
	while (cursor_left(&in) > 0) {
		if (cursor_vec16(&in).len == 0)
			return false;
	}
	return true;
}

/* RFC 8446 4.3.2: signature_algorithms MUST be there. */
static bool read_extensions(struct certificate_request *out)
{
	struct cursor block = cursor_over(out->extensions);
	struct extension_item item;
	bool found = false;
	while (extension_next(&block, &item)) {
		if (item.type == EXT_SIGNATURE_ALGORITHMS) {
			if (found || !signature_algorithms_decode(&out->signature_algorithms,
								  item.data, NULL))
				return false;
			found = true;
		}
		if (item.type == EXT_CERTIFICATE_AUTHORITIES &&
		    !certificate_authorities_decode(&out->authorities, item.data, NULL))
			return false;
	}
	return found && cursor_done(&block);
}

static enum fault decode_tls13(struct certificate_request *out, struct cursor body)
{
	out->context = cursor_vec8(&body);
	out->extensions = cursor_vec16(&body);
	return cursor_done(&body) && read_extensions(out) ? FAULT_NONE : FAULT_MALFORMED;
}

enum fault certificate_request_decode(struct certificate_request *out, struct cursor body,
				      enum version version)
{
	*out = (struct certificate_request){ .types = span_of(NULL, 0) };
	if (version == TLS1_3)
		return decode_tls13(out, body);
	out->types = cursor_vec8(&body);
	if (version == TLS1_2)
		out->signature_algorithms = cursor_vec16(&body);
	out->authorities = cursor_vec16(&body);
	bool schemes = version != TLS1_2 || (out->signature_algorithms.len > 0 &&
					     out->signature_algorithms.len % 2 == 0);
	bool whole = cursor_done(&body) && out->types.len > 0 && schemes;
	return whole && authorities_are_whole(out->authorities) ? FAULT_NONE : FAULT_MALFORMED;
}

static void write_vector(struct builder *b, const char *name, uint8_t width, struct span bytes)
{
	struct prefix prefix = builder_open(b, name, width);
	builder_bytes(b, "bytes", bytes);
	builder_close(b, prefix, 0);
}

void certificate_request_encode(struct builder *b, const struct certificate_request *request,
				enum version version)
{
	struct handshake_open open =
		handshake_open(b, "certificate_request", HANDSHAKE_CERTIFICATE_REQUEST);
	if (version == TLS1_3) {
		write_vector(b, "certificate_request_context", 1, request->context);
		write_vector(b, "extensions", 2, request->extensions);
	} else {
		write_vector(b, "certificate_types", 1, request->types);
		if (version == TLS1_2)
			write_vector(b, "signature_algorithms", 2, request->signature_algorithms);
		write_vector(b, "certificate_authorities", 2, request->authorities);
	}
	handshake_close(b, open, 0);
}
