/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/server_hello.h"

#include "base/limits.h"
#include "registry/registry.h"
#include "wire/extension/extension.h"
#include "wire/handshake.h"

/* RFC 8446 4.1.3: SHA-256 of "HelloRetryRequest" */
const uint8_t server_hello_retry_random[RANDOM_LEN] = {
	0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C,
	0x02, 0x1E, 0x65, 0xB8, 0x91, 0xC2, 0xA2, 0x11, 0x16, 0x7A, 0xBB,
	0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C,
};

static void take_key_share(struct server_hello *out, struct span body)
{
	struct cursor in = cursor_over(body);
	out->selected_group = cursor_u16(&in);
	out->key_share = out->is_retry_request ? span_of(NULL, 0) : cursor_vec16(&in);
}

static void take_view(struct server_hello *out, enum extension_id id, struct span view)
{
	struct cursor in = cursor_over(view);
	if (id == EXTENSION_SUPPORTED_VERSIONS)
		out->version = cursor_u16(&in);
	if (id == EXTENSION_KEY_SHARE)
		take_key_share(out, view);
	if (id == EXTENSION_COOKIE)
		out->cookie = view;
	if (id == EXTENSION_ALPN)
		out->alpn = cursor_vec8(&in);
}

/* The length alone tells the two forms of key_share apart (RFC 8446 4.2.8). */
static bool form_fits(const struct server_hello *out, enum extension_id id, struct span body)
{
	return id != EXTENSION_KEY_SHARE || out->is_retry_request == (body.len == 2);
}

static bool read_extensions(struct server_hello *out)
{
	struct cursor block = cursor_over(out->extensions);
	struct extension_item item;
	uint64_t seen = 0;
	while (extension_next(&block, &item)) {
		enum extension_id id = extension_id_of(item.type);
		struct span view;
		if (id == EXTENSION_UNKNOWN || !extension_table[id]->server_decode)
			continue;
		if (seen >> id & 1 || !form_fits(out, id, item.data) ||
		    !extension_table[id]->server_decode(&view, item.data, NULL))
			return false;
		seen |= (uint64_t)1 << id;
		take_view(out, id, view);
	}
	return cursor_done(&block);
}

/* RFC 8446 4.1.3 */
static uint8_t downgrade_sentinel(struct span random)
{
	struct span last = span_skip(random, RANDOM_LEN - 8);
	if (span_equal(last, span_of("DOWNGRD\x00", 8)))
		return 1;
	return span_equal(last, span_of("DOWNGRD\x01", 8)) ? 2 : 0;
}

enum fault server_hello_decode(struct server_hello *out, struct cursor body)
{
	*out = (struct server_hello){ .legacy_version = cursor_u16(&body) };
	out->version = out->legacy_version;
	out->random = cursor_take(&body, RANDOM_LEN);
	out->session_id = cursor_vec8(&body);
	out->suite = cursor_u16(&body);
	out->compression = cursor_u8(&body);

	/* Absent and empty differ on the wire, so the decoder keeps both. */
	out->has_extensions = cursor_left(&body) > 0;
	if (out->has_extensions)
		out->extensions = cursor_vec16(&body);

	if (!cursor_done(&body) || out->session_id.len > SESSION_ID_MAX)
		return FAULT_MALFORMED;
	out->is_retry_request =
		span_equal(out->random, span_of(server_hello_retry_random, RANDOM_LEN));
	out->downgrade = downgrade_sentinel(out->random);
	return read_extensions(out) ? FAULT_NONE : FAULT_MALFORMED;
}

static void write_extensions(struct builder *b, struct span extensions)
{
	struct prefix prefix = builder_open(b, "extensions", 2);
	struct cursor block = cursor_over(extensions), rest = block;
	struct extension_item item;
	for (; extension_next(&block, &item); rest = block) {
		size_t field = builder_enter(b, "extension");
		builder_u16(b, "extension_type", item.type);
		struct prefix inner = builder_open(b, "extension_data", 2);
		extension_write_body(b, item.type, item.data, EXTENSION_OF_SERVER);
		builder_close(b, inner, 0);
		builder_leave(b, field);
	}
	if (cursor_left(&rest) > 0)
		builder_bytes(b, "tail", cursor_rest(&rest));
	builder_close(b, prefix, 0);
}

void server_hello_encode(struct builder *b, const struct server_hello *hello)
{
	struct handshake_open open = handshake_open(b, "server_hello", HANDSHAKE_SERVER_HELLO);
	builder_u16(b, "legacy_version", hello->legacy_version);
	builder_bytes(b, "random", hello->random);
	struct prefix prefix = builder_open(b, "session_id", 1);
	builder_bytes(b, "bytes", hello->session_id);
	builder_close(b, prefix, 0);
	builder_u16(b, "cipher_suite", hello->suite);
	builder_u8(b, "compression_method", hello->compression);
	if (hello->has_extensions)
		write_extensions(b, hello->extensions);
	handshake_close(b, open, 0);
}
