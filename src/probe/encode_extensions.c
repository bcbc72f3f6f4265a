/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/encode_extensions.h"

#include "registry/registry.h"

#include <assert.h>

/* The most common groups first: some servers look at the first few only. */
static const uint16_t groups_common[] = {
	GROUP_X25519, GROUP_SECP256R1, GROUP_X448, GROUP_SECP521R1, GROUP_SECP384R1,
};

/* Below TLS 1.3: brainpool, secp256k1 and smaller, then the binary curves. */
static const uint16_t groups_legacy[] = {
	0x001C, 0x001B, 0x001A, 0x0016, 0x0015, 0x0014, 0x0013, 0x0012, 0x0011,
	0x0010, 0x000F, 0x000E, 0x000D, 0x000C, 0x000B, 0x000A, 0x0009, 0x0008,
	0x0007, 0x0006, 0x0005, 0x0004, 0x0003, 0x0002, 0x0001,
};

/* brainpool for TLS 1.3 (RFC 8734) */
static const uint16_t groups_tls13[] = { 0x001F, 0x0020, 0x0021 };

/* RFC 7919 */
static const uint16_t groups_ffdhe[] = { 0x0100, 0x0101, 0x0102, 0x0103, 0x0104 };

/*
 * ECDSA, RSA-PSS, EdDSA, then PKCS #1 from SHA-512 down to SHA-1, ECDSA with SHA-1 and SHA-224,
 * DSA, and MD5 last. Sent in every version: servers that read it below TLS 1.2 accept more with it.
 */
static const uint16_t signature_schemes[] = {
	0x0403, 0x0503, 0x0603, 0x0804, 0x0805, 0x0806, 0x0809, 0x080A, 0x080B,
	0x0807, 0x0808, 0x081A, 0x081B, 0x081C, 0x0601, 0x0501, 0x0401, 0x0301,
	0x0201, 0x0303, 0x0203, 0x0602, 0x0502, 0x0402, 0x0302, 0x0202, 0x0101,
};

/* u coordinates of the base points (RFC 7748 4.1, 4.2); the rest is zero */
static const uint8_t x25519_point[32] = { 9 };
static const uint8_t x448_point[56] = { 5 };

/* 0x04, x and y of the generators (SEC 2 2.4.2, 2.5.1, 2.6.1) */
static const uint8_t secp256r1_point[] = {
	0x04, 0x6b, 0x17, 0xd1, 0xf2, 0xe1, 0x2c, 0x42, 0x47, 0xf8, 0xbc, 0xe6, 0xe5,
	0x63, 0xa4, 0x40, 0xf2, 0x77, 0x03, 0x7d, 0x81, 0x2d, 0xeb, 0x33, 0xa0, 0xf4,
	0xa1, 0x39, 0x45, 0xd8, 0x98, 0xc2, 0x96, 0x4f, 0xe3, 0x42, 0xe2, 0xfe, 0x1a,
	0x7f, 0x9b, 0x8e, 0xe7, 0xeb, 0x4a, 0x7c, 0x0f, 0x9e, 0x16, 0x2b, 0xce, 0x33,
	0x57, 0x6b, 0x31, 0x5e, 0xce, 0xcb, 0xb6, 0x40, 0x68, 0x37, 0xbf, 0x51, 0xf5,
};

static const uint8_t secp384r1_point[] = {
	0x04, 0xaa, 0x87, 0xca, 0x22, 0xbe, 0x8b, 0x05, 0x37, 0x8e, 0xb1, 0xc7, 0x1e, 0xf3,
	0x20, 0xad, 0x74, 0x6e, 0x1d, 0x3b, 0x62, 0x8b, 0xa7, 0x9b, 0x98, 0x59, 0xf7, 0x41,
	0xe0, 0x82, 0x54, 0x2a, 0x38, 0x55, 0x02, 0xf2, 0x5d, 0xbf, 0x55, 0x29, 0x6c, 0x3a,
	0x54, 0x5e, 0x38, 0x72, 0x76, 0x0a, 0xb7, 0x36, 0x17, 0xde, 0x4a, 0x96, 0x26, 0x2c,
	0x6f, 0x5d, 0x9e, 0x98, 0xbf, 0x92, 0x92, 0xdc, 0x29, 0xf8, 0xf4, 0x1d, 0xbd, 0x28,
	0x9a, 0x14, 0x7c, 0xe9, 0xda, 0x31, 0x13, 0xb5, 0xf0, 0xb8, 0xc0, 0x0a, 0x60, 0xb1,
	0xce, 0x1d, 0x7e, 0x81, 0x9d, 0x7a, 0x43, 0x1d, 0x7c, 0x90, 0xea, 0x0e, 0x5f,
};

static const uint8_t secp521r1_point[] = {
	0x04, 0x00, 0xc6, 0x85, 0x8e, 0x06, 0xb7, 0x04, 0x04, 0xe9, 0xcd, 0x9e, 0x3e, 0xcb, 0x66,
	0x23, 0x95, 0xb4, 0x42, 0x9c, 0x64, 0x81, 0x39, 0x05, 0x3f, 0xb5, 0x21, 0xf8, 0x28, 0xaf,
	0x60, 0x6b, 0x4d, 0x3d, 0xba, 0xa1, 0x4b, 0x5e, 0x77, 0xef, 0xe7, 0x59, 0x28, 0xfe, 0x1d,
	0xc1, 0x27, 0xa2, 0xff, 0xa8, 0xde, 0x33, 0x48, 0xb3, 0xc1, 0x85, 0x6a, 0x42, 0x9b, 0xf9,
	0x7e, 0x7e, 0x31, 0xc2, 0xe5, 0xbd, 0x66, 0x01, 0x18, 0x39, 0x29, 0x6a, 0x78, 0x9a, 0x3b,
	0xc0, 0x04, 0x5c, 0x8a, 0x5f, 0xb4, 0x2c, 0x7d, 0x1b, 0xd9, 0x98, 0xf5, 0x44, 0x49, 0x57,
	0x9b, 0x44, 0x68, 0x17, 0xaf, 0xbd, 0x17, 0x27, 0x3e, 0x66, 0x2c, 0x97, 0xee, 0x72, 0x99,
	0x5e, 0xf4, 0x26, 0x40, 0xc5, 0x50, 0xb9, 0x01, 0x3f, 0xad, 0x07, 0x61, 0x35, 0x3c, 0x70,
	0x86, 0xa2, 0x72, 0xc2, 0x40, 0x88, 0xbe, 0x94, 0x76, 0x9f, 0xd1, 0x66, 0x50,
};

#define LEN(array) (sizeof(array) / sizeof((array)[0]))

struct span key_share_point(uint16_t group)
{
	switch (group) {
	case GROUP_X25519:
		return span_of(x25519_point, sizeof(x25519_point));
	case GROUP_X448:
		return span_of(x448_point, sizeof(x448_point));
	case GROUP_SECP256R1:
		return span_of(secp256r1_point, sizeof(secp256r1_point));
	case GROUP_SECP384R1:
		return span_of(secp384r1_point, sizeof(secp384r1_point));
	case GROUP_SECP521R1:
		return span_of(secp521r1_point, sizeof(secp521r1_point));
	default:
		return span_of(NULL, 0);
	}
}

static bool lists(const uint16_t *groups, size_t len, uint16_t group)
{
	for (size_t i = 0; i < len; i++)
		if (groups[i] == group)
			return true;
	return false;
}

bool probe_offers_group(const struct probe *probe, uint16_t group)
{
	return lists(groups_common, LEN(groups_common), group) ||
	       lists(groups_tls13, LEN(groups_tls13), group) ||
	       (probe->shape->ffdhe_groups && lists(groups_ffdhe, LEN(groups_ffdhe), group));
}

bool probe_shares_group(uint16_t group)
{
	return group == GROUP_X25519 || group == GROUP_SECP256R1;
}

static void add(struct extension_list *list, uint16_t type, size_t from)
{
	assert(list->len < PROBE_EXTENSIONS_MAX);
	const struct builder *b = list->scratch;
	list->items[list->len++] = (struct extension_draft){
		.type = type,
		.body = span_of(b->at + from, b->len - from),
	};
}

static void add_bytes(struct extension_list *list, uint16_t type, const char *bytes, size_t len)
{
	size_t from = list->scratch->len;
	builder_bytes(list->scratch, "body", span_of(bytes, len));
	add(list, type, from);
}

static void add_server_name(struct extension_list *list, const char *name)
{
	struct builder *b = list->scratch;
	size_t from = b->len;
	struct prefix names = builder_open(b, "server_name_list", 2);
	builder_u8(b, "name_type", 0);
	struct prefix host = builder_open(b, "host_name", 2);
	builder_bytes(b, "name", span_text(name));
	builder_close(b, host, 0);
	builder_close(b, names, 0);
	add(list, EXT_SERVER_NAME, from);
}

static void add_alpn(struct extension_list *list, const char *protocol)
{
	struct builder *b = list->scratch;
	size_t from = b->len;
	struct prefix names = builder_open(b, "protocol_name_list", 2);
	struct prefix name = builder_open(b, "protocol_name", 1);
	builder_bytes(b, "name", span_text(protocol));
	builder_close(b, name, 0);
	builder_close(b, names, 0);
	add(list, EXT_ALPN, from);
}

static void put_codes(struct builder *b, const uint16_t *codes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		builder_u16(b, "code", codes[i]);
}

static void add_groups(struct extension_list *list, const struct probe *probe)
{
	struct builder *b = list->scratch;
	size_t from = b->len;
	struct prefix groups = builder_open(b, "named_group_list", 2);
	put_codes(b, groups_common, LEN(groups_common));
	if (probe->version == TLS1_3)
		put_codes(b, groups_tls13, LEN(groups_tls13));
	else
		put_codes(b, groups_legacy, LEN(groups_legacy));
	if (probe->shape->ffdhe_groups)
		put_codes(b, groups_ffdhe, LEN(groups_ffdhe));
	builder_close(b, groups, 0);
	add(list, EXT_SUPPORTED_GROUPS, from);
}

static void add_signature_schemes(struct extension_list *list)
{
	struct builder *b = list->scratch;
	size_t from = b->len;
	struct prefix schemes = builder_open(b, "signature_schemes", 2);
	put_codes(b, signature_schemes, LEN(signature_schemes));
	builder_close(b, schemes, 0);
	add(list, EXT_SIGNATURE_ALGORITHMS, from);
}

static void put_key_share(struct builder *b, uint16_t group)
{
	struct span point = key_share_point(group);
	if (point.len == 0)
		return;
	builder_u16(b, "group", group);
	struct prefix exchange = builder_open(b, "key_exchange", 2);
	builder_bytes(b, "point", point);
	builder_close(b, exchange, 0);
}

static void add_key_shares(struct extension_list *list, const struct retry *retry)
{
	struct builder *b = list->scratch;
	size_t from = b->len;
	struct prefix shares = builder_open(b, "client_shares", 2);
	if (retry && retry->group) {
		put_key_share(b, retry->group);
	} else {
		put_key_share(b, GROUP_X25519);
		put_key_share(b, GROUP_SECP256R1);
	}
	builder_close(b, shares, 0);
	add(list, EXT_KEY_SHARE, from);
}

static void add_cookie(struct extension_list *list, struct span cookie)
{
	struct builder *b = list->scratch;
	size_t from = b->len;
	struct prefix prefix = builder_open(b, "cookie", 2);
	builder_bytes(b, "opaque", cookie);
	builder_close(b, prefix, 0);
	add(list, EXT_COOKIE, from);
}

static void add_names(struct extension_list *list, const struct probe *probe)
{
	const struct shape *shape = probe->shape;
	const char *alpn = shape->alpn ? shape->alpn : probe->upgrade->alpn;
	if (shape->server_name)
		add_server_name(list, shape->server_name);
	if (alpn)
		add_alpn(list, alpn);
}

static void list_legacy(struct extension_list *list, const struct probe *probe)
{
	add_names(list, probe);
	add_bytes(list, EXT_EXTENDED_MASTER_SECRET, "", 0);
	add_bytes(list, EXT_RENEGOTIATION_INFO, "\0", 1);
	add_groups(list, probe);
	/* uncompressed, ansiX962_compressed_prime, ansiX962_compressed_char2 */
	add_bytes(list, EXT_EC_POINT_FORMATS, "\3\0\1\2", 4);
	add_bytes(list, EXT_SESSION_TICKET, "", 0);
	add_bytes(list, EXT_ENCRYPT_THEN_MAC, "", 0);
	add_signature_schemes(list);
}

static void list_tls13(struct extension_list *list, const struct probe *probe,
		       const struct retry *retry)
{
	add_names(list, probe);
	add_groups(list, probe);
	add_signature_schemes(list);
	add_bytes(list, EXT_SUPPORTED_VERSIONS, "\2\3\4", 3);
	add_bytes(list, EXT_PSK_KEY_EXCHANGE_MODES, "\1\1", 2); /* psk_dhe_ke */
	if (retry && retry->cookie.len)
		add_cookie(list, retry->cookie);
	add_key_shares(list, retry);
}

void probe_extensions(struct extension_list *list, const struct probe *probe,
		      const struct retry *retry)
{
	list->len = 0;
	if (probe->version == TLS1_3)
		list_tls13(list, probe, retry);
	else if (!probe->shape->bare)
		list_legacy(list, probe);
}
