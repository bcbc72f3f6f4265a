/* SPDX-License-Identifier: Apache-2.0 */
#include "mutate/body.h"

#include "registry/cipher_suite.h"

static const struct list_shape shapes[] = {
	{ EXT_SUPPORTED_GROUPS, 2, MEMBER_U16, &registry_groups },
	{ EXT_KEY_SHARE, 2, MEMBER_SHARE, &registry_groups },
	{ EXT_SUPPORTED_VERSIONS, 1, MEMBER_U16, NULL },
	{ EXT_SIGNATURE_ALGORITHMS, 2, MEMBER_U16, &registry_signature_schemes },
	{ EXT_SIGNATURE_ALGORITHMS_CERT, 2, MEMBER_U16, &registry_signature_schemes },
	{ 34 /* delegated_credentials */, 2, MEMBER_U16, &registry_signature_schemes },
	{ EXT_ALPN, 2, MEMBER_NAME, NULL },
	{ EXT_EC_POINT_FORMATS, 1, MEMBER_U8, &registry_point_formats },
	{ EXT_PSK_KEY_EXCHANGE_MODES, 1, MEMBER_U8, NULL },
	{ EXT_COMPRESS_CERTIFICATE, 1, MEMBER_U16, NULL },
};

static const uint16_t suites_in_use[] = {
	0x1301, 0x1302, 0x1303, 0x1304, 0xC02B, 0xC02C, 0xC02F, 0xC030, 0xCCA8, 0xCCA9, 0xC013,
	0xC014, 0xC027, 0x009C, 0x009E, 0x002F, 0x0035, 0x000A, 0x0033, 0x0067, 0x00FF, 0x5600,
};

static const uint16_t groups_in_use[] = { 0x001D, 0x0017, 0x0018, 0x0019, 0x001E, 0x0100, 0x11EC };

static const uint16_t versions[] = { 0x0304, 0x0303, 0x0302, 0x0301, 0x0300,
				     0x0305, 0x7F1C, 0x0002, 0xFEFD };

static const char *const protocols[] = { "http/1.1", "h2", "postgresql", "acme-tls/1", "" };

/* Key exchanges whose length is no secret; any other group gets some bytes. */
static const struct {
	uint16_t group, len;
} shares[] = { { 0x0017, 65 },	 { 0x0018, 97 },   { 0x0019, 133 }, { 0x001D, 32 },
	       { 0x001E, 56 },	 { 0x0100, 256 },  { 0x0101, 384 }, { 0x0102, 512 },
	       { 0x11EB, 1249 }, { 0x11EC, 1216 }, { 0x11ED, 1665 } };

#define BODY(literal)                                                                              \
	{                                                                                          \
		(const uint8_t *)(literal), sizeof(literal) - 1                                    \
	}
#define ZEROS_32                                                                                   \
	"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"                                                         \
	"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"

/* Well-formed bodies of extensions that are no lists; any other one is empty. */
static const struct {
	uint16_t type;
	struct span body;
} usual[] = {
	{ EXT_SERVER_NAME, BODY("\x00\x0e\x00\x00\x0b"
				"example.org") },
	{ EXT_MAX_FRAGMENT_LENGTH, BODY("\x02") },
	{ EXT_STATUS_REQUEST, BODY("\x01\x00\x00\x00\x00") },
	{ 14 /* use_srtp */, BODY("\x00\x02\x00\x01\x00") },
	{ EXT_HEARTBEAT, BODY("\x01") },
	{ 17 /* status_request_v2 */, BODY("\x00\x07\x02\x00\x04\x00\x00\x00\x00") },
	{ 19 /* client_certificate_type */, BODY("\x01\x00") },
	{ 20 /* server_certificate_type */, BODY("\x01\x00") },
	{ EXT_PADDING, BODY("\0\0\0\0\0\0\0\0") },
	{ EXT_RECORD_SIZE_LIMIT, BODY("\x40\x01") },
	{ EXT_PRE_SHARED_KEY, BODY("\x00\x0a\x00\x04"
				   "once\x00\x00\x00\x00\x00\x21\x20" ZEROS_32) },
	{ EXT_COOKIE, BODY("\x00\x03\x01\x02\x03") },
	{ EXT_CERTIFICATE_AUTHORITIES, BODY("\x00\x04\x00\x02\x30\x00") },
	{ EXT_RENEGOTIATION_INFO, BODY("\x00") },
};

const struct list_shape *list_shape_of(uint16_t type)
{
	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		if (shapes[i].type == type)
			return &shapes[i];
	}
	return NULL;
}

static void take_member(struct cursor *in, enum member member)
{
	if (member == MEMBER_U8)
		cursor_u8(in);
	else if (member == MEMBER_NAME)
		cursor_vec8(in);
	else
		cursor_u16(in);
	if (member == MEMBER_SHARE)
		cursor_vec16(in);
}

bool list_read(struct list *out, struct span bytes, enum member member)
{
	struct cursor in = cursor_over(bytes);
	out->len = 0;
	while (cursor_left(&in) && out->len < LIST_MAX) {
		size_t start = in.at;
		take_member(&in, member);
		if (!cursor_ok(&in))
			return false;
		out->items[out->len++] = span_of(in.base + start, in.at - start);
	}
	return cursor_done(&in);
}

struct span list_write(struct flight *flight, const struct list *list, size_t width)
{
	size_t size = 0, at = width;
	for (size_t i = 0; i < list->len; i++)
		size += list->items[i].len;
	uint8_t *bytes = arena_alloc(flight->arena, width + size + 1);
	if (!bytes)
		return span_of(NULL, 0);
	for (size_t i = 0; i < width; i++)
		bytes[i] = (uint8_t)(size >> 8 * (width - 1 - i));
	for (size_t i = 0; i < list->len; i++) {
		if (list->items[i].len)
			memcpy(bytes + at, list->items[i].at, list->items[i].len);
		at += list->items[i].len;
	}
	return span_of(bytes, at);
}

static struct span share_of(struct flight *flight, uint16_t group)
{
	size_t len = 1 + draw(flight, 40);
	for (size_t i = 0; i < sizeof(shares) / sizeof(shares[0]); i++)
		len = shares[i].group == group ? shares[i].len : len;
	uint8_t *share = flight_copy(flight, flight_random(flight, len + 4), 0);
	if (!share)
		return span_of(NULL, 0);
	const uint8_t head[] = { (uint8_t)(group >> 8), (uint8_t)group, (uint8_t)(len >> 8),
				 (uint8_t)len };
	memcpy(share, head, sizeof(head));
	/* RFC 8446 4.2.8.2: the point is not compressed. */
	if (group >= GROUP_SECP256R1 && group <= GROUP_SECP521R1)
		share[4] = 4;
	return span_of(share, len + 4);
}

static struct span name_of(struct flight *flight)
{
	size_t pick = draw(flight, sizeof(protocols) / sizeof(protocols[0]) + 1);
	struct span name = pick < sizeof(protocols) / sizeof(protocols[0])
				   ? span_text(protocols[pick])
				   : flight_random(flight, draw(flight, 256));
	const uint8_t len = (uint8_t)name.len;
	return flight_join(flight, span_of(&len, 1), name);
}

struct span member_at(struct flight *flight, const struct list_shape *shape, uint32_t code)
{
	if (shape->member == MEMBER_SHARE)
		return share_of(flight, (uint16_t)code);
	if (shape->member == MEMBER_NAME)
		return name_of(flight);
	const uint8_t bytes[] = { (uint8_t)(code >> 8), (uint8_t)code };
	struct span both = arena_copy(flight->arena, span_of(bytes, sizeof(bytes)));
	return shape->member == MEMBER_U8 ? span_skip(both, 1) : both;
}

uint16_t grease_draw(struct flight *flight)
{
	return (uint16_t)(0x0A0A + 0x1010 * draw(flight, 16));
}

uint16_t suite_draw(struct flight *flight)
{
	size_t pick = draw(flight, 16);
	if (pick == 0)
		return grease_draw(flight);
	if (pick == 1)
		return (uint16_t)rng_u64(&flight->rng);
	return pick < 6 ? cipher_suites[draw(flight, cipher_suites_len)].code
			: suites_in_use[draw(flight, sizeof(suites_in_use) / 2)];
}

static uint32_t code_draw(struct flight *flight, const struct list_shape *shape)
{
	if (one_in(flight, 12))
		return grease_draw(flight);
	if (one_in(flight, 16))
		return (uint32_t)draw(flight, 65536);
	if (shape->type == EXT_SUPPORTED_VERSIONS)
		return versions[draw(flight, sizeof(versions) / 2)];
	if (shape->registry == &registry_groups && draw(flight, 3))
		return groups_in_use[draw(flight, sizeof(groups_in_use) / 2)];
	if (shape->registry)
		return shape->registry->points[draw(flight, shape->registry->len)].code;
	return (uint32_t)draw(flight, 4);
}

struct span member_of(struct flight *flight, const struct list_shape *shape)
{
	return member_at(flight, shape, code_draw(flight, shape));
}

static struct span usual_list(struct flight *flight, const struct list_shape *shape)
{
	struct list list;
	list.len = 1 + draw(flight, 4);
	for (size_t i = 0; i < list.len; i++)
		list.items[i] = member_of(flight, shape);
	return list_write(flight, &list, shape->width);
}

struct span body_usual(struct flight *flight, uint16_t type)
{
	const struct list_shape *shape = list_shape_of(type);
	if (shape)
		return usual_list(flight, shape);
	for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++) {
		if (usual[i].type == type)
			return usual[i].body;
	}
	return span_of(NULL, 0);
}
