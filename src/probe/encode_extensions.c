/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/encode_extensions.h"

#include "crypto/key_exchange.h"

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

#define LEN(array) (sizeof(array) / sizeof((array)[0]))

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
	struct span point = group_share(group);
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
