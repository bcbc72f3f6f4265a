/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/server_hello.h"

#include "base/limits.h"
#include "registry/registry.h"
#include "wire/handshake.h"

/* RFC 8446 4.1.3: SHA-256 of "HelloRetryRequest" */
const uint8_t server_hello_retry_random[RANDOM_LEN] = {
	0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11, 0xBE, 0x1D, 0x8C,
	0x02, 0x1E, 0x65, 0xB8, 0x91, 0xC2, 0xA2, 0x11, 0x16, 0x7A, 0xBB,
	0x8C, 0x5E, 0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C,
};

static bool read_key_share(struct server_hello *out, struct cursor *body)
{
	out->selected_group = cursor_u16(body);
	if (out->is_retry_request)
		return true;
	out->key_share = cursor_vec16(body);
	return out->key_share.len > 0;
}

static bool read_alpn(struct server_hello *out, struct cursor *body)
{
	struct cursor list = cursor_over(cursor_vec16(body));
	out->alpn = cursor_vec8(&list);
	return cursor_done(&list) && out->alpn.len > 0;
}

static bool read_cookie(struct server_hello *out, struct cursor *body)
{
	out->cookie = cursor_vec16(body);
	return out->cookie.len > 0;
}

static bool read_version(struct server_hello *out, struct cursor *body)
{
	out->version = cursor_u16(body);
	return true;
}

static bool read_extension(struct server_hello *out, uint16_t type, struct span data)
{
	struct cursor body = cursor_over(data);
	switch (type) {
	case EXT_SUPPORTED_VERSIONS:
		return read_version(out, &body) && cursor_done(&body);
	case EXT_KEY_SHARE:
		return read_key_share(out, &body) && cursor_done(&body);
	case EXT_COOKIE:
		return read_cookie(out, &body) && cursor_done(&body);
	case EXT_ALPN:
		return read_alpn(out, &body) && cursor_done(&body);
	default:
		return true;
	}
}

static bool read_extensions(struct server_hello *out)
{
	struct cursor list = cursor_over(out->extensions);
	while (cursor_left(&list) > 0) {
		uint16_t type = cursor_u16(&list);
		struct span data = cursor_vec16(&list);
		if (!cursor_ok(&list) || !read_extension(out, type, data))
			return false;
	}
	return true;
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
	struct cursor list = cursor_over(extensions);
	while (cursor_left(&list) > 0) {
		struct cursor ahead = list;
		uint16_t type = cursor_u16(&ahead);
		struct span data = cursor_vec16(&ahead);
		if (!cursor_ok(&ahead))
			break;
		size_t field = builder_enter(b, "extension");
		builder_u16(b, "extension_type", type);
		struct prefix inner = builder_open(b, "extension_data", 2);
		builder_bytes(b, "content", data);
		builder_close(b, inner, 0);
		builder_leave(b, field);
		list = ahead;
	}
	if (cursor_left(&list) > 0)
		builder_bytes(b, "tail", cursor_rest(&list));
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
