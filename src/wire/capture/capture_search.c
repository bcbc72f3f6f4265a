/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/capture/capture_search.h"

#include "base/cursor.h"
#include "base/limits.h"
#include "registry/registry.h"
#include "wire/handshake.h"
#include "wire/hello_input.h"
#include "wire/record.h"

/* A ClientHello with one suite, one method of compression and nothing else. */
#define HELLO_BODY_MIN 41
#define SSLV2_BODY_MIN 9
#define SSLV2_HELLO    1
#define SSLV2_VERSION  0x0002

/* A handshake message on its way through its records, of which the last may not be all there. */
struct walk {
	struct cursor in;
	uint8_t header[HANDSHAKE_HEADER_LEN];
	size_t len; /* of the message, as far as it came */
	bool broken, cut;
};

static size_t message_len(const struct walk *walk)
{
	if (walk->len < HANDSHAKE_HEADER_LEN)
		return HANDSHAKE_HEADER_LEN;
	return HANDSHAKE_HEADER_LEN +
	       ((size_t)walk->header[1] << 16 | (size_t)walk->header[2] << 8 | walk->header[3]);
}

static void take_record(struct walk *walk)
{
	struct cursor *in = &walk->in;
	walk->cut = cursor_left(in) < RECORD_HEADER_LEN;
	if (walk->cut)
		return;
	uint8_t type = cursor_u8(in);
	uint16_t version = cursor_u16(in), len = cursor_u16(in);
	walk->broken = type != CONTENT_HANDSHAKE || version >> 8 != 3;
	walk->cut = len > cursor_left(in);
	struct span content = cursor_take(in, walk->cut ? cursor_left(in) : len);
	for (size_t i = 0; i < content.len && walk->len + i < sizeof(walk->header); i++)
		walk->header[walk->len + i] = content.at[i];
	if (!walk->broken)
		walk->len += content.len;
}

static bool find_records(struct capture_found *out, struct span client, size_t start)
{
	struct walk walk = { .in = cursor_over(client) };
	cursor_take(&walk.in, start);
	while (!walk.broken && !walk.cut && walk.len < message_len(&walk))
		take_record(&walk);
	bool ends = walk.len >= message_len(&walk);
	out->start = start;
	out->end = ends ? walk.in.at : client.len;
	out->whole = ends || walk.broken;
	return walk.len && walk.header[0] == HANDSHAKE_CLIENT_HELLO;
}

static bool find_sslv2(struct capture_found *out, struct span client, size_t start)
{
	struct cursor in = cursor_over(client);
	cursor_take(&in, start);
	uint16_t header = cursor_u16(&in);
	uint8_t type = cursor_u8(&in);
	uint16_t version = cursor_u16(&in), len = header & 0x7FFF;
	if (!cursor_ok(&in) || !(header & 0x8000) || len < SSLV2_BODY_MIN || type != SSLV2_HELLO ||
	    (version != SSLV2_VERSION && version >> 8 != 3))
		return false;
	*out = (struct capture_found){ start, start + 2 + len, true };
	out->whole = out->end <= client.len;
	if (!out->whole)
		out->end = client.len;
	return true;
}

static bool is_version(uint16_t version)
{
	return version >= 0x0300 && version <= 0x0304;
}

/* Strict, for here it may be any byte of another protocol. */
static bool is_hello_record(struct cursor in)
{
	uint8_t type = cursor_u8(&in);
	uint16_t version = cursor_u16(&in), len = cursor_u16(&in);
	uint8_t message = cursor_u8(&in);
	uint32_t body = cursor_u24(&in);
	uint16_t client_version = cursor_u16(&in);
	return cursor_ok(&in) && type == CONTENT_HANDSHAKE && is_version(version) &&
	       message == HANDSHAKE_CLIENT_HELLO && is_version(client_version) &&
	       len > HANDSHAKE_HEADER_LEN && len <= body + HANDSHAKE_HEADER_LEN &&
	       body >= HELLO_BODY_MIN && body <= HANDSHAKE_MESSAGE_MAX;
}

bool capture_search(struct capture_found *out, struct span client)
{
	size_t start = hello_preamble(client).len;
	if (find_records(out, client, start) || find_sslv2(out, client, start))
		return true;
	struct cursor in = cursor_over(client);
	for (in.at = start; cursor_left(&in) > 0; in.at++)
		if (is_hello_record(in))
			return find_records(out, client, in.at);
	return false;
}
